package juanji.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import juanji.graph.Node;
import juanji.op.Composite;
import juanji.op.Nonlinearity;
import juanji.op.Op;
import juanji.op.Pointwise;

/// A function without weights, of each element or, for the softmaxes, [Function#MAXOUT] and [Function#GLU], along the
/// channels.
///
/// Constraints: C1 the input has a channel axis: N × C or more; C2 there are as many parameters as the function has, in
/// its range.
///
/// @param function which one
/// @param parameters its parameters
public record Activation(Function function, List<Double> parameters) implements Layer {
  /// The functions.
  public enum Function {
    /// max(0, x); 0 at 0, with gradient 0 there.
    RELU("relu", Pointwise.Relu::new),
    /// x limited to 0 … 6.
    RELU6("relu6", () -> new Pointwise.Clamp(0, 6)),
    /// x, or a small part of it below 0: [Nonlinearity.LeakyRelu].
    LEAKY_RELU("leakyRelu", 0.01) {
      @Override Op op(List<Double> p) {
        return new Nonlinearity.LeakyRelu(p.get(0));
      }
    },
    /// x, or α (eˣ − 1) below 0: [Nonlinearity.Elu].
    ELU("elu", 1.0) {
      @Override Op op(List<Double> p) {
        return new Nonlinearity.Elu(1, p.get(0), 1);
      }
    },
    /// x, or α (e^(x / α) − 1) below 0: [Nonlinearity.Elu].
    CELU("celu", 1.0) {
      @Override Op op(List<Double> p) {
        return new Nonlinearity.Elu(1, p.get(0), p.get(0));
      }
    },
    /// The scaled ELU that keeps mean 0 and variance 1: [Nonlinearity.Elu#SELU].
    SELU("selu", () -> Nonlinearity.Elu.SELU),
    /// x · Φ(x), exactly: [Nonlinearity.Gelu].
    GELU("gelu", () -> new Nonlinearity.Gelu(true)),
    /// x · Φ(x), approximated by tanh: [Nonlinearity.Gelu].
    GELU_TANH("geluTanh", () -> new Nonlinearity.Gelu(false)),
    /// x · sigmoid(x): [Nonlinearity.Silu].
    SILU("silu", Nonlinearity.Silu::new),
    /// x · tanh(ln(1 + eˣ)): [Nonlinearity.Mish].
    MISH("mish", Nonlinearity.Mish::new),
    /// x · hardSigmoid(x): [Nonlinearity.HardSwish].
    HARD_SWISH("hardSwish", Nonlinearity.HardSwish::new),
    /// x / 6 + ½ limited to 0 … 1: [Nonlinearity.HardSigmoid].
    HARD_SIGMOID("hardSigmoid", Nonlinearity.HardSigmoid::new),
    /// ln(1 + eˣ): [Pointwise.Softplus].
    SOFTPLUS("softplus", Pointwise.Softplus::new),
    /// x / (1 + |x|): [Nonlinearity.Softsign].
    SOFTSIGN("softsign", Nonlinearity.Softsign::new),
    /// tanh x, from −1 to 1.
    TANH("tanh", Pointwise.Tanh::new),
    /// 1 / (1 + e⁻ˣ), from 0 to 1.
    SIGMOID("sigmoid", Pointwise.Sigmoid::new),
    /// eˣ / Σ eˣ over the channels: probabilities.
    SOFTMAX("softmax", () -> new Composite.Softmax(1)),
    /// x − ln Σ eˣ over the channels: the logarithm of softmax.
    LOG_SOFTMAX("logSoftmax", () -> new Composite.LogSoftmax(1)),
    /// The largest of so many neighbouring channels: [Nonlinearity.Maxout].
    MAXOUT("maxout", 2.0) {
      @Override Op op(List<Double> p) {
        return new Nonlinearity.Maxout(p.get(0) == Math.rint(p.get(0)) ? p.get(0).intValue() : 0);
      }
    },
    /// The first half of the channels times the sigmoid of the second: [Nonlinearity.Glu].
    GLU("glu", () -> new Nonlinearity.Glu(1));

    private final String word;
    private final List<Double> usual;
    private final Supplier<Op> maker;

    Function(String word, Supplier<Op> maker) {
      this.word = word;
      this.usual = List.of();
      this.maker = maker;
    }

    Function(String word, double usual) {
      this.word = word;
      this.usual = List.of(usual);
      this.maker = () -> op(this.usual);
    }

    /// The operation for the given parameters.
    Op op(List<Double> parameters) {
      return maker.get();
    }

    /// The word that stands for the function, such as `leakyRelu`.
    public String word() {
      return word;
    }

    /// The usual parameters; as many as the function takes.
    public List<Double> usual() {
      return usual;
    }
  }

  /// Checks C2.
  public Activation {
    parameters = List.copyOf(parameters);
    if (parameters.size() != function.usual.size()) {
      throw new IllegalArgumentException(function.word + " with " + parameters.size() + " parameters does not exist.\n"
          + "  C2: " + function.word + " has " + function.usual.size() + " of them; received " + parameters + ".\n"
          + "  Write " + Source.call(function.word, function.usual) + ".");
    }
    function.op(parameters);
  }

  /// A function with its usual parameters.
  public Activation(Function function) {
    this(function, function.usual);
  }

  /// A function with one parameter.
  Activation(Function function, double parameter) {
    this(function, List.of(parameter));
  }

  /// The function that a word stands for, if it stands for one.
  public static Optional<Function> function(String word) {
    return Arrays.stream(Function.values()).filter(f -> f.word.equals(word)).findFirst();
  }

  @Override public Node apply(Trace trace, Node x) {
    if (x.shape().rank() < 2) {
      throw trace.refusal(kind(), "C1: the input is batch × channels or more; received " + x.shape() + ".",
          "Give samples of at least one axis.", x.shape());
    }
    return trace.apply(function.op(parameters), List.of(x));
  }

  @Override public String kind() {
    return function.word;
  }

  @Override public String toString() {
    return Source.call(function.word, parameters);
  }
}
