package juanji.kernel;

import juanji.op.Pointwise;

/// The loops of pointwise operations and of sums over runs of floats that fit in the first-level cache.
public interface Loops {
  /// y[i] = op(a[i], b[i]) for i from 0 to n − 1; `b` is not read by operations with one input. `y` may be the same run
  /// as `a` or `b`.
  void apply(Pointwise op, float[] y, int yo, float[] a, int ao, float[] b, int bo, int n);

  /// y[i] = op(a[i], beat[i mod period]) for i from 0 to n − 1, or op(beat[i mod period], a[i]) if the beat is `first`.
  /// `y` may be the same run as `a`.
  void repeat(Pointwise.Binary op, float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period,
      boolean first, int n);

  /// y[i] = min(high, max(low, a[i] + beat[i mod period] + more[i])) for i from 0 to n − 1: what usually follows a
  /// convolution, in one walk. Each step is rounded as it would be by itself. `y` may be the same run as `a`.
  ///
  /// @param more null to add nothing more
  /// @param low negative infinity for no lower bound
  /// @param high infinity for no upper bound
  default void finish(float[] y, int yo, float[] a, int ao, float[] beat, int bo, int period, float[] more, int mo,
      float low, float high, int n) {
    for (int i = 0; i < n; i++) {
      float sum = a[ao + i] + beat[bo + i % period];
      y[yo + i] = Math.max(low, Math.min(high, more == null ? sum : sum + more[mo + i]));
    }
  }

  /// y[i] = min(high, max(low, (x[i] − mean) · scale + shift)) for i from 0 to n − 1, in one walk: batch-norm. Each
  /// step is rounded as it would be by itself. `y` may be the same run as `x`.
  ///
  /// @param beats where the numbers of each channel are, `period` of each kind, from the given places on
  /// @param low negative infinity for no lower bound
  /// @param high infinity for no upper bound
  default void normalize(float[] y, int yo, float[] x, int xo, float[] beats, int mean, int scale, int shift,
      int period, float low, float high, int n) {
    for (int i = 0; i < n; i++) {
      int l = period == 1 ? 0 : i % period;
      float value = (x[xo + i] - beats[mean + l]) * beats[scale + l] + beats[shift + l];
      y[yo + i] = Math.max(low, Math.min(high, value));
    }
  }

  /// y[i] = ((g[i] · weight − meanG) − (x[i] − mean) · along) · factor for i from 0 to n − 1, in one walk: the gradient
  /// of batch-norm. Each step is rounded as it would be by itself. `y` may be the same run as `x` or `g`.
  ///
  /// @param beats as in [#normalize]
  /// @param factor −1 for none
  default void normalizeBack(float[] y, int yo, float[] g, int go, float[] x, int xo, float[] beats, int weight,
      int meanG, int mean, int along, int factor, int period, int n) {
    for (int i = 0; i < n; i++) {
      int l = period == 1 ? 0 : i % period;
      float rest = g[go + i] * beats[weight + l] - beats[meanG + l]
          - (x[xo + i] - beats[mean + l]) * beats[along + l];
      y[yo + i] = factor < 0 ? rest : rest * beats[factor + l];
    }
  }

  /// y[i] = g[i] if (x[i] − mean) · scale + shift is positive, g[i] · 0 otherwise, for i from 0 to n − 1, in one walk:
  /// the gradient of a ReLU behind batch-norm. Each step is rounded as it would be by itself. `y` may be the same run
  /// as `x` or `g`.
  ///
  /// @param beats as in [#normalize]
  default void normalizeMask(float[] y, int yo, float[] g, int go, float[] x, int xo, float[] beats, int mean,
      int scale, int shift, int period, int n) {
    for (int i = 0; i < n; i++) {
      int l = period == 1 ? 0 : i % period;
      float value = (x[xo + i] - beats[mean + l]) * beats[scale + l] + beats[shift + l];
      y[yo + i] = g[go + i] * (value > 0 ? 1 : 0);
    }
  }

  /// Adds the run's columns to sums that are kept as floats and what their rounding left: of x[i] for i from 0 to
  /// n − 1, those with the same i mod `columns` belong together.
  ///
  /// @param sums the sums from `so` on, their remainders from `ro` on; that of an infinite or undefined sum may be
  ///     anything
  /// @param n a multiple of `columns`, such that the order of summation depends on it alone
  void sum(float[] sums, int so, int ro, float[] x, int xo, int n, int columns);

  /// Takes the maximum of each column's sum and its numbers, in the same way.
  void maximize(float[] sums, int so, float[] x, int xo, int n, int columns);

  /// The sums, or the maxima, of rows that lie behind one another: y[r] of x[r · length] to x[r · length + length − 1].
  ///
  /// @param length of a row, at most [Chain#RUN]
  void summarize(float[] y, int yo, float[] x, int xo, int rows, int length, boolean maximum);

  /// y = eˣ / Σ eˣ, or the logarithm of it, of `n` numbers that lie `step` apart, in each of some neighbouring columns.
  /// The greatest number of a column is taken off first, so that nothing overflows.
  ///
  /// @param step 1 for a single column, which is a row then
  /// @param log whether the logarithm is wanted
  void softmax(float[] y, int yo, float[] x, int xo, int n, int step, int columns, boolean log);

  /// The most numbers that [#few] is for.
  int FEW = 1024;

  /// Loops for tensors that are so small that their loops run too seldom to be compiled soon.
  default Loops few() {
    return this;
  }

  /// How many partial sums side by side suit these loops.
  default int lanes() {
    return 1;
  }

  /// Adds x[i] − s[l] and (x[i] − s[l])² to two sums of lane l = i mod `width`, for i from 0 to n − 1.
  ///
  /// @param sums from `so` on, each of `width` floats: s, the first sums, what their rounding left, the second sums,
  ///     what their rounding left
  default void moments(float[] sums, int so, int width, float[] x, int xo, int n) {
    for (int lane = 0; lane < Math.min(width, n); lane++) {
      float shift = sums[so + lane];
      float first = 0;
      float second = 0;
      for (int i = lane; i < n; i += width) {
        float d = x[xo + i] - shift;
        first += d;
        second += d * d;
      }
      join(sums, so + width + lane, width, first);
      join(sums, so + 3 * width + lane, width, second);
    }
  }

  /// Adds g[i] and g[i] · (x[i] − s[l]) to two sums of lane l = i mod `width`, for i from 0 to n − 1.
  ///
  /// @param sums as in [#moments]
  default void centred(float[] sums, int so, int width, float[] g, int go, float[] x, int xo, int n) {
    for (int lane = 0; lane < Math.min(width, n); lane++) {
      float shift = sums[so + lane];
      float first = 0;
      float second = 0;
      for (int i = lane; i < n; i += width) {
        first += g[go + i];
        second += g[go + i] * (x[xo + i] - shift);
      }
      join(sums, so + width + lane, width, first);
      join(sums, so + 3 * width + lane, width, second);
    }
  }

  /// Adds a value to a sum whose remainder lies `width` behind it (Knuth's TwoSum).
  private static void join(float[] sums, int at, int width, float value) {
    float old = sums[at];
    float total = old + value;
    float part = total - old;
    sums[at] = total;
    sums[at + width] += old - (total - part) + (value - part);
  }
}
