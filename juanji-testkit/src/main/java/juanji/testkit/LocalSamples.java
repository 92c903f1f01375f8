package juanji.testkit;

import java.util.List;
import java.util.stream.IntStream;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.LocalContraction;
import juanji.op.Op;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Samples of convolutions whose weights differ from place to place.
final class LocalSamples {
  private static final Window THREE = Window.of(1, Axis.of(3));
  private static final Window SQUARE = Window.of(2, Axis.of(3));
  private static final Shape ONE = Shape.of(1);

  private LocalSamples() {
  }

  static List<LocalContraction> kinds() {
    return List.of(new LocalContraction.LocalConv(THREE, ONE), new LocalContraction.LocalInput(THREE, ONE, Shape.of(5)),
        new LocalContraction.LocalFilter(THREE, ONE));
  }

  static Sample one(LocalContraction kind, Draw draw) {
    int rank = draw.between(1, 2);
    int channels = draw.between(1, 5);
    int filters = draw.channels();
    Window window = draw.window(rank, false);
    Shape x = draw.spatial(rank).prepend(channels).prepend(draw.between(1, 3));
    // Refuses windows that do not fit.
    Shape y = new Contraction.Conv(window, 1).shape(List.of(x, window.kernel().prepend(channels).prepend(filters)));
    Shape tiles = Shape.of(IntStream.range(2, y.rank()).map(i -> draw.between(1, y.dim(i))).toArray());
    Shape w = LocalContraction.weights(window, tiles, channels, filters);
    return switch (kind) {
      case LocalContraction.LocalConv _ ->
          Sample.of(new LocalContraction.LocalConv(window, tiles), Values.SIGNED, x, w);
      case LocalContraction.LocalInput _ -> Sample.of(new LocalContraction.LocalInput(window, tiles,
          x.slice(2, x.rank())), Values.SIGNED, y, w);
      case LocalContraction.LocalFilter _ ->
          Sample.of(new LocalContraction.LocalFilter(window, tiles), Values.SIGNED, x, y);
    };
  }

  static List<ErrorSample> errors(LocalContraction kind) {
    Shape x = Shape.of(2, 6, 8, 9);
    Shape y = Shape.of(2, 4, 6, 7);
    Shape w = Shape.of(1, 1, 6, 3, 3, 4);
    String axes = "Use a window with as many axes as the input has spatial axes, or reshape the input.";
    String rank = "C1: a window over 2 axes takes %s of rank 4 (batch or filters, channels, 2 spatial); received %s.";
    String weights = "C1: the weights of a window over 2 axes have 6 axes (sets, channels, kernel, filters); received "
        + "1 × 6 × 3 × 3 × 4.";
    String extents = "Use one extent of sets and one of the kernel per spatial axis.";
    String sets = "C7: along each axis there are from 1 set of weights to as many as places; received 1 × 8 sets for "
        + "6 × 7 places.";
    String places = "C6: the window 3×3 takes 6 × 7 positions over 8 × 9; received 2 × 4 × 6 × 8.";
    String belong = "Use the spatial extents that belong to the output.";
    Shape thin = Shape.of(1, 6, 3, 3, 4);
    Shape many = Shape.of(1, 8);
    return switch (kind) {
      case LocalContraction.LocalConv _ -> {
        Op op = new LocalContraction.LocalConv(SQUARE, Shape.of(1, 1));
        yield List.of(refused(op, List.of(Shape.of(6, 8, 9), w), rank.formatted("an input",
                "6 × 8 × 9 and 1 × 1 × 6 × 3 × 3 × 4"), axes),
            refused(op, List.of(x, thin), weights, extents),
            refused(op, List.of(x, Shape.of(1, 1, 5, 3, 3, 4)), "C3: the weights are sets × channels × kernel × "
                + "filters, 1 × 1 × 6 × 3 × 3 × 4; received 1 × 1 × 5 × 3 × 3 × 4.",
                "Use weights of 1 × 1 × 6 × 3 × 3 × 4."),
            refused(op, List.of(Shape.of(2, 6, 8, 2), w), "C5: the window spans 3 cells along spatial axis 1, but the "
                + "input 2 × 6 × 8 × 2 has only 2 there, padding included.", "Use a kernel of at most 2 there, more "
                + "padding, or a larger input."),
            refused(new LocalContraction.LocalConv(SQUARE, many), List.of(x, Shape.of(1, 8, 6, 3, 3, 4)), sets,
                "Use at most 6 × 7 sets."));
      }
      case LocalContraction.LocalInput _ -> {
        Op op = new LocalContraction.LocalInput(SQUARE, Shape.of(1, 1), Shape.of(8, 9));
        yield List.of(refused(op, List.of(Shape.of(4, 6, 7), w), rank.formatted("y",
                "4 × 6 × 7 and 1 × 1 × 6 × 3 × 3 × 4"), axes),
            refused(op, List.of(y, thin), weights, extents),
            refused(op, List.of(y, Shape.of(1, 1, 6, 3, 3, 5)), "C3: the weights are sets × channels × kernel × "
                + "filters, 1 × 1 × 6 × 3 × 3 × 4; received 1 × 1 × 6 × 3 × 3 × 5.",
                "Use weights of 1 × 1 × 6 × 3 × 3 × 4."),
            refused(op, List.of(Shape.of(2, 4, 6, 8), w), places, belong),
            refused(new LocalContraction.LocalInput(SQUARE, many, Shape.of(8, 9)), List.of(y, w), sets,
                "Use at most 6 × 7 sets."));
      }
      case LocalContraction.LocalFilter _ -> {
        Op op = new LocalContraction.LocalFilter(SQUARE, Shape.of(1, 1));
        yield List.of(refused(op, List.of(x, Shape.of(4, 6, 7)), rank.formatted("x and y",
                "2 × 6 × 8 × 9 and 4 × 6 × 7"), axes),
            refused(op, List.of(x, Shape.of(3, 4, 6, 7)), "C2: x and y have the same batch; received 2 × 6 × 8 × 9 and "
                + "3 × 4 × 6 × 7.", "Use the output that belongs to the input."),
            refused(op, List.of(x, Shape.of(2, 4, 6, 8)), places, belong),
            refused(new LocalContraction.LocalFilter(SQUARE, many), List.of(x, y), sets, "Use at most 6 × 7 sets."));
      }
    };
  }

  private static ErrorSample refused(Op op, List<Shape> shapes, String constraint, String remedy) {
    return OpErrors.error(op, shapes, constraint, remedy);
  }
}
