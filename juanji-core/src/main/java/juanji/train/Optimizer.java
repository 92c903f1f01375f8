package juanji.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Declaration;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.tensor.Shape;

/// How gradients change weights: an update that becomes part of the training step's graph.
///
/// `toString` gives back the code that makes an optimiser; on the command line, it is a word with settings ([#named]).
///
/// ```java
/// Trainer.of(model).optimizer(Optimizer.sgd(0.05).momentum(0.9));
/// Trainer.of(model).optimizer(Optimizer.adamW(0.001).clipNorm(1).average(0.999));
/// ```
public interface Optimizer {
  /// What the names of kept tensors begin with.
  String KEPT = "optimizer.";

  /// The learning rate before any schedule.
  double rate();

  /// This optimiser with another learning rate.
  Optimizer rate(double value);

  /// Adds the update of all weights to the graph.
  ///
  /// @param step where the nodes go, and what the optimiser may keep from step to step
  /// @param weights the weights with their gradients
  /// @return the weights' new values, in the same order
  List<Node> update(Step step, List<Weight> weights);

  /// Adds what the optimiser keeps of the weights' final values, after penalties have been applied to them.
  ///
  /// @param values the new values, in the order of the weights
  default void finish(Step step, List<Weight> weights, List<Node> values) {
  }

  /// Numbers that the update needs anew at each step, by the name of a scalar input.
  ///
  /// @param step the number of the step, from 1 on
  default Map<String, Float> scalars(long step) {
    return Map.of();
  }

  /// The name of the kept copy of each weight that models are evaluated and kept with; empty if that is the weights
  /// themselves.
  default Optional<String> evaluated() {
    return Optional.empty();
  }

  /// This optimiser with gradients scaled down so that the root of the sum of all their squares is at most `limit`.
  default Optimizer clipNorm(double limit) {
    return new Clipping(this, limit, true);
  }

  /// This optimiser with each element of the gradients limited to −limit … limit.
  default Optimizer clipValue(double limit) {
    return new Clipping(this, limit, false);
  }

  /// This optimiser with models evaluated by a moving average of the weights, which forgets a share of 1 − decay at
  /// each step.
  default Optimizer average(double decay) {
    return new Averaging(this, decay);
  }

  /// This optimiser with slow weights that follow every few steps.
  default Optimizer lookingAhead(int every, double share) {
    return new LookingAhead(this, every, share);
  }

  /// This optimiser with a rate of its own for some layers: the rate times a factor, by the layers' paths; the longest
  /// path that fits counts.
  default Optimizer layerRates(Map<String, Double> factors) {
    return new LayerRates(this, factors);
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

  /// RMSprop with α = 0.99 and ε = 10⁻⁸.
  static RmsProp rmsProp(double rate) {
    return new RmsProp(rate, 0.99, 1e-8, 0, 0);
  }

  /// Adagrad with ε = 10⁻¹⁰.
  static Adagrad adagrad(double rate) {
    return new Adagrad(rate, 1e-10, 0);
  }

  /// Adadelta with ρ = 0.95 and ε = 10⁻⁶; a rate of 1 is usual.
  static Adadelta adadelta(double rate) {
    return new Adadelta(rate, 0.95, 1e-6, 0);
  }

  /// LARS with a trust of 0.001, a momentum of 0.9 and no weight decay.
  static Lars lars(double rate) {
    return new Lars(rate, 0.001, 0.9, 0);
  }

  /// LAMB with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁶ and a weight decay of 0.01.
  static Lamb lamb(double rate) {
    return new Lamb(rate, 0.9, 0.999, 1e-6, 0.01);
  }

  /// An optimiser by the word that names it on the command line, with settings behind colons or commas, as in
  /// `sgd:momentum=0.9,clip-norm=1`: `sgd` (momentum, nesterov), `adam` and `adamw` (beta1, beta2), `rmsprop` (alpha,
  /// momentum), `adagrad`, `adadelta` (rho), `lars` (trust, momentum), `lamb` (beta1, beta2). All have decay,
  /// clip-norm, clip-value, average, and look-ahead (its number of steps).
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it has no such setting
  static Optimizer named(String name, double rate) {
    return Optimizers.named(name, rate);
  }

  /// A weight in training.
  ///
  /// @param parameter the weight
  /// @param declaration what was said of it: whether decay applies
  /// @param gradient the loss's gradient, of the weight's shape
  record Weight(Node.Parameter parameter, Declaration declaration, Node gradient) {
    /// The same weight with another gradient.
    public Weight gradient(Node other) {
      return new Weight(parameter, declaration, other);
    }

    /// The gradient, with decay · w added where decay applies.
    public Node decayed(GraphBuilder builder, double decay) {
      return decay > 0 && declaration.decays() ? builder.add(gradient, builder.affine(parameter, decay, 0)) : gradient;
    }
  }

  /// An optimiser that updates each weight by its own gradient alone.
  interface Weightwise extends Optimizer {
    /// Adds the update of one weight to the graph.
    ///
    /// @return the weight's new value
    Node update(Step step, Weight weight);

    @Override default List<Node> update(Step step, List<Weight> weights) {
      return weights.stream().map(w -> update(step, w)).toList();
    }
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

    /// A tensor that the optimiser keeps for a weight from step to step; what the weight is at first.
    public Node.Parameter copied(String name, Node.Parameter weight) {
      return builder.parameter(copy(name, weight.name()), weight.shape());
    }

    /// The name of a tensor from [#copied]. No weight's name has an equals sign.
    static String copy(String name, String weight) {
      return KEPT + "=" + weight + "." + name;
    }

    /// The weight that a kept tensor starts from; empty if it starts from zeros.
    static Optional<String> origin(String kept) {
      String start = KEPT + "=";
      return kept.startsWith(start) ? Optional.of(kept.substring(start.length(), kept.lastIndexOf('.')))
          : Optional.empty();
    }

    /// A number given anew at each step.
    public Node scalar(String name) {
      return builder.input(name, Shape.of());
    }

    /// The weight less rate · direction.
    public Node moved(Node.Parameter weight, Node direction) {
      return builder.sub(weight, builder.mul(direction, rate));
    }

    /// A kept tensor that forgets: decay · kept + share · value, which also becomes its new value.
    public Node mixed(Node.Parameter kept, double decay, Node value, double share) {
      Node mix = builder.add(builder.affine(kept, decay, 0), builder.affine(value, share, 0));
      builder.update(kept, mix);
      return mix;
    }

    /// The sum of a value's squares, a scalar.
    public Node squares(Node value) {
      List<Integer> axes = IntStream.range(0, value.shape().rank()).boxed().toList();
      return builder.reshape(builder.apply(new Reduction.Sum(axes), builder.mul(value, value)), Shape.of());
    }

    /// The root of the sum of a value's squares, a scalar.
    public Node norm(Node value) {
      return builder.apply(new Pointwise.Sqrt(), squares(value));
    }
  }
}
