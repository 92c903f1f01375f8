package juanji.explain;

import java.util.List;
import java.util.Map;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Tensor;

/// The gradient of a mixture of a layer's outputs with respect to the network's input. Only the part of the network up
/// to the layer is run.
final class LayerSlope {
  private final Model model;
  private final GraphBuilder builder = new GraphBuilder();
  private final Workers workers;
  private final boolean there;

  private LayerSlope(Model model, String path, Workers workers) {
    this.model = model;
    this.workers = workers;
    Node x = builder.input("x", model.input().shape().batched());
    Node y = model.trace(builder, x, false, 0).trace().outputs().get(path);
    Node mix = builder.input("mix", y.shape());
    var g = builder.gradients(y, mix, List.of(x)).getFirst();
    there = g.isPresent();
    g.ifPresent(node -> builder.output("g", node));
    builder.output("y", y);
  }

  static LayerSlope of(Model model, String path, Workers workers) {
    return new LayerSlope(model, path, workers);
  }

  /// The gradient for a batch and a mixture of the layer's outputs. What does not take part gets exactly 0: algorithms
  /// that compute several places at once, such as Winograd's, would leave rounding there.
  Tensor run(Tensor batch, Tensor mix) {
    if (!there) {
      return Tensor.zeros(batch.shape());
    }
    return new Session(Compiler.compile(builder.build(), batch.shape().dim(0), Target.best().exact()),
        model.weights().tensors(), workers).run(Map.of("x", batch, "mix", mix)).get("g");
  }
}
