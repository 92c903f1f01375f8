package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import juanji.kernel.Loops;
import juanji.kernel.ScalarLoops;
import juanji.op.Pointwise;

/// Pointwise loops: [Arithmetic], and for exp, log, tanh, sigmoid, erf and softplus the polynomials of [Functions], so
/// that their bits do not depend on a platform's library.
final class VectorLoops implements Loops {
  private static final int L = Machine.LANES;

  private final Loops scalar = new ScalarLoops();
  private final boolean few;

  VectorLoops() {
    this(false);
  }

  /// @param few whether there are so few numbers that their powers are computed one by one
  private VectorLoops(boolean few) {
    this.few = few;
  }

  @Override public Loops few() {
    return new VectorLoops(true);
  }

  @Override public void apply(Pointwise op, float[] y, int yo, float[] a, int ao, float[] b, int bo, int n) {
    switch (op) {
      case Pointwise.Exp _ -> exp(y, yo, a, ao, n);
      case Pointwise.Log _ -> log(y, yo, a, ao, n);
      case Pointwise.Tanh _ -> tanh(y, yo, a, ao, n);
      case Pointwise.Sigmoid _ -> sigmoid(y, yo, a, ao, n);
      case Pointwise.Erf _ -> erf(y, yo, a, ao, n);
      case Pointwise.Softplus _ -> softplus(y, yo, a, ao, n);
      case Pointwise.Add _ -> Arithmetic.add(y, yo, a, ao, b, bo, n);
      case Pointwise.Sub _ -> Arithmetic.sub(y, yo, a, ao, b, bo, n);
      case Pointwise.Mul _ -> Arithmetic.mul(y, yo, a, ao, b, bo, n);
      case Pointwise.Div _ -> Arithmetic.div(y, yo, a, ao, b, bo, n);
      case Pointwise.Max _ -> Arithmetic.max(y, yo, a, ao, b, bo, n);
      case Pointwise.Greater _ -> Arithmetic.greater(y, yo, a, ao, b, bo, n);
      case Pointwise.Equal _ -> Arithmetic.equal(y, yo, a, ao, b, bo, n);
      case Pointwise.Affine(double factor, double offset) ->
          Arithmetic.affine(y, yo, a, ao, (float) factor, (float) offset, n);
      case Pointwise.Relu _ -> Arithmetic.relu(y, yo, a, ao, n);
      case Pointwise.Positive _ -> Arithmetic.positive(y, yo, a, ao, n);
      case Pointwise.Reciprocal _ -> Arithmetic.reciprocal(y, yo, a, ao, n);
      case Pointwise.Sqrt _ -> Arithmetic.sqrt(y, yo, a, ao, n);
      case Pointwise.Abs _ -> Arithmetic.abs(y, yo, a, ao, n);
      case Pointwise.Sign _ -> scalar.apply(op, y, yo, a, ao, b, bo, n);
      case Pointwise.Clamp(double low, double high) -> Arithmetic.clamp(y, yo, a, ao, (float) low, (float) high, n);
    }
  }

  @Override public void repeat(Pointwise.Binary op, float[] y, int yo, float[] a, int ao, float[] beat, int bo,
      int period, boolean first, int n) {
    if (Beats.fits(period)) {
      Beats.apply(op, y, yo, a, ao, beat, bo, period, first, n);
    } else {
      scalar.repeat(op, y, yo, a, ao, beat, bo, period, first, n);
    }
  }

  @Override public void finish(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, float[] more,
      int mo, float low, float high, int n) {
    if (Beats.fits(period)) {
      Endings.apply(y, yo, a, ao, beat, bo, period, more, mo, low, high, n);
    } else {
      scalar.finish(y, yo, a, ao, beat, bo, period, more, mo, low, high, n);
    }
  }

