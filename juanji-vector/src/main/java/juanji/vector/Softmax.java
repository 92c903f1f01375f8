package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// eˣ / Σ eˣ, or its logarithm, of rows and of columns. Sums are taken in stretches, whose totals are added in double
/// precision or by themselves, in an order that depends on the lengths alone.
final class Softmax {
  private static final VectorSpecies<Float> SPECIES = Machine.SPECIES;
  private static final int L = Machine.LANES;
  /// Numbers per lane that are summed up before they join the total.
  private static final int STRETCH = 64;

  private Softmax() {
  }

  /// Of n numbers in a row.
  static void row(float[] y, int yo, float[] x, int xo, int n, boolean log) {
    int whole = n / L * L;
    VectorMask<Float> tail = SPECIES.indexInRange(whole, n);
    FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < whole; i += L) {
      most = most.max(FloatVector.fromArray(SPECIES, x, xo + i));
    }
    if (whole < n) {
      most = most.lanewise(VectorOperators.MAX, FloatVector.fromArray(SPECIES, x, xo + whole, tail), tail);
    }
    float shift = most.reduceLanes(VectorOperators.MAX);
    double sum = 0;
    for (int from = 0; from < n; from += STRETCH * L) {
      int to = Math.min(whole, from + STRETCH * L);
      FloatVector part = FloatVector.zero(SPECIES);
      for (int i = from; i < to; i += L) {
        FloatVector e = Functions.exp(FloatVector.fromArray(SPECIES, x, xo + i).sub(shift));
        e.intoArray(y, yo + i);
        part = part.add(e);
      }
      if (whole < n && from + STRETCH * L >= n) {
        FloatVector e = Functions.exp(FloatVector.fromArray(SPECIES, x, xo + whole, tail).sub(shift));
        e.intoArray(y, yo + whole, tail);
        part = part.add(e, tail);
      }
      sum += Sums.lanes(part);
    }
    if (log) {
      float less = (float) StrictMath.log(sum);
      for (int i = 0; i < whole; i += L) {
        FloatVector.fromArray(SPECIES, x, xo + i).sub(shift).sub(less).intoArray(y, yo + i);
      }
      if (whole < n) {
        FloatVector.fromArray(SPECIES, x, xo + whole, tail).sub(shift).sub(less).intoArray(y, yo + whole, tail);
      }
      return;
    }
    float factor = (float) (1 / sum);
    for (int i = 0; i < whole; i += L) {
      FloatVector.fromArray(SPECIES, y, yo + i).mul(factor).intoArray(y, yo + i);
    }
    if (whole < n) {
      FloatVector.fromArray(SPECIES, y, yo + whole, tail).mul(factor).intoArray(y, yo + whole, tail);
    }
  }

  /// Of n numbers that lie `step` apart, in each of some neighbouring columns.
  static void columns(float[] y, int yo, float[] x, int xo, int n, int step, int columns, boolean log) {
    int c = 0;
    for (; c + L <= columns; c += L) {
      column(y, yo + c, x, xo + c, n, step, log);
    }
    if (c < columns) {
      lastColumns(y, yo + c, x, xo + c, n, step, log, SPECIES.indexInRange(c, columns));
    }
  }

  private static void column(float[] y, int yo, float[] x, int xo, int n, int step, boolean log) {
    FloatVector most = FloatVector.fromArray(SPECIES, x, xo);
    for (int i = 1; i < n; i++) {
      most = most.max(FloatVector.fromArray(SPECIES, x, xo + i * step));
    }
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int from = 0; from < n; from += STRETCH) {
      int to = Math.min(n, from + STRETCH);
      FloatVector part = FloatVector.zero(SPECIES);
      for (int i = from; i < to; i++) {
        FloatVector e = Functions.exp(FloatVector.fromArray(SPECIES, x, xo + i * step).sub(most));
        e.intoArray(y, yo + i * step);
        part = part.add(e);
      }
      sum = sum.add(part);
    }
    if (log) {
      FloatVector less = Functions.log(sum);
      for (int i = 0; i < n; i++) {
        FloatVector.fromArray(SPECIES, x, xo + i * step).sub(most).sub(less).intoArray(y, yo + i * step);
      }
    } else {
      FloatVector factor = FloatVector.broadcast(SPECIES, 1).div(sum);
      for (int i = 0; i < n; i++) {
        FloatVector.fromArray(SPECIES, y, yo + i * step).mul(factor).intoArray(y, yo + i * step);
      }
    }
  }

  /// The same of fewer columns than a vector has.
  private static void lastColumns(float[] y, int yo, float[] x, int xo, int n, int step, boolean log,
      VectorMask<Float> there) {
    FloatVector most = FloatVector.fromArray(SPECIES, x, xo, there);
    for (int i = 1; i < n; i++) {
      most = most.max(FloatVector.fromArray(SPECIES, x, xo + i * step, there));
    }
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int from = 0; from < n; from += STRETCH) {
      int to = Math.min(n, from + STRETCH);
      FloatVector part = FloatVector.zero(SPECIES);
      for (int i = from; i < to; i++) {
        FloatVector e = Functions.exp(FloatVector.fromArray(SPECIES, x, xo + i * step, there).sub(most));
        e.intoArray(y, yo + i * step, there);
        part = part.add(e);
      }
      sum = sum.add(part);
    }
    FloatVector less = Functions.log(sum);
    FloatVector factor = FloatVector.broadcast(SPECIES, 1).div(sum);
    for (int i = 0; i < n; i++) {
      if (log) {
        FloatVector.fromArray(SPECIES, x, xo + i * step, there).sub(most).sub(less)
            .intoArray(y, yo + i * step, there);
      } else {
        FloatVector.fromArray(SPECIES, y, yo + i * step, there).mul(factor).intoArray(y, yo + i * step, there);
      }
    }
  }
}
