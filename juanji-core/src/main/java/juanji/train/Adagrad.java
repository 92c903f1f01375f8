package juanji.train;

import juanji.graph.Node;
import juanji.op.Pointwise;

/// Adagrad: s ← s + g²; w ← w − rate · g / (√s + ε).
///
/// Weight decay λ adds λ · w to the gradient. Constraints: C1 rate and decay are finite and at least 0; C3 0 < ε < 1.
/// Source: Duchi, Hazan and Singer, *Adaptive subgradient methods*, 2011.
///
/// @param rate the learning rate
/// @param epsilon what keeps the divisor away from 0
/// @param weightDecay λ
public record Adagrad(double rate, double epsilon, double weightDecay) implements Optimizer.Weightwise {
  /// Checks the constraints.
  public Adagrad {
    Rates.check("Adagrad", rate, weightDecay);
    Rates.fractions("Adagrad", epsilon);
  }

  @Override public Adagrad rate(double value) {
    return new Adagrad(value, epsilon, weightDecay);
  }

  /// With another weight decay.
  public Adagrad weightDecay(double value) {
    return new Adagrad(rate, epsilon, value);
  }

  @Override public Node update(Step step, Weight weight) {
    var b = step.builder();
    Node g = weight.decayed(b, weightDecay);
    Node s = step.mixed(step.kept("squares", weight.parameter()), 1, b.mul(g, g), 1);
    Node root = b.affine(b.apply(new Pointwise.Sqrt(), s), 1, epsilon);
    return step.moved(weight.parameter(), b.apply(new Pointwise.Div(), g, root));
  }

  @Override public String toString() {
    return "adagrad(" + rate + ")" + (weightDecay == 0 ? "" : ".weightDecay(" + weightDecay + ")");
  }
}
