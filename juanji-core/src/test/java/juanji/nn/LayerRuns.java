package juanji.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import juanji.graph.GraphBuilder;
import juanji.graph.Interpreter;
import juanji.graph.Node;
import juanji.op.Exact;
import juanji.op.Reduction;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Runs models by definition, for tests that compare them with loops.
final class LayerRuns {
  private LayerRuns() {
  }

  /// Numbers from −1 to 1.
  static Tensor random(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor result = Tensor.zeros(shape);
    for (int i = 0; i < result.data().length; i++) {
      result.data()[i] = (float) random.nextDouble(-1, 1);
    }
    return result;
  }

  private static Map<String, Exact> given(Model model, Tensor x) {
    Map<String, Exact> given = new HashMap<>();
    model.weights().tensors().forEach((name, tensor) -> given.put(name, Exact.of(tensor)));
    given.put("x", Exact.of(x));
    given.put("step", new Exact(Shape.of(), new double[] {3}));
    return given;
  }

  /// A model's output in inference.
  static double[] infer(Model model, Tensor x) {
    return Interpreter.run(model.graph(), given(model, x)).outputs().get("y").data();
  }

  /// A model's output in training.
  static double[] train(Model model, Tensor x, long seed) {
    return Interpreter.run(model.graph(true, seed), given(model, x)).outputs().get("y").data();
  }

  /// Gradients of a loss with respect to the input and to each weight.
  record Gradients(Map<String, Exact> all) {
    double[] input() {
      return all.get("x").data();
    }

    double[] weight(String name) {
      return all.get(name).data();
    }
  }

  /// The gradients of Σ y² / 2.
  static Gradients gradients(Model model, Tensor x) {
    return gradients(model, x, false, 0);
  }

  /// The gradients of Σ y² / 2.
  static Gradients gradients(Model model, Tensor x, boolean training, long seed) {
    GraphBuilder builder = new GraphBuilder();
    Node input = builder.input("x", x.shape());
    Node y = model.trace(builder, input, training, seed).output();
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < y.shape().rank(); i++) {
      axes.add(i);
    }
    Node loss = builder.reshape(builder.affine(builder.apply(new Reduction.Sum(axes), builder.mul(y, y)), 0.5, 0),
        Shape.of());
    List<Node> wanted = new ArrayList<>(List.of(input));
    model.parameters().forEach(d -> wanted.add(builder.parameter(d.name(), d.shape())));
    var gradients = builder.gradients(loss, wanted);
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.get(i).name();
      gradients.get(i).ifPresent(g -> builder.output(name, g));
    }
    return new Gradients(Interpreter.run(builder.build(), given(model, x)).outputs());
  }
}
