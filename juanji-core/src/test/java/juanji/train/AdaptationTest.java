package juanji.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import juanji.data.Dataset;
import juanji.nn.Input;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// Statistics that are taken anew from samples without classes.
class AdaptationTest {
  private static final Shape SAMPLE = Shape.of(2, 4, 3);
  private static final int PLACES = 12;

  /// Normal numbers of another mean and scale in each channel.
  private record Noise(int size) implements Dataset {
    @Override public Shape shape() {
      return SAMPLE;
    }

    @Override public List<String> classes() {
      return List.of("");
    }

    @Override public int label(int index) {
      return 0;
    }

    @Override public void read(int index, float[] into, int offset) {
      Random random = new Random(index);
      for (int i = 0; i < SAMPLE.length(); i++) {
        into[offset + i] = (float) (i < PLACES ? 3 + 2 * random.nextGaussian() : -1 + 0.5 * random.nextGaussian());
      }
    }
  }

  private static Model adapted(Model model, int samples, int threads) {
    try (Workers workers = Workers.of(threads)) {
      return Adaptation.of(model, new Noise(samples), workers);
    }
  }

  private static double[] moments(int samples, int channel) {
    float[] values = new float[SAMPLE.length()];
    double sum = 0;
    double squares = 0;
    for (int s = 0; s < samples; s++) {
      new Noise(samples).read(s, values, 0);
      for (int i = channel * PLACES; i < (channel + 1) * PLACES; i++) {
        sum += values[i];
        squares += (double) values[i] * values[i];
      }
    }
    double n = (double) samples * PLACES;
    double mean = sum / n;
    return new double[] {mean, (squares / n - mean * mean) * n / (n - 1)};
  }

  @Test void statisticsAreThoseOfTheSamples() {
    // Batches of 75 and 75, 101 in two, and one alone. A momentum of 0 would never move them in training.
    for (int samples : new int[] {150, 101, 40}) {
      Model model = Model.of(new Input(SAMPLE), Layers.batchNorm().momentum(samples == 40 ? 0 : 0.1), Layers.flatten(),
          Layers.dense(2)).initialize(1);
      Model fresh = adapted(model, samples, 2);
      for (int channel = 0; channel < 2; channel++) {
        double[] expected = moments(samples, channel);
        assertEquals(expected[0], fresh.weights().tensor("batchNorm1.running_mean").data()[channel], 1e-5);
        // The variance of two batches leaves out how far their means lie apart.
        assertEquals(expected[1], fresh.weights().tensor("batchNorm1.running_var").data()[channel],
            samples > 100 ? 0.01 * expected[1] : 1e-5 * expected[1]);
      }
    }
  }

  @Test void nothingElseChanges() {
    Model model = Model.of(new Input(SAMPLE), Layers.conv(3, 3).same(), Layers.batchNorm(), Layers.relu(),
        Layers.dropout(0.5), Layers.conv(4, 3), Layers.batchNorm(), Layers.flatten(), Layers.dense(2)).initialize(1);
    List<String> before = model.weights().tensors().entrySet().stream().map(e -> e.getKey() + " "
        + List.of(e.getValue().shape(), Arrays.hashCode(e.getValue().data()))).toList();
    Model fresh = adapted(model, 120, 2);
    List<String> after = model.weights().tensors().entrySet().stream().map(e -> e.getKey() + " "
        + List.of(e.getValue().shape(), Arrays.hashCode(e.getValue().data()))).toList();
    assertEquals(before, after, "the model itself stays as it is");
    fresh.weights().tensors().forEach((name, tensor) -> {
      if (name.contains("running")) {
        assertTrue(!Arrays.equals(tensor.data(), model.weights().tensor(name).data()), name);
      } else {
        assertArrayEquals(model.weights().tensor(name).data(), tensor.data(), name);
      }
    });
  }

  @Test void threadsDoNotChangeABit() {
    Model model = Model.of(new Input(SAMPLE), Layers.conv(3, 3).same(), Layers.batchNorm(), Layers.relu(),
        Layers.conv(4, 3), Layers.batchNorm(), Layers.flatten(), Layers.dense(2)).initialize(1);
    assertEquals(adapted(model, 130, 1).weights(), adapted(model, 130, 3).weights());
  }

  @Test void whatCannotBeAdaptedIsRefused() {
    Model plain = Model.of(new Input(SAMPLE), Layers.flatten(), Layers.dense(2));
    String none = assertThrows(IllegalArgumentException.class, () -> adapted(plain, 5, 1)).getMessage();
    assertTrue(none.contains("C2: it has batch normalisations"), none);
    Model normal = Model.of(new Input(SAMPLE), Layers.batchNorm(), Layers.flatten(), Layers.dense(2));
    String frozen = assertThrows(IllegalArgumentException.class, () -> adapted(normal.freezeNorms(), 5, 1))
        .getMessage();
    assertTrue(frozen.contains("C2"), frozen);
    String few = assertThrows(IllegalArgumentException.class, () -> adapted(normal, 1, 1)).getMessage();
    assertTrue(few.contains("C3: statistics are of at least 2 samples"), few);
    Model larger = Model.of(new Input(Shape.of(2, 5, 5)), Layers.batchNorm(), Layers.flatten(), Layers.dense(2));
    String shape = assertThrows(IllegalArgumentException.class, () -> adapted(larger, 5, 1)).getMessage();
    assertTrue(shape.contains("C1: the samples have the model's shape, 2 × 5 × 5; received 2 × 4 × 3"), shape);
  }
}
