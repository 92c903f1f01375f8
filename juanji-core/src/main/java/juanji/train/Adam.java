package juanji.train;

import java.util.Map;
import juanji.graph.Node;

/// Adam: m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − rate · m̂ / (√v̂ + ε), where m̂ and v̂ are m and v
/// divided by 1 − β₁ᵗ and 1 − β₂ᵗ.
///
/// Weight decay λ is added to the gradient as λ · w, or, decoupled (AdamW), makes w smaller by rate · λ · w at each
/// step.
///
/// Constraints: C1 rate and decay are finite and at least 0; C2 0 ≤ β₁, β₂ < 1; C3 0 < ε < 1.
/// Sources: Kingma and Ba, *Adam*, 2015; Loshchilov and Hutter, *Decoupled weight decay regularization*, 2019.
///
/// @param rate the learning rate
/// @param beta1 how long the mean of gradients remembers
/// @param beta2 how long the mean of squares remembers
/// @param epsilon what keeps the divisor away from 0
/// @param weightDecay λ
/// @param decoupled whether decay goes past the moments
public record Adam(double rate, double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
    implements Optimizer.Weightwise {
  /// Checks the constraints.
  public Adam {
    Rates.check("Adam", rate, weightDecay);
    Moments.check("Adam", beta1, beta2, epsilon);
  }

  @Override public Adam rate(double value) {
    return new Adam(value, beta1, beta2, epsilon, weightDecay, decoupled);
  }

  /// With other memories of the moments.
  public Adam betas(double first, double second) {
    return new Adam(rate, first, second, epsilon, weightDecay, decoupled);
  }

  /// With another weight decay.
  public Adam weightDecay(double value) {
    return new Adam(rate, beta1, beta2, epsilon, value, decoupled);
  }

  @Override public Node update(Step step, Weight weight) {
    var b = step.builder();
    boolean apart = decoupled && weightDecay > 0 && weight.declaration().decays();
    Node g = decoupled ? weight.gradient() : weight.decayed(b, weightDecay);
    Node direction = Moments.direction(step, weight.parameter(), g, beta1, beta2, epsilon);
    Node whole = apart ? b.add(direction, b.affine(weight.parameter(), weightDecay, 0)) : direction;
    return step.moved(weight.parameter(), whole);
  }

  @Override public Map<String, Float> scalars(long step) {
    return Moments.scalars(step, beta1, beta2);
  }

  @Override public String toString() {
    return (decoupled ? "adamW(" : "adam(") + rate + ")"
        + (beta1 != 0.9 || beta2 != 0.999 ? ".betas(" + beta1 + ", " + beta2 + ")" : "")
        + (weightDecay != (decoupled ? 0.01 : 0) ? ".weightDecay(" + weightDecay + ")" : "");
  }
}
