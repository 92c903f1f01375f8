package juanji.op;

import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Operations that compute each output element from the elements at the same place of their inputs.
///
/// Inputs broadcast: axes are matched from the last, and an extent of 1 or a missing axis is repeated. Constraint of
/// all: C1 extents are equal or 1 along each axis. Source of the broadcasting rule: NumPy.
public sealed interface Pointwise extends Op {
  /// The output element from one element of each input.
  double at(double a, double b);

  /// The number of inputs, 1 or 2.
  int inputs();

  @Override default Shape shape(List<Shape> shapes) {
    arity(shapes, inputs());
    return Broadcast.of(label(), shapes);
  }

  @Override default double[] reference(List<Shape> shapes, List<double[]> values) {
    Shape out = shape(shapes);
    int[] first = Broadcast.indices(shapes.getFirst(), out);
    int[] second = Broadcast.indices(shapes.getLast(), out);
    double[] a = values.getFirst();
    double[] b = values.getLast();
    double[] y = new double[first.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = at(a[first[i]], b[second[i]]);
    }
    return y;
  }

  /// Operations on one input.
  sealed interface Unary extends Pointwise {
    /// The output element.
    double at(double a);

    /// The derivative at the input, as a value that is multiplied by the output's gradient; empty if it is 0.
    <V> Optional<V> slope(Algebra<V> algebra, V input, V output);

    @Override default double at(double a, double b) {
      return at(a);
    }

    @Override default int inputs() {
      return 1;
    }

