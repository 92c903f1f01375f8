package juanji.onnx.peer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;
import juanji.testkit.Draw;
import juanji.testkit.Values;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What moves, repeats, joins and chooses elements, in every version and type, as ONNX Runtime reads it.
class MovingNodeTest {
  private static final List<ElementType> TYPES = List.of(ElementType.FLOAT, ElementType.FLOAT, ElementType.DOUBLE,
      ElementType.INT32, ElementType.INT64, ElementType.UINT8, ElementType.BOOL);

  private static TensorProto row(List<Integer> values) {
    return TensorProto.of("", Shape.of(values.size()), values.stream().mapToLong(v -> v).toArray());
  }

  private static TensorProto row(int[] values) {
    return row(Arrays.stream(values).boxed().toList());
  }

  private static TensorProto any(Draw draw, Shape shape) {
    return NodeCase.drawn(draw, draw.of(TYPES), shape);
  }

  private static int either(Draw draw, int axis, int rank) {
    return draw.oneIn(2) ? axis : axis - rank;
  }

  @Test void slice() {
    NodePeer.all(31, 300, 200, draw -> {
      int opset = draw.of(List.of(1, 10, 11, 13));
      int rank = draw.between(1, 4);
      Shape x = draw.shape(rank);
      List<Integer> axes = draw.axes(rank);
      boolean all = axes.isEmpty();
      List<Integer> used = all ? IntStream.range(0, rank).boxed().toList() : axes;
      int[] starts = used.stream().mapToInt(a -> draw.between(-x.dim(a) - 2, x.dim(a) + 2)).toArray();
      int[] steps = used.stream().mapToInt(_ -> draw.of(List.of(1, 2, 3, -1, -2))).toArray();
      boolean stepped = opset >= 10 && draw.oneIn(2);
      // To the end of the axis; ONNX Runtime reads the largest number so whichever way it goes.
      int[] ends = IntStream.range(0, used.size()).map(i -> draw.oneIn(4) ? stepped && steps[i] < 0
          ? Integer.MIN_VALUE : Integer.MAX_VALUE : draw.between(-x.dim(used.get(i)) - 2, x.dim(used.get(i)) + 2))
          .toArray();
      NodeCase node = new NodeCase(opset, "Slice").input(any(draw, x));
      if (opset < 10) {
        node.list("starts", starts).list("ends", ends);
        return all ? node : node.list("axes", axes);
      }
      node.either(draw, row(starts)).either(draw, row(ends));
      List<Integer> signed = used.stream().map(a -> opset > 10 ? either(draw, a, rank) : a).toList();
      node = all && draw.oneIn(2) ? node.none() : node.either(draw, row(signed));
      return stepped ? node.either(draw, row(steps)) : node;
    });
  }

  @Test void joining() {
    NodePeer.all(32, 200, 150, draw -> {
      int opset = draw.of(List.of(4, 11, 13));
      int rank = draw.between(1, 4);
      Shape x = draw.shape(rank);
      int axis = draw.between(0, rank - 1);
      ElementType type = draw.of(TYPES);
      NodeCase node = new NodeCase(opset, "Concat").number("axis", opset < 11 ? axis : either(draw, axis, rank));
      for (int i = draw.between(1, 4); i > 0; i--) {
        node.either(draw, NodeCase.drawn(draw, type, x.with(axis, draw.between(1, 4))));
      }
      return node;
    });
  }

