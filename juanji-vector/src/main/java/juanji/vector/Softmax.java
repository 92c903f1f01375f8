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

  /// Of n numbers in a row, at least a vector's. Where the row is not of whole vectors, the last one overlaps the one
  /// before. Each loop is a method of its own: together they are more than the compiler takes in.
  static void row(float[] y, int yo, float[] x, int xo, int n, boolean log) {
    float most = Sums.greatest(x, xo, n);
    powers(y, yo, x, xo, n, most);
    double sum = 0;
    for (int from = 0; from < n; from += STRETCH * L) {
      sum += Sums.total(y, yo + from, Math.min(STRETCH * L, n - from));
    }
    if (log) {
      logarithms(y, yo, x, xo, n, most, (float) StrictMath.log(sum));
    } else {
      scale(y, yo, n, (float) (1 / sum));
    }
  }

  /// y = eˣ⁻ᵐ.
  private static void powers(float[] y, int yo, float[] x, int xo, int n, float most) {
    for (int i = 0; i < n; i += L) {
      int at = Math.min(i, n - L);
      Functions.exp(FloatVector.fromArray(SPECIES, x, xo + at).sub(most)).intoArray(y, yo + at);
    }
  }

  private static void logarithms(float[] y, int yo, float[] x, int xo, int n, float most, float less) {
    for (int i = 0; i < n; i += L) {
      int at = Math.min(i, n - L);
      FloatVector.fromArray(SPECIES, x, xo + at).sub(most).sub(less).intoArray(y, yo + at);
    }
  }

  private static void scale(float[] y, int yo, int n, float factor) {
    FloatVector end = FloatVector.fromArray(SPECIES, y, yo + n - L).mul(factor);
    for (int i = 0; i < n - L; i += L) {
      FloatVector.fromArray(SPECIES, y, yo + i).mul(factor).intoArray(y, yo + i);
    }
    end.intoArray(y, yo + n - L);
  }

  /// Of n numbers that lie `step` apart, in each of some neighbouring columns.
  static void columns(float[] y, int yo, float[] x, int xo, int n, int step, int columns, boolean log) {
    if (columns < L) {
      fewColumns(y, yo, x, xo, n, step, log, SPECIES.indexInRange(0, columns));
      return;
    }
    for (int c = 0; c < columns; c += L) {
      // The last vector may overlap the one before: the same numbers again.
      int from = Math.min(c, columns - L);
      column(y, yo + from, x, xo + from, n, step, log);
    }
  }

  /// The same of so few numbers that vectors are not worth it.
  static void few(float[] y, int yo, float[] x, int xo, int n, int step, int columns, boolean log) {
    for (int c = 0; c < columns; c++) {
      float most = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        most = Math.max(most, x[xo + i * step + c]);
      }
      double sum = 0;
      for (int i = 0; i < n; i++) {
        float e = Functions.exp(x[xo + i * step + c] - most);
        y[yo + i * step + c] = e;
        sum += e;
      }
      float less = (float) StrictMath.log(sum);
      float factor = (float) (1 / sum);
      for (int i = 0; i < n; i++) {
        int at = i * step + c;
        y[yo + at] = log ? x[xo + at] - most - less : y[yo + at] * factor;
      }
    }
  }

  private static void column(float[] y, int yo, float[] x, int xo, int n, int step, boolean log) {
    FloatVector most = FloatVector.fromArray(SPECIES, x, xo);
    for (int i = 1; i < n; i++) {
      FloatVector next = FloatVector.fromArray(SPECIES, x, xo + i * step);
      most = most.blend(next, next.compare(VectorOperators.GT, most));
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
  private static void fewColumns(float[] y, int yo, float[] x, int xo, int n, int step, boolean log,
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
