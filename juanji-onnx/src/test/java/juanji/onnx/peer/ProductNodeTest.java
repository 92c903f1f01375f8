package juanji.onnx.peer;

import java.util.List;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;
import juanji.testkit.Draw;
import juanji.testkit.Values;
import org.junit.jupiter.api.Test;

/// Matrix products, sums of products by equation, and what is quantised, as ONNX Runtime reads it.
class ProductNodeTest {
  @Test void gemm() {
    NodePeer.all(41, 250, 150, draw -> {
      int opset = draw.of(List.of(7, 9, 11, 13));
      boolean transA = draw.oneIn(2);
      boolean transB = draw.oneIn(2);
      int m = draw.between(1, 6);
      int k = draw.between(1, 6);
      int n = draw.between(1, 6);
      ElementType type = draw.of(List.of(ElementType.FLOAT, ElementType.FLOAT, ElementType.DOUBLE));
      NodeCase node = new NodeCase(opset, "Gemm").input(NodeCase.drawn(draw, type, transA ? Shape.of(k, m)
          : Shape.of(m, k))).either(draw, NodeCase.drawn(draw, type, transB ? Shape.of(n, k) : Shape.of(k, n)));
      if (opset < 11 || draw.oneIn(2)) {
        node.either(draw, NodeCase.drawn(draw, type, draw.narrow(Shape.of(m, n))));
      }
      if (transA || draw.oneIn(2)) {
        node.number("transA", transA ? 1 : 0);
      }
      if (transB || draw.oneIn(2)) {
        node.number("transB", transB ? 1 : 0);
      }
      if (draw.oneIn(2)) {
        node.real("alpha", draw.oneIn(3) ? 0 : 0.5);
      }
      return draw.oneIn(2) ? node : node.real("beta", draw.oneIn(3) ? 0 : -1.5);
    });
  }

  @Test void matMul() {
    NodePeer.all(42, 250, 180, draw -> {
      int rank = draw.between(1, 4);
      Shape stack = draw.shape(Math.max(0, rank - 2));
      int k = draw.between(1, 6);
      Shape a = rank == 1 ? Shape.of(k) : join(draw.narrow(stack), Shape.of(draw.between(1, 5), k));
      Shape b = draw.oneIn(4) ? Shape.of(k) : join(draw.narrow(stack), Shape.of(k, draw.between(1, 5)));
      ElementType type = draw.of(List.of(ElementType.FLOAT, ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32,
          ElementType.INT64));
      return new NodeCase(draw.of(List.of(9, 13)), "MatMul").either(draw, NodeCase.drawn(draw, type, a))
          .input(NodeCase.drawn(draw, type, b));
    });
  }

  private static Shape join(Shape a, Shape b) {
    return Shape.of(IntStream.concat(IntStream.of(a.toArray()), IntStream.of(b.toArray())).toArray());
  }

  @Test void einsum() {
    List<String> equations = List.of("ij,jk->ik", "ij,jk", "bij,bjk->bik", "ij->ji", "ij->i", "ij->", "ii->i", "ii",
        "i,j->ij", "i,i->", "bij,bik->bjk", "ijk,ijk->i", "...ij,...jk->...ik", "...i->...", "bhwc,hkc->bhwk",
        "ij,kj->ik", " ij , jk -> ik ", "abc,cd,de->abe", "i...->...", "...ii->...i", "bnqd,bnkd->bnqk",
        "i,ij,j->", "ab,ab->ab", "...,...->...", "a...b,b->a...", "ij,ij->ji", "aab->b");
    NodePeer.all(43, 220, 170, draw -> {
      String equation = draw.of(equations);
      String plain = equation.replace(" ", "");
      int arrow = plain.indexOf("->");
      String[] terms = (arrow < 0 ? plain : plain.substring(0, arrow)).split(",");
      int[] extents = IntStream.range(0, 128).map(_ -> draw.between(1, 4)).toArray();
      Shape dots = draw.shape(draw.between(0, 2));
      NodeCase node = new NodeCase(12, "Einsum").text("equation", equation);
      for (String term : terms) {
        int at = term.indexOf("...");
        int[] before = (at < 0 ? term : term.substring(0, at)).chars().map(ch -> extents[ch]).toArray();
        int[] after = at < 0 ? new int[0] : term.substring(at + 3).chars().map(ch -> extents[ch]).toArray();
        node.input(NodeCase.drawn(draw, join(join(Shape.of(before), at < 0 ? Shape.of() : dots), Shape.of(after))));
      }
      return node;
    });
  }

  private static TensorProto scales(Draw draw, int count) {
    return NodeCase.drawn(draw, ElementType.FLOAT, count < 0 ? Shape.of() : Shape.of(count),
        new Values.Uniform(0.02, 0.3));
  }

  private static TensorProto zero(Draw draw, ElementType type, int count) {
    return NodeCase.drawn(draw, type, count < 0 ? Shape.of() : Shape.of(count), type == ElementType.UINT8
        ? new Values.Whole(90, 160) : new Values.Whole(-20, 20));
  }

