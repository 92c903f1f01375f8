package juanji.kernel;

import juanji.op.Pointwise;

/// The loops of pointwise operations over runs of floats that fit in the first-level cache.
public interface Loops {
  /// y[i] = op(a[i], b[i]) for i from 0 to n − 1; `b` is not read by operations with one input. `y` may be the same run
  /// as `a` or `b`.
  void apply(Pointwise op, float[] y, int yo, float[] a, int ao, float[] b, int bo, int n);
}
