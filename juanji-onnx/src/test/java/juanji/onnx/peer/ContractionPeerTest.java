package juanji.onnx.peer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Contraction;
import juanji.op.Window;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.Draw;
import org.junit.jupiter.api.Test;

/// Convolution and transposed convolution are ONNX Runtime's.
class ContractionPeerTest {
  private static final int OPSET = 22;

  @Test void convolutions() {
    Comparison.all(1, 700, ContractionPeerTest::convolution);
  }

  private static Comparison convolution(Draw draw) {
    int rank = draw.of(List.of(1, 2, 2, 3));
    Sliding sliding = Sliding.draw(draw, rank, false);
    boolean depthwise = draw.oneIn(5);
    int groups = depthwise ? draw.channels() : draw.of(List.of(1, 1, 2, 3));
    int channels = depthwise ? groups : groups * draw.between(1, 9);
    int filters = groups * (depthwise ? draw.between(1, 2) : draw.between(1, 9));
    Window window = sliding.window();
    Shape x = draw.spatial(rank).prepend(channels).prepend(draw.between(1, 3));
    Shape w = window.kernel().prepend(channels / groups).prepend(filters);
    GraphBuilder b = new GraphBuilder();
    Node y = b.apply(new Contraction.Conv(window, groups), b.input("x", x), b.parameter("w", w));
    OnnxModel model = new OnnxModel(OPSET).input("x", x).input("w", w).output("y", false, rank + 2);
    Map<String, Tensor> parameters = new LinkedHashMap<>(Map.of("w", Comparison.numbers(draw, w)));
    OnnxNode node;
    if (draw.oneIn(2)) {
      y = biased(b, y);
      parameters.put("b", Comparison.numbers(draw, Shape.of(filters)));
      node = model.input("b", Shape.of(filters)).node("Conv", List.of("x", "w", "b"), List.of("y"));
    } else {
      node = model.node("Conv", List.of("x", "w"), List.of("y"));
    }
    sliding.onto(node).number("group", groups);
    return new Comparison(window + " in " + groups + " groups, " + filters + " filters of " + x, model,
        b.output("y", y).build(), Map.of("x", Comparison.numbers(draw, x)), parameters);
  }

  private static Node biased(GraphBuilder b, Node y) {
    Node bias = b.parameter("b", Shape.of(y.shape().dim(1)));
    Shape column = Shape.of(IntStream.range(1, y.shape().rank()).map(i -> i == 1 ? y.shape().dim(1) : 1).toArray());
    return b.add(y, b.reshape(bias, column));
  }

  @Test void transposedConvolutions() {
    Comparison.all(2, 400, ContractionPeerTest::transposedConvolution);
  }

  private static Comparison transposedConvolution(Draw draw) {
    int rank = draw.of(List.of(1, 2, 2, 3));
    Sliding sliding = Sliding.draw(draw, rank, false);
    int groups = draw.of(List.of(1, 1, 2, 3));
    int channels = groups * draw.between(1, 9);
    int filters = groups * draw.between(1, 9);
    Window window = sliding.window();
    Shape x = draw.spatial(rank).prepend(channels).prepend(draw.between(1, 3));
    Shape w = window.kernel().prepend(filters / groups).prepend(channels);
    // Same padding means an output of input · stride cells.
    boolean same = sliding.autoPad().startsWith("SAME");
    int[] extra = window.axes().stream().mapToInt(a -> same ? a.stride() - 1 : draw.between(0, a.stride() - 1))
        .toArray();
    int[] spatial = IntStream.range(0, rank)
        .map(i -> window.axes().get(i).transposed(x.dim(2 + i), extra[i])).toArray();
    Comparison.demand(IntStream.of(spatial).allMatch(d -> d >= 1));
    OnnxModel model = new OnnxModel(OPSET).input("x", x).input("w", w).output("y", false, rank + 2);
    OnnxNode node = sliding.onto(model.node("ConvTranspose", List.of("x", "w"), List.of("y"))).number("group", groups);
    if (!same) {
      node.numbers("output_padding", extra);
    }
    GraphBuilder b = new GraphBuilder();
    Node y = b.apply(new Contraction.ConvInput(window, groups, Shape.of(spatial)), b.input("x", x),
        b.parameter("w", w));
    return new Comparison("transposed " + window + " in " + groups + " groups, " + filters + " filters of " + x, model,
        b.output("y", y).build(), Map.of("x", Comparison.numbers(draw, x)), Map.of("w", Comparison.numbers(draw, w)));
  }
}
