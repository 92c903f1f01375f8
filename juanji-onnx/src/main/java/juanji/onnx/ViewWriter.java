package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.onnx.proto.AttributeProto;
import juanji.op.Border;
import juanji.op.Gather;
import juanji.op.View;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Operations that move elements as ONNX operators.
final class ViewWriter {
  private ViewWriter() {
  }

  /// @return empty where only training needs the operation
  static Optional<String> write(Sheet sheet, View op, List<String> in, List<Shape> shapes, Shape y) {
    return Optional.ofNullable(switch (op) {
      case View.Reshape _ -> sheet.reshape(in.getFirst(), y);
      case View.Permute(List<Integer> order) -> sheet.transpose(in.getFirst(), order.toArray(Integer[]::new));
      case View.Slice(int axis, int from, int to) -> sheet.apply("Slice", List.of(in.getFirst(), sheet.wholes(from),
          sheet.wholes(to), sheet.wholes(axis)));
      case View.Pad(int axis, int before, int after, double value) ->
          sheet.pad(in.getFirst(), at(axis, before, y), at(axis, after, y), value);
      case View.Concat(int axis) -> sheet.apply("Concat", in, AttributeProto.of("axis", axis));
      case View.Expand(boolean averaging) -> expand(sheet, averaging, in);
      case Gather.Take take -> take(sheet, take, in.getFirst(), shapes.getFirst());
      case Gather.Lookup _ -> lookup(sheet, in, shapes.get(1));
      case Gather.Pick pick -> WindowWriter.pick(sheet, pick.window(), in, shapes.getFirst());
      // Gradients.
      case Gather.TakeInput _, Gather.LookupInput _ -> null;
    });
  }

  private static int[] at(int axis, int cells, Shape y) {
    int[] all = new int[y.rank()];
    all[axis] = cells;
    return all;
  }

  private static String expand(Sheet sheet, boolean averaging, List<String> in) {
    String shape = sheet.apply("Shape", List.of(in.get(1)));
    String wide = sheet.apply("Expand", List.of(in.get(0), shape));
    if (!averaging) {
      return wide;
    }
    String from = sheet.real(sheet.apply("Size", List.of(in.get(0))));
    String to = sheet.real(sheet.apply("Size", List.of(in.get(1))));
    return sheet.apply("Mul", List.of(wide, sheet.apply("Div", List.of(from, to))));
  }

  /// Borders by their names; else slices by their numbers, where −1 names one of zeros behind all others.
  private static String take(Sheet sheet, Gather.Take op, String x, Shape shape) {
    int extent = shape.dim(op.axis());
    for (Border border : Border.values()) {
      int before = op.shift().orElse(-1);
      int after = op.index().size() - extent - before;
      if (border != Border.ZERO && before >= 0 && border.fits(extent, before, after) && before <= extent
          && after <= extent && (border != Border.CIRCULAR || sheet.opset() >= 19)
          && border.pad(op.axis(), extent, before, after).equals(op)) {
        long[] pads = new long[2 * shape.rank()];
        pads[op.axis()] = before;
        pads[shape.rank() + op.axis()] = after;
        return sheet.apply("Pad", List.of(x, sheet.wholes(pads)), AttributeProto.of("mode", switch (border) {
          case ZERO -> "constant";
          case REFLECT -> "reflect";
          case REPLICATE -> "edge";
          case CIRCULAR -> "wrap";
        }));
      }
    }
    String from = x;
    if (op.index().contains(-1)) {
      from = sheet.pad(x, new int[shape.rank()], at(op.axis(), 1, shape), 0);
    }
    long[] index = op.index().stream().mapToLong(i -> i < 0 ? extent : i).toArray();
    return sheet.apply("Gather", List.of(from, sheet.wholes(index)), AttributeProto.of("axis", op.axis()));
  }

  /// Rows of a table. What names no row names one of zeros behind all others.
  private static String lookup(Sheet sheet, List<String> in, Shape table) {
    String ids = in.get(0);
    String rows = sheet.number(table.dim(0));
    String whole = sheet.apply("Equal", List.of(ids, sheet.apply("Floor", List.of(ids))));
    String high = sheet.apply("Less", List.of(ids, rows));
    String low = sheet.apply("Less", List.of(ids, sheet.number(0)));
    String inside = sheet.apply("And", List.of(high, sheet.apply("Not", List.of(low))));
    String named = sheet.apply("And", List.of(whole, inside));
    String row = sheet.whole(sheet.apply("Where", List.of(named, ids, rows)));
    String zeros = sheet.constant(Tensor.zeros(Shape.of(1, table.dim(1))));
    String all = sheet.apply("Concat", List.of(in.get(1), zeros), AttributeProto.of("axis", 0));
    return sheet.apply("Gather", List.of(all, row), AttributeProto.of("axis", 0));
  }

  /// The axes from one on, or those given, all in one place of the shape.
  static boolean spatial(List<Integer> axes, Shape x) {
    return x.rank() >= 3 && axes.stream().sorted().toList().equals(IntStream.range(2, x.rank()).boxed().toList());
  }

  /// A shape of ones but for the channels.
  static Shape perChannel(Shape x) {
    int[] ones = new int[x.rank() - 1];
    Arrays.fill(ones, 1);
    return Shape.of(ones).with(0, x.dim(1));
  }
}