  @Test void splitting() {
    NodePeer.all(33, 250, 180, draw -> {
      int opset = draw.of(List.of(2, 11, 13, 18));
      int rank = draw.between(1, 4);
      int axis = draw.between(0, rank - 1);
      int parts = draw.between(1, 4);
      boolean given = draw.oneIn(2);
      int[] sizes = IntStream.range(0, parts).map(_ -> draw.between(opset >= 13 ? 0 : 1, 3)).toArray();
      int each = draw.between(1, 3);
      // From version 18 on the last part may be smaller.
      int less = opset >= 18 && parts > 1 ? draw.between(0, each - 1) : 0;
      Shape x = draw.shape(rank).with(axis, Math.max(1, given ? Arrays.stream(sizes).sum() : parts * each - less));
      NodeCase node = new NodeCase(opset, "Split").outputs(parts).input(any(draw, x));
      if (axis > 0 || draw.oneIn(2)) {
        node.number("axis", opset < 11 ? axis : either(draw, axis, rank));
      }
      if (given) {
        return opset < 13 ? node.list("split", sizes) : node.either(draw, row(sizes));
      }
      return opset >= 18 ? node.number("num_outputs", parts) : node;
    });
  }

  @Test void gathering() {
    NodePeer.all(34, 300, 220, draw -> {
      int rank = draw.between(1, 4);
      Shape x = draw.shape(rank);
      ElementType whole = draw.of(List.of(ElementType.INT64, ElementType.INT32));
      int axis = draw.between(0, rank - 1);
      return switch (draw.between(0, 2)) {
        case 0 -> new NodeCase(draw.of(List.of(11, 13)), "Gather").number("axis", either(draw, axis, rank))
            .input(any(draw, x)).either(draw, NodeCase.drawn(draw, whole, draw.shape(draw.between(0, 2)),
                new Values.Whole(-x.dim(axis), x.dim(axis) - 1)));
        case 1 -> new NodeCase(draw.of(List.of(11, 13)), "GatherElements").number("axis", either(draw, axis, rank))
            .input(any(draw, x)).either(draw, NodeCase.drawn(draw, whole, Shape.of(IntStream.range(0, rank)
            .map(i -> i == axis ? draw.between(1, 5) : draw.between(1, x.dim(i))).toArray()),
                new Values.Whole(-x.dim(axis), x.dim(axis) - 1)));
        default -> {
          int opset = draw.of(List.of(11, 12, 13));
          int batch = opset >= 12 ? draw.between(0, rank - 1) : 0;
          int depth = draw.between(1, rank - batch);
          Shape outer = draw.shape(draw.between(0, 2));
          int[] dims = IntStream.concat(IntStream.concat(Arrays.stream(x.slice(0, batch).toArray()),
              Arrays.stream(outer.toArray())), IntStream.of(depth)).toArray();
          NodeCase node = new NodeCase(opset, "GatherND").input(any(draw, x)).either(draw, TensorProto.of("",
              Shape.of(dims), indices(draw, x, batch, depth, Shape.of(dims).length() / depth)));
          yield batch > 0 || opset >= 12 && draw.oneIn(2) ? node.number("batch_dims", batch) : node;
        }
      };
    });
  }

  private static long[] indices(Draw draw, Shape x, int from, int depth, int rows) {
    return IntStream.range(0, rows * depth).mapToLong(i -> {
      int extent = x.dim(from + i % depth);
      return draw.between(-extent, extent - 1);
    }).toArray();
  }

