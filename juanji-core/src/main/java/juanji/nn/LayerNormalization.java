package juanji.nn;

import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Composite;
import juanji.tensor.Shape;

/// Layer normalisation: y = γ · (x − mean) / √(variance + ε) + β, with mean and (biased) variance of each sample; in
/// training and in inference alike.
///
/// x and y: N × …; γ (`weight`) and β (`bias`): the shape of a sample. Over the channels alone (`.channels()`), each
/// position has its own mean and variance, and γ and β have one number per channel.
///
/// Constraints: C1 ε > 0; C2 the input is batch × channels or more.
/// Sources: Ba, Kiros and Hinton, *Layer normalization*, 2016; over the channels: Liu et al., *A ConvNet for the
/// 2020s*, 2022.
///
/// @param epsilon what keeps the root away from 0
/// @param overChannels whether positions are normalised one by one
public record LayerNormalization(double epsilon, boolean overChannels) implements Layer {
  /// Checks C1.
  public LayerNormalization {
    GroupNormalization.checkEpsilon("layer normalisation", epsilon);
  }

  /// The layer with another ε.
  public LayerNormalization epsilon(double value) {
    return new LayerNormalization(value, overChannels);
  }

  /// The layer that normalises each position over its channels.
  public LayerNormalization channels() {
    return new LayerNormalization(epsilon, true);
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 2) {
      throw trace.refusal(kind(), "C2: the input is batch × channels or more; received " + shape + ".",
          "Give samples of at least one axis.", shape);
    }
    int last = overChannels ? 2 : shape.rank();
    Shape own = shape.slice(1, last);
    Shape broadcast = overChannels ? ParametricRelu.perChannel(shape, shape.dim(1)) : own;
    Node gamma = trace.parameter("weight", own, Initializer.constant(1), false);
    Node beta = trace.parameter("bias", own, Initializer.zeros(), false);
    List<Integer> axes = IntStream.range(1, last).boxed().toList();
    Node normal = trace.apply(new Composite.Normalize(axes, epsilon), List.of(x));
    return trace.add(trace.mul(normal, trace.reshape(gamma, broadcast)), trace.reshape(beta, broadcast));
  }

  @Override public String kind() {
    return "layerNorm";
  }

  @Override public String toString() {
    return "layerNorm()" + Source.wither(epsilon != 1e-5, "epsilon", List.of(epsilon))
        + Source.wither(overChannels, "channels", List.of());
  }
}
