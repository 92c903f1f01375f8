package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops of sums over channels: two sums per lane from one walk over a run. Eight accumulators in registers hide
/// the latency of additions; each loop is one method with what it leaves in an array, since vectors that pass from
/// method to method cost an allocation where the compiler does not inline.
final class Moments {
  private static final VectorSpecies<Float> SPECIES = Machine.SPECIES;
  private static final int L = Machine.LANES;

  private Moments() {
  }

  /// Adds x − s and (x − s)² to the sums, lane by lane.
  static void moments(float[] sums, int so, float[] x, int xo, int n) {
    FloatVector shift = FloatVector.fromArray(SPECIES, sums, so);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, x, xo + i).sub(shift);
      FloatVector d1 = FloatVector.fromArray(SPECIES, x, xo + i + L).sub(shift);
      FloatVector d2 = FloatVector.fromArray(SPECIES, x, xo + i + 2 * L).sub(shift);
      FloatVector d3 = FloatVector.fromArray(SPECIES, x, xo + i + 3 * L).sub(shift);
      a0 = a0.add(d0);
      a1 = a1.add(d1);
      a2 = a2.add(d2);
      a3 = a3.add(d3);
      b0 = d0.fma(d0, b0);
      b1 = d1.fma(d1, b1);
      b2 = d2.fma(d2, b2);
      b3 = d3.fma(d3, b3);
    }
    for (; i <= n - L; i += L) {
      FloatVector d = FloatVector.fromArray(SPECIES, x, xo + i).sub(shift);
      a0 = a0.add(d);
      b0 = d.fma(d, b0);
    }
    FloatVector first = a0.add(a1).add(a2.add(a3));
    FloatVector second = b0.add(b1).add(b2.add(b3));
    join(sums, so, first, second);
    for (int lane = 0; i < n; i++, lane++) {
      float d = x[xo + i] - sums[so + lane];
      join(sums, so + lane, d, d * d);
    }
  }

  /// Adds g and g · (x − s) to the sums, lane by lane.
  static void centred(float[] sums, int so, float[] g, int go, float[] x, int xo, int n) {
    FloatVector shift = FloatVector.fromArray(SPECIES, sums, so);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      FloatVector g0 = FloatVector.fromArray(SPECIES, g, go + i);
      a0 = a0.add(g0);
      b0 = FloatVector.fromArray(SPECIES, x, xo + i).sub(shift).fma(g0, b0);
      FloatVector g1 = FloatVector.fromArray(SPECIES, g, go + i + L);
      a1 = a1.add(g1);
      b1 = FloatVector.fromArray(SPECIES, x, xo + i + L).sub(shift).fma(g1, b1);
      FloatVector g2 = FloatVector.fromArray(SPECIES, g, go + i + 2 * L);
      a2 = a2.add(g2);
      b2 = FloatVector.fromArray(SPECIES, x, xo + i + 2 * L).sub(shift).fma(g2, b2);
      FloatVector g3 = FloatVector.fromArray(SPECIES, g, go + i + 3 * L);
      a3 = a3.add(g3);
      b3 = FloatVector.fromArray(SPECIES, x, xo + i + 3 * L).sub(shift).fma(g3, b3);
    }
    for (; i <= n - L; i += L) {
      FloatVector h = FloatVector.fromArray(SPECIES, g, go + i);
      a0 = a0.add(h);
      b0 = FloatVector.fromArray(SPECIES, x, xo + i).sub(shift).fma(h, b0);
    }
    FloatVector first = a0.add(a1).add(a2.add(a3));
    FloatVector second = b0.add(b1).add(b2.add(b3));
    join(sums, so, first, second);
    for (int lane = 0; i < n; i++, lane++) {
      join(sums, so + lane, g[go + i], g[go + i] * (x[xo + i] - sums[so + lane]));
    }
  }

  /// Adds to both sums, each a float and what its rounding left (Knuth's TwoSum).
  private static void join(float[] sums, int so, FloatVector first, FloatVector second) {
    FloatVector old = FloatVector.fromArray(SPECIES, sums, so + L);
    FloatVector total = old.add(first);
    FloatVector part = total.sub(old);
    total.intoArray(sums, so + L);
    old.sub(total.sub(part)).add(first.sub(part)).add(FloatVector.fromArray(SPECIES, sums, so + 2 * L))
        .intoArray(sums, so + 2 * L);
    old = FloatVector.fromArray(SPECIES, sums, so + 3 * L);
    total = old.add(second);
    part = total.sub(old);
    total.intoArray(sums, so + 3 * L);
    old.sub(total.sub(part)).add(second.sub(part)).add(FloatVector.fromArray(SPECIES, sums, so + 4 * L))
        .intoArray(sums, so + 4 * L);
  }

  private static void join(float[] sums, int at, float first, float second) {
    float old = sums[at + L];
    float total = old + first;
    float part = total - old;
    sums[at + L] = total;
    sums[at + 2 * L] += old - (total - part) + (first - part);
    old = sums[at + 3 * L];
    total = old + second;
    part = total - old;
    sums[at + 3 * L] = total;
    sums[at + 4 * L] += old - (total - part) + (second - part);
  }
}