  @Test void scattering() {
    NodePeer.all(35, 300, 180, draw -> {
      int opset = draw.of(List.of(11, 13, 16, 18));
      int rank = draw.between(1, 3);
      Shape x = draw.shape(rank);
      ElementType type = draw.of(List.of(ElementType.FLOAT, ElementType.FLOAT, ElementType.INT64));
      String reduction = opset < 16 ? "none" : opset < 18 ? draw.of(List.of("none", "add", "mul"))
          : draw.of(List.of("none", "add", "mul", "max", "min"));
      NodeCase node;
      if (draw.oneIn(2)) {
        int axis = draw.between(0, rank - 1);
        Shape at = Shape.of(IntStream.range(0, rank).map(i -> draw.between(1, x.dim(i))).toArray());
        // Places named twice are undefined unless they are reduced.
        double[] places = new double[at.length()];
        int inner = (int) at.size(axis + 1);
        for (int line = 0; line < places.length / at.dim(axis); line++) {
          List<Integer> order = draw.order(x.dim(axis));
          for (int j = 0; j < at.dim(axis); j++) {
            places[line / inner * at.dim(axis) * inner + line % inner + j * inner] = reduction.equals("none")
                ? order.get(j) : draw.between(-x.dim(axis), x.dim(axis) - 1);
          }
        }
        node = new NodeCase(opset, "ScatterElements").number("axis", either(draw, axis, rank))
            .input(NodeCase.drawn(draw, type, x)).either(draw, NodeCase.tensor(ElementType.INT64, at, places))
            .input(NodeCase.drawn(draw, type, at));
      } else {
        int depth = draw.between(1, rank);
        int named = x.slice(0, depth).length();
        int rows = reduction.equals("none") ? draw.between(1, named) : draw.between(1, 5);
        List<Integer> order = draw.order(named);
        long[] at = new long[rows * depth];
        for (int r = 0; r < rows; r++) {
          int rest = reduction.equals("none") ? order.get(r) : draw.between(0, named - 1);
          for (int k = depth - 1; k >= 0; k--) {
            at[r * depth + k] = rest % x.dim(k);
            rest /= x.dim(k);
          }
        }
        node = new NodeCase(opset, "ScatterND").input(NodeCase.drawn(draw, type, x))
            .either(draw, TensorProto.of("", Shape.of(rows, depth), at))
            .input(NodeCase.drawn(draw, type, x.slice(depth, rank).prepend(rows)));
      }
      return reduction.equals("none") && draw.oneIn(2) || opset < 16 ? node : node.text("reduction", reduction);
    });
  }

  @Test void padding() {
    NodePeer.all(36, 300, 180, draw -> {
      int opset = draw.of(List.of(2, 11, 13, 18, 19, 21));
      int rank = draw.between(1, 4);
      Shape x = Shape.of(IntStream.range(0, rank).map(_ -> draw.between(2, 5)).toArray());
      String mode = draw.of(opset >= 19 ? List.of("constant", "reflect", "edge", "wrap")
          : List.of("constant", "reflect", "edge"));
      List<Integer> axes = opset >= 18 && draw.oneIn(2) ? draw.axes(rank) : List.of();
      int count = axes.isEmpty() ? rank : axes.size();
      int[] pads = IntStream.range(0, 2 * count).map(_ -> draw.between(-1, 1)).toArray();
      if (mode.equals("constant")) {
        for (int i = 0; i < pads.length; i++) {
          pads[i] += draw.between(0, 2);
        }
      } else {
        for (int i = 0; i < pads.length; i++) {
          pads[i] = Math.abs(pads[i]);
        }
      }
      ElementType type = opset < 11 ? ElementType.FLOAT : draw.of(List.of(ElementType.FLOAT, ElementType.INT32,
          ElementType.INT64, ElementType.DOUBLE));
      NodeCase node = new NodeCase(opset, "Pad").input(NodeCase.drawn(draw, type, x));
      if (!mode.equals("constant") || draw.oneIn(2)) {
        node.text("mode", mode);
      }
      if (opset < 11) {
        return (draw.oneIn(2) ? node : node.real("value", 1.5)).list("pads", pads);
      }
      node.either(draw, row(pads));
      boolean filled = mode.equals("constant") && draw.oneIn(2);
      if (filled) {
        node.either(draw, NodeCase.scalar(type, 3));
      }
      return axes.isEmpty() ? node : (filled ? node : node.none()).either(draw, row(axes.stream()
          .map(a -> either(draw, a, rank)).toList()));
    });
  }

  @TestFactory List<DynamicTest> shapes() {
    return List.of("Expand", "Tile", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "DepthToSpace",
        "SpaceToDepth", "Shape", "Size", "Trilu", "EyeLike", "Range", "ConstantOfShape", "OneHot", "NonZero",
        "Compress", "ReverseSequence", "CenterCropPad").stream().map(operator -> DynamicTest.dynamicTest(operator, () ->
        NodePeer.all(operator.hashCode(), 70, 30, draw -> shaped(draw, operator)))).toList();
  }

