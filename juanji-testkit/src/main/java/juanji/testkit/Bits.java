package juanji.testkit;

import juanji.op.Exact;
import juanji.tensor.Tensor;

/// Comparisons of results.
final class Bits {
  private Bits() {
  }

  /// Checks that two tensors are the same to the last bit.
  static void same(String what, Tensor first, Tensor second) {
    if (!first.shape().equals(second.shape())) {
      throw new AssertionError(what + " differs in shape: " + first.shape() + " and " + second.shape());
    }
    for (int i = 0; i < first.data().length; i++) {
      float a = first.data()[i];
      float b = second.data()[i];
      if (Float.floatToIntBits(a) != Float.floatToIntBits(b)) {
        throw new AssertionError(what + " differs in bits at " + i + " of " + first.shape() + ": " + a + " and " + b);
      }
    }
  }

  /// Checks that a result is the expected one to a tolerance relative to the largest element, at least 1; elements
  /// that are not finite must be so in both.
  static void close(String what, Exact expected, Tensor actual, double tolerance) {
    if (!expected.shape().equals(actual.shape())) {
      throw new AssertionError(what + " has the shape " + actual.shape() + " instead of " + expected.shape());
    }
    double largest = 1;
    for (double e : expected.data()) {
      largest = Double.isFinite(e) ? Math.max(largest, Math.abs(e)) : largest;
    }
    for (int i = 0; i < expected.data().length; i++) {
      double e = expected.data()[i];
      double a = actual.data()[i];
      boolean fits = Double.isFinite(e) ? Math.abs(a - e) <= tolerance * largest : Double.compare(e, a) == 0;
      if (!fits) {
        throw new AssertionError(what + " is off at " + i + " of " + expected.shape() + ": " + a + " instead of " + e
            + ", where " + tolerance * largest + " are allowed");
      }
    }
  }
}