  @Override public void normalize(float[] y, int yo, float[] x, int xo, float[] beats, int mean, int scale, int shift,
      int period, float low, float high, int n) {
    int whole = Beats.fits(period) ? n / L * L : 0;
    if (whole > 0) {
      BatchNorms.forward(y, yo, x, xo, beats, mean, scale, shift, period, low, high, whole);
    }
    scalar.normalize(y, yo + whole, x, xo + whole, beats, mean, scale, shift, period, low, high, n - whole);
  }

  @Override public void normalizeBack(float[] y, int yo, float[] g, int go, float[] x, int xo, float[] beats,
      int weight, int meanG, int mean, int along, int factor, int period, int n) {
    int whole = Beats.fits(period) ? n / L * L : 0;
    if (whole > 0) {
      BatchNorms.backward(y, yo, g, go, x, xo, beats, weight, meanG, mean, along, factor, period, whole);
    }
    scalar.normalizeBack(y, yo + whole, g, go + whole, x, xo + whole, beats, weight, meanG, mean, along, factor, period,
        n - whole);
  }

  @Override public void normalizeMask(float[] y, int yo, float[] g, int go, float[] x, int xo, float[] beats, int mean,
      int scale, int shift, int period, int n) {
    int whole = Beats.fits(period) ? n / L * L : 0;
    if (whole > 0) {
      BatchNorms.mask(y, yo, g, go, x, xo, beats, mean, scale, shift, period, whole);
    }
    scalar.normalizeMask(y, yo + whole, g, go + whole, x, xo + whole, beats, mean, scale, shift, period, n - whole);
  }

  @Override public void sum(float[] sums, int so, int ro, float[] x, int xo, int n, int columns) {
    Sums.sum(sums, so, ro, x, xo, n, columns);
  }

  @Override public void maximize(float[] sums, int so, float[] x, int xo, int n, int columns) {
    Sums.maximize(sums, so, x, xo, n, columns);
  }

  @Override public void summarize(float[] y, int yo, float[] x, int xo, int rows, int length, boolean maximum) {
    if (length < L) {
      scalar.summarize(y, yo, x, xo, rows, length, maximum);
    } else if (maximum) {
      Sums.greatest(y, yo, x, xo, rows, length);
    } else {
      Sums.totals(y, yo, x, xo, rows, length);
    }
  }

  @Override public void softmax(float[] y, int yo, float[] x, int xo, int n, int step, int columns, boolean log) {
    if (few) {
      Softmax.few(y, yo, x, xo, n, step, columns, log);
    } else if (columns == 1 && step == 1 && n >= L) {
      Softmax.row(y, yo, x, xo, n, log);
    } else {
      Softmax.columns(y, yo, x, xo, n, step, columns, log);
    }
  }

  @Override public int lanes() {
    return L;
  }

  @Override public void moments(float[] sums, int so, int width, float[] x, int xo, int n) {
    if (width == L) {
      Moments.moments(sums, so, x, xo, n);
    } else {
      scalar.moments(sums, so, width, x, xo, n);
    }
  }

  @Override public void centred(float[] sums, int so, int width, float[] g, int go, float[] x, int xo, int n) {
    if (width == L) {
      Moments.centred(sums, so, g, go, x, xo, n);
    } else {
      scalar.centred(sums, so, width, g, go, x, xo, n);
    }
  }

  private static VectorMask<Float> tail(int i, int n) {
    return Machine.SPECIES.indexInRange(i, n);
  }

  private void exp(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i < n && few; i++) {
      y[yo + i] = Functions.exp(a[ao + i]);
    }
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

  private static void erf(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      Functions.erf(FloatVector.fromArray(Machine.SPECIES, a, ao + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      Functions.erf(FloatVector.fromArray(Machine.SPECIES, a, ao + i, tail(i, n))).intoArray(y, yo + i, tail(i, n));
    }
  }

  private static void softplus(float[] y, int yo, float[] a, int ao, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      Functions.softplus(FloatVector.fromArray(Machine.SPECIES, a, ao + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      Functions.softplus(FloatVector.fromArray(Machine.SPECIES, a, ao + i, tail(i, n)))
          .intoArray(y, yo + i, tail(i, n));
    }
  }
}
