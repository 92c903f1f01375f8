package juanji.train;

import java.util.Map;
import juanji.graph.Node;
import juanji.nn.Declaration;
import juanji.op.Pointwise;

/// Adam: m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − rate · m̂ / (√v̂ + ε), where m̂ and v̂ are m and v
/// divided by 1 − β₁ᵗ and 1 − β₂ᵗ.
///
/// Weight decay λ is added to the gradient as λ · w, or, decoupled (AdamW), makes w smaller by rate · λ · w at each
/// step.
///
/// Constraints: C1 rate and decay are finite and at least 0; C2 0 ≤ β₁, β₂ < 1; C3 ε > 0.
/// Sources: Kingma and Ba, *Adam*, 2015; Loshchilov and Hutter, *Decoupled weight decay regularization*, 2019.
///
/// @param rate the learning rate
/// @param beta1 how long the mean of gradients remembers
/// @param beta2 how long the mean of squares remembers
/// @param epsilon what keeps the divisor away from 0
/// @param weightDecay λ
/// @param decoupled whether decay goes past the moments
public record Adam(double rate, double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
    implements Optimizer {
  /// Checks the constraints.
  public Adam {
    Rates.check("Adam", rate, weightDecay);
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0)) {
      throw new IllegalArgumentException("Adam cannot use β₁ = " + beta1 + ", β₂ = " + beta2 + ", ε = " + epsilon
          + ".\n  C2: both β are from 0 to below 1, C3: and ε is above 0.\n"
          + "  Use 0.9, 0.999 and 1e-8.");
    }
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

  @Override public void update(Step step, Node.Parameter weight, Declaration declaration, Node gradient) {
    var b = step.builder();
    boolean decays = weightDecay > 0 && declaration.decays();
    Node g = decays && !decoupled ? b.add(gradient, b.affine(weight, weightDecay, 0)) : gradient;
    Node.Parameter mean = step.kept("mean", weight);
    Node.Parameter square = step.kept("square", weight);
    Node m = b.add(b.affine(mean, beta1, 0), b.affine(g, 1 - beta1, 0));
    Node v = b.add(b.affine(square, beta2, 0), b.affine(b.mul(g, g), 1 - beta2, 0));
    b.update(mean, m);
    b.update(square, v);
    Node root = b.apply(new Pointwise.Sqrt(), b.mul(v, step.scalar("adam.square")));
    Node direction = b.apply(new Pointwise.Div(), b.mul(m, step.scalar("adam.mean")), b.affine(root, 1, epsilon));
    Node whole = decays && decoupled ? b.add(direction, b.affine(weight, weightDecay, 0)) : direction;
    b.update(weight, b.sub(weight, b.mul(whole, step.rate())));
  }

  @Override public Map<String, Float> scalars(long step) {
    return Map.of("adam.mean", (float) (1 / (1 - StrictMath.pow(beta1, step))),
        "adam.square", (float) (1 / (1 - StrictMath.pow(beta2, step))));
  }

  @Override public String toString() {
    return (decoupled ? "adamW(" : "adam(") + rate + ")"
        + (beta1 != 0.9 || beta2 != 0.999 ? ".betas(" + beta1 + ", " + beta2 + ")" : "")
        + (weightDecay != (decoupled ? 0.01 : 0) ? ".weightDecay(" + weightDecay + ")" : "");
  }
}
