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

  /// Which places share weights.
  interface Sets {
    /// How many sets of weights there are along a spatial axis with so many places.
    int along(int axis, int places);

    /// The set of a place along an axis.
    int of(int axis, int place);
  }

  /// Weights of their own at each place.
  static final Sets UNSHARED = new Sets() {
    @Override public int along(int axis, int places) {
      return places;
    }

    @Override public int of(int axis, int place) {
      return place;
    }
  };

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
    Shape tiles = Shape.of(IntStream.range(0, out.rank()).map(i -> sets.along(i, out.dim(i))).toArray());
    Shape weights;
    try {
      weights = LocalContraction.weights(window, tiles, channels, filters);
    } catch (IllegalArgumentException e) {
      throw tooMany(trace, layer, x);
    }
    Node weight = trace.parameter("weight", weights, Initializer.withFans(layer.start(),
        (long) channels * window.taps(), (long) filters * window.taps()));
    // The operation repeats its sets along each axis; where the layer shares them otherwise, they are laid out first.
    Shape laid = Shape.of(IntStream.range(0, out.rank()).map(i -> repeats(sets, tiles, out, i) ? tiles.dim(i)
        : out.dim(i)).toArray());
    for (int i = 0; i < out.rank(); i++) {
      weight = repeats(sets, tiles, out, i) ? weight : spread(trace, weight, i, sets, i, out.dim(i));
    }
    Node y = trace.apply(new LocalContraction.LocalConv(window, laid), bordered.x(), weight);
    if (!layer.bias()) {
      return y;
    }
    Node bias = trace.parameter("bias", tiles.prepend(filters), Initializer.zeros(), false);
    for (int i = 0; i < out.rank(); i++) {
      bias = tiles.dim(i) > 1 && tiles.dim(i) < out.dim(i) ? spread(trace, bias, 1 + i, sets, i, out.dim(i)) : bias;
    }
    return trace.add(y, bias);
  }

  private static boolean repeats(Sets sets, Shape tiles, Shape out, int axis) {
    return IntStream.range(0, out.dim(axis)).allMatch(p -> sets.of(axis, p) == p % tiles.dim(axis));
  }

  /// One slice per place, from one per set.
  private static Node spread(Trace trace, Node x, int along, Sets sets, int axis, int places) {
    return trace.apply(new Gather.Take(along, IntStream.range(0, places).map(p -> sets.of(axis, p)).boxed().toList()),
        x);
  }

  private static ShapeException tooMany(Trace trace, Layer layer, Node x) {
    return trace.refusal(layer.kind(), "C7: the number of weights fits in 63 bits; received " + x.shape() + ".",
        "Pool or stride before it.", x.shape());
  }
}
