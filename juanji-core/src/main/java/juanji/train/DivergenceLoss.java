package juanji.train;

import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Composite;
import juanji.op.Pointwise;

/// Kullback–Leibler divergence from targets to softmax(x): the mean over the samples of Σₖ tₖ · (ln tₖ − ln
/// softmax(x)ₖ), with 0 · ln 0 = 0. It is cross-entropy less the targets' own entropy: 0 where both agree. Its
/// gradients are those of cross-entropy; none go to the targets.
///
/// Constraints: C1 scores are N × K, targets N class numbers or N × K shares; C2 0 ≤ smoothing < 1.
/// Source: Kullback and Leibler, *On information and sufficiency*, 1951.
///
/// @param smoothing ε; targets become (1 − ε) · t + ε / K
public record DivergenceLoss(double smoothing) implements Loss {
  /// Checks C2.
  public DivergenceLoss {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw Targets.refused("KL divergence", "C2", "smoothing is from 0 to below 1", smoothing, "Use 0.1.");
    }
  }

  /// With another smoothing.
  public DivergenceLoss smoothing(double value) {
    return new DivergenceLoss(value);
  }

  @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
    Node given = Targets.matrix(algebra, scores, classes);
    Node t = smoothing == 0 ? given : algebra.affine(given, 1 - smoothing, smoothing / scores.shape().dim(1));
    Node logs = algebra.apply(new Composite.LogSoftmax(1), scores);
    Node own = algebra.apply(new Pointwise.Log(),
        algebra.apply(new Pointwise.Clamp(1e-30, Double.POSITIVE_INFINITY), t));
    return Targets.meanOfSums(algebra, algebra.mul(t, algebra.sub(own, logs)));
  }

  @Override public String toString() {
    return "divergence()" + (smoothing == 0 ? "" : ".smoothing(" + smoothing + ")");
  }
}
