package juanji.train;

import java.util.Map;
import juanji.graph.Node;
import juanji.op.Pointwise;

/// The moments of gradients that Adam and LAMB share: m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; the direction is
/// m̂ / (√v̂ + ε), where m̂ and v̂ are m and v divided by 1 − β₁ᵗ and 1 − β₂ᵗ.
final class Moments {
  private Moments() {
  }

  static Node direction(Optimizer.Step step, Node.Parameter weight, Node g, double beta1, double beta2,
      double epsilon) {
    var b = step.builder();
    Node m = step.mixed(step.kept("mean", weight), beta1, g, 1 - beta1);
    Node v = step.mixed(step.kept("square", weight), beta2, b.mul(g, g), 1 - beta2);
    Node root = b.apply(new Pointwise.Sqrt(), b.mul(v, step.scalar("adam.square")));
    return b.apply(new Pointwise.Div(), b.mul(m, step.scalar("adam.mean")), b.affine(root, 1, epsilon));
  }

  static Map<String, Float> scalars(long step, double beta1, double beta2) {
    return Map.of("adam.mean", (float) (1 / (1 - StrictMath.pow(beta1, step))),
        "adam.square", (float) (1 / (1 - StrictMath.pow(beta2, step))));
  }

  static void check(String optimizer, double beta1, double beta2, double epsilon) {
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && epsilon < 1)) {
      throw new IllegalArgumentException(optimizer + " cannot use β₁ = " + beta1 + ", β₂ = " + beta2 + ", ε = "
          + epsilon + ".\n  C2: both β are from 0 to below 1, C3: and ε is between 0 and 1.\n"
          + "  Use 0.9, 0.999 and 1e-8.");
    }
  }
}
