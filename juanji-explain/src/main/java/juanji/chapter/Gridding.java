package juanji.chapter;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.input;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Weights;
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

  /// The counts for 3 × 3 kernels of these dilations over just the cells that the stack can see.
  static float[] counts(int... dilations) {
    int side = 1;
    Layer[] layers = new Layer[dilations.length];
    for (int i = 0; i < dilations.length; i++) {
      side += 2 * dilations[i];
      layers[i] = conv(1, 3).dilation(dilations[i]).noBias();
    }
    return counts(Model.of(input(1, side, side), layers));
  }

  /// The counts for a network of one channel without biases, summed over its outputs.
  static float[] counts(Model model) {
    Map<String, Tensor> ones = new LinkedHashMap<>();
    model.parameters().forEach(d -> ones.put(d.name(), Tensor.full(d.shape(), 1)));
    Model counting = model.withWeights(Weights.of(ones));
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
  static int untouched(int... dilations) {
    int count = 0;
    for (float c : counts(dilations)) {
      count += c == 0 ? 1 : 0;
    }
    return count;
  }

  static Drawing drawing(int... dilations) {
    float[] counts = counts(dilations);
    int side = (int) Math.round(Math.sqrt(counts.length));
    return HeatMap.of(side, side, counts).side(180).cells();
  }
}
