package juanji.explain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import juanji.tensor.Tensor;

/// Whether an answer really rests on the places that an explanation names: how its probability falls when they are
/// taken away, the most relevant first, and how it rises when they are put into nothing.
///
/// The scores are the means of both curves: low deletion and high insertion are good. A random map says what order
/// alone is worth.
///
/// Source: Petsiuk et al., *RISE: randomized input sampling for explanation of black-box models*, 2018.
///
/// @param deletion the probability after each step of taking away, the first before anything is
/// @param insertion the probability after each step of putting in
public record Faithfulness(double[] deletion, double[] insertion) {
  private static final int STEPS = 24;

  /// The curves of a map.
  ///
  /// @param sample 1 × sample
  public static Faithfulness of(Explainer explainer, Tensor sample, int element, Relevance map) {
    int places = map.values().length;
    Integer[] order = new Integer[places];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing((Integer i) -> -map.values()[i]));
    int steps = Math.min(STEPS, places);
    Tensor seen = explainer.seen(sample);
    Tensor taken = Tensor.zeros(seen.shape().with(0, steps + 1));
    Tensor put = Tensor.zeros(seen.shape().with(0, steps + 1));
    float[] nothing = explainer.nothing().data();
    float[] x = seen.data();
    for (int s = 0; s <= steps; s++) {
      boolean[] chosen = new boolean[places];
      for (int i = 0; i < (long) places * s / steps; i++) {
        chosen[order[i]] = true;
      }
      for (int i = 0; i < x.length; i++) {
        boolean in = chosen[i % places];
        taken.data()[s * x.length + i] = in ? nothing[i] : x[i];
        put.data()[s * x.length + i] = in ? x[i] : nothing[i];
      }
    }
    return new Faithfulness(explainer.probabilities(taken, element), explainer.probabilities(put, element));
  }

  /// A map of chance.
  public static Relevance chance(int height, int width, long seed) {
    Random random = new Random(seed);
    float[] values = new float[height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return new Relevance(height, width, values);
  }

  /// The mean of the deletion curve: low is good.
  public double deletionScore() {
    return Arrays.stream(deletion).average().orElseThrow();
  }

  /// The mean of the insertion curve: high is good.
  public double insertionScore() {
    return Arrays.stream(insertion).average().orElseThrow();
  }
}
