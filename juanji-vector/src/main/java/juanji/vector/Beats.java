package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import juanji.op.Pointwise;

/// The loops of arithmetic between a run and a beat: one number, or one vector of numbers that repeats. The beat stays
/// in a register. Bits are those of [Arithmetic].
final class Beats {
  private static final VectorSpecies<Float> SPECIES = Machine.SPECIES;
  private static final int L = Machine.LANES;
  private static final FloatVector ZERO = FloatVector.zero(SPECIES);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);

  private Beats() {
  }

  /// Whether a beat of this length fits into a register.
  static boolean fits(int period) {
    return period == 1 || period == L;
  }

  static void apply(Pointwise.Binary op, float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period,
      boolean first, int n) {
    int done = n / L * L;
    switch (op) {
      case Pointwise.Add _ -> add(y, yo, a, ao, beat, bo, period, done);
      case Pointwise.Mul _ -> mul(y, yo, a, ao, beat, bo, period, done);
      case Pointwise.Max _ -> max(y, yo, a, ao, beat, bo, period, done);
      case Pointwise.Equal _ -> equal(y, yo, a, ao, beat, bo, period, done);
      case Pointwise.Sub _ when first -> subFrom(y, yo, a, ao, beat, bo, period, done);
      case Pointwise.Sub _ -> sub(y, yo, a, ao, beat, bo, period, done);
      case Pointwise.Div _ when first -> divInto(y, yo, a, ao, beat, bo, period, done);
      case Pointwise.Div _ -> div(y, yo, a, ao, beat, bo, period, done);
      case Pointwise.Greater _ when first -> less(y, yo, a, ao, beat, bo, period, done);
      case Pointwise.Greater _ -> greater(y, yo, a, ao, beat, bo, period, done);
    }
    for (int i = done; i < n; i++) {
      float u = a[ao + i];
      float v = period == 1 ? beat[bo] : beat[bo + i - done];
      // Rounded once: a sum, product or quotient of floats has the same bits from double precision.
      y[yo + i] = (float) (first ? op.at(v, u) : op.at(u, v));
    }
  }

  /// In each loop by itself: vectors that pass between methods are allocated.
  private static FloatVector beat(float[] beat, int bo, int period) {
    return period == 1 ? FloatVector.broadcast(SPECIES, beat[bo]) : FloatVector.fromArray(SPECIES, beat, bo);
  }

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  private static void add(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      load(a, ao + i).add(b).intoArray(y, yo + i);
    }
  }

  private static void mul(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      load(a, ao + i).mul(b).intoArray(y, yo + i);
    }
  }

  private static void max(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      load(a, ao + i).max(b).intoArray(y, yo + i);
    }
  }

  private static void equal(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      ZERO.blend(ONE, load(a, ao + i).compare(VectorOperators.EQ, b)).intoArray(y, yo + i);
    }
  }

  private static void sub(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      load(a, ao + i).sub(b).intoArray(y, yo + i);
    }
  }

  private static void subFrom(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      b.sub(load(a, ao + i)).intoArray(y, yo + i);
    }
  }

  private static void div(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      load(a, ao + i).div(b).intoArray(y, yo + i);
    }
  }

  private static void divInto(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      b.div(load(a, ao + i)).intoArray(y, yo + i);
    }
  }

  private static void greater(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      ZERO.blend(ONE, load(a, ao + i).compare(VectorOperators.GT, b)).intoArray(y, yo + i);
    }
  }

  private static void less(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, int n) {
    FloatVector b = beat(beat, bo, period);
    for (int i = 0; i < n; i += L) {
      ZERO.blend(ONE, load(a, ao + i).compare(VectorOperators.LT, b)).intoArray(y, yo + i);
    }
  }
}
