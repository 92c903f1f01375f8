package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import juanji.kernel.Loops;
import juanji.kernel.ScalarLoops;
import juanji.op.Pointwise;

/// Pointwise loops. Arithmetic is left to the compiler, which vectorises it; exp, log, tanh and sigmoid are computed by
/// the polynomials of [Functions], so that their bits do not depend on a platform's library.
final class VectorLoops implements Loops {
  private static final int L = Machine.LANES;

  private final Loops arithmetic = new ScalarLoops();

  @Override public void apply(Pointwise op, float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    switch (op) {
      case Pointwise.Exp _ -> exp(y, yo, a, ao, n);
      case Pointwise.Log _ -> log(y, yo, a, ao, n);
      case Pointwise.Tanh _ -> tanh(y, yo, a, ao, n);
      case Pointwise.Sigmoid _ -> sigmoid(y, yo, a, ao, n);
      case Pointwise.Add _, Pointwise.Sub _, Pointwise.Mul _, Pointwise.Div _, Pointwise.Max _, Pointwise.Greater _,
          Pointwise.Equal _, Pointwise.Affine _, Pointwise.Relu _, Pointwise.Positive _, Pointwise.Reciprocal _,
          Pointwise.Sqrt _, Pointwise.Abs _, Pointwise.Sign _ -> arithmetic.apply(op, y, yo, a, ao, b, bo, n);
    }
  }

  private static VectorMask<Float> tail(int i, int n) {
    return Machine.SPECIES.indexInRange(i, n);
  }

  private static void exp(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      Functions.exp(FloatVector.fromArray(Machine.SPECIES, a, ao + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      Functions.exp(FloatVector.fromArray(Machine.SPECIES, a, ao + i, tail(i, n))).intoArray(y, yo + i, tail(i, n));
    }
  }

  private static void log(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      Functions.log(FloatVector.fromArray(Machine.SPECIES, a, ao + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      Functions.log(FloatVector.fromArray(Machine.SPECIES, a, ao + i, tail(i, n))).intoArray(y, yo + i, tail(i, n));
    }
  }

  private static void tanh(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      Functions.tanh(FloatVector.fromArray(Machine.SPECIES, a, ao + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      Functions.tanh(FloatVector.fromArray(Machine.SPECIES, a, ao + i, tail(i, n))).intoArray(y, yo + i, tail(i, n));
    }
  }

  private static void sigmoid(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      Functions.sigmoid(FloatVector.fromArray(Machine.SPECIES, a, ao + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      Functions.sigmoid(FloatVector.fromArray(Machine.SPECIES, a, ao + i, tail(i, n)))
          .intoArray(y, yo + i, tail(i, n));
    }
  }
}
