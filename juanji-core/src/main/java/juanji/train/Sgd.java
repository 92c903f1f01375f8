package juanji.train;

import juanji.graph.Node;

/// Stochastic gradient descent with momentum: v ← μ · v + g; w ← w − rate · v, or with Nesterov's look-ahead
/// w ← w − rate · (g + μ · v). Weight decay λ adds λ · w to the gradient of the weights it applies to (not to biases
/// and norms).
///
/// Constraints: C1 rate and decay are finite and at least 0; C2 0 ≤ momentum < 1; C3 Nesterov's form has a momentum.
/// Source: Sutskever et al., *On the importance of initialization and momentum in deep learning*, 2013.
///
/// @param rate the learning rate
/// @param momentum μ
/// @param nesterov whether the gradient is looked up ahead
/// @param weightDecay λ
public record Sgd(double rate, double momentum, boolean nesterov, double weightDecay) implements Optimizer.Weightwise {
  /// Checks the constraints.
  public Sgd {
    Rates.check("SGD", rate, weightDecay);
    if (!(momentum >= 0 && momentum < 1) || nesterov && momentum == 0) {
      throw new IllegalArgumentException("SGD cannot use a momentum of " + momentum + ".\n"
          + "  C2: the momentum is from 0 to below 1, C3: and above 0 for Nesterov's form; received " + momentum + ".\n"
          + "  Use 0.9.");
    }
  }

  @Override public Sgd rate(double value) {
    return new Sgd(value, momentum, nesterov, weightDecay);
  }

  /// With another momentum.
  public Sgd momentum(double value) {
    return new Sgd(rate, value, nesterov, weightDecay);
  }

  /// In Nesterov's form.
  public Sgd lookAhead() {
    return new Sgd(rate, momentum, true, weightDecay);
  }

  /// With another weight decay.
  public Sgd weightDecay(double value) {
    return new Sgd(rate, momentum, nesterov, value);
  }

  @Override public Node update(Step step, Weight weight) {
    var b = step.builder();
    Node g = weight.decayed(b, weightDecay);
    if (momentum == 0) {
      return step.moved(weight.parameter(), g);
    }
    Node moved = step.mixed(step.kept("momentum", weight.parameter()), momentum, g, 1);
    return step.moved(weight.parameter(), nesterov ? b.add(g, b.affine(moved, momentum, 0)) : moved);
  }

  @Override public String toString() {
    return "sgd(" + rate + ")" + (momentum > 0 ? ".momentum(" + momentum + ")" : "")
        + (nesterov ? ".lookAhead()" : "") + (weightDecay > 0 ? ".weightDecay(" + weightDecay + ")" : "");
  }
}
