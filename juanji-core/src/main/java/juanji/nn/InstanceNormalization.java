package juanji.nn;

import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Composite;
import juanji.tensor.Shape;

/// Instance normalisation: y = (x − mean) / √(variance + ε), with mean and (biased) variance of each channel of each
/// sample; in training and in inference alike. With weights (`.affine()`), y is then multiplied by γ and moved by β.
///
/// x and y: N × C × spatial; γ (`weight`) and β (`bias`): C.
///
/// Constraints: C1 ε > 0; C2 the input is batch × channels × at least one spatial axis.
/// Source: Ulyanov et al., *Instance normalization*, 2016.
///
/// @param epsilon what keeps the root away from 0
/// @param weights whether γ and β are there
public record InstanceNormalization(double epsilon, boolean weights) implements Layer {
  /// Checks C1.
  public InstanceNormalization {
    GroupNormalization.checkEpsilon("instance normalisation", epsilon);
  }

  /// The layer with another ε.
  public InstanceNormalization epsilon(double value) {
    return new InstanceNormalization(value, weights);
  }

  /// The layer with γ and β.
  public InstanceNormalization affine() {
    return new InstanceNormalization(epsilon, true);
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 3) {
      throw trace.refusal(kind(), "C2: the input is batch × channels × spatial axes; received " + shape + ".",
          "Put it before flatten(), or use layerNorm().", shape);
    }
    List<Integer> axes = IntStream.range(2, shape.rank()).boxed().toList();
    Node normal = trace.apply(new Composite.Normalize(axes, epsilon), List.of(x));
    if (!weights) {
      return normal;
    }
    int channels = shape.dim(1);
    Shape perChannel = ParametricRelu.perChannel(shape, channels);
    Node gamma = trace.parameter("weight", Shape.of(channels), Initializer.constant(1), false);
    Node beta = trace.parameter("bias", Shape.of(channels), Initializer.zeros(), false);
    return trace.add(trace.mul(normal, trace.reshape(gamma, perChannel)), trace.reshape(beta, perChannel));
  }

  @Override public String kind() {
    return "instanceNorm";
  }

  @Override public String toString() {
    return "instanceNorm()" + Source.wither(epsilon != 1e-5, "epsilon", List.of(epsilon))
        + Source.wither(weights, "affine", List.of());
  }
}
