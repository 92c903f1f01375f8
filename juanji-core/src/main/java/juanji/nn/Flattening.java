package juanji.nn;

import juanji.graph.Node;
import juanji.tensor.Shape;

/// All axes of a sample as one, in row-major order: N × C × H × W becomes N × C·H·W.
///
/// Constraints: C1 the sample has less than 2³¹ elements.
public record Flattening() implements Layer {
  @Override public Node apply(Trace trace, Node x) {
    long size = x.shape().size(1);
    if (size > Integer.MAX_VALUE) {
      throw trace.refusal(kind(), "C1: a sample has less than 2³¹ elements; received " + x.shape() + ".",
          "Pool or stride before flattening.", x.shape());
    }
    return trace.reshape(x, Shape.of(x.shape().dim(0), (int) size));
  }

  @Override public String kind() {
    return "flatten";
  }

  @Override public String toString() {
    return "flatten()";
  }
}
