package juanji.graph;

import juanji.op.Contraction;
import juanji.op.LocalContraction;
import juanji.tensor.Shape;

/// How many multiplications with an addition the contractions of a graph take for one sample: the usual measure of a
/// network's work. Products with padding count, everything but contractions does not.
///
/// | | per sample |
/// |---|---|
/// | conv | K · out · C/groups · kernel |
/// | convInput | K · out · C/groups · kernel, with out the extents of its input |
/// | convFilter | K · C/groups · kernel · out |
/// | localConv, localInput, localFilter | K · out · C · kernel |
/// | matMul | M · N · K |
public final class MultiplyAdds {
  private MultiplyAdds() {
  }

  /// The multiply-adds of a node, for one sample if its batch is open; [Long#MAX_VALUE] if they exceed it.
  public static long of(Node node) {
    if (!(node instanceof Node.Apply apply) || !(apply.op() instanceof Contraction contraction)) {
      return 0;
    }
    Shape first = apply.inputs().get(0).shape();
    Shape second = apply.inputs().get(1).shape();
    return switch (contraction) {
      case Contraction.Conv conv -> product(perSample(node.shape()), second.size(1));
      case Contraction.ConvInput conv -> product(perSample(first), second.size(1));
      case Contraction.ConvFilter conv -> product(node.shape().size(),
          product(Math.max(1, second.dim(0)), second.size(2)));
      case LocalContraction.LocalConv local ->
          product(perSample(node.shape()), (long) first.dim(1) * local.window().taps());
      case LocalContraction.LocalInput local ->
          product(perSample(first), (long) node.shape().dim(1) * local.window().taps());
      case LocalContraction.LocalFilter local ->
          product(perSample(second), (long) first.dim(1) * local.window().taps());
      case Contraction.MatMul(boolean transposeA, boolean transposeB) ->
          product(perSample(node.shape()), Math.max(1, first.dim(transposeA ? -2 : -1)));
    };
  }

  /// The multiply-adds of a graph for one sample; [Long#MAX_VALUE] if they exceed it.
  public static long of(Graph graph) {
    return graph.nodes().stream().mapToLong(MultiplyAdds::of).reduce(0, MultiplyAdds::sum);
  }

  /// a + b, or [Long#MAX_VALUE] if that exceeds it.
  public static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static long product(long a, long b) {
    return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  private static long perSample(Shape shape) {
    return shape.bind(1).size();
  }
}
