package juanji.train;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Reduction;

/// Hinge loss: of a support vector machine, in two forms.
///
/// - Of several classes: the mean over the samples of 1/K · Σ over k ≠ y of max(0, margin − x_y + x_k).
/// - Binary (and wherever there is a single score): the mean over samples and classes of max(0, margin − s · x), with
///   s = 1 for a sample's own class and −1 for the others.
///
/// Constraints: C1 scores are N × K; C2 targets are class numbers; C3 the margin is finite and above 0. Sources: Weston
/// and Watkins, *Support vector machines for multi-class pattern recognition*, 1999; Cortes and Vapnik, 1995.
///
/// @param margin by how much the right class should lead
/// @param binary whether each class is told apart from all others
public record HingeLoss(double margin, boolean binary) implements Loss {
  /// Checks C3.
  public HingeLoss {
    if (!(margin > 0 && margin < 1e30)) {
      throw Targets.refused("hinge loss", "C3", "the margin is above 0", margin, "Use 1.");
    }
  }

  /// With another margin.
  public HingeLoss margin(double value) {
    return new HingeLoss(value, binary);
  }

  /// In the binary form.
  public HingeLoss oneVersusAll() {
    return new HingeLoss(margin, true);
  }

  @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
    Node t = Targets.hard("hinge loss", algebra, scores, classes);
    if (binary || scores.shape().dim(1) == 1) {
      Node signed = algebra.mul(scores, algebra.affine(t, -2, 1));
      return Targets.mean(algebra, Targets.relu(algebra, algebra.affine(signed, 1, margin)));
    }
    Node own = algebra.apply(new Reduction.Sum(List.of(1)), algebra.mul(scores, t));
    Node terms = Targets.relu(algebra, algebra.affine(algebra.sub(scores, own), 1, margin));
    return Targets.mean(algebra, algebra.mul(terms, algebra.affine(t, -1, 1)));
  }

  @Override public String toString() {
    return "hinge()" + (margin == 1 ? "" : ".margin(" + Targets.literal(margin) + ")")
        + (binary ? ".oneVersusAll()" : "");
  }
}
