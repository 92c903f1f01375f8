package juanji.train;

import juanji.graph.Node;
import juanji.op.Pointwise;

/// Adadelta: v ← ρ·v + (1 − ρ)·g²; d = g · √(u + ε) / √(v + ε); u ← ρ·u + (1 − ρ)·d²; w ← w − rate · d.
///
/// Weight decay λ adds λ · w to the gradient. Constraints: C1 rate and decay are finite and at least 0; C2 0 ≤ ρ < 1;
/// C3 0 < ε < 1. Source: Zeiler, *Adadelta: an adaptive learning rate method*, 2012, whose rate is 1.
///
/// @param rate the learning rate
/// @param rho how long both means of squares remember
/// @param epsilon what starts the movement
/// @param weightDecay λ
public record Adadelta(double rate, double rho, double epsilon, double weightDecay) implements Optimizer.Weightwise {
  /// Checks the constraints.
  public Adadelta {
    Rates.check("Adadelta", rate, weightDecay);
    Rates.fractions("Adadelta", epsilon, rho);
  }

  @Override public Adadelta rate(double value) {
    return new Adadelta(value, rho, epsilon, weightDecay);
  }

  /// With another memory.
  public Adadelta rho(double value) {
    return new Adadelta(rate, value, epsilon, weightDecay);
  }

  /// With another weight decay.
  public Adadelta weightDecay(double value) {
    return new Adadelta(rate, rho, epsilon, value);
  }

  @Override public Node update(Step step, Weight weight) {
    var b = step.builder();
    Node g = weight.decayed(b, weightDecay);
    Node v = step.mixed(step.kept("square", weight.parameter()), rho, b.mul(g, g), 1 - rho);
    Node.Parameter moves = step.kept("moves", weight.parameter());
    Node ratio = b.apply(new Pointwise.Sqrt(),
        b.apply(new Pointwise.Div(), b.affine(moves, 1, epsilon), b.affine(v, 1, epsilon)));
    Node direction = b.mul(g, ratio);
    step.mixed(moves, rho, b.mul(direction, direction), 1 - rho);
    return step.moved(weight.parameter(), direction);
  }

  @Override public String toString() {
    return "adadelta(" + rate + ")" + (rho == 0.95 ? "" : ".rho(" + rho + ")")
        + (weightDecay == 0 ? "" : ".weightDecay(" + weightDecay + ")");
  }
}
