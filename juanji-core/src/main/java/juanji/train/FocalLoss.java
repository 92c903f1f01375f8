package juanji.train;

import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Pointwise;

/// Focal loss on scores before the sigmoid: the mean over the samples of the sum over the classes of
/// −αₜ · (1 − pₜ)^γ · ln pₜ, where for a sample's own class pₜ = σ(x) and αₜ = α, and for the others pₜ = 1 − σ(x) and
/// αₜ = 1 − α.
///
/// With u = ±x and s = softplus(u) = −ln pₜ it is αₜ · e^(γ · (u − s)) · s: nothing overflows.
///
/// Constraints: C1 scores are N × K; C2 targets are class numbers; C3 γ ≥ 0 and 0 < α < 1.
/// Source: Lin et al., *Focal loss for dense object detection*, 2017.
///
/// @param gamma γ, how strongly what is told well already is passed over
/// @param alpha α, the weight of a sample's own class
public record FocalLoss(double gamma, double alpha) implements Loss {
  /// Checks C3.
  public FocalLoss {
    if (!(gamma >= 0 && gamma < 1e6 && alpha > 0 && alpha < 1)) {
      throw Targets.refused("focal loss", "C3", "gamma is at least 0, and alpha between 0 and 1", gamma + ", " + alpha,
          "Use a gamma of 2 and an alpha of 0.25.");
    }
  }

  /// With another γ.
  public FocalLoss gamma(double value) {
    return new FocalLoss(value, alpha);
  }

  /// With another α.
  public FocalLoss alpha(double value) {
    return new FocalLoss(gamma, value);
  }

  @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
    Node t = Targets.hard("focal loss", algebra, scores, classes);
    Node u = algebra.mul(scores, algebra.affine(t, -2, 1));
    Node s = algebra.apply(new Pointwise.Softplus(), u);
    Node focus = algebra.apply(new Pointwise.Exp(), algebra.affine(algebra.sub(u, s), gamma, 0));
    Node weight = algebra.affine(t, 2 * alpha - 1, 1 - alpha);
    return Targets.meanOfSums(algebra, algebra.mul(algebra.mul(focus, s), weight));
  }

  @Override public String toString() {
    return "focal()" + (gamma == 2 ? "" : ".gamma(" + Targets.literal(gamma) + ")")
        + (alpha == 0.25 ? "" : ".alpha(" + alpha + ")");
  }
}
