package juanji.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Composite;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Batch normalisation: y = γ · (x − mean) / √(variance + ε) + β for each channel.
///
/// x and y: N × C × …; γ (`weight`), β (`bias`), `running_mean` and `running_var`: C. In training, mean and (biased)
/// variance are those of the batch, and the running estimates move towards them (the variance's towards the unbiased
/// one): running ← (1 − momentum) · running + momentum · batch. In inference the running estimates take their place,
/// as y = x · s + t with s = γ / √(variance + ε) and t = β − mean · s, which a plan folds into the convolution before.
///
/// Constraints: C1 ε > 0 and 0 ≤ momentum ≤ 1; C2 the input is batch × channels or more.
/// Source: Ioffe and Szegedy, *Batch normalization*, 2015.
///
/// @param epsilon what keeps the root away from 0
/// @param momentum how far the running estimates move at each step
public record BatchNormalization(double epsilon, double momentum) implements Layer {
  /// Checks C1.
  public BatchNormalization {
    if (!(epsilon > 0 && epsilon < Double.MAX_VALUE && momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException("batch normalisation of epsilon " + epsilon + " and momentum " + momentum
          + " does not exist.\n"
          + "  C1: epsilon is above 0 and momentum from 0 to 1; received " + epsilon + " and " + momentum + ".\n"
          + "  Use batchNorm(), with an epsilon of 1e-5 and a momentum of 0.1.");
    }
  }

  /// The layer with another ε.
  public BatchNormalization epsilon(double value) {
    return new BatchNormalization(value, momentum);
  }

  /// The layer with another momentum.
  public BatchNormalization momentum(double value) {
    return new BatchNormalization(epsilon, value);
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 2) {
      throw trace.refusal(kind(), "C2: the input is batch × channels or more; received " + shape + ".",
          "Give samples of at least one axis.", shape);
    }
    Shape channels = shape.slice(1, 2);
    int[] ones = new int[shape.rank() - 1];
    Arrays.fill(ones, 1);
    Shape broadcast = Shape.of(ones).with(0, channels.dim(0));
    Node gamma = trace.parameter("weight", channels, Initializer.constant(1), false);
    Node beta = trace.parameter("bias", channels, Initializer.zeros(), false);
    Node.Parameter mean = trace.state("running_mean", channels, 0);
    Node.Parameter variance = trace.state("running_var", channels, 1);
    if (!trace.training()) {
      Node root = trace.apply(new Pointwise.Sqrt(), trace.affine(variance, 1, epsilon));
      Node scale = trace.mul(gamma, trace.apply(new Pointwise.Reciprocal(), root));
      Node shift = trace.sub(beta, trace.mul(mean, scale));
      return trace.add(trace.mul(x, trace.reshape(scale, broadcast)), trace.reshape(shift, broadcast));
    }
    return train(trace, x, gamma, beta, mean, variance);
  }

  /// The layer in training, on weights that were declared elsewhere: normalises by the batch's own statistics and moves
  /// the running ones.
  ///
  /// @param gamma a factor for each channel
  /// @param beta what is added for each channel
  /// @param mean the running mean
  /// @param variance the running variance
  public Node train(Trace trace, Node x, Node gamma, Node beta, Node.Parameter mean, Node.Parameter variance) {
    Shape shape = x.shape();
    Shape channels = shape.slice(1, 2);
    int[] ones = new int[shape.rank() - 1];
    Arrays.fill(ones, 1);
    Shape broadcast = Shape.of(ones).with(0, channels.dim(0));
    Composite.Normalize normalize = new Composite.Normalize(
        IntStream.range(0, shape.rank()).filter(a -> a != 1).boxed().toList(), epsilon);
    Node unbiased = trace.mul(normalize.variance(trace, x), correction(trace, x));
    trace.follow(mean, trace.reshape(normalize.mean(trace, x), channels), momentum);
    trace.follow(variance, trace.reshape(unbiased, channels), momentum);
    Node normal = trace.apply(normalize, List.of(x));
    return trace.add(trace.mul(normal, trace.reshape(gamma, broadcast)), trace.reshape(beta, broadcast));
  }

  /// n / (n − 1) for n values per channel; n depends on the batch, which is not known when the graph is built, so it is
  /// counted on one element per sample.
  private static Node correction(Trace trace, Node x) {
    Node each = x;
    for (int axis = 1; axis < x.shape().rank(); axis++) {
      each = x.shape().dim(axis) == 1 ? each : trace.apply(new View.Slice(axis, 0, 1), each);
    }
    Node one = trace.reshape(trace.constant(Tensor.scalar(1)), each.shape().with(0, 1));
    Node samples = trace.apply(new Reduction.Sum(List.of(0)), trace.apply(new View.Expand(false), one, each));
    Node count = trace.affine(samples, x.shape().size(2), 0);
    Node less = trace.apply(new Pointwise.Max(), trace.affine(count, 1, -1), one);
    return trace.apply(new Pointwise.Div(), count, less);
  }

  @Override public String kind() {
    return "batchNorm";
  }

  @Override public String toString() {
    return "batchNorm()" + Source.wither(epsilon != 1e-5, "epsilon", List.of(epsilon))
        + Source.wither(momentum != 0.1, "momentum", List.of(momentum));
  }
}
