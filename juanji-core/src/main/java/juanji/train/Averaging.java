package juanji.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.graph.Node;

/// An optimiser whose model is evaluated and kept with an exponential moving average of the weights:
/// a ← decay · a + (1 − decay) · w after each step, starting from the first weights. Training itself goes on with w.
///
/// Running statistics are not averaged. Constraints: C1 0 ≤ decay < 1. Source: Polyak and Juditsky, *Acceleration of
/// stochastic approximation by averaging*, 1992.
///
/// @param inner the optimiser
/// @param decay how long the average remembers
public record Averaging(Optimizer inner, double decay) implements Optimizer {
  private static final String NAME = "average";

  /// Checks C1.
  public Averaging {
    if (!(decay >= 0 && decay < 1)) {
      throw Targets.refused("averaging", "C1", "the decay is from 0 to below 1", decay, "Use 0.999.");
    }
  }

  @Override public double rate() {
    return inner.rate();
  }

  @Override public Optimizer rate(double value) {
    return new Averaging(inner.rate(value), decay);
  }

  @Override public List<Node> update(Step step, List<Weight> weights) {
    return inner.update(step, weights);
  }

  @Override public void finish(Step step, List<Weight> weights, List<Node> values) {
    inner.finish(step, weights, values);
    for (int i = 0; i < weights.size(); i++) {
      step.mixed(step.copied(NAME, weights.get(i).parameter()), decay, values.get(i), 1 - decay);
    }
  }

  @Override public Map<String, Float> scalars(long step) {
    return inner.scalars(step);
  }

  @Override public Optional<String> evaluated() {
    return Optional.of(NAME);
  }

  @Override public String toString() {
    return inner + ".average(" + decay + ")";
  }
}
