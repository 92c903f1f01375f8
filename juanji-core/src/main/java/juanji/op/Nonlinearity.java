package juanji.op;

import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;

/// Activation functions that are made of primitive ones, in forms that neither overflow nor lose small results, with
/// gradients in closed form.
///
/// Where a function has a kink, its gradient there is that of the left side.
public sealed interface Nonlinearity extends Composite {
  /// 1 where x > 0, else 0.
  private static <V> V positive(Algebra<V> algebra, V x) {
    return algebra.apply(new Pointwise.Positive(), x);
  }

  private static <V> V negativePart(Algebra<V> algebra, V x) {
    return algebra.apply(new Pointwise.Clamp(Double.NEGATIVE_INFINITY, 0), x);
  }

  private static IllegalArgumentException refused(String function, String constraint, Object received, String remedy) {
    return new IllegalArgumentException(function + " of " + received + " does not exist.\n  C1: " + constraint
        + "; received " + received + ".\n  " + remedy);
  }

  /// Functions of one element, whose gradient is the output's gradient times a slope.
  sealed interface Elementwise extends Nonlinearity {
    /// The result.
    <V> V value(Algebra<V> algebra, V x);

    /// The derivative at x, where the result is y.
    <V> V slope(Algebra<V> algebra, V x, V y);

    @Override default int inputs() {
      return 1;
    }

    @Override default <V> V expand(Algebra<V> algebra, List<V> in) {
      return value(algebra, in.getFirst());
    }

