package juanji.lab;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.input;

import java.util.List;
import java.util.Map;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// In how many ways each cell of the input reaches the only output of a stack of convolutions: all weights are 1, and
/// the gradient counts.
final class Gridding {
  private Gridding() {
  }

  /// The counts for square kernels of these dilations over just the cells that the stack can see.
  static float[] counts(int kernel, List<Integer> dilations) {
    int side = field(kernel, dilations);
    return counts(Model.of(input(1, side, side), stack(kernel, dilations)));
  }

  /// A stack of convolutions of one channel.
  static Layer[] stack(int kernel, List<Integer> dilations) {
    return dilations.stream().map(d -> (Layer) conv(1, kernel).dilation(d).noBias()).toArray(Layer[]::new);
  }

  /// How many cells such a stack can see along each side, by the formula 1 + Σ d (k − 1).
  static int field(int kernel, List<Integer> dilations) {
    return 1 + dilations.stream().mapToInt(d -> d * (kernel - 1)).sum();
  }

  /// The counts for a network of one channel without biases, summed over its outputs.
  static float[] counts(Model model) {
    Model counting = Desk.counting(model);
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().prepend(1));
    Node y = counting.trace(builder, x, false, 0).output();
    builder.output("g", builder.gradients(y, builder.constant(Tensor.full(y.shape(), 1)), List.of(x))
        .getFirst().orElseThrow());
    try (Workers workers = Workers.of(1)) {
      return new Session(Compiler.compile(builder.build(), 1, Target.best()), counting.weights().tensors(), workers)
          .run(Map.of("x", Tensor.zeros(Shape.of(x.shape().toArray())))).get("g").data();
    }
  }

  /// How many cells do not reach the output at all.
  static int untouched(int kernel, List<Integer> dilations) {
    int count = 0;
    for (float c : counts(kernel, dilations)) {
      count += c == 0 ? 1 : 0;
    }
    return count;
  }

  static Drawing drawing(int kernel, List<Integer> dilations) {
    float[] counts = counts(kernel, dilations);
    int side = (int) Math.round(Math.sqrt(counts.length));
    return HeatMap.of(side, side, counts).side(200).cells();
  }
}
