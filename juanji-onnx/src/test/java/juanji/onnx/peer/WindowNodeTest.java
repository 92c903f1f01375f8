package juanji.onnx.peer;

import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.tensor.Shape;
import juanji.testkit.Draw;
import org.junit.jupiter.api.Test;

/// Convolutions and poolings of every version, as ONNX Runtime reads them.
class WindowNodeTest {
  /// A window's attributes, and the shape of what it slides over.
  private record Drawn(int[] kernel, Shape spatial, NodeCase node) {
  }

  private static Drawn window(Draw draw, NodeCase node, int rank, boolean dilated, boolean ceiling, boolean lower) {
    String auto = draw.of(List.of("", "", "", "NOTSET", "SAME_UPPER", "VALID", lower ? "SAME_LOWER" : "VALID"));
    boolean same = auto.startsWith("SAME");
    int[] strides = ints(rank, () -> draw.between(1, 3));
    int[] kernel = IntStream.range(0, rank).map(i -> draw.between(same ? strides[i] : 1, Math.max(3, strides[i])))
        .toArray();
    int[] dilations = ints(rank, () -> dilated && !same ? draw.between(1, 3) : 1);
    int[] spatial = IntStream.range(0, rank).map(i -> draw.between((kernel[i] - 1) * dilations[i] + 1, rank > 2 ? 8
        : 11)).toArray();
    node.list("kernel_shape", kernel);
    if (!draw.oneIn(3)) {
      node.list("strides", strides);
    }
    if (dilated && !draw.oneIn(3)) {
      node.list("dilations", dilations);
    }
    if (!auto.isEmpty()) {
      node.text("auto_pad", auto);
    }
    if ((auto.isEmpty() || auto.equals("NOTSET")) && !draw.oneIn(3)) {
      node.list("pads", IntStream.range(0, 2 * rank).map(i -> draw.between(0, kernel[i % rank] - 1)).toArray());
    }
    if (ceiling && draw.oneIn(2)) {
      node.number("ceil_mode", draw.between(0, 1));
    }
    return new Drawn(kernel, Shape.of(spatial), node);
  }

  private static int[] ints(int count, IntSupplier each) {
    return IntStream.range(0, count).map(_ -> each.getAsInt()).toArray();
  }

  private static Shape batch(Draw draw, Shape spatial) {
    return spatial.prepend(draw.between(1, 5)).prepend(draw.between(1, 3));
  }

  @Test void conv() {
    NodePeer.all(1, 300, 200, draw -> {
      int rank = draw.of(List.of(1, 2, 2, 2, 3));
      Drawn d = window(draw, new NodeCase(draw.of(List.of(1, 11, 22)), "Conv"), rank, true, false, true);
      int groups = draw.of(List.of(1, 1, 2, 3));
      int in = groups * draw.between(1, 3);
      int out = groups * draw.between(1, 3);
      NodeCase node = d.node().input(NodeCase.drawn(draw, d.spatial().prepend(in).prepend(draw.between(1, 3))))
          .either(draw, NodeCase.drawn(draw, Shape.of(d.kernel()).prepend(in / groups).prepend(out)));
      if (groups > 1 || draw.oneIn(2)) {
        node.number("group", groups);
      }
      return draw.oneIn(2) ? node : node.either(draw, NodeCase.drawn(draw, Shape.of(out)));
    });
  }

