package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The loops of arithmetic on runs. The compiler does not vectorise loops whose arrays have different offsets, so they
/// are written with vectors; the few elements behind the last whole vector have the same bits, since each operation is
/// rounded as the scalar one is.
final class Arithmetic {
  private static final VectorSpecies<Float> SPECIES = Machine.SPECIES;
  private static final int L = Machine.LANES;
  private static final FloatVector ZERO = FloatVector.zero(SPECIES);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);

  private Arithmetic() {
  }

  static void add(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i);
      u.add(v).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] + b[bo + i];
    }
  }

  static void sub(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i);
      u.sub(v).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] - b[bo + i];
    }
  }

  static void mul(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i);
      u.mul(v).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] * b[bo + i];
    }
  }

  static void div(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i);
      u.div(v).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] / b[bo + i];
    }
  }

  static void max(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i);
      u.max(v).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.max(a[ao + i], b[bo + i]);
    }
  }

  static void greater(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i);
      ZERO.blend(ONE, u.compare(VectorOperators.GT, v)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] > b[bo + i] ? 1 : 0;
    }
  }

  static void equal(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i);
      ZERO.blend(ONE, u.compare(VectorOperators.EQ, v)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] == b[bo + i] ? 1 : 0;
    }
  }

  static void relu(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      u.max(ZERO).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.max(a[ao + i], 0);
    }
  }

  static void clamp(float[] y, int yo, float[] a, int ao, float low, float high, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      u.min(high).max(low).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.max(low, Math.min(high, a[ao + i]));
    }
  }

  static void positive(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      ZERO.blend(ONE, u.compare(VectorOperators.GT, ZERO)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] > 0 ? 1 : 0;
    }
  }

  static void reciprocal(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      ONE.div(u).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = 1 / a[ao + i];
    }
  }

  static void sqrt(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      u.sqrt().intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = (float) Math.sqrt(a[ao + i]);
    }
  }

  static void abs(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i);
      u.abs().intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.abs(a[ao + i]);
    }
  }

  static void affine(float[] y, int yo, float[] a, int ao, float factor, float offset, int n) {
    int i = 0;
    FloatVector f = FloatVector.broadcast(SPECIES, factor);
    FloatVector o = FloatVector.broadcast(SPECIES, offset);
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(SPECIES, a, ao + i).mul(f).add(o).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = factor * a[ao + i] + offset;
    }
  }
}
