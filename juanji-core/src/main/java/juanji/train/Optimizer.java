package juanji.train;

import java.util.Map;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Declaration;
import juanji.tensor.Shape;

/// How gradients change weights: an update that becomes part of the training step's graph.
///
/// ```java
/// Trainer.of(model).optimizer(Optimizer.sgd(0.05).momentum(0.9));
/// ```
public interface Optimizer {
  /// The learning rate before any schedule.
  double rate();

  /// This optimiser with another learning rate.
  Optimizer rate(double value);

  /// Adds the update of one weight to the graph.
  ///
  /// @param step where the nodes go, and what the optimiser may keep from step to step
  /// @param weight the weight
  /// @param declaration what was said of it: whether decay applies
  /// @param gradient the loss's gradient, of the weight's shape
  void update(Step step, Node.Parameter weight, Declaration declaration, Node gradient);

  /// Numbers that the update needs anew at each step, by the name of a scalar input.
  ///
  /// @param step the number of the step, from 1 on
  default Map<String, Float> scalars(long step) {
    return Map.of();
  }

  /// Stochastic gradient descent: w ← w − rate · g.
  static Sgd sgd(double rate) {
    return new Sgd(rate, 0, false, 0);
  }

  /// Adam with its usual settings: β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
  static Adam adam(double rate) {
    return new Adam(rate, 0.9, 0.999, 1e-8, 0, false);
  }

  /// Adam with weight decay apart from the gradient, 0.01 unless changed.
  static Adam adamW(double rate) {
    return new Adam(rate, 0.9, 0.999, 1e-8, 0.01, true);
  }

  /// The graph of a step under construction, as an optimiser sees it.
  ///
  /// @param builder applies operations
  /// @param rate the learning rate at this step, a scalar
  record Step(GraphBuilder builder, Node rate) {
    /// A tensor that the optimiser keeps for a weight from step to step; zeros at first.
    public Node.Parameter kept(String name, Node.Parameter weight) {
      return builder.parameter(KEPT + weight.name() + "." + name, weight.shape());
    }

    /// A number given anew at each step.
    public Node scalar(String name) {
      return builder.input(name, Shape.of());
    }
  }

  /// What the names of kept tensors begin with.
  String KEPT = "optimizer.";
}
