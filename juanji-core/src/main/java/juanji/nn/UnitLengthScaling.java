package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Normalizing;

/// L2 normalisation: y = x / max(‖x‖₂, ε), with the norm over the channels of each position: features of length 1, as
/// embeddings and descriptors have them.
///
/// x and y: N × C × …. Formula and gradient: [Normalizing.UnitLength].
/// Constraints: C1 ε is above 0, and its square is a normal number; C2 the input is batch × channels or more.
///
/// @param epsilon the smallest divisor
public record UnitLengthScaling(double epsilon) implements Layer {
  /// Checks C1.
  public UnitLengthScaling {
    new Normalizing.UnitLength(List.of(1), epsilon).inputs();
  }

  /// The layer with another ε.
  public UnitLengthScaling epsilon(double value) {
    return new UnitLengthScaling(value);
  }

  @Override public Node apply(Trace trace, Node x) {
    if (x.shape().rank() < 2) {
      throw trace.refusal(kind(), "C2: the input is batch × channels or more; received " + x.shape() + ".",
          "Give samples of at least one axis.", x.shape());
    }
    return trace.apply(new Normalizing.UnitLength(List.of(1), epsilon), List.of(x));
  }

  @Override public String kind() {
    return "l2Norm";
  }

  @Override public String toString() {
    return "l2Norm()" + Source.wither(epsilon != 1e-12, "epsilon", List.of(epsilon));
  }
}
