package juanji.augment;

import juanji.tensor.Shape;

/// Changes of tone and sharpness by known amounts.
final class Tones {
  private static final int LEVELS = 256;

  private Tones() {
  }

  /// Each channel's values from its darkest to its lightest spread from 0 to 1.
  static void stretch(float[] values, int offset, Shape shape) {
    int plane = shape.dim(1) * shape.dim(2);
    for (int from = offset; from < offset + shape.length(); from += plane) {
      float least = values[from];
      float most = values[from];
      for (int i = from; i < from + plane; i++) {
        least = Math.min(least, values[i]);
        most = Math.max(most, values[i]);
      }
      for (int i = from; i < from + plane && most > least; i++) {
        values[i] = (values[i] - least) / (most - least);
      }
    }
  }

  /// Each channel's values replaced by the share of values that are no larger, so that all tones are equally common.
  static void equalise(float[] values, int offset, Shape shape) {
    int plane = shape.dim(1) * shape.dim(2);
    for (int from = offset; from < offset + shape.length(); from += plane) {
      int[] count = new int[LEVELS];
      for (int i = from; i < from + plane; i++) {
        count[level(values[i])]++;
      }
      int first = 0;
      while (first < LEVELS - 1 && count[first] == 0) {
        first++;
      }
      int spread = plane - count[first];
      float[] map = new float[LEVELS];
      int sum = -count[first];
      for (int i = 0; i < LEVELS; i++) {
        sum += count[i];
        map[i] = spread == 0 ? i / (LEVELS - 1f) : Math.max(0, sum) / (float) spread;
      }
      for (int i = from; i < from + plane; i++) {
        values[i] = map[level(values[i])];
      }
    }
  }

  private static int level(float value) {
    return Math.clamp(Math.round(value * (LEVELS - 1)), 0, LEVELS - 1);
  }

  /// Each value moved away from the mean of its surroundings, or towards it where the amount is negative.
  static void sharpen(float[] values, int offset, Shape shape, double amount) {
    int plane = shape.dim(1) * shape.dim(2);
    float[] weights = Blur.gaussian(0.8);
    float[] smooth = new float[plane];
    for (int from = offset; from < offset + shape.length(); from += plane) {
      System.arraycopy(values, from, smooth, 0, plane);
      Blur.smooth(smooth, 0, shape.dim(1), shape.dim(2), weights);
      for (int i = 0; i < plane; i++) {
        values[from + i] = Bounds.unit(values[from + i] + amount * (values[from + i] - smooth[i]));
      }
    }
  }

  /// Columns moved down in proportion to their distance from the middle.
  static void shearRows(float[] values, int offset, Shape shape, double slant) {
    int columns = shape.dim(2);
    float[] y = new float[shape.dim(1) * columns];
    float[] x = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      x[i] = i % columns;
      y[i] = (float) (i / columns - slant * (x[i] - (columns - 1) / 2.0));
    }
    Warp.by(values, offset, shape, y, x);
  }
}