  @Test void quantizing() {
    NodePeer.all(44, 250, 150, draw -> {
      int opset = draw.of(List.of(10, 13, 19, 21));
      ElementType type = draw.of(List.of(ElementType.UINT8, ElementType.INT8));
      Shape x = draw.shape(draw.between(1, 4));
      int axis = draw.between(0, x.rank() - 1);
      boolean each = opset >= 13 && draw.oneIn(2);
      int count = each ? x.dim(axis) : -1;
      boolean back = draw.oneIn(2);
      NodeCase node = new NodeCase(opset, back ? "DequantizeLinear" : "QuantizeLinear");
      // Halves, so that rounding shows.
      double[] halves = draw.numbers(x, new Values.Whole(-40, 40));
      for (int i = 0; i < halves.length; i++) {
        halves[i] /= 4;
      }
      node.input(back ? NodeCase.drawn(draw, type, x) : NodeCase.tensor(ElementType.FLOAT, x, halves));
      node.either(draw, back || each ? scales(draw, count) : NodeCase.scalar(ElementType.FLOAT, 0.5));
      if (type == ElementType.INT8 || draw.oneIn(2)) {
        node.either(draw, zero(draw, type, count));
      }
      return each ? node.number("axis", draw.oneIn(2) ? axis : axis - x.rank()) : node;
    });
  }

  @Test void blocks() {
    NodePeer.all(45, 80, 30, draw -> {
      int block = draw.between(1, 4);
      Shape x = Shape.of(draw.between(1, 3), block * draw.between(1, 3), draw.between(1, 3));
      Shape scale = x.with(1, x.dim(1) / block);
      boolean back = draw.oneIn(2);
      return new NodeCase(21, back ? "DequantizeLinear" : "QuantizeLinear").number("axis", 1)
          .number("block_size", block).input(NodeCase.drawn(draw, back ? ElementType.UINT8 : ElementType.FLOAT, x))
          .input(NodeCase.drawn(draw, ElementType.FLOAT, scale, new Values.Uniform(0.02, 0.3)))
          .input(NodeCase.drawn(draw, ElementType.UINT8, scale, new Values.Whole(90, 160)));
    });
  }

  @Test void dynamicQuantizing() {
    List<Values> kinds = List.of(new Values.Uniform(-4, 4), new Values.Uniform(1, 3), new Values.Uniform(-3, -1));
    NodePeer.all(46, 60, 50, draw -> new NodeCase(11, "DynamicQuantizeLinear").outputs(3).input(NodeCase.drawn(draw,
        ElementType.FLOAT, draw.shape(draw.between(1, 4)), draw.of(kinds))));
  }

  @Test void wholeProducts() {
    NodePeer.all(47, 200, 120, draw -> {
      int m = draw.between(1, 5);
      int k = draw.between(1, 6);
      int n = draw.between(1, 5);
      ElementType a = ElementType.UINT8;
      ElementType b = draw.of(List.of(ElementType.UINT8, ElementType.INT8));
      // Without VNNI, ONNX Runtime adds two products of bytes in 16 bits, where large ones saturate.
      Values small = b == ElementType.INT8 ? new Values.Whole(-63, 63) : new Values.Whole(0, 255);
      switch (draw.between(0, 3)) {
        case 0 -> {
          NodeCase node = new NodeCase(10, "MatMulInteger").input(NodeCase.drawn(draw, a, Shape.of(m, k)))
              .either(draw, NodeCase.drawn(draw, b, Shape.of(k, n), small));
          node = draw.oneIn(2) ? node : node.either(draw, zero(draw, a, -1));
          return draw.oneIn(2) || node.toString().contains("x2") ? node : node.none().either(draw, zero(draw, b,
              draw.oneIn(2) ? n : -1));
        }
        case 1 -> {
          return new NodeCase(10, "QLinearMatMul").input(NodeCase.drawn(draw, a, Shape.of(m, k)))
              .constant(scales(draw, -1)).constant(zero(draw, a, -1)).either(draw, NodeCase.drawn(draw, b,
              Shape.of(k, n), small)).constant(scales(draw, -1)).constant(zero(draw, b, -1)).constant(scales(draw, -1))
              .constant(zero(draw, a, -1));
        }
        case 2 -> {
          NodeCase node = new NodeCase(10, "ConvInteger").input(NodeCase.drawn(draw, a, Shape.of(draw.between(1, 2), k,
              5, 4))).either(draw, NodeCase.drawn(draw, ElementType.UINT8, Shape.of(n, k, 3, 2)))
              .list("pads", 1, 0, 0, 1);
          return draw.oneIn(2) ? node : node.constant(zero(draw, a, -1)).constant(zero(draw, ElementType.UINT8, -1));
        }
        default -> {
          boolean each = draw.oneIn(2);
          NodeCase node = new NodeCase(10, "QLinearConv").input(NodeCase.drawn(draw, a, Shape.of(draw.between(1, 2), k,
              5, 4))).constant(scales(draw, -1)).constant(zero(draw, a, -1))
              .constant(NodeCase.drawn(draw, b, Shape.of(n, k, 3, 2), small)).constant(scales(draw, each ? n : -1))
              .constant(NodeCase.tensor(b, each ? Shape.of(n) : Shape.of(), new double[each ? n : 1]))
              .constant(scales(draw, -1)).constant(zero(draw, a, -1)).list("strides", 2, 1).list("pads", 1, 0, 0, 1);
          return draw.oneIn(2) ? node : node.constant(NodeCase.drawn(draw, ElementType.INT32, Shape.of(n),
              new Values.Whole(-900, 900)));
        }
      }
    });
  }
}
