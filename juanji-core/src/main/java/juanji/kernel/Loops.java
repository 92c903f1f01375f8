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

  /// Adds the run's columns to sums that are kept as floats and what their rounding left: of x[i] for i from 0 to
  /// n − 1, those with the same i mod `columns` belong together.
  ///
  /// @param sums the sums from `so` on, their remainders from `ro` on
  /// @param n a multiple of `columns`, such that the order of summation depends on it alone
  void sum(float[] sums, int so, int ro, float[] x, int xo, int n, int columns);

  /// Takes the maximum of each column's sum and its numbers, in the same way.
  void maximize(float[] sums, int so, float[] x, int xo, int n, int columns);
}
