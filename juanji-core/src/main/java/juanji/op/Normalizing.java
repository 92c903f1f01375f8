package juanji.op;

import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Normalisations by sizes rather than by mean and variance.
public sealed interface Normalizing extends Composite {
  @Override default int inputs() {
    return 1;
  }

  /// y[n, c] = x[n, c] / (k + alpha · Σ x[n, j]²)^beta, with j the `size` channels around c as far as they exist: from
  /// c − ⌊size/2⌋ to c + ⌊(size − 1)/2⌋.
  ///
  /// The paper's constants are size 5, alpha 10⁻⁴, beta 0.75, k 2. PyTorch's `LocalResponseNorm` and ONNX's `LRN`
  /// divide alpha by the size: their alpha of 10⁻⁴ is an alpha of 2 · 10⁻⁵ here, and their k is 1 by default. Of an
  /// even size the odd channel lies in front, as in PyTorch; ONNX has it behind.
  ///
  /// Gradient: dx = g · s^(−beta) − 2 · alpha · beta · x · Σ g · y / s over the channels whose sums hold x's, with s
  /// the parenthesis.
  /// Constraints: C1 size ≥ 1, and alpha ≥ 0, beta ≥ 0 and k > 0 are finite; C2 the input is N × C or more.
  /// Source: Krizhevsky et al., *ImageNet classification with deep convolutional neural networks*, 2012.
  ///
  /// @param size channels summed over
  /// @param alpha the weight of the sum
  /// @param beta the exponent
  /// @param k what is added to the sum
  record LocalResponse(int size, double alpha, double beta, double k) implements Normalizing {
    /// Checks C1.
    public LocalResponse {
      if (size < 1 || !(alpha >= 0 && beta >= 0 && k > 0 && alpha < 1e30 && beta < 1e30 && k < 1e30)) {
        throw new IllegalArgumentException("local response normalisation over " + size + " channels with alpha "
            + alpha + ", beta " + beta + " and k " + k + " does not exist.\n"
            + "  C1: the size is at least 1, alpha and beta are at least 0 and k is above 0, all finite.\n"
            + "  Use a size of 5, an alpha of 1e-4, a beta of 0.75 and a k of 2.");
      }
    }

    /// The sums over neighbouring channels, as windows over planes of channels × everything behind them.
    private <V> V neighbours(Algebra<V> algebra, V x, boolean mirrored) {
      Shape shape = algebra.shape(x);
      int before = mirrored ? (size - 1) / 2 : size / 2;
      Window window = Window.of(Axis.of(size).withPadding(Padding.of(before, size - 1 - before)), Axis.of(1));
      V planes = algebra.reshape(x, Shape.of(shape.dim(0), 1, shape.dim(1), (int) shape.size(2)));
      return algebra.reshape(algebra.apply(new Windowed.AvgPool(window, Windowed.Divisor.NONE), planes), shape);
    }

    private <V> V sums(Algebra<V> algebra, V x) {
      return algebra.affine(neighbours(algebra, algebra.mul(x, x), false), alpha, k);
    }

    private <V> V scale(Algebra<V> algebra, V sums) {
      return algebra.apply(new Pointwise.Exp(), algebra.affine(algebra.apply(new Pointwise.Log(), sums), -beta, 0));
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      V x = in.getFirst();
      if (algebra.shape(x).rank() < 2) {
        throw new ShapeException(label(), "C2: the input is batch × channels or more; received " + algebra.shape(x)
            + ".", "Give samples of at least one axis.", List.of(algebra.shape(x)));
      }
      return algebra.mul(x, scale(algebra, sums(algebra, x)));
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V x = in.getFirst();
      V sums = sums(algebra, x);
      V share = algebra.apply(new Pointwise.Div(), algebra.mul(gradient, output), sums);
      V around = algebra.affine(algebra.mul(x, neighbours(algebra, share, true)), -2 * alpha * beta, 0);
      return List.of(Optional.of(algebra.add(algebra.mul(gradient, scale(algebra, sums)), around)));
    }
  }

  /// y = x / max(‖x‖₂, epsilon), with the norm taken over `axes`.
  ///
  /// Gradient: dx = (g − y · Σ g · y) / ‖x‖₂ where the norm is above epsilon, else g / epsilon.
  /// Constraints: C1 epsilon > 0; C2 each axis exists and is named once.
  ///
  /// @param axes the axes over which squares are summed
  /// @param epsilon the smallest divisor
  record UnitLength(List<Integer> axes, double epsilon) implements Normalizing {
    /// Checks C1.
    public UnitLength {
      axes = List.copyOf(axes);
      if (!(epsilon >= 1e-18 && epsilon < 1e18)) {
        throw new IllegalArgumentException("a normalisation to length 1 with an epsilon of " + epsilon
            + " does not exist.\n  C1: epsilon is above 0, and its square is a normal number; received " + epsilon
            + ".\n  Use 1e-12.");
      }
    }

    private <V> V square(Algebra<V> algebra, V x) {
      return algebra.apply(new Reduction.Sum(axes), algebra.mul(x, x));
    }

    private <V> V divisor(Algebra<V> algebra, V square) {
      return algebra.apply(new Pointwise.Sqrt(),
          algebra.apply(new Pointwise.Clamp(epsilon * epsilon, Double.POSITIVE_INFINITY), square));
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      return algebra.apply(new Pointwise.Div(), in.getFirst(), divisor(algebra, square(algebra, in.getFirst())));
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V square = square(algebra, in.getFirst());
      V above = algebra.apply(new Pointwise.Greater(), square,
          algebra.constant(Tensor.scalar((float) (epsilon * epsilon))));
      V along = algebra.mul(algebra.apply(new Reduction.Sum(axes), algebra.mul(gradient, output)), above);
      V rest = algebra.sub(gradient, algebra.mul(output, along));
      return List.of(Optional.of(algebra.apply(new Pointwise.Div(), rest, divisor(algebra, square))));
    }
  }
}
