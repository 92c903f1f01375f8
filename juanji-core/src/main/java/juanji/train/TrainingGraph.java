package juanji.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Declaration;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.tensor.Shape;

/// One training step as a graph: the network in training mode, the loss, its gradients and the optimiser's update.
///
/// Inputs: `x` (N × sample), `classes` (N), `rate` (scalar), `step` (scalar, if something is random) and the
/// optimiser's scalars. Outputs: `loss` (scalar, that of auxiliary heads included) and `scores` (N × K). Updates: the
/// trained weights, running statistics and what the optimiser keeps.
public final class TrainingGraph {
  private TrainingGraph() {
  }

  /// The graph of a step.
  ///
  /// @param seed what random masks are drawn from
  /// @throws IllegalArgumentException if the network's output is not one score per class, or nothing can be trained
  public static Graph of(Model model, Loss loss, Optimizer optimizer, long seed) {
    return of(model, loss, optimizer, List.of(), seed);
  }

  /// The graph of a step with penalties on weights.
  ///
  /// @param penalties what large weights cost, in the order in which they are applied
  /// @param seed what random masks are drawn from
  /// @throws IllegalArgumentException if the network's output is not one score per class, or nothing can be trained
  public static Graph of(Model model, Loss loss, Optimizer optimizer, List<Penalty> penalties, long seed) {
    return of(model, loss, optimizer, penalties, seed, false);
  }

  /// @param shares whether targets are N × K shares of classes rather than N class numbers
  static Graph of(Model model, Loss loss, Optimizer optimizer, List<Penalty> penalties, long seed, boolean shares) {
    if (model.outputShape().rank() != 1) {
      throw new IllegalArgumentException("this network cannot be trained to tell classes apart.\n"
          + "  C1: its output is one score per class; received an output of " + model.outputShape() + ".\n"
          + "  End it with flatten() and dense(classes), or with globalAvgPool() and dense(classes).");
    }
    GraphBuilder b = new GraphBuilder();
    Node x = b.input("x", model.input().shape().batched());
    Model.Traced traced = model.trace(b, x, true, seed);
    Node classes = b.input("classes", shares ? model.outputShape().batched() : Shape.of(Shape.UNBOUND));
    Node value = loss.of(b, traced.output(), classes);
    for (Trace.Scores more : traced.trace().auxiliaries()) {
      value = b.add(value, b.affine(loss.of(b, more.scores(), classes), more.weight(), 0));
    }
    minimize(b, value, traced.trace(), optimizer, penalties);
    return b.output("loss", value).output("scores", traced.output()).build();
  }

  /// Adds to a graph under construction what makes a number smaller: its gradients and the update of the weights that a
  /// network declared, for losses that are not those of classes.
  ///
  /// @param loss a scalar
  /// @param trace what the network declared
  public static void minimize(GraphBuilder b, Node loss, Trace trace, Optimizer optimizer, List<Penalty> penalties) {
    Map<String, Declaration> trainable = new LinkedHashMap<>();
    trace.declarations().stream().filter(Declaration::trainable).forEach(d -> trainable.put(d.name(), d));
    List<Node.Parameter> weights = new ArrayList<>();
    trainable.values().forEach(d -> weights.add(b.parameter(d.name(), d.shape())));
    List<Optional<Node>> gradients = b.gradients(loss, weights);
    List<Optimizer.Weight> moving = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      Node.Parameter weight = weights.get(i);
      gradients.get(i).ifPresent(g -> moving.add(new Optimizer.Weight(weight, trainable.get(weight.name()), g)));
    }
    if (!moving.isEmpty()) {
      update(b, moving, optimizer, penalties);
    }
  }

  private static void update(GraphBuilder b, List<Optimizer.Weight> weights, Optimizer optimizer,
      List<Penalty> penalties) {
    penalties.forEach(p -> p.check(weights));
    List<Optimizer.Weight> penalised = weights;
    for (Penalty penalty : penalties) {
      penalised = penalised.stream().map(w -> penalty.penalised(b, w)).toList();
    }
    Optimizer.Step step = new Optimizer.Step(b, b.input("rate", Shape.of()));
    List<Node> values = new ArrayList<>(optimizer.update(step, penalised));
    for (int i = 0; i < values.size(); i++) {
      for (Penalty penalty : penalties) {
        values.set(i, penalty.limited(b, penalised.get(i), values.get(i)));
      }
      b.update(penalised.get(i).parameter(), values.get(i));
    }
    optimizer.finish(step, penalised, values);
  }
}
