package juanji.nn;

import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Composite;
import juanji.tensor.Shape;

/// Group normalisation: y = γ · (x − mean) / √(variance + ε) + β, with mean and (biased) variance of each group of
/// channels of each sample; in training and in inference alike.
///
/// x and y: N × C × …; γ (`weight`) and β (`bias`): C.
///
/// Constraints: C1 at least one group, and ε > 0; C2 the input is batch × channels or more; C3 the groups divide the
/// channels. Source: Wu and He, *Group normalization*, 2018.
///
/// @param groups into how many parts the channels are divided
/// @param epsilon what keeps the root away from 0
public record GroupNormalization(int groups, double epsilon) implements Layer {
  /// Checks C1.
  public GroupNormalization {
    checkEpsilon("group normalisation", epsilon);
    if (groups < 1) {
      throw new IllegalArgumentException("groupNorm(" + groups + ") does not exist.\n"
          + "  C1: there is at least one group; received " + groups + ".\n"
          + "  Use a number that divides the channels, such as 8.");
    }
  }

  static void checkEpsilon(String layer, double epsilon) {
    if (!(epsilon > 0 && epsilon < Double.MAX_VALUE)) {
      throw new IllegalArgumentException(layer + " with an epsilon of " + epsilon + " does not exist.\n"
          + "  C1: epsilon is above 0; received " + epsilon + ".\n"
          + "  Use 1e-5.");
    }
  }

  /// The layer with another ε.
  public GroupNormalization epsilon(double value) {
    return new GroupNormalization(groups, value);
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 2) {
      throw trace.refusal(kind(), "C2: the input is batch × channels or more; received " + shape + ".",
          "Give samples of at least one axis.", shape);
    }
    int channels = shape.dim(1);
    if (channels % groups != 0) {
      throw trace.refusal(kind(), "C3: groups = " + groups + " must divide the channels, but the input is " + shape
          + ".", "Use groups that divide " + channels + ", or change the layer before.", shape);
    }
    Node cut = trace.reshape(x, shape.with(1, channels / groups).sample().prepend(groups).prepend(shape.dim(0)));
    List<Integer> axes = IntStream.rangeClosed(2, shape.rank()).boxed().toList();
    Node normal = trace.reshape(trace.apply(new Composite.Normalize(axes, epsilon), List.of(cut)), shape);
    Shape perChannel = ParametricRelu.perChannel(shape, channels);
    Node gamma = trace.parameter("weight", Shape.of(channels), Initializer.constant(1), false);
    Node beta = trace.parameter("bias", Shape.of(channels), Initializer.zeros(), false);
    return trace.add(trace.mul(normal, trace.reshape(gamma, perChannel)), trace.reshape(beta, perChannel));
  }

  @Override public String kind() {
    return "groupNorm";
  }

  @Override public String toString() {
    return Source.call("groupNorm", List.of(groups)) + Source.wither(epsilon != 1e-5, "epsilon", List.of(epsilon));
  }
}