  private static NodeCase shaped(Draw draw, String operator) {
    int opset = draw.of(List.of("Trilu", "CenterCropPad").contains(operator) ? List.of(18, 21)
        : List.of(7, 9, 11, 13, 14, 15, 19, 21));
    int rank = draw.between(1, 4);
    Shape x = draw.shape(rank);
    NodeCase node = new NodeCase(opset, operator);
    return switch (operator) {
      case "Expand" -> node.input(any(draw, draw.narrow(x))).either(draw, row(draw.oneIn(2) ? x.toArray()
          : draw.narrow(x).toArray()));
      case "Tile" -> node.input(any(draw, x)).either(draw, row(IntStream.range(0, rank).map(_ -> draw.between(1, 3))
          .toArray()));
      case "Transpose" -> draw.oneIn(4) ? node.input(any(draw, x)) : node.input(any(draw, x)).list("perm",
          draw.order(rank));
      case "Reshape" -> {
        int[] dims = draw.order(rank).stream().mapToInt(x::dim).toArray();
        int hidden = draw.between(-1, rank - 1);
        yield node.input(any(draw, x)).either(draw, row(IntStream.range(0, rank).map(i -> i == hidden ? -1
            : dims[i] == x.dim(i) && hidden >= 0 && draw.oneIn(3) ? 0 : dims[i]).toArray()));
      }
      case "Flatten" -> draw.oneIn(4) ? node.input(any(draw, x)) : node.input(any(draw, x)).number("axis",
          opset < 11 ? draw.between(0, rank) : draw.between(-rank, rank));
      case "Squeeze", "Unsqueeze" -> {
        List<Integer> axes = draw.axes(rank);
        Shape thin = Shape.of(IntStream.range(0, rank).map(i -> axes.contains(i) ? 1 : x.dim(i) + 1).toArray());
        Shape thick = Shape.of(IntStream.range(0, rank).filter(i -> !axes.contains(i)).map(i -> x.dim(i)).toArray());
        node.input(any(draw, operator.equals("Squeeze") ? thin : thick));
        if (operator.equals("Squeeze") && draw.oneIn(4)) {
          yield node;
        }
        List<Integer> signed = axes.stream().map(a -> opset >= 11 ? either(draw, a, rank) : a).toList();
        yield opset >= 13 ? node.either(draw, row(signed)) : node.list("axes", signed);
      }
      case "DepthToSpace" -> {
        int block = draw.between(1, 3);
        node.number("blocksize", block).input(NodeCase.drawn(draw, Shape.of(draw.between(1, 2),
            block * block * draw.between(1, 3), draw.between(1, 4), draw.between(1, 4))));
        yield opset >= 11 && draw.oneIn(2) ? node.text("mode", draw.of(List.of("DCR", "CRD"))) : node;
      }
      case "SpaceToDepth" -> {
        int block = draw.between(1, 3);
        yield node.number("blocksize", block).input(NodeCase.drawn(draw, Shape.of(draw.between(1, 2),
            draw.between(1, 3), block * draw.between(1, 3), block * draw.between(1, 3))));
      }
      case "Shape" -> {
        node.input(any(draw, x));
        if (opset >= 15 && draw.oneIn(2)) {
          node.number("start", draw.between(-rank - 1, rank + 1));
        }
        yield opset >= 15 && draw.oneIn(2) ? node.number("end", draw.between(-rank - 1, rank + 1)) : node;
      }
      case "Trilu" -> {
        Shape matrix = draw.shape(Math.max(2, rank));
        node.input(NodeCase.drawn(draw, draw.of(List.of(ElementType.FLOAT, ElementType.INT64)), matrix));
        if (draw.oneIn(2)) {
          node.either(draw, NodeCase.scalar(ElementType.INT64, draw.between(-4, 4)));
        }
        yield draw.oneIn(2) ? node : node.number("upper", draw.between(0, 1));
      }
      case "EyeLike" -> {
        node.input(NodeCase.drawn(draw, draw.of(List.of(ElementType.FLOAT, ElementType.INT32)), draw.shape(2)));
        if (draw.oneIn(2)) {
          node.number("k", draw.between(-4, 4));
        }
        yield draw.oneIn(2) ? node : node.number("dtype", draw.of(List.of(1L, 7L, 11L)));
      }
      case "Range" -> {
        ElementType type = draw.of(List.of(ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32,
            ElementType.INT64));
        boolean real = type == ElementType.FLOAT || type == ElementType.DOUBLE;
        double step = (draw.oneIn(2) ? 1 : -1) * draw.between(1, 3) * (real ? 0.25 : 1);
        double from = draw.between(-5, 5);
        yield node.either(draw, NodeCase.scalar(type, from)).either(draw, NodeCase.scalar(type,
            from + step * draw.between(-2, 9))).either(draw, NodeCase.scalar(type, step));
      }
      case "ConstantOfShape" -> {
        node.either(draw, row(draw.oneIn(5) ? new int[0] : x.toArray()));
        yield draw.oneIn(3) ? node : node.tensor("value", NodeCase.tensor(draw.of(TYPES), Shape.of(1), 1));
      }
      case "OneHot" -> {
        int depth = draw.between(1, 5);
        ElementType type = draw.of(List.of(ElementType.FLOAT, ElementType.INT64));
        yield node.number("axis", draw.between(-rank - 1, rank)).input(NodeCase.drawn(draw, ElementType.INT64, x,
            opset < 11 ? new Values.Whole(0, depth - 1) : new Values.Whole(-depth - 1, depth)))
            .either(draw, NodeCase.tensor(ElementType.INT64, Shape.of(1), depth))
            .either(draw, NodeCase.tensor(type, Shape.of(2), -1, 3));
      }
      case "NonZero" -> node.input(NodeCase.drawn(draw, draw.of(List.of(ElementType.FLOAT, ElementType.INT64,
          ElementType.BOOL)), x, new Values.Whole(0, 1)));
      case "Compress" -> {
        int axis = draw.between(0, rank - 1);
        boolean flat = draw.oneIn(3);
        node.input(any(draw, x)).either(draw, NodeCase.drawn(draw, ElementType.BOOL, Shape.of(draw.between(1,
            flat ? x.length() : x.dim(axis)))));
        yield flat ? node : node.number("axis", opset < 11 ? axis : either(draw, axis, rank));
      }
      case "ReverseSequence" -> {
        Shape sequence = draw.shape(Math.max(2, rank));
        boolean timeFirst = draw.oneIn(2);
        node.input(NodeCase.drawn(draw, sequence)).either(draw, NodeCase.drawn(draw, ElementType.INT64,
            Shape.of(sequence.dim(timeFirst ? 1 : 0)), new Values.Whole(1, sequence.dim(timeFirst ? 0 : 1))));
        yield timeFirst && draw.oneIn(2) ? node : node.number("time_axis", timeFirst ? 0 : 1).number("batch_axis",
            timeFirst ? 1 : 0);
      }
      case "CenterCropPad" -> {
        List<Integer> axes = new ArrayList<>(draw.axes(rank));
        int count = axes.isEmpty() ? rank : axes.size();
        node.input(NodeCase.drawn(draw, x)).either(draw, row(IntStream.range(0, count).map(_ -> draw.between(1, 8))
            .toArray()));
        yield axes.isEmpty() ? node : node.list("axes", axes.stream().map(a -> either(draw, a, rank)).toList());
      }
      default -> node.input(any(draw, x));
    };
  }
}
