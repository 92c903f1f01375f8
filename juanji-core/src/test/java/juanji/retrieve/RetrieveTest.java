package juanji.retrieve;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.model.ModelException;
import juanji.nn.Model;
import juanji.plan.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrieveTest {
  private static List<float[]> cloud(int count, int size) {
    SplittableRandom random = new SplittableRandom(3);
    List<float[]> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] v = new float[size];
      double common = random.nextGaussian();
      for (int k = 0; k < size; k++) {
        v[k] = (float) (3 + common * (k + 1) + random.nextGaussian() * 0.3);
      }
      all.add(v);
    }
    return all;
  }

  @Test void whiteningGivesUncorrelatedComponentsOfEqualSpread() {
    List<float[]> all = cloud(500, 5);
    assertWhite(all, Whitening.measure(all, 5));
    assertEquals(2, Whitening.measure(all, 2).apply(all.getFirst()).length);
    assertThrows(IllegalArgumentException.class, () -> Whitening.measure(all.subList(0, 1), 2));
  }

  @Test void fewDescriptorsOfManyNumbersAreWhitenedByTheirProducts() {
    SplittableRandom random = new SplittableRandom(8);
    List<float[]> all = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      float[] v = new float[2048];
      for (int k = 0; k < v.length; k++) {
        v[k] = (float) (1 + random.nextGaussian() / (1 + k % 5));
      }
      all.add(v);
    }
    assertWhite(all, Whitening.measure(all, 5));
    assertEquals(6, Whitening.measure(all, 64).rows().length, "seven points span six directions");
    List<float[]> many = cloud(1025, 1025);
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Whitening.measure(many, 5)).getMessage()
        .contains("C1: there are two or more, 1024 at most or of at most 1024 numbers"));
  }

  /// Before length 1, the covariance is the unit matrix.
  private static void assertWhite(List<float[]> all, Whitening whitening) {
    assertEquals(5, whitening.rows().length);
    double[][] products = new double[5][5];
    for (float[] v : all) {
      double[] w = new double[5];
      for (int r = 0; r < 5; r++) {
        for (int i = 0; i < v.length; i++) {
          w[r] += whitening.rows()[r][i] * (v[i] - whitening.mean()[i]);
        }
      }
      for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 5; j++) {
          products[i][j] += w[i] * w[j] / all.size();
        }
      }
    }
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        assertEquals(i == j ? 1 : 0, products[i][j], 2e-3);
      }
    }
  }

  @Test void nearestAreTheLargestProductsInTheirOrder(@TempDir Path folder) throws IOException {
    List<float[]> vectors = List.of(new float[] {1, 0}, new float[] {0, 1}, new float[] {1, 0},
        new float[] {0.6f, 0.8f});
    DescriptorIndex index = new DescriptorIndex(List.of("a", "b", "c", "d"), vectors, Optional.empty(),
        Map.of("layer", "conv2"));
    assertEquals("[a, c, d]", index.nearest(new float[] {1, 0}, 3).stream().map(DescriptorIndex.Hit::name).toList()
        .toString());
    Path file = folder.resolve("x.index");
    List<float[]> cloud = cloud(20, 3);
    DescriptorIndex whitened = new DescriptorIndex(List.of("a", "b"), List.of(new float[2], new float[2]),
        Optional.of(Whitening.measure(cloud, 2)), Map.of());
    whitened.write(file);
    DescriptorIndex again = DescriptorIndex.read(file);
    assertArrayEquals(whitened.whitening().orElseThrow().apply(cloud.get(4)),
        again.whitening().orElseThrow().apply(cloud.get(4)));
    index.write(file);
    assertEquals("conv2", DescriptorIndex.read(file).texts().get("layer"));
    Files.write(file, new byte[] {1, 2, 3});
    assertThrows(ModelException.class, () -> DescriptorIndex.read(file));
  }

  @Test void rankingIsItsDefinition() {
    // Queries a1 and a2 find each other at the second place, b1 and b2 at the first.
    DescriptorIndex index = new DescriptorIndex(List.of("a1", "a2", "b1", "b2", "alone"), List.of(new float[] {1, 0, 0},
        new float[] {0.5f, 0.1f, 0.8f}, new float[] {0, 1, 0}, new float[] {0, 0.9f, 0.1f},
        new float[] {0.9f, 0, 0.9f}), Optional.empty(), Map.of());
    Ranking ranking = Ranking.of(index, List.of("a", "a", "b", "b", "c"));
    assertEquals(4, ranking.queries());
    assertEquals(0.5, ranking.recall().get(0));
    assertEquals(1, ranking.recall().get(1));
    assertEquals(0.75, ranking.meanAveragePrecision(), 1e-9);
    assertTrue(ranking.firstFour() > 1.5);
  }

  @Test void aNetworkDescribesLikeDigitsAlike() {
    Dataset digits = Digits.generate(120, 3);
    try (Workers workers = Workers.of(2)) {
      Describer describer = Describer.of(Model.of(input(1, 28, 28), conv(6, 5).same(), relu(), maxPool(2),
          conv(16, 5), relu(), maxPool(2), flatten(), dense(10)).initialize(2), workers);
      assertEquals("maxPool2", describer.layer());
      List<float[]> all = new ArrayList<>();
      List<String> names = new ArrayList<>();
      float[] sample = new float[784];
      for (int i = 0; i < digits.size(); i++) {
        digits.read(i, sample, 0);
        all.add(describer.describe(sample));
        names.add("" + digits.label(i));
      }
      assertEquals(16, describer.size());
      DescriptorIndex index = new DescriptorIndex(names, all, Optional.empty(), Map.of());
      digits.read(7, sample, 0);
      DescriptorIndex.Hit first = index.nearest(describer.describe(sample), 1).getFirst();
      assertEquals(7, first.index());
      assertEquals(1, first.likeness(), 1e-5);
      assertTrue(Ranking.of(index, names).meanAveragePrecision() > 0.12, "better than chance");
    }
  }
}
