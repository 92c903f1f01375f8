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
      case Pointwise.Clamp(double low, double high) -> clamp(y, yo, a, ao, (float) low, (float) high, n);
      case Pointwise.Erf _ -> erf(y, yo, a, ao, n);
      case Pointwise.Tanh _, Pointwise.Sigmoid _, Pointwise.Exp _, Pointwise.Log _, Pointwise.Sign _,
          Pointwise.Softplus _ -> exact((Pointwise.Unary) op, y, yo, a, ao, n);
    }
  }

  @Override public void repeat(Pointwise.Binary op, float[] y, int yo, float[] a, int ao, float[] beat, int bo,
      int period, boolean first, int n) {
    if (period != 1) {
      for (int i = 0; i < n; i++) {
        float b = beat[bo + i % period];
        y[yo + i] = (float) (first ? op.at(b, a[ao + i]) : op.at(a[ao + i], b));
      }
      return;
    }
    float b = beat[bo];
    switch (op) {
      case Pointwise.Add _ -> affine(y, yo, a, ao, 1, b, n);
      case Pointwise.Mul _ -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = a[ao + i] * b;
        }
      }
      case Pointwise.Sub _ when !first -> affine(y, yo, a, ao, 1, -b, n);
      default -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = (float) (first ? op.at(b, a[ao + i]) : op.at(a[ao + i], b));
        }
      }
    }
  }

  @Override public void sum(float[] sums, int so, int ro, float[] x, int xo, int n, int columns) {
    for (int k = 0; k < columns; k++) {
      double total = sums[so + k] + (double) sums[ro + k];
      if (columns == 1) {
        total += sum(x, xo, n);
      } else {
        for (int i = k; i < n; i += columns) {
          total += x[xo + i];
        }
      }
      float rounded = (float) total;
      sums[so + k] = rounded;
      // An infinite or undefined sum has no remainder.
      sums[ro + k] = Float.isFinite(rounded) ? (float) (total - rounded) : 0;
    }
  }

  private static double sum(float[] x, int xo, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      a += x[xo + i];
      b += x[xo + i + 1];
      c += x[xo + i + 2];
      d += x[xo + i + 3];
    }
    for (; i < n; i++) {
      a += x[xo + i];
    }
    return a + b + (c + d);
  }

  @Override public void maximize(float[] sums, int so, float[] x, int xo, int n, int columns) {
    for (int k = 0; k < columns; k++) {
      float most = sums[so + k];
      for (int i = k; i < n; i += columns) {
        most = Math.max(most, x[xo + i]);
      }
      sums[so + k] = most;
    }
  }

  @Override public void summarize(float[] y, int yo, float[] x, int xo, int rows, int length, boolean maximum) {
    for (int r = 0; r < rows; r++) {
      int from = xo + r * length;
      if (!maximum) {
        y[yo + r] = (float) sum(x, from, length);
        continue;
      }
      float most = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < length; i++) {
        most = Math.max(most, x[from + i]);
      }
      y[yo + r] = most;
    }
  }

  @Override public void softmax(float[] y, int yo, float[] x, int xo, int n, int step, int columns, boolean log) {
    for (int c = 0; c < columns; c++) {
      float most = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        most = Math.max(most, x[xo + i * step + c]);
      }
      double sum = 0;
      for (int i = 0; i < n; i++) {
        float e = (float) StrictMath.exp(x[xo + i * step + c] - most);
        y[yo + i * step + c] = e;
        sum += e;
      }
      float less = (float) StrictMath.log(sum);
      for (int i = 0; i < n; i++) {
        int at = i * step + c;
        y[yo + at] = log ? x[xo + at] - most - less : (float) (y[yo + at] / sum);
      }
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

  private static void clamp(float[] y, int yo, float[] a, int ao, float low, float high, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(low, Math.min(high, a[ao + i]));
    }
  }

  private static void erf(float[] y, int yo, float[] a, int ao, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = erf(a[ao + i]);
    }
  }

  /// erf x within about 1 unit in the last place: near 0 as x + x · P(x²), farther away as 1 − e^(−t − t · Q(t)) with
  /// t = |x|, both polynomials fitted to the smallest error relative to erf.
  private static float erf(float x) {
    float t = Math.min(Math.abs(x), 4);
    if (t < 0.921875f) {
      float s = x * x;
      float p = -5.99102127e-4f;
      p = p * s + 4.99321965e-3f;
      p = p * s - 2.67666500e-2f;
      p = p * s + 1.12818174e-1f;
      p = p * s - 3.76124939e-1f;
      p = p * s + 1.28379150e-1f;
      return p * x + x;
    }
    float q = 4.77484792e-6f;
    q = q * t - 4.36122525e-5f;
    q = q * t - 5.95018770e-5f;
    q = q * t + 2.95720657e-3f;
    q = q * t - 2.27173265e-2f;
    q = q * t + 1.05303080e-1f;
    q = q * t + 6.35604788e-1f;
    q = q * t + 1.28556101e-1f;
    return Math.copySign(1 - (float) Math.exp(-(q * t + t)), x);
  }

  private static void exact(Pointwise.Unary op, float[] y, int yo, float[] a, int ao, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) op.at(a[ao + i]);
    }
  }
}
