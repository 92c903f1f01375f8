package juanji.train;

import java.util.Map;
import juanji.graph.Node;

/// LAMB: Adam's direction d and decay, scaled for each weight tensor to its size: u = d + λ · w;
/// w ← w − rate · ‖w‖ / ‖u‖ · u, with a ratio of 1 if either norm is 0.
///
/// Biases and norms, to which decay does not apply, follow Adam's direction as it is. Constraints: C1 rate and decay
/// are finite and at least 0; C2 0 ≤ β₁, β₂ < 1; C3 0 < ε < 1. Source: You et al., *Large batch optimization for deep
/// learning*, 2020.
///
/// @param rate the learning rate
/// @param beta1 how long the mean of gradients remembers
/// @param beta2 how long the mean of squares remembers
/// @param epsilon what keeps the divisor away from 0
/// @param weightDecay λ
public record Lamb(double rate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer.Weightwise {
  /// Checks the constraints.
  public Lamb {
    Rates.check("LAMB", rate, weightDecay);
    Moments.check("LAMB", beta1, beta2, epsilon);
  }

  @Override public Lamb rate(double value) {
    return new Lamb(value, beta1, beta2, epsilon, weightDecay);
  }

  /// With other memories of the moments.
  public Lamb betas(double first, double second) {
    return new Lamb(rate, first, second, epsilon, weightDecay);
  }

  /// With another weight decay.
  public Lamb weightDecay(double value) {
    return new Lamb(rate, beta1, beta2, epsilon, value);
  }

  @Override public Node update(Step step, Weight weight) {
    var b = step.builder();
    Node.Parameter w = weight.parameter();
    Node direction = Moments.direction(step, w, weight.gradient(), beta1, beta2, epsilon);
    if (!weight.declaration().decays()) {
      return step.moved(w, direction);
    }
    Node whole = weightDecay == 0 ? direction : b.add(direction, b.affine(w, weightDecay, 0));
    Node size = step.norm(w);
    Node force = step.norm(whole);
    return step.moved(w, b.mul(whole, Rates.ratio(b, size, force, size, force)));
  }

  @Override public Map<String, Float> scalars(long step) {
    return Moments.scalars(step, beta1, beta2);
  }

  @Override public String toString() {
    return "lamb(" + rate + ")"
        + (beta1 == 0.9 && beta2 == 0.999 ? "" : ".betas(" + beta1 + ", " + beta2 + ")")
        + (weightDecay == 0.01 ? "" : ".weightDecay(" + weightDecay + ")");
  }
}
