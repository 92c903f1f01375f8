package juanji.testkit;

import java.util.List;
import java.util.stream.IntStream;
import juanji.op.Axis;
import juanji.op.Gather;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Samples of views that take elements in any order, and of their adjoints.
final class GatherSamples {
  private static final Window FOUR = Window.of(1, Axis.of(4));

  private GatherSamples() {
  }

  static List<Gather> kinds() {
    return List.of(new Gather.Take(0, List.of(0)), new Gather.TakeInput(0, List.of(0), 1), new Gather.Lookup(),
        new Gather.LookupInput(1), new Gather.Pick(FOUR));
  }

  static Sample one(Gather kind, Draw draw) {
    Shape x = draw.shape(draw.between(1, 4));
    int axis = draw.between(0, x.rank() - 1);
    int extent = x.dim(axis);
    List<Integer> index = places(extent, draw);
    int rows = draw.between(1, 6);
    Values ids = new Values.Whole(-1, rows);
    return switch (kind) {
      case Gather.Take _ -> Sample.of(new Gather.Take(axis, index), Values.SIGNED, x);
      case Gather.TakeInput _ ->
          Sample.of(new Gather.TakeInput(axis, index, extent), Values.SIGNED, x.with(axis, index.size()));
      case Gather.Lookup _ -> new Sample(new Gather.Lookup(), List.of(x, Shape.of(rows, draw.channels())),
          List.of(ids, Values.SIGNED));
      case Gather.LookupInput _ -> {
        int[] dims = IntStream.concat(IntStream.of(x.toArray()), IntStream.of(draw.channels())).toArray();
        yield new Sample(new Gather.LookupInput(rows), List.of(x, Shape.of(dims)), List.of(ids, Values.SIGNED));
      }
      case Gather.Pick _ -> {
        Window window = draw.window(draw.between(1, 2), true);
        Shape keys = draw.spatial(window.rank()).prepend(draw.channels()).prepend(draw.between(1, 3));
        yield new Sample(new Gather.Pick(window), List.of(keys, keys), List.of(new Values.Whole(-3, 3), Values.SIGNED));
      }
    };
  }

  /// Places of an axis: any, repeated, missing (−1), or the axis itself within a border.
  static List<Integer> places(int extent, Draw draw) {
    int border = draw.between(0, 3);
    return draw.oneIn(2) ? IntStream.range(-border, extent + border).mapToObj(i -> i < 0 || i >= extent
        ? draw.between(-1, extent - 1) : Integer.valueOf(i)).toList()
        : IntStream.range(0, extent + border).mapToObj(_ -> draw.between(-1, extent - 1)).toList();
  }

  static List<ErrorSample> errors(Gather kind) {
    Shape x = Shape.of(2, 3);
    return switch (kind) {
      case Gather.Take _ -> List.of(
          OpErrors.error(new Gather.Take(2, List.of(0)), List.of(x), "C1: the axis exists and its extent is known; "
              + "received axis 2 of 2 × 3.", "Name one of the input's axes other than the batch."),
          OpErrors.error(new Gather.Take(1, List.of(0, 3)), List.of(x), "C2: every index is −1 or from 0 to 2; "
              + "received 3 for axis 1 of 2 × 3.", "Take slices that the input has."),
          OpErrors.error(new Gather.Take(1, List.of(-2, 0)), List.of(x), "C2: every index is −1 or from 0 to 2; "
              + "received -2 for axis 1 of 2 × 3.", "Take slices that the input has."),
          OpErrors.error(new Gather.Take(1, List.of()), List.of(x), "C2: every index is −1 or from 0 to 2; "
              + "received none for axis 1 of 2 × 3.", "Take slices that the input has."));
      case Gather.TakeInput _ -> List.of(OpErrors.error(new Gather.TakeInput(1, List.of(0, 9, 1), 4), List.of(x),
          "C2: every index is −1 or from 0 to 3; received 9 for axis 1 of 2 × 3.", "Take slices that the input has."),
          OpErrors.error(new Gather.TakeInput(1, List.of(0, 1), 4), List.of(x),
          "C3: there are as many slices as indices, 2; received 2 × 3 for axis 1.",
          "Use the output that belongs to the input."));
      case Gather.Lookup op -> List.of(OpErrors.error(op, List.of(x, Shape.of(5)), "C1: the table is rows × features; "
          + "received 5.", "Give a table of two axes behind the ids."));
      case Gather.LookupInput op -> List.of(OpErrors.error(op, List.of(x, Shape.of(2, 4, 5)), "C2: there is one row of "
          + "features per id; received ids of 2 × 3 and 2 × 4 × 5.", "Use the output that belongs to the ids."));
      case Gather.Pick op -> List.of(OpErrors.error(op, List.of(Shape.of(2, 3, 7), Shape.of(2, 3, 6)), "C3: there is "
          + "one value for each element that is searched; received 2 × 3 × 6 for 2 × 3 × 7.",
          "Give both inputs the same shape."));
    };
  }
}
