package juanji.train;

import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Pointwise;

/// Binary cross-entropy on scores before the sigmoid: the mean over samples and classes of
/// −w · t · ln σ(x) − (1 − t) · ln(1 − σ(x)), computed as (1 + (w − 1) · t) · softplus(x) − w · t · x, which neither
/// overflows nor takes the logarithm of 0.
///
/// Each class is told apart from all others; a single score tells class 1 from class 0.
///
/// Constraints: C1 scores are N × K, targets N class numbers or N × K shares; C2 the weight is finite and above 0.
///
/// @param positive w, the weight of what is of a class against what is not
public record BinaryLoss(double positive) implements Loss {
  /// Checks C2.
  public BinaryLoss {
    if (!(positive > 0 && positive < 1e30)) {
      throw Targets.refused("binary cross-entropy", "C2", "the weight of positives is above 0", positive, "Use 1.");
    }
  }

  /// With another weight of what is of a class.
  public BinaryLoss positive(double weight) {
    return new BinaryLoss(weight);
  }

  @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
    Node t = Targets.matrix(algebra, scores, classes);
    Node soft = algebra.apply(new Pointwise.Softplus(), scores);
    Node first = positive == 1 ? soft : algebra.mul(soft, algebra.affine(t, positive - 1, 1));
    return Targets.mean(algebra, algebra.sub(first, algebra.mul(algebra.affine(t, positive, 0), scores)));
  }

  @Override public String toString() {
    return "binaryCrossEntropy()" + (positive == 1 ? "" : ".positive(" + Targets.literal(positive) + ")");
  }
}