    @Override default <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.mul(gradient, slope(algebra, in.getFirst(), output))));
    }
  }

  /// y = x where x > 0, else negative · x.
  ///
  /// Constraints: C1 0 ≤ negative ≤ 1. Source: Maas et al., *Rectifier nonlinearities improve neural network acoustic
  /// models*, 2013.
  ///
  /// @param negative the slope below 0
  record LeakyRelu(double negative) implements Elementwise {
    /// Checks C1.
    public LeakyRelu {
      if (!(negative >= 0 && negative <= 1)) {
        throw refused("a leaky ReLU with a slope", "the slope below 0 is from 0 to 1", negative, "Use 0.01.");
      }
    }

    @Override public <V> V value(Algebra<V> algebra, V x) {
      return algebra.apply(new Pointwise.Max(), x, algebra.affine(x, negative, 0));
    }

    @Override public <V> V slope(Algebra<V> algebra, V x, V y) {
      return algebra.affine(positive(algebra, x), 1 - negative, negative);
    }
  }

  /// y = scale · x where x > 0, else scale · alpha · (e^(x / width) − 1).
  ///
  /// | | scale | alpha | width |
  /// |---|---|---|---|
  /// | ELU (Clevert et al., 2016) | 1 | α | 1 |
  /// | CELU (Barron, 2017): smooth for every α | 1 | α | α |
  /// | SELU (Klambauer et al., 2017) | 1.0507… | 1.6732… | 1 |
  ///
  /// e^u − 1 is computed as 2t / (1 − t) with t = tanh(u / 2), which keeps small results exact.
  /// Constraints: C1 all three are finite and above 0.
  ///
  /// @param scale the slope above 0
  /// @param alpha the limit far below 0, before scaling
  /// @param width how slowly it is reached
  record Elu(double scale, double alpha, double width) implements Elementwise {
    /// The scale and the limit of SELU: with them, mean 0 and variance 1 are a fixed point.
    public static final Elu SELU = new Elu(1.0507009873554804934193349852946, 1.6732632423543772848170429916717, 1);

    /// Checks C1.
    public Elu {
      if (!(scale > 0 && alpha > 0 && width > 0 && Math.max(Math.max(scale, alpha), width) < 1e30)) {
        throw refused("an exponential linear unit", "scale, alpha and width are finite and above 0",
            List.of(scale, alpha, width), "Use 1 for each of them.");
      }
    }

    private <V> V below(Algebra<V> algebra, V x) {
      V t = algebra.apply(new Pointwise.Tanh(), algebra.affine(negativePart(algebra, x), 0.5 / width, 0));
      return algebra.apply(new Pointwise.Div(), algebra.affine(t, 2 * scale * alpha, 0), algebra.affine(t, -1, 1));
    }

    @Override public <V> V value(Algebra<V> algebra, V x) {
      return algebra.add(algebra.affine(algebra.apply(new Pointwise.Relu(), x), scale, 0), below(algebra, x));
    }

    @Override public <V> V slope(Algebra<V> algebra, V x, V y) {
      V above = positive(algebra, x);
      V left = algebra.affine(below(algebra, x), 1 / width, scale * alpha / width);
      return algebra.add(algebra.affine(above, scale, 0), algebra.mul(algebra.affine(above, -1, 1), left));
    }
  }

  /// y = x · Φ(x) with Φ the distribution function of the normal distribution: ½ (1 + erf(x / √2)), or, if not `exact`,
  /// ½ (1 + tanh(√(2/π) (x + 0.044715 x³))).
  ///
  /// Source: Hendrycks and Gimpel, *Gaussian error linear units*, 2016.
  ///
  /// @param exact whether Φ is not approximated
  record Gelu(boolean exact) implements Elementwise {
    private static final double CUBIC = 0.044715;
    private static final double ROOT = Math.sqrt(2 / Math.PI);

    private <V> V distribution(Algebra<V> algebra, V x) {
      if (exact) {
        return algebra.affine(algebra.apply(new Pointwise.Erf(), algebra.affine(x, Math.sqrt(0.5), 0)), 0.5, 0.5);
      }
      V inner = algebra.mul(x, algebra.affine(algebra.mul(x, x), ROOT * CUBIC, ROOT));
      return algebra.affine(algebra.apply(new Pointwise.Tanh(), inner), 0.5, 0.5);
    }

    @Override public <V> V value(Algebra<V> algebra, V x) {
      return algebra.mul(x, distribution(algebra, x));
    }

    @Override public <V> V slope(Algebra<V> algebra, V x, V y) {
      V p = distribution(algebra, x);
      V square = algebra.mul(x, x);
      if (exact) {
        V density = algebra.affine(algebra.apply(new Pointwise.Exp(), algebra.affine(square, -0.5, 0)),
            1 / Math.sqrt(2 * Math.PI), 0);
        return algebra.add(p, algebra.mul(x, density));
      }
      // Φ' = 2 Φ (1 − Φ) · the slope of what is inside tanh.
      V inner = algebra.affine(square, 3 * ROOT * CUBIC, ROOT);
      V rest = algebra.affine(p, -2, 2);
      return algebra.add(p, algebra.mul(algebra.mul(y, rest), inner));
    }
  }

  /// y = x · sigmoid(x), also called swish.
  ///
  /// Sources: Elfwing et al., *Sigmoid-weighted linear units*, 2018; Ramachandran et al., *Searching for activation
  /// functions*, 2017.
  record Silu() implements Elementwise {
    @Override public <V> V value(Algebra<V> algebra, V x) {
      return algebra.mul(x, algebra.apply(new Pointwise.Sigmoid(), x));
    }

    @Override public <V> V slope(Algebra<V> algebra, V x, V y) {
      V sigmoid = algebra.apply(new Pointwise.Sigmoid(), x);
      return algebra.add(sigmoid, algebra.mul(y, algebra.affine(sigmoid, -1, 1)));
    }
  }

  /// y = x · tanh(ln(1 + eˣ)), computed as x · n / (n + 2) with n = eˣ (eˣ + 2).
  ///
  /// Source: Misra, *Mish: a self regularized non-monotonic activation function*, 2020.
  record Mish() implements Elementwise {
    /// Where tanh(softplus(x)) is 1 in single precision, and e²ˣ still far from overflow.
    private static final double END = 20;

    private static <V> V gate(Algebra<V> algebra, V x) {
      V e = algebra.apply(new Pointwise.Exp(), algebra.apply(new Pointwise.Clamp(Double.NEGATIVE_INFINITY, END), x));
      V n = algebra.mul(e, algebra.affine(e, 1, 2));
      return algebra.apply(new Pointwise.Div(), n, algebra.affine(n, 1, 2));
    }

    @Override public <V> V value(Algebra<V> algebra, V x) {
      return algebra.mul(x, gate(algebra, x));
    }

    @Override public <V> V slope(Algebra<V> algebra, V x, V y) {
      V gate = gate(algebra, x);
      V rest = algebra.sub(x, algebra.mul(y, gate));
      return algebra.add(gate, algebra.mul(rest, algebra.apply(new Pointwise.Sigmoid(), x)));
    }
  }

  /// y = x / 6 + ½ limited to 0 … 1. Source: Howard et al., *Searching for MobileNetV3*, 2019.
  record HardSigmoid() implements Elementwise {
    private static final Pointwise.Clamp UNIT = new Pointwise.Clamp(0, 1);

    private static <V> V line(Algebra<V> algebra, V x) {
      return algebra.affine(x, 1.0 / 6, 0.5);
    }

    @Override public <V> V value(Algebra<V> algebra, V x) {
      return algebra.apply(UNIT, line(algebra, x));
    }

    @Override public <V> V slope(Algebra<V> algebra, V x, V y) {
      V line = line(algebra, x);
      return algebra.affine(UNIT.slope(algebra, line, y).orElseThrow(), 1.0 / 6, 0);
    }
  }

  /// y = x · hardSigmoid(x). Source: Howard et al., *Searching for MobileNetV3*, 2019.
  record HardSwish() implements Elementwise {
    @Override public <V> V value(Algebra<V> algebra, V x) {
      return algebra.mul(x, new HardSigmoid().value(algebra, x));
    }

    @Override public <V> V slope(Algebra<V> algebra, V x, V y) {
      HardSigmoid gate = new HardSigmoid();
      return algebra.add(gate.value(algebra, x), algebra.mul(x, gate.slope(algebra, x, y)));
    }
  }

  /// y = x / (1 + |x|), from −1 to 1. Source: Turian et al., *Quadratic features and deep architectures*, 2009.
  record Softsign() implements Elementwise {
    @Override public <V> V value(Algebra<V> algebra, V x) {
      return algebra.apply(new Pointwise.Div(), x, algebra.affine(algebra.apply(new Pointwise.Abs(), x), 1, 1));
    }

    @Override public <V> V slope(Algebra<V> algebra, V x, V y) {
      V rest = algebra.affine(algebra.apply(new Pointwise.Abs(), y), -1, 1);
      return algebra.mul(rest, rest);
    }
  }

  /// y = x where x > 0, else a · x, with learned slopes a.
  ///
  /// Inputs: x, and a, which broadcasts to x's shape. Output: of x's shape.
  /// Constraints: C1 a broadcasts to x. Source: He et al., *Delving deep into rectifiers*, 2015.
  record Prelu() implements Nonlinearity {
    @Override public int inputs() {
      return 2;
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      V x = in.get(0);
      Shape shape = algebra.shape(x);
      if (!Broadcast.of(label(), List.of(shape, algebra.shape(in.get(1)))).equals(shape)) {
        throw new ShapeException(label(), "C1: the slopes broadcast to the input; received " + algebra.shape(in.get(1))
            + " for " + shape + ".", "Give one slope, or one per channel.", List.of(shape, algebra.shape(in.get(1))));
      }
      return algebra.add(algebra.apply(new Pointwise.Relu(), x), algebra.mul(negativePart(algebra, x), in.get(1)));
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V x = in.get(0);
      V above = positive(algebra, x);
      V slope = algebra.add(above, algebra.mul(algebra.affine(above, -1, 1), in.get(1)));
      return List.of(Optional.of(algebra.mul(gradient, slope)),
          Optional.of(algebra.sumTo(algebra.mul(gradient, negativePart(algebra, x)), in.get(1))));
    }
  }

  /// y[n, c] = the largest of x[n, c · pieces] to x[n, c · pieces + pieces − 1].
  ///
  /// Input: N × C × …. Output: N × C/pieces × …. The gradient is shared evenly by equal maxima.
  /// Constraints: C1 there is at least one piece; C2 the pieces divide the channels.
  /// Source: Goodfellow et al., *Maxout networks*, 2013.
  ///
  /// @param pieces how many channels compete
  record Maxout(int pieces) implements Nonlinearity {
    /// Checks C1.
    public Maxout {
      if (pieces < 1) {
        throw refused("maxout", "there is at least one piece", pieces, "Use 2.");
      }
    }

    @Override public int inputs() {
      return 1;
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      Shape x = algebra.shape(in.getFirst());
      if (x.rank() < 2 || x.dim(1) % pieces != 0) {
        throw new ShapeException(label(), "C2: the pieces divide the channels; received " + pieces + " pieces for " + x
            + ".", "Use as many pieces as divide the channels, or other channels.", List.of(x));
      }
      Shape y = x.with(1, x.dim(1) / pieces);
      Shape cut = y.sample().slice(1, y.rank() - 1).prepend(pieces).prepend(y.dim(1)).prepend(y.dim(0));
      V max = algebra.apply(new Reduction.Max(List.of(2)), algebra.reshape(in.getFirst(), cut));
      return algebra.reshape(max, y);
    }
  }

  /// y = a · sigmoid(b), with a the first and b the second half along an axis.
  ///
  /// Constraints: C1 the axis exists and has an even extent.
  /// Source: Dauphin et al., *Language modeling with gated convolutional networks*, 2017.
  ///
  /// @param axis the axis cut in halves
  record Glu(int axis) implements Nonlinearity {
    @Override public int inputs() {
      return 1;
    }

    private <V> V half(Algebra<V> algebra, V x, boolean second) {
      int half = algebra.shape(x).dim(axis) / 2;
      return algebra.apply(new View.Slice(axis, second ? half : 0, second ? 2 * half : half), x);
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      Shape x = algebra.shape(in.getFirst());
      if (axis < 0 || axis >= x.rank() || x.dim(axis) < 2 || x.dim(axis) % 2 != 0) {
        throw new ShapeException(label(), "C1: axis " + axis + " exists and has an even extent; received " + x + ".",
            "Give twice as many channels as should come out.", List.of(x));
      }
      V gate = algebra.apply(new Pointwise.Sigmoid(), half(algebra, in.getFirst(), true));
      return algebra.mul(half(algebra, in.getFirst(), false), gate);
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V gate = algebra.apply(new Pointwise.Sigmoid(), half(algebra, in.getFirst(), true));
      V first = algebra.mul(gradient, gate);
      V second = algebra.mul(algebra.mul(gradient, output), algebra.affine(gate, -1, 1));
      return List.of(Optional.of(algebra.apply(new View.Concat(axis), first, second)));
    }
  }
}
