package juanji.train;

import juanji.graph.Node;
import juanji.op.Pointwise;

/// RMSprop: v ← α·v + (1 − α)·g²; d = g / (√v + ε); with momentum, b ← μ·b + d and d = b; w ← w − rate · d.
///
/// Weight decay λ adds λ · w to the gradient. Constraints: C1 rate and decay are finite and at least 0; C2 α and
/// momentum are from 0 to below 1; C3 0 < ε < 1. Source: Tieleman and Hinton, *Neural networks for machine learning*,
/// lecture 6.5, 2012.
///
/// @param rate the learning rate
/// @param alpha how long the mean of squares remembers
/// @param epsilon what keeps the divisor away from 0
/// @param momentum μ
/// @param weightDecay λ
public record RmsProp(double rate, double alpha, double epsilon, double momentum, double weightDecay)
    implements Optimizer.Weightwise {
  /// Checks the constraints.
  public RmsProp {
    Rates.check("RMSprop", rate, weightDecay);
    Rates.fractions("RMSprop", epsilon, alpha, momentum);
  }

  @Override public RmsProp rate(double value) {
    return new RmsProp(value, alpha, epsilon, momentum, weightDecay);
  }

  /// With another memory of squares.
  public RmsProp alpha(double value) {
    return new RmsProp(rate, value, epsilon, momentum, weightDecay);
  }

  /// With another momentum.
  public RmsProp momentum(double value) {
    return new RmsProp(rate, alpha, epsilon, value, weightDecay);
  }

  /// With another weight decay.
  public RmsProp weightDecay(double value) {
    return new RmsProp(rate, alpha, epsilon, momentum, value);
  }

  @Override public Node update(Step step, Weight weight) {
    var b = step.builder();
    Node g = weight.decayed(b, weightDecay);
    Node v = step.mixed(step.kept("square", weight.parameter()), alpha, b.mul(g, g), 1 - alpha);
    Node root = b.affine(b.apply(new Pointwise.Sqrt(), v), 1, epsilon);
    Node direction = b.apply(new Pointwise.Div(), g, root);
    return step.moved(weight.parameter(), momentum == 0 ? direction
        : step.mixed(step.kept("momentum", weight.parameter()), momentum, direction, 1));
  }

  @Override public String toString() {
    return "rmsProp(" + rate + ")" + (alpha == 0.99 ? "" : ".alpha(" + alpha + ")")
        + (momentum == 0 ? "" : ".momentum(" + momentum + ")")
        + (weightDecay == 0 ? "" : ".weightDecay(" + weightDecay + ")");
  }
}
