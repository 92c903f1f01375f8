package juanji.op;

import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Composites that summarise windows by more than a sum or a maximum.
public sealed interface Summarizing extends Composite {
  /// y = (Σ |x|ᵖ)^(1/p) over each window: between the sum (p = 1) and the maximum (p → ∞) of the absolute values.
  /// Padded cells count as zeros.
  ///
  /// Gradient: dx = dy · sign(x) · (|x| / y)ᵖ⁻¹, and 0 where x or the whole window is 0 (below 10⁻³⁰, or below
  /// 10^(−36/(p−1)), whichever is larger). Values are best between 10^(−36/p) and 10^(36/p), where |x|ᵖ is a float.
  ///
  /// Constraints: those of [Windowed.MaxPool]; C3 1 ≤ p ≤ 32. Source: Sermanet et al., *Convolutional neural networks
  /// applied to house numbers digit classification*, 2012; ONNX LpPool.
  ///
  /// @param window where the window goes
  /// @param exponent p
  record LpPool(Window window, double exponent) implements Summarizing {
    private static final double TINY = 1e-30;

    /// Checks C3.
    public LpPool {
      if (!(exponent >= 1 && exponent <= 32)) {
        throw new IllegalArgumentException("pooling by the norm of exponent " + exponent + " does not exist.\n"
            + "  C3: 1 ≤ p ≤ 32; received " + exponent + ".\n"
            + "  Use 2 for the Euclidean norm, sumPool for p = 1 of positive values, or maxPool for a large p.");
      }
    }

    @Override public int inputs() {
      return 1;
    }

    private static <V> V tiny(Algebra<V> algebra, double value) {
      return algebra.constant(Tensor.scalar((float) value));
    }

    /// aᵖ for a ≥ 0, and 0 where a is tiny.
    private static <V> V power(Algebra<V> algebra, V a, double p) {
      if (p == 1) {
        return a;
      }
      if (p == 2) {
        return algebra.mul(a, a);
      }
      V log = algebra.apply(new Pointwise.Log(), algebra.apply(new Pointwise.Max(), a, tiny(algebra, TINY)));
      return algebra.mul(algebra.apply(new Pointwise.Exp(), algebra.affine(log, p, 0)),
          algebra.apply(new Pointwise.Greater(), a, tiny(algebra, TINY)));
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      V a = algebra.apply(new Pointwise.Abs(), in.getFirst());
      V sum = algebra.apply(new Windowed.AvgPool(window, Windowed.Divisor.NONE), power(algebra, a, exponent));
      return exponent == 2 ? algebra.apply(new Pointwise.Sqrt(), sum) : power(algebra, sum, 1 / exponent);
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V x = in.getFirst();
      Shape spatial = algebra.shape(x).slice(2, algebra.shape(x).rank());
      V share = gradient;
      if (exponent > 1) {
        double least = Math.max(TINY, Math.pow(10, -36 / (exponent - 1)));
        V inside = algebra.apply(new Pointwise.Greater(), output, tiny(algebra, least));
        V norm = algebra.apply(new Pointwise.Max(), output, tiny(algebra, least));
        share = algebra.mul(algebra.mul(gradient, inside),
            exponent == 2 ? algebra.apply(new Pointwise.Reciprocal(), norm)
                : algebra.apply(new Pointwise.Exp(),
                    algebra.affine(algebra.apply(new Pointwise.Log(), norm), 1 - exponent, 0)));
      }
      V spread = algebra.apply(new Windowed.AvgPoolInput(window, Windowed.Divisor.NONE, spatial), share);
      V power = exponent == 2 ? x : algebra.mul(algebra.apply(new Pointwise.Sign(), x),
          exponent == 1 ? tiny(algebra, 1)
              : power(algebra, algebra.apply(new Pointwise.Abs(), x), exponent - 1));
      return List.of(Optional.of(algebra.mul(spread, power)));
    }
  }
}
