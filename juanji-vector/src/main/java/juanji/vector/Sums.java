package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Sums and maxima of a run's columns. Four accumulators in registers hide the latency of an addition; a run's total
/// is added to a sum that is kept as a float and what its rounding left (Knuth's TwoSum).
final class Sums {
  private static final VectorSpecies<Float> SPECIES = Machine.SPECIES;
  private static final int L = Machine.LANES;
  private static final VectorShuffle<Float> HALF = VectorShuffle.iota(SPECIES, L / 2, 1, true);
  private static final VectorShuffle<Float> QUARTER = VectorShuffle.iota(SPECIES, L / 4, 1, true);
  private static final VectorShuffle<Float> EIGHTH = VectorShuffle.iota(SPECIES, L / 8, 1, true);
  private static final VectorShuffle<Float> SIXTEENTH = VectorShuffle.iota(SPECIES, L / 16, 1, true);

  private Sums() {
  }

  /// sums[k] += Σ of x[i] with i mod columns = k.
  static void sum(float[] sums, int so, int ro, float[] x, int xo, int n, int columns) {
    int rows = n / columns;
    int k = 0;
    if (columns == 1) {
      join(sums, so, ro, total(x, xo, n));
      return;
    }
    for (; k <= columns - L; k += L) {
      column(sums, so + k, ro + k, x, xo + k, columns, rows);
    }
    for (; k < columns; k++) {
      float total = 0;
      for (int i = k; i < n; i += columns) {
        total += x[xo + i];
      }
      join(sums, so + k, ro + k, total);
    }
  }

  /// y[r] = Σ of row r, of rows behind one another, none shorter than a vector.
  static void totals(float[] y, int yo, float[] x, int xo, int rows, int length) {
    for (int r = 0; r < rows; r++) {
      y[yo + r] = total(x, xo + r * length, length);
    }
  }

  /// The sum of a row, in an order that depends on its length alone.
  static float total(float[] x, int xo, int length) {
    int whole = length / L * L;
    float sum = lanes(x, xo, length / L);
    // Of what is left over, two sums side by side.
    float other = 0;
    int i = whole;
    for (; i < length - 1; i += 2) {
      sum += x[xo + i];
      other += x[xo + i + 1];
    }
    return i < length ? sum + (other + x[xo + i]) : sum + other;
  }

  /// y[r] = the greatest of row r, of rows behind one another, none shorter than a vector.
  static void greatest(float[] y, int yo, float[] x, int xo, int rows, int length) {
    for (int r = 0; r < rows; r++) {
      y[yo + r] = greatest(x, xo + r * length, length);
    }
  }

  /// The greatest of a row that is no shorter than a vector.
  static float greatest(float[] x, int xo, int length) {
    // The last vector may overlap the one before.
    FloatVector most = FloatVector.fromArray(SPECIES, x, xo + length - L);
    for (int i = 0; i < length - L; i += L) {
      most = most.max(FloatVector.fromArray(SPECIES, x, xo + i));
    }
    return most.reduceLanes(VectorOperators.MAX);
  }

  /// Adds `rows` vectors that lie `step` apart to a vector of sums, in an order that depends on their number alone. All
  /// in one method: a vector that passes from one to another that is not inlined costs an allocation.
  private static void column(float[] sums, int so, int ro, float[] x, int xo, int step, int rows) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int at = xo;
    int r = 0;
    for (; r < rows - 3; r += 4) {
      a = a.add(FloatVector.fromArray(SPECIES, x, at));
      b = b.add(FloatVector.fromArray(SPECIES, x, at + step));
      c = c.add(FloatVector.fromArray(SPECIES, x, at + 2 * step));
      d = d.add(FloatVector.fromArray(SPECIES, x, at + 3 * step));
      at += 4 * step;
    }
    for (; r < rows; r++) {
      a = a.add(FloatVector.fromArray(SPECIES, x, at));
      at += step;
    }
    FloatVector value = a.add(b).add(c.add(d));
    FloatVector old = FloatVector.fromArray(SPECIES, sums, so);
    FloatVector total = old.add(value);
    FloatVector part = total.sub(old);
    total.intoArray(sums, so);
    old.sub(total.sub(part)).add(value.sub(part)).add(FloatVector.fromArray(SPECIES, sums, ro)).intoArray(sums, ro);
  }

  /// The sum of `count` vectors and then of its lanes.
  private static float lanes(float[] x, int xo, int count) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (; i < count - 3; i += 4) {
      a = a.add(FloatVector.fromArray(SPECIES, x, xo + i * L));
      b = b.add(FloatVector.fromArray(SPECIES, x, xo + (i + 1) * L));
      c = c.add(FloatVector.fromArray(SPECIES, x, xo + (i + 2) * L));
      d = d.add(FloatVector.fromArray(SPECIES, x, xo + (i + 3) * L));
    }
    for (; i < count; i++) {
      a = a.add(FloatVector.fromArray(SPECIES, x, xo + i * L));
    }
    return lanes(a.add(b).add(c.add(d)));
  }

  /// The sum of a vector's lanes, halves added to halves: reduceLanes leaves the order open.
  static float lanes(FloatVector vector) {
    FloatVector sum = vector.add(vector.rearrange(HALF));
    if (L >= 4) {
      sum = sum.add(sum.rearrange(QUARTER));
    }
    if (L >= 8) {
      sum = sum.add(sum.rearrange(EIGHTH));
    }
    if (L >= 16) {
      sum = sum.add(sum.rearrange(SIXTEENTH));
    }
    return sum.lane(0);
  }

  /// An infinite or undefined sum makes its remainder undefined, which readers ignore.
  private static void join(float[] sums, int so, int ro, float value) {
    float old = sums[so];
    float total = old + value;
    float part = total - old;
    sums[so] = total;
    sums[ro] += old - (total - part) + (value - part);
  }

  /// sums[k] = max(sums[k], x[i] with i mod columns = k).
  static void maximize(float[] sums, int so, float[] x, int xo, int n, int columns) {
    if (columns == 1) {
      int whole = n / L * L;
      float most = sums[so];
      if (whole > 0) {
        FloatVector best = FloatVector.fromArray(SPECIES, x, xo);
        for (int i = L; i < whole; i += L) {
          best = best.max(FloatVector.fromArray(SPECIES, x, xo + i));
        }
        most = Math.max(most, best.reduceLanes(VectorOperators.MAX));
      }
      for (int i = whole; i < n; i++) {
        most = Math.max(most, x[xo + i]);
      }
      sums[so] = most;
      return;
    }
    int k = 0;
    for (; k <= columns - L; k += L) {
      FloatVector best = FloatVector.fromArray(SPECIES, sums, so + k);
      for (int i = k; i < n; i += columns) {
        best = best.max(FloatVector.fromArray(SPECIES, x, xo + i));
      }
      best.intoArray(sums, so + k);
    }
    for (; k < columns; k++) {
      float most = sums[so + k];
      for (int i = k; i < n; i += columns) {
        most = Math.max(most, x[xo + i]);
      }
      sums[so + k] = most;
    }
  }
}
