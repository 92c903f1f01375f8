package juanji.train;

import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Pointwise;

/// Contrastive loss: the mean over the pairs of different samples in the batch of ½ d² if both are of one class, else
/// ½ max(0, margin − d)², with d their Euclidean distance.
///
/// The network's outputs are places in a space (embeddings), not scores: there is no accuracy in training.
///
/// Constraints: C1 embeddings are N × D, targets N class numbers; C2 the margin is finite and above 0.
/// Source: Hadsell, Chopra and LeCun, *Dimensionality reduction by learning an invariant mapping*, 2006.
///
/// @param margin how far apart samples of different classes should be
public record ContrastiveLoss(double margin) implements Loss {
  /// Checks C2.
  public ContrastiveLoss {
    if (!(margin > 0 && margin < 1e30)) {
      throw Targets.refused("contrastive loss", "C2", "the margin is above 0", margin, "Use 1.");
    }
  }

  /// With another margin.
  public ContrastiveLoss margin(double value) {
    return new ContrastiveLoss(value);
  }

  @Override public boolean tellsClasses() {
    return false;
  }

  @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
    Pairs pairs = Pairs.of("contrastive loss", algebra, scores, classes);
    Node lacking = Targets.relu(algebra, algebra.affine(pairs.distances(algebra), -1, margin));
    Node apart = algebra.mul(algebra.mul(lacking, lacking), pairs.different(algebra));
    Node sum = Targets.sum(algebra, algebra.add(algebra.mul(pairs.squares(), pairs.same()), apart));
    Node count = Targets.sum(algebra, algebra.affine(pairs.self(), -1, 1));
    return algebra.apply(new Pointwise.Div(), algebra.affine(sum, 0.5, 0),
        algebra.apply(new Pointwise.Clamp(1, Double.POSITIVE_INFINITY), count));
  }

  @Override public String toString() {
    return "contrastive()" + (margin == 1 ? "" : ".margin(" + Targets.literal(margin) + ")");
  }
}
