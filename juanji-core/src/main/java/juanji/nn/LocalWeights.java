package juanji.nn;

import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Gather;
import juanji.op.LocalContraction;
import juanji.op.ShapeException;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Writes convolutions with sets of weights into graphs: their weights, and a bias per filter and set.
final class LocalWeights {
  private LocalWeights() {
  }

  /// How many sets of weights there are along a spatial axis with so many places.
  interface Sets {
    int along(int axis, int places);
  }

  static Node apply(Trace trace, BorderedLayer<?> layer, int filters, Sets sets, Node x) {
    layer.checkInput(trace, x);
    Sliding.Bordered bordered = layer.sliding.bordered(trace, layer, x);
    Window window = bordered.window();
    Shape shape = bordered.x().shape();
    Shape out = window.output(shape.slice(2, shape.rank()));
    int channels = shape.dim(1);
    if (IntStream.range(0, out.rank()).anyMatch(i -> out.dim(i) < 1)) {
      throw trace.refusal(layer.kind(), "C5: the window fits into the padded input; received " + window + " for "
          + x.shape() + ".", "Use a smaller kernel, more padding, or a larger input.", x.shape());
    }
    Shape tiles = Shape.of(IntStream.range(0, out.rank()).map(i -> Math.min(out.dim(i), sets.along(i, out.dim(i))))
        .toArray());
    Shape weights;
    try {
      weights = LocalContraction.weights(window, tiles, channels, filters);
    } catch (IllegalArgumentException e) {
      throw tooMany(trace, layer, x);
    }
    Node weight = trace.parameter("weight", weights, Initializer.withFans(layer.start(),
        (long) channels * window.taps(), (long) filters * window.taps()));
    Node y = trace.apply(new LocalContraction.LocalConv(window, tiles), bordered.x(), weight);
    if (!layer.bias()) {
      return y;
    }
    Node bias = trace.parameter("bias", tiles.prepend(filters), Initializer.zeros(), false);
    for (int i = 0; i < out.rank(); i++) {
      int own = tiles.dim(i);
      if (own > 1 && own < out.dim(i)) {
        bias = trace.apply(new Gather.Take(1 + i, IntStream.range(0, out.dim(i)).map(p -> p % own).boxed().toList()),
            bias);
      }
    }
    return trace.add(y, bias);
  }

  private static ShapeException tooMany(Trace trace, Layer layer, Node x) {
    return trace.refusal(layer.kind(), "C7: the number of weights fits in 63 bits; received " + x.shape() + ".",
        "Pool or stride before it.", x.shape());
  }
}
