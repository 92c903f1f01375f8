package juanji.kernel;

import juanji.op.Pointwise;

/// Pointwise loops in plain Java. Whether they become vector instructions depends on the JIT compiler: C2 in JDK 25
/// does not vectorise where input and output runs have different offsets, since they might overlap.
public final class ScalarLoops implements Loops {
  @Override public void apply(Pointwise op, float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    switch (op) {
      case Pointwise.Add _ -> add(y, yo, a, ao, b, bo, n);
      case Pointwise.Sub _ -> sub(y, yo, a, ao, b, bo, n);
      case Pointwise.Mul _ -> mul(y, yo, a, ao, b, bo, n);
      case Pointwise.Div _ -> div(y, yo, a, ao, b, bo, n);
      case Pointwise.Max _ -> max(y, yo, a, ao, b, bo, n);
      case Pointwise.Greater _ -> greater(y, yo, a, ao, b, bo, n);
      case Pointwise.Equal _ -> equal(y, yo, a, ao, b, bo, n);
      case Pointwise.Affine(double factor, double offset) -> affine(y, yo, a, ao, (float) factor, (float) offset, n);
      case Pointwise.Relu _ -> relu(y, yo, a, ao, n);
      case Pointwise.Positive _ -> positive(y, yo, a, ao, n);
      case Pointwise.Reciprocal _ -> reciprocal(y, yo, a, ao, n);
      case Pointwise.Sqrt _ -> sqrt(y, yo, a, ao, n);
      case Pointwise.Abs _ -> abs(y, yo, a, ao, n);
      case Pointwise.Tanh _, Pointwise.Sigmoid _, Pointwise.Exp _, Pointwise.Log _, Pointwise.Sign _ ->
          exact((Pointwise.Unary) op, y, yo, a, ao, n);
    }
  }

  private static void add(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] + b[bo + i];
    }
  }

  private static void sub(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] - b[bo + i];
    }
  }

  private static void mul(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] * b[bo + i];
    }
  }

  private static void div(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] / b[bo + i];
    }
  }

  private static void max(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(a[ao + i], b[bo + i]);
    }
  }

  private static void greater(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] > b[bo + i] ? 1 : 0;
    }
  }

  private static void equal(float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] == b[bo + i] ? 1 : 0;
    }
  }

  private static void affine(float[] y, int yo, float[] a, int ao, float factor, float offset, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = factor * a[ao + i] + offset;
    }
  }

  private static void relu(float[] y, int yo, float[] a, int ao, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(a[ao + i], 0);
    }
  }

  private static void positive(float[] y, int yo, float[] a, int ao, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] > 0 ? 1 : 0;
    }
  }

  private static void reciprocal(float[] y, int yo, float[] a, int ao, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = 1 / a[ao + i];
    }
  }

  private static void sqrt(float[] y, int yo, float[] a, int ao, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) Math.sqrt(a[ao + i]);
    }
  }

  private static void abs(float[] y, int yo, float[] a, int ao, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.abs(a[ao + i]);
    }
  }

  private static void exact(Pointwise.Unary op, float[] y, int yo, float[] a, int ao, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) op.at(a[ao + i]);
    }
  }
}