  @Test void convTranspose() {
    NodePeer.all(2, 300, 150, draw -> {
      int rank = draw.of(List.of(1, 2, 2, 3));
      NodeCase node = new NodeCase(draw.of(List.of(1, 11, 22)), "ConvTranspose");
      int[] strides = ints(rank, () -> draw.between(1, 3));
      int[] dilations = ints(rank, () -> draw.between(1, 2));
      int[] kernel = ints(rank, () -> draw.between(1, 4));
      int[] spatial = ints(rank, () -> draw.between(1, 6));
      node.list("strides", strides).list("dilations", dilations);
      if (draw.oneIn(2)) {
        node.list("kernel_shape", kernel);
      }
      // Where windows are smaller than their stride, ONNX Runtime leaves off what ONNX's formula adds to be "same".
      boolean dense = IntStream.range(0, rank).allMatch(i -> (kernel[i] - 1) * dilations[i] + 1 >= strides[i]);
      String auto = draw.of(dense ? List.of("", "", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")
          : List.of("", "NOTSET", "VALID"));
      if (!auto.isEmpty()) {
        node.text("auto_pad", auto);
      }
      int[] extra = IntStream.range(0, rank).map(i -> draw.between(0, Math.max(strides[i], dilations[i]) - 1))
          .toArray();
      boolean padded = draw.oneIn(2);
      if (padded) {
        node.list("output_padding", extra);
      }
      int[] full = IntStream.range(0, rank).map(i -> (spatial[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1)
          .toArray();
      if (!auto.isEmpty() && draw.oneIn(3)) {
        node.list("output_shape", IntStream.range(0, rank).map(i -> draw.between(Math.max(1, full[i] - 3), full[i]))
            .toArray());
      } else if ((auto.isEmpty() || auto.equals("NOTSET")) && draw.oneIn(2)) {
        node.list("pads", IntStream.range(0, 2 * rank).map(i -> draw.between(0, Math.min(2, (full[i % rank] - 1) / 2)))
            .toArray());
      }
      int groups = draw.of(List.of(1, 1, 2));
      int in = groups * draw.between(1, 3);
      int out = draw.between(1, 3);
      node.number("group", groups).input(NodeCase.drawn(draw, Shape.of(spatial).prepend(in)
          .prepend(draw.between(1, 2)))).either(draw, NodeCase.drawn(draw, Shape.of(kernel).prepend(out).prepend(in)));
      return draw.oneIn(2) ? node : node.constant(NodeCase.drawn(draw, Shape.of(out * groups)));
    });
  }

  @Test void maxPool() {
    NodePeer.all(3, 400, 250, draw -> {
      int opset = draw.of(List.of(1, 8, 10, 11, 12, 22));
      int rank = draw.of(List.of(1, 2, 2, 3));
      Drawn d = window(draw, new NodeCase(opset, "MaxPool"), rank, opset >= 10, opset >= 10, true);
      ElementType type = opset < 12 ? ElementType.FLOAT : draw.of(List.of(ElementType.FLOAT, ElementType.DOUBLE,
          ElementType.INT8, ElementType.UINT8));
      NodeCase node = d.node().input(NodeCase.drawn(draw, type, batch(draw, d.spatial())));
      if (opset >= 8 && draw.oneIn(2)) {
        node.outputs(2);
        if (draw.oneIn(2)) {
          node.number("storage_order", draw.between(0, 1));
        }
      }
      return node;
    });
  }

  @Test void averagePool() {
    NodePeer.all(4, 400, 250, draw -> {
      int opset = draw.of(List.of(1, 7, 10, 11, 19, 22));
      Drawn d = window(draw, new NodeCase(opset, "AveragePool"), draw.of(List.of(1, 2, 2, 3)), opset >= 19,
          opset >= 10, true);
      if (opset >= 7 && draw.oneIn(2)) {
        d.node().number("count_include_pad", draw.between(0, 1));
      }
      return d.node().input(NodeCase.drawn(draw, batch(draw, d.spatial())));
    });
  }

  @Test void lpPool() {
    NodePeer.all(5, 300, 150, draw -> {
      int opset = draw.of(List.of(2, 11, 18, 22));
      Drawn d = window(draw, new NodeCase(opset, "LpPool"), draw.of(List.of(1, 2, 2, 3)), opset >= 18, opset >= 18,
          true);
      if (draw.oneIn(2)) {
        d.node().number("p", draw.between(1, 4));
      }
      return d.node().input(NodeCase.drawn(draw, batch(draw, d.spatial())));
    });
  }

  @Test void global() {
    NodePeer.all(6, 90, 60, draw -> {
      String operator = draw.of(List.of("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"));
      NodeCase node = new NodeCase(draw.of(List.of(2, 17, 22)), operator).input(NodeCase.drawn(draw,
          draw.shape(draw.between(3, 5))));
      return operator.equals("GlobalLpPool") && draw.oneIn(2) ? node.number("p", draw.between(1, 4)) : node;
    });
  }

  @Test void unpool() {
    NodePeer.all(7, 120, 100, draw -> {
      int rank = draw.between(1, 3);
      int[] kernel = ints(rank, () -> draw.between(1, 3));
      int[] strides = ints(rank, () -> draw.between(1, 3));
      Shape x = batch(draw, Shape.of(ints(rank, () -> draw.between(1, 4))));
      int[] out = IntStream.range(0, rank).map(i -> (x.dim(2 + i) - 1) * strides[i] + kernel[i]).toArray();
      int plane = Shape.of(out).length() * x.dim(0) * x.dim(1);
      List<Integer> order = draw.order(plane);
      boolean enough = plane >= x.length();
      PlaceOf indices = i -> enough ? order.get(i) : i % plane;
      double[] places = IntStream.range(0, x.length()).mapToDouble(indices::at).toArray();
      NodeCase node = new NodeCase(draw.of(List.of(9, 11, 22)), "MaxUnpool").list("kernel_shape", kernel)
          .list("strides", strides).input(NodeCase.drawn(draw, x))
          .either(draw, NodeCase.tensor(ElementType.INT64, x, places));
      if (draw.oneIn(3)) {
        // ONNX Runtime counts indices in a larger output; ONNX's own test counts them in the natural one.
        node.numbers(IntStream.range(0, rank + 2).mapToLong(i -> i < 2 ? x.dim(i) : out[i - 2]).toArray());
      }
      return node;
    });
  }

  /// An index.
  private interface PlaceOf {
    int at(int i);
  }

  @Test void col2Im() {
    NodePeer.all(8, 120, 80, draw -> {
      int rank = draw.between(1, 3);
      int[] block = ints(rank, () -> draw.between(1, 3));
      int[] strides = ints(rank, () -> draw.between(1, 2));
      // ONNX Runtime mixes channels up where windows of other than two axes are dilated.
      int[] dilations = ints(rank, () -> rank == 2 ? draw.between(1, 2) : 1);
      int[] pads = ints(2 * rank, () -> draw.between(0, 1));
      int[] image = IntStream.range(0, rank).map(i -> draw.between(dilations[i] * (block[i] - 1) + 1, 7)).toArray();
      int blocks = 1;
      for (int i = 0; i < rank; i++) {
        blocks *= (image[i] + pads[i] + pads[i + rank] - dilations[i] * (block[i] - 1) - 1) / strides[i] + 1;
      }
      Shape x = Shape.of(draw.between(1, 3), draw.between(1, 3) * Shape.of(block).length(), blocks);
      return new NodeCase(18, "Col2Im").list("strides", strides).list("dilations", dilations).list("pads", pads)
          .input(NodeCase.drawn(draw, x)).numbers(IntStream.of(image).asLongStream().toArray())
          .numbers(IntStream.of(block).asLongStream().toArray());
    });
  }
}
