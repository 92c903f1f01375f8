package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The tiles of [LaneConv] and [LaneFilter]: two filters times five neighbouring pixels or taps, ten sums in registers;
/// more would not leave enough for what they are made of. Each method goes through all pixels of a stripe, since
/// calling costs as much as ten terms. One check of bounds does for neighbours.
final class LaneTiles {
  private static final VectorSpecies<Float> SPECIES = Machine.SPECIES;
  private static final int L = Machine.LANES;

  private LaneTiles() {
  }

  /// y[f, p] = Σ w[t, f] · x[p, t] for two filters and tiles of five neighbouring pixels.
  ///
  /// @param off where each tap's vector lies, seen from a pixel's place
  /// @param places where each pixel lies in x
  /// @param tiles the first pixels of the tiles
  /// @param count how many of these are computed
  /// @param targets where each pixel lies in y
  /// @param plane how far apart the filters' results lie
  static void fivePixels(int[] off, float[] x, int xo, int[] places, int[] tiles, int count, float[] w, int wo,
      float[] y, int yo, int[] targets, int plane) {
    for (int j = 0; j < count; j++) {
      int p = tiles[j];
      int x0 = xo + places[p];
      FloatVector a0 = FloatVector.zero(SPECIES);
      FloatVector a1 = FloatVector.zero(SPECIES);
      FloatVector a2 = FloatVector.zero(SPECIES);
      FloatVector a3 = FloatVector.zero(SPECIES);
      FloatVector a4 = FloatVector.zero(SPECIES);
      FloatVector b0 = FloatVector.zero(SPECIES);
      FloatVector b1 = FloatVector.zero(SPECIES);
      FloatVector b2 = FloatVector.zero(SPECIES);
      FloatVector b3 = FloatVector.zero(SPECIES);
      FloatVector b4 = FloatVector.zero(SPECIES);
      for (int t = 0; t < off.length; t++) {
        int base = x0 + off[t];
        int at = wo + t * 2;
        FloatVector f = all(w, at);
        FloatVector g = all(w, at + 1);
        FloatVector v = load(x, base);
        a0 = v.fma(f, a0);
        b0 = v.fma(g, b0);
        v = load(x, base + L);
        a1 = v.fma(f, a1);
        b1 = v.fma(g, b1);
        v = load(x, base + 2 * L);
        a2 = v.fma(f, a2);
        b2 = v.fma(g, b2);
        v = load(x, base + 3 * L);
        a3 = v.fma(f, a3);
        b3 = v.fma(g, b3);
        v = load(x, base + 4 * L);
        a4 = v.fma(f, a4);
        b4 = v.fma(g, b4);
      }
      int to = yo + targets[p];
      a0.intoArray(y, to);
      a1.intoArray(y, to + L);
      a2.intoArray(y, to + 2 * L);
      a3.intoArray(y, to + 3 * L);
      a4.intoArray(y, to + 4 * L);
      to += plane;
      b0.intoArray(y, to);
      b1.intoArray(y, to + L);
      b2.intoArray(y, to + 2 * L);
      b3.intoArray(y, to + 3 * L);
      b4.intoArray(y, to + 4 * L);
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  private static FloatVector all(float[] w, int at) {
    return FloatVector.broadcast(SPECIES, w[at]);
  }

  /// The same for any pixels, two at a time; an odd last one is computed twice.
  static void two(int[] off, float[] x, int xo, int[] places, int pixels, float[] w, int wo, float[] y, int yo,
      int[] targets, int plane) {
    for (int p = 0; p < pixels; p += 2) {
      int next = Math.min(p + 1, pixels - 1);
      int first = xo + places[p];
      int second = xo + places[next];
      FloatVector a0 = FloatVector.zero(SPECIES);
      FloatVector a1 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      int at = wo;
      for (int t = 0; t < off.length; t++) {
        FloatVector u = load(x, first + off[t]);
        FloatVector v = load(x, second + off[t]);
        FloatVector f = all(w, at);
        a0 = u.fma(f, a0);
        b0 = v.fma(f, b0);
        f = all(w, at + 1);
        a1 = u.fma(f, a1);
        b1 = v.fma(f, b1);
        at += 2;
      }
      int to = yo + targets[p];
      a0.intoArray(y, to);
      a1.intoArray(y, to + plane);
      to = yo + targets[next];
      b0.intoArray(y, to);
      b1.intoArray(y, to + plane);
    }
  }

  /// The same for one filter.
  static void one(int[] off, float[] x, int xo, int[] places, int pixels, float[] w, int wo, float[] y, int yo,
      int[] targets) {
    for (int p = 0; p < pixels; p += 2) {
      int next = Math.min(p + 1, pixels - 1);
      int first = xo + places[p];
      int second = xo + places[next];
      FloatVector a = FloatVector.zero(SPECIES);
      FloatVector b = a;
      for (int t = 0; t < off.length; t++) {
        FloatVector f = all(w, wo + t);
        a = load(x, first + off[t]).fma(f, a);
        b = load(x, second + off[t]).fma(f, b);
      }
      a.intoArray(y, yo + targets[p]);
      b.intoArray(y, yo + targets[next]);
    }
  }

  /// Adds Σ x[p, t] · z[f, p] over the pixels of a stripe to sums [f][t][lane] of two filters and five neighbouring
  /// taps.
  ///
  /// @param x0 where the first tap's vector of the first pixel lies
  /// @param places where each pixel lies, seen from there
  /// @param zo where the first filter's result of the first pixel lies
  /// @param plane how far apart the filters' results lie; 0 for one filter
  /// @param so where the sum of the first filter and tap lies
  /// @param row how far apart the filters' sums lie
  static void fiveTaps(float[] x, int x0, int[] places, int pixels, float[] z, int zo, int plane, float[] sums, int so,
      int row) {
    FloatVector a0 = load(sums, so);
    FloatVector a1 = load(sums, so + L);
    FloatVector a2 = load(sums, so + 2 * L);
    FloatVector a3 = load(sums, so + 3 * L);
    FloatVector a4 = load(sums, so + 4 * L);
    FloatVector b0 = load(sums, so + row);
    FloatVector b1 = load(sums, so + row + L);
    FloatVector b2 = load(sums, so + row + 2 * L);
    FloatVector b3 = load(sums, so + row + 3 * L);
    FloatVector b4 = load(sums, so + row + 4 * L);
    for (int p = 0; p < pixels; p++) {
      int base = x0 + places[p];
      FloatVector f = load(z, zo + p * L);
      FloatVector g = load(z, zo + plane + p * L);
      FloatVector v = load(x, base);
      a0 = v.fma(f, a0);
      b0 = v.fma(g, b0);
      v = load(x, base + L);
      a1 = v.fma(f, a1);
      b1 = v.fma(g, b1);
      v = load(x, base + 2 * L);
      a2 = v.fma(f, a2);
      b2 = v.fma(g, b2);
      v = load(x, base + 3 * L);
      a3 = v.fma(f, a3);
      b3 = v.fma(g, b3);
      v = load(x, base + 4 * L);
      a4 = v.fma(f, a4);
      b4 = v.fma(g, b4);
    }
    if (plane > 0) {
      b0.intoArray(sums, so + row);
      b1.intoArray(sums, so + row + L);
      b2.intoArray(sums, so + row + 2 * L);
      b3.intoArray(sums, so + row + 3 * L);
      b4.intoArray(sums, so + row + 4 * L);
    }
    a0.intoArray(sums, so);
    a1.intoArray(sums, so + L);
    a2.intoArray(sums, so + 2 * L);
    a3.intoArray(sums, so + 3 * L);
    a4.intoArray(sums, so + 4 * L);
  }

  /// The same for three taps anywhere.
  static void threeTaps(float[] x, int x0, int x1, int x2, int[] places, int pixels, float[] z, int zo, int plane,
      float[] sums, int so, int row) {
    FloatVector a0 = load(sums, so);
    FloatVector a1 = load(sums, so + L);
    FloatVector a2 = load(sums, so + 2 * L);
    FloatVector b0 = load(sums, so + row);
    FloatVector b1 = load(sums, so + row + L);
    FloatVector b2 = load(sums, so + row + 2 * L);
    for (int p = 0; p < pixels; p++) {
      int place = places[p];
      FloatVector f = load(z, zo + p * L);
      FloatVector g = load(z, zo + plane + p * L);
      FloatVector v = load(x, x0 + place);
      a0 = v.fma(f, a0);
      b0 = v.fma(g, b0);
      v = load(x, x1 + place);
      a1 = v.fma(f, a1);
      b1 = v.fma(g, b1);
      v = load(x, x2 + place);
      a2 = v.fma(f, a2);
      b2 = v.fma(g, b2);
    }
    if (plane > 0) {
      b0.intoArray(sums, so + row);
      b1.intoArray(sums, so + row + L);
      b2.intoArray(sums, so + row + 2 * L);
    }
    a0.intoArray(sums, so);
    a1.intoArray(sums, so + L);
    a2.intoArray(sums, so + 2 * L);
  }
}
