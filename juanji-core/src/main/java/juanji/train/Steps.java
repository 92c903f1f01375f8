package juanji.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Tensor;

/// A training written by hand, step by step: for networks whose loss is not that of one class per sample, such as
/// detectors, networks that tell a class for each pixel, or generators. [Trainer] does the rest for all others.
///
/// ```java
/// Steps steps = Steps.of(unet, Optimizer.adam(0.001), (b, y) ->
///     b.apply(new Composite.MeanSquaredError(), y, b.input("wanted", unet.outputShape().batched())), 1, workers);
/// for (int i = 0; i < 100; i++) {
///   double loss = steps.step(Map.of("x", pictures, "wanted", maps));
/// }
/// Model trained = steps.model();
/// ```
public final class Steps {
  /// What is made small.
  public interface Objective {
    /// The loss as a node.
    ///
    /// @param builder takes further inputs and operations
    /// @param output the network's output in training
    /// @return a scalar
    Node of(GraphBuilder builder, Node output);
  }

  private final Model model;
  private final Optimizer optimizer;
  private final Workers workers;
  private final Graph graph;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<Map<String, Integer>, Session> sessions = new HashMap<>();
  private double factor = 1;
  private long done;

  private Steps(Model model, Optimizer optimizer, Graph graph, Workers workers) {
    this.model = model;
    this.optimizer = optimizer;
    this.graph = graph;
    this.workers = workers;
    model.weights().tensors().forEach((name, tensor) -> tensors.put(name, tensor.copy()));
    graph.parameters().stream().filter(p -> p.name().startsWith(Optimizer.KEPT))
        .forEach(p -> tensors.put(p.name(), Optimizer.Step.origin(p.name()).map(w -> tensors.get(w).copy())
            .orElseGet(() -> Tensor.zeros(p.shape()))));
  }

  /// The steps of a network towards a smaller loss.
  ///
  /// @param model where it starts from; it is not changed
  /// @param seed what random masks are drawn from
  /// @throws IllegalArgumentException if the loss is no scalar
  public static Steps of(Model model, Optimizer optimizer, Objective objective, long seed, Workers workers) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input("x", model.input().shape().batched());
    Model.Traced traced = model.trace(b, x, true, seed);
    Node loss = objective.of(b, traced.output());
    TrainingGraph.minimize(b, loss, traced.trace(), optimizer, List.of());
    return new Steps(model, optimizer, b.output("loss", loss).build(), workers);
  }

  /// Takes a step.
  ///
  /// @param given a batch `x` of samples, and a tensor for each input that the loss or a layer takes
  /// @return the loss before the step
  /// @throws TrainingException if it is no number
  /// @throws juanji.plan.PlanException if an input is missing or does not fit
  public double step(Map<String, Tensor> given) {
    Map<String, Tensor> all = new HashMap<>(given);
    all.put("rate", Tensor.scalar((float) (factor * optimizer.rate())));
    all.put("step", Tensor.scalar(done));
    optimizer.scalars(done + 1).forEach((name, value) -> all.put(name, Tensor.scalar(value)));
    Map<String, Integer> sizes = new TreeMap<>();
    graph.inputs().stream().filter(i -> !i.shape().bound() && given.containsKey(i.name()))
        .forEach(i -> sizes.put(i.name(), given.get(i.name()).shape().dim(0)));
    float loss = sessions.computeIfAbsent(sizes, this::session).run(all).get("loss").data()[0];
    if (!Float.isFinite(loss)) {
      throw new TrainingException("the loss is no longer a number after step " + (done + 1) + ".\n"
          + "  C4: the loss stays finite; received " + loss + " at a learning rate of " + factor * optimizer.rate()
          + ".\n  Use a lower learning rate.");
    }
    done++;
    return loss;
  }

  private Session session(Map<String, Integer> sizes) {
    Map<String, Integer> others = new TreeMap<>(sizes);
    Integer batch = others.remove("x");
    if (batch == null) {
      throw new IllegalArgumentException("a step needs samples.\n"
          + "  C1: a tensor is given as 'x'; received " + sizes.keySet() + ".\n"
          + "  Give one with a batch axis in front.");
    }
    return new Session(Compiler.compile(graph, batch, others, Target.best()), tensors, workers);
  }

  /// Multiplies the optimiser's rate in the steps from now on, as a schedule does.
  public void rateFactor(double value) {
    factor = value;
  }

  /// The network with the weights that it has now.
  public Model model() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    model.parameters().forEach(d -> weights.put(d.name(), optimizer.evaluated()
        .map(copy -> tensors.get(Optimizer.Step.copy(copy, d.name()))).orElse(tensors.get(d.name())).copy()));
    return model.withWeights(Weights.of(weights));
  }
}
