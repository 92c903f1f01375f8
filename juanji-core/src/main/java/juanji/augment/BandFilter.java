package juanji.augment;

import java.util.Arrays;
import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// A smooth amount that differs from row to row is added: of decibels in bands, another microphone, room or mouth.
///
/// The amount is drawn at the first and the last row and at one to four rows between, from −most to most, and goes
/// straight from one to the next. Values of 0, which are silence, stay. Words: `filter-rows:0.1`. Constraint: C1 the
/// amount is from 0 to 1. Source: Nam, Kim and Park, *FilterAugment: an acoustic environmental data augmentation
/// method*, 2022 (their linear form).
///
/// @param most how much; 0.1 of a log-mel spectrogram are 8 decibels
public record BandFilter(double most) implements Augmentation {
  private static final int LEAST_KNOTS = 3;
  private static final int MOST_KNOTS = 6;

  /// Checks the constraint.
  public BandFilter {
    Bounds.check(most >= 0 && most <= 1, "a filter of rows", "C1", "the amount is from 0 to 1", most,
        "Use filter-rows:0.1.");
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.picture(sample, this);
    int rows = shape.dim(1);
    int columns = shape.dim(2);
    int knots = LEAST_KNOTS + random.nextInt(MOST_KNOTS - LEAST_KNOTS + 1);
    double[] at = new double[knots];
    double[] amount = new double[knots];
    at[knots - 1] = rows - 1;
    for (int k = 1; k < knots - 1; k++) {
      at[k] = random.nextDouble() * (rows - 1);
    }
    Arrays.sort(at);
    for (int k = 0; k < knots; k++) {
      amount[k] = Bounds.between(-most, most, random);
    }
    int knot = 0;
    for (int r = 0; r < rows; r++) {
      while (knot < knots - 2 && r > at[knot + 1]) {
        knot++;
      }
      double wide = at[knot + 1] - at[knot];
      double share = wide > 0 ? (r - at[knot]) / wide : 0;
      float add = (float) ((1 - share) * amount[knot] + share * amount[knot + 1]);
      for (int c = 0; c < shape.dim(0); c++) {
        int from = offset + (c * rows + r) * columns;
        for (int i = from; i < from + columns; i++) {
          values[i] = values[i] > 0 ? Math.clamp(values[i] + add, 0, 1) : values[i];
        }
      }
    }
  }

  @Override public String toString() {
    return "filter-rows:" + Bounds.literal(most);
  }
}
