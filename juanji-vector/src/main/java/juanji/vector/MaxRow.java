package juanji.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// The largest cells of a row of windows. Neighbouring windows share columns, so each column is searched once: a window
/// of 3 × 3 takes four comparisons instead of nine.
record MaxRow(Pool.Span depth, Pool.Span height, Pool.Span width) {
  private static final int L = Machine.LANES;

  /// The column under the first tap of the first window, perhaps outside.
  private int first() {
    return width.out() == 0 ? 0 : width.start()[0];
  }

  /// Floats of scratch for [#run]: the columns under a row.
  int scratch() {
    int last = width.out() == 0 ? 0 : width.start()[width.out() - 1];
    return (last - first() + (width.kernel() - 1) * width.dilation() + 1) * L;
  }

  /// Writes the largest cells of the windows at depth `d` and height `h` of the map that begins at `xo`.
  void run(float[] x, int xo, int d, int h, float[] scratch, float[] y, int yo) {
    columns(x, xo, d, h, scratch);
    along(scratch, y, yo);
  }

  /// The largest cell of each column under the row, −∞ outside.
  private void columns(float[] x, int xo, int d, int h, float[] scratch) {
    int start = first();
    int columns = scratch() / L;
    int begin = Math.clamp(-start, 0, columns);
    int end = Math.clamp(width.in() - start, begin, columns);
    outside(scratch, 0, begin * L);
    outside(scratch, end * L, columns * L);
    if (depth.inside(d) <= 0 || height.inside(h) <= 0) {
      outside(scratch, begin * L, end * L);
      return;
    }
    int column = start + begin;
    int depthStep = depth.dilation() * height.in() * width.in() * L;
    int heightStep = height.dilation() * width.in() * L;
    int from = xo + ((depth.start()[d] + depth.low()[d] * depth.dilation()) * height.in() + height.start()[h]
        + height.low()[h] * height.dilation()) * width.in() * L + column * L;
    for (int i = 0; i < depth.inside(d); i++) {
      int plane = from + i * depthStep;
      int taken = 0;
      if (i == 0) {
        taken = Math.min(3, height.inside(h));
        // A row that is not there is the first one again.
        three(x, plane, taken > 1 ? heightStep : 0, taken > 2 ? 2 * heightStep : 0, scratch, begin * L, end * L);
      }
      for (int j = taken; j < height.inside(h); j++) {
        both(x, plane + j * heightStep, scratch, begin * L, end * L);
      }
    }
  }

  private static void outside(float[] scratch, int from, int to) {
    Arrays.fill(scratch, from, to, Float.NEGATIVE_INFINITY);
  }

  /// The largest of three rows.
  private static void three(float[] x, int from, int second, int third, float[] y, int begin, int end) {
    for (int at = begin; at < end; at += L) {
      int place = from + at - begin;
      FloatVector.fromArray(Machine.SPECIES, x, place)
          .max(FloatVector.fromArray(Machine.SPECIES, x, place + second))
          .max(FloatVector.fromArray(Machine.SPECIES, x, place + third)).intoArray(y, at);
    }
  }

  /// The larger of what is there and of another row.
  private static void both(float[] x, int from, float[] y, int begin, int end) {
    for (int at = begin; at < end; at += L) {
      FloatVector.fromArray(Machine.SPECIES, y, at)
          .max(FloatVector.fromArray(Machine.SPECIES, x, from + at - begin)).intoArray(y, at);
    }
  }

  /// The largest of the columns under each window of a row.
  private void along(float[] columns, float[] y, int yo) {
    int step = width.dilation() * L;
    int stride = width.out() > 1 ? (width.start()[1] - width.start()[0]) * L : 0;
    if (width.kernel() == 3) {
      for (int w = 0; w < width.out(); w++) {
        int at = w * stride;
        FloatVector.fromArray(Machine.SPECIES, columns, at)
            .max(FloatVector.fromArray(Machine.SPECIES, columns, at + step))
            .max(FloatVector.fromArray(Machine.SPECIES, columns, at + 2 * step)).intoArray(y, yo + w * L);
      }
      return;
    }
    for (int w = 0; w < width.out(); w++) {
      FloatVector best = FloatVector.fromArray(Machine.SPECIES, columns, w * stride);
      for (int k = 1; k < width.kernel(); k++) {
        best = best.max(FloatVector.fromArray(Machine.SPECIES, columns, w * stride + k * step));
      }
      best.intoArray(y, yo + w * L);
    }
  }
}
