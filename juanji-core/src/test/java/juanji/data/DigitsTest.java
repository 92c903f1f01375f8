package juanji.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

class DigitsTest {
  private static final int LENGTH = 28 * 28;
  private static final long GOLDEN = 947_555_503L;

  @Test void sizesShapesAndBalance() {
    Dataset train = Digits.train(1);
    Dataset test = Digits.test(1);
    assertEquals(10_000, train.size());
    assertEquals(2_000, test.size());
    assertEquals(Shape.of(1, 28, 28), train.shape());
    assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), train.classes());
    int[] counts = new int[10];
    for (int i = 0; i < test.size(); i++) {
      counts[test.label(i)]++;
    }
    int[] even = new int[10];
    Arrays.fill(even, 200);
    assertArrayEquals(even, counts);
  }

  @Test void aSampleDependsOnSeedAndNumberOnly() {
    Dataset few = Digits.generate(57, 5);
    Dataset many = Digits.generate(300, 5);
    for (int i = 0; i < few.size(); i++) {
      assertArrayEquals(values(few, i), values(many, i));
    }
    assertFalse(Arrays.equals(values(few, 3), values(Digits.generate(57, 6), 3)));
  }

  /// The bytes themselves are part of what a seed promises: a change of the generator shows here.
  @Test void theSameBytesEverywhere() {
    CRC32 sum = new CRC32();
    Pictures digits = (Pictures) Digits.generate(500, 42);
    for (int i = 0; i < digits.size(); i++) {
      sum.update(digits.bytes(i));
    }
    assertEquals(GOLDEN, sum.getValue());
  }

  @Test void noTwoSamplesAreAlike() {
    Set<Integer> seen = new HashSet<>();
    for (Dataset data : List.of(Digits.train(3), Digits.test(3), Digits.generate(1000, 4))) {
      Pictures pictures = (Pictures) data;
      for (int i = 0; i < pictures.size(); i++) {
        seen.add(Arrays.hashCode(pictures.bytes(i)));
      }
    }
    assertTrue(seen.size() > 12_990, "distinct: " + seen.size());
  }

  @Test void inkIsInsideTheSheet() {
    Dataset digits = Digits.generate(2000, 9);
    int cut = 0;
    for (int i = 0; i < digits.size(); i++) {
      float[] v = values(digits, i);
      double ink = 0;
      double edge = 0;
      for (int p = 0; p < LENGTH; p++) {
        ink += v[p];
        boolean border = p < 28 || p >= LENGTH - 28 || p % 28 == 0 || p % 28 == 27;
        edge = Math.max(edge, border && v[p] > 0.9 ? 1 : 0);
      }
      assertTrue(ink > 12 && ink < 320, "sample " + i + " has ink " + ink);
      cut += edge > 0 ? 1 : 0;
    }
    assertTrue(cut < 160, cut + " of 2000 touch the border");
  }

  @Test void c1AtLeastOne() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Digits.generate(0, 1)).getMessage().contains("C1"));
  }

  @Test void aLinearClassifierIsNotEnough() {
    double accuracy = softmaxRegression(Digits.train(1), Digits.test(1));
    assertTrue(accuracy > 0.78 && accuracy < 0.95, "accuracy " + accuracy);
  }

  /// Stochastic gradient descent on softmax regression, one sample at a time.
  private static double softmaxRegression(Dataset train, Dataset test) {
    float[][] weights = new float[10][LENGTH + 1];
    float[] x = new float[LENGTH];
    SplittableRandom random = new SplittableRandom(1);
    for (int epoch = 0; epoch < 8; epoch++) {
      float rate = 0.05f / (1 + epoch);
      for (int k = 0; k < train.size(); k++) {
        int i = random.nextInt(train.size());
        train.read(i, x, 0);
        float[] p = probabilities(weights, x);
        for (int c = 0; c < 10; c++) {
          float g = rate * (p[c] - (train.label(i) == c ? 1 : 0));
          for (int j = 0; j < LENGTH; j++) {
            weights[c][j] -= g * x[j];
          }
          weights[c][LENGTH] -= g;
        }
      }
    }
    int right = 0;
    for (int i = 0; i < test.size(); i++) {
      test.read(i, x, 0);
      float[] p = probabilities(weights, x);
      int best = 0;
      for (int c = 1; c < 10; c++) {
        best = p[c] > p[best] ? c : best;
      }
      right += best == test.label(i) ? 1 : 0;
    }
    return (double) right / test.size();
  }

  private static float[] probabilities(float[][] weights, float[] x) {
    float[] p = new float[10];
    float most = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < 10; c++) {
      float s = weights[c][LENGTH];
      for (int j = 0; j < LENGTH; j++) {
        s += weights[c][j] * x[j];
      }
      p[c] = s;
      most = Math.max(most, s);
    }
    float sum = 0;
    for (int c = 0; c < 10; c++) {
      p[c] = (float) Math.exp(p[c] - most);
      sum += p[c];
    }
    for (int c = 0; c < 10; c++) {
      p[c] /= sum;
    }
    return p;
  }

  private static float[] values(Dataset data, int i) {
    float[] v = new float[LENGTH];
    data.read(i, v, 0);
    return v;
  }
}
