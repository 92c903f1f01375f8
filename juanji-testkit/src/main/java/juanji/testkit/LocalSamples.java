package juanji.testkit;

import java.util.List;
import java.util.stream.IntStream;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.LocalContraction;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Samples of convolutions whose weights differ from place to place.
final class LocalSamples {
  private static final Window THREE = Window.of(1, Axis.of(3));
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
    Shape x = Shape.of(2, 4, 9);
    Shape y = Shape.of(2, 5, 7);
    return switch (kind) {
      case LocalContraction.LocalConv _ -> List.of(
          OpErrors.error(new LocalContraction.LocalConv(THREE, ONE), List.of(x, Shape.of(4, 3, 5)), "C1: the weights "
              + "of a window over 1 axes have 4 axes (sets, channels, kernel, filters); received 4 × 3 × 5.",
              "Use one extent of sets and one of the kernel per spatial axis."),
          OpErrors.error(new LocalContraction.LocalConv(THREE, ONE), List.of(x, Shape.of(1, 3, 3, 5)), "C3: the "
              + "weights are sets × channels × kernel × filters, 1 × 4 × 3 × 5; received 1 × 3 × 3 × 5.",
              "Use weights of 1 × 4 × 3 × 5."),
          OpErrors.error(new LocalContraction.LocalConv(THREE, Shape.of(8)), List.of(x, Shape.of(8, 4, 3, 5)), "C7: "
              + "along each axis there are from 1 set of weights to as many as places; received 8 sets for 7 places.",
              "Use at most 7 sets."));
      case LocalContraction.LocalInput _ -> List.of(OpErrors.error(new LocalContraction.LocalInput(THREE, ONE,
          Shape.of(8)), List.of(y, Shape.of(1, 4, 3, 5)), "C6: the window 3 takes 6 positions over 8; received 2 × 5 × "
          + "7.", "Use the spatial extents that belong to the output."));
      case LocalContraction.LocalFilter op -> List.of(OpErrors.error(op, List.of(x, Shape.of(3, 5, 7)), "C2: x and y "
          + "have the same batch; received 2 × 4 × 9 and 3 × 5 × 7.", "Use the output that belongs to the input."));
    };
  }
}