    @Override default <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(slope(algebra, in.getFirst(), output).map(s -> algebra.mul(gradient, s)));
    }
  }

  /// Operations on two inputs.
  sealed interface Binary extends Pointwise {
    @Override default int inputs() {
      return 2;
    }

    /// Sums the gradients over the axes along which the inputs were repeated.
    private static <V> List<Optional<V>> reduced(Algebra<V> algebra, List<V> in, Optional<V> first,
        Optional<V> second) {
      return List.of(first.map(v -> algebra.sumTo(v, in.get(0))), second.map(v -> algebra.sumTo(v, in.get(1))));
    }
  }

  /// y = a + b.
  record Add() implements Binary {
    @Override public double at(double a, double b) {
      return a + b;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return Binary.reduced(algebra, in, Optional.of(gradient), Optional.of(gradient));
    }
  }

  /// y = a − b.
  record Sub() implements Binary {
    @Override public double at(double a, double b) {
      return a - b;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return Binary.reduced(algebra, in, Optional.of(gradient), Optional.of(algebra.affine(gradient, -1, 0)));
    }
  }

  /// y = a · b.
  record Mul() implements Binary {
    @Override public double at(double a, double b) {
      return a * b;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return Binary.reduced(algebra, in, Optional.of(algebra.mul(gradient, in.get(1))),
          Optional.of(algebra.mul(gradient, in.get(0))));
    }
  }

  /// y = a / b.
  record Div() implements Binary {
    @Override public double at(double a, double b) {
      return a / b;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V first = algebra.apply(this, gradient, in.get(1));
      return Binary.reduced(algebra, in, Optional.of(first),
          Optional.of(algebra.affine(algebra.mul(first, output), -1, 0)));
    }
  }

  /// y = max(a, b). The gradient goes to the larger input, to `a` where both are equal.
  record Max() implements Binary {
    @Override public double at(double a, double b) {
      return Math.max(a, b);
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V second = algebra.apply(new Greater(), in.get(1), in.get(0));
      return Binary.reduced(algebra, in, Optional.of(algebra.mul(gradient, algebra.affine(second, -1, 1))),
          Optional.of(algebra.mul(gradient, second)));
    }
  }

  /// y = 1 where a > b, else 0.
  record Greater() implements Binary {
    @Override public double at(double a, double b) {
      return a > b ? 1 : 0;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.empty());
    }
  }

  /// y = 1 where a = b, else 0. With class numbers against 0, 1, 2, … it makes one-hot vectors.
  record Equal() implements Binary {
    @Override public double at(double a, double b) {
      return a == b ? 1 : 0;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.empty());
    }
  }

  /// y = factor · a + offset.
  ///
  /// @param factor what the input is multiplied by
  /// @param offset what is added then
  record Affine(double factor, double offset) implements Unary {
    @Override public double at(double a) {
      return factor * a + offset;
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(algebra.constant(Tensor.scalar((float) factor)));
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(factor == 0 ? Optional.empty() : Optional.of(algebra.affine(gradient, factor, 0)));
    }
  }

  /// y = max(0, a); 0 at 0, with gradient 0 there.
  record Relu() implements Unary {
    @Override public double at(double a) {
      return Math.max(0, a);
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(algebra.apply(new Positive(), output));
    }
  }

  /// y = 1 where a > 0, else 0: the slope of [Relu].
  record Positive() implements Unary {
    @Override public double at(double a) {
      return a > 0 ? 1 : 0;
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.empty();
    }
  }

  /// y = tanh a.
  record Tanh() implements Unary {
    @Override public double at(double a) {
      return Math.tanh(a);
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(algebra.affine(algebra.mul(output, output), -1, 1));
    }
  }

  /// y = 1 / (1 + e⁻ᵃ).
  record Sigmoid() implements Unary {
    @Override public double at(double a) {
      return 1 / (1 + Math.exp(-a));
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(algebra.mul(output, algebra.affine(output, -1, 1)));
    }
  }

  /// y = eᵃ.
  record Exp() implements Unary {
    @Override public double at(double a) {
      return Math.exp(a);
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(output);
    }
  }

  /// y = ln a, for a > 0.
  record Log() implements Unary {
    @Override public double at(double a) {
      return Math.log(a);
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(algebra.apply(new Reciprocal(), input));
    }
  }

  /// y = 1 / a.
  record Reciprocal() implements Unary {
    @Override public double at(double a) {
      return 1 / a;
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(algebra.affine(algebra.mul(output, output), -1, 0));
    }
  }

  /// y = √a, for a ≥ 0; the gradient at 0 is infinite.
  record Sqrt() implements Unary {
    @Override public double at(double a) {
      return Math.sqrt(a);
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(algebra.affine(algebra.apply(new Reciprocal(), output), 0.5, 0));
    }
  }

  /// y = |a|; the gradient at 0 is 0.
  record Abs() implements Unary {
    @Override public double at(double a) {
      return Math.abs(a);
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(algebra.apply(new Sign(), input));
    }
  }

  /// y = −1, 0 or 1 as a is below, at or above 0.
  record Sign() implements Unary {
    @Override public double at(double a) {
      return Math.signum(a);
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.empty();
    }
  }

  /// y = a limited to the range from `low` to `high`. The gradient is 1 strictly inside the range, else 0.
  ///
  /// Constraints: C1 low < high; either may be infinite, but not both.
  ///
  /// @param low the smallest result
  /// @param high the largest result
  record Clamp(double low, double high) implements Unary {
    /// Checks C1.
    public Clamp {
      if (!(low < high) || Double.isInfinite(low) && Double.isInfinite(high)) {
        throw new IllegalArgumentException("nothing can be limited to the range from " + low + " to " + high + ".\n"
            + "  C1: the lower end is below the upper one, and one of them is finite; received " + low + " and " + high
            + ".\n  Use a range such as 0 to 6.");
      }
    }

    @Override public double at(double a) {
      return Math.max(low, Math.min(high, a));
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      V end = algebra.constant(Tensor.scalar((float) (low > Double.NEGATIVE_INFINITY ? low : high)));
      if (low > Double.NEGATIVE_INFINITY && high < Double.POSITIVE_INFINITY) {
        V below = algebra.apply(new Greater(), algebra.constant(Tensor.scalar((float) high)), input);
        return Optional.of(algebra.mul(algebra.apply(new Greater(), input, end), below));
      }
      return Optional.of(low > Double.NEGATIVE_INFINITY ? algebra.apply(new Greater(), input, end)
          : algebra.apply(new Greater(), end, input));
    }
  }

  /// y = ln(1 + eᵃ), without overflow; its slope is the sigmoid.
  record Softplus() implements Unary {
    @Override public double at(double a) {
      return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      return Optional.of(algebra.apply(new Sigmoid(), input));
    }
  }

  /// y = erf a = 2/√π · ∫₀ᵃ e^(−t²) dt: the error function, from −1 to 1.
  ///
  /// The definition sums 2/√π · e^(−a²) · Σ 2ⁿ · a²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)), whose terms all have one sign.
  /// Source: Abramowitz and Stegun, *Handbook of mathematical functions*, 7.1.6.
  record Erf() implements Unary {
    /// Behind it the result is ±1 in double precision.
    private static final double END = 6;

    @Override public double at(double a) {
      if (!(Math.abs(a) < END)) {
        return a > 0 ? 1 : a < 0 ? -1 : a;
      }
      double term = a;
      double sum = 0;
      for (int n = 1; sum + term != sum; n++) {
        sum += term;
        term *= 2 * a * a / (2 * n + 1);
      }
      return 2 / Math.sqrt(Math.PI) * Math.exp(-a * a) * sum;
    }

    @Override public <V> Optional<V> slope(Algebra<V> algebra, V input, V output) {
      V bell = algebra.apply(new Exp(), algebra.affine(algebra.mul(input, input), -1, 0));
      return Optional.of(algebra.affine(bell, 2 / Math.sqrt(Math.PI), 0));
    }
  }
}
