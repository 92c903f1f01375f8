package juanji.train;

import juanji.graph.Node;

/// LARS: a rate for each weight tensor, in proportion to its size: r = trust · ‖w‖ / (‖g‖ + λ · ‖w‖), or 1 if either
/// norm is 0; b ← μ·b + r · (g + λ · w); w ← w − rate · b.
///
/// Biases and norms, to which decay does not apply, have r = 1. Constraints: C1 rate and decay are finite and at least
/// 0; C2 0 ≤ momentum < 1; C3 0 < trust < 1. Source: You, Gitman and Ginsburg, *Large batch training of convolutional
/// networks*, 2017.
///
/// @param rate the learning rate
/// @param trust how far a weight may move, as a share of its size
/// @param momentum μ
/// @param weightDecay λ
public record Lars(double rate, double trust, double momentum, double weightDecay) implements Optimizer.Weightwise {
  /// Checks the constraints.
  public Lars {
    Rates.check("LARS", rate, weightDecay);
    Rates.fractions("LARS", trust, momentum);
  }

  @Override public Lars rate(double value) {
    return new Lars(value, trust, momentum, weightDecay);
  }

  /// With another trust.
  public Lars trust(double value) {
    return new Lars(rate, value, momentum, weightDecay);
  }

  /// With another momentum.
  public Lars momentum(double value) {
    return new Lars(rate, trust, value, weightDecay);
  }

  /// With another weight decay.
  public Lars weightDecay(double value) {
    return new Lars(rate, trust, momentum, value);
  }

  @Override public Node update(Step step, Weight weight) {
    var b = step.builder();
    Node.Parameter w = weight.parameter();
    Node direction = weight.decayed(b, weightDecay);
    if (weight.declaration().decays()) {
      Node size = step.norm(w);
      Node force = step.norm(weight.gradient());
      Node divisor = b.add(force, b.affine(size, weightDecay, 0));
      direction = b.mul(direction, Rates.ratio(b, b.affine(size, trust, 0), divisor, size, force));
    }
    return step.moved(w, momentum == 0 ? direction : step.mixed(step.kept("momentum", w), momentum, direction, 1));
  }

  @Override public String toString() {
    return "lars(" + rate + ")" + (trust == 0.001 ? "" : ".trust(" + trust + ")")
        + (momentum == 0.9 ? "" : ".momentum(" + momentum + ")")
        + (weightDecay == 0 ? "" : ".weightDecay(" + weightDecay + ")");
  }
}
