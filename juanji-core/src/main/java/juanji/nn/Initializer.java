package juanji.nn;

import java.util.List;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What weights start from, as a function of a seed and the weights' name.
///
/// With fanIn the number of inputs that one output sums (the product of all extents but the first) and fanOut the
/// number of outputs that one input reaches (the product of all extents but the second):
///
/// | | values | for |
/// |---|---|---|
/// | [#heNormal()], [#heUniform()] | variance 2 / fanIn | layers before ReLU, in deep networks without normalisation |
/// | [#xavierNormal()], [#xavierUniform()] | variance 2 / (fanIn + fanOut) | layers before tanh, and outputs |
/// | [#fanInUniform()] | from −1/√fanIn to 1/√fanIn | the default, as in PyTorch |
/// | [#zeros()], [#constant(double)] | one value | biases, statistics |
///
/// Sources: He et al., *Delving deep into rectifiers*, 2015; Glorot and Bengio, *Understanding the difficulty of
/// training deep feedforward neural networks*, 2010.
public sealed interface Initializer {
  /// The weights of the given name and shape under a seed.
  ///
  /// @throws IllegalArgumentException if the shape is too large for an array
  Tensor weights(Shape shape, long seed, String name);

  /// Zeros.
  static Initializer zeros() {
    return new Constant(0);
  }

  /// The same value everywhere.
  static Initializer constant(double value) {
    return new Constant(value);
  }

  /// Normal with variance 2 / fanIn.
  static Initializer heNormal() {
    return Random.HE_NORMAL;
  }

  /// Uniform with variance 2 / fanIn.
  static Initializer heUniform() {
    return Random.HE_UNIFORM;
  }

  /// Normal with variance 2 / (fanIn + fanOut).
  static Initializer xavierNormal() {
    return Random.XAVIER_NORMAL;
  }

  /// Uniform with variance 2 / (fanIn + fanOut).
  static Initializer xavierUniform() {
    return Random.XAVIER_UNIFORM;
  }

  /// Uniform from −1/√fanIn to 1/√fanIn: variance 1 / (3 · fanIn).
  static Initializer fanInUniform() {
    return Random.FAN_IN_UNIFORM;
  }

  /// A rule for weights whose axes do not tell the fans by themselves, such as those of their own at each place.
  ///
  /// @param rule what they start from
  /// @param fanIn inputs that one output sums
  /// @param fanOut outputs that one input reaches
  static Initializer withFans(Initializer rule, long fanIn, long fanOut) {
    return switch (rule) {
      case Random random -> new Fanned(random, fanIn, fanOut);
      case Fanned fanned -> new Fanned(fanned.rule, fanIn, fanOut);
      case Constant constant -> constant;
    };
  }

  /// Random values with given fans.
  ///
  /// @param rule how they are drawn
  /// @param fanIn inputs that one output sums
  /// @param fanOut outputs that one input reaches
  record Fanned(Random rule, long fanIn, long fanOut) implements Initializer {
    @Override public Tensor weights(Shape shape, long seed, String name) {
      return rule.draw(shape, rule.variance(fanIn, fanOut), seed, name);
    }

    @Override public String toString() {
      return rule.toString();
    }
  }

  /// One value everywhere.
  ///
  /// @param value the value; finite
  record Constant(double value) implements Initializer {
    /// Checks that the value is finite.
    public Constant {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("weights cannot start from " + value + ".\n"
            + "  C1: the value is finite; received " + value + ".\n"
            + "  Use a number such as 0.");
      }
    }

    @Override public Tensor weights(Shape shape, long seed, String name) {
      return Tensor.full(shape, (float) value);
    }

    @Override public String toString() {
      return value == 0 ? "zeros()" : Source.call("constant", List.of(value));
    }
  }

  /// Random values around 0.
  enum Random implements Initializer {
    /// Normal, variance 2 / fanIn.
    HE_NORMAL("heNormal", true),
    /// Uniform, variance 2 / fanIn.
    HE_UNIFORM("heUniform", false),
    /// Normal, variance 2 / (fanIn + fanOut).
    XAVIER_NORMAL("xavierNormal", true),
    /// Uniform, variance 2 / (fanIn + fanOut).
    XAVIER_UNIFORM("xavierUniform", false),
    /// Uniform, variance 1 / (3 · fanIn).
    FAN_IN_UNIFORM("fanInUniform", false);

    private final String word;
    private final boolean normal;

    Random(String word, boolean normal) {
      this.word = word;
      this.normal = normal;
    }

    private double variance(Shape shape) {
      double fanIn = shape.rank() < 2 ? 1 : Math.max(1, shape.size(1));
      double fanOut = shape.rank() < 2 ? shape.size() : Math.max(1, shape.dim(0) * (double) shape.size(2));
      return variance(fanIn, fanOut);
    }

    private double variance(double fanIn, double fanOut) {
      return switch (this) {
        case HE_NORMAL, HE_UNIFORM -> 2 / fanIn;
        case XAVIER_NORMAL, XAVIER_UNIFORM -> 2 / (fanIn + fanOut);
        case FAN_IN_UNIFORM -> 1 / (3 * fanIn);
      };
    }

    @Override public Tensor weights(Shape shape, long seed, String name) {
      return draw(shape, variance(shape), seed, name);
    }

    private Tensor draw(Shape shape, double variance, long seed, String name) {
      Tensor result = Tensor.zeros(shape);
      float[] data = result.data();
      long stream = Salt.of(seed, name);
      double deviation = Math.sqrt(variance);
      for (int i = 0; i < data.length; i++) {
        double unit = normal ? gaussian(stream, i) : (2 * Salt.uniform(stream, i) - 1) * Math.sqrt(3);
        data[i] = (float) (deviation * unit);
      }
      return result;
    }

    /// By Box and Muller, 1958; in strict arithmetic, so that every machine draws the same bits.
    private static double gaussian(long stream, long index) {
      double radius = Math.sqrt(-2 * StrictMath.log(1 - Salt.uniform(stream, 2 * index)));
      return radius * StrictMath.cos(2 * Math.PI * Salt.uniform(stream, 2 * index + 1));
    }

    @Override public String toString() {
      return word + "()";
    }
  }
}
