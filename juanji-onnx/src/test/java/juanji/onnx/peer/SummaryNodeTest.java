package juanji.onnx.peer;

import java.util.List;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;
import juanji.testkit.Draw;
import juanji.testkit.Values;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Reductions, softmax and normalisations of every version, as ONNX Runtime reads them.
class SummaryNodeTest {
  @TestFactory List<DynamicTest> reductions() {
    return List.of("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
        "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare").stream().map(operator -> DynamicTest.dynamicTest(operator,
            () -> NodePeer.all(operator.hashCode(), 90, 50, draw -> reduction(draw, operator)))).toList();
  }

  private static NodeCase reduction(Draw draw, String operator) {
    int opset = draw.of(List.of(1, 11, 13, 18));
    boolean asInput = opset >= (operator.equals("ReduceSum") ? 13 : 18);
    boolean log = operator.startsWith("ReduceLog");
    ElementType type = draw.of(List.of(ElementType.FLOAT, ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32,
        ElementType.INT64));
    type = log && type != ElementType.DOUBLE ? ElementType.FLOAT : type;
    int rank = draw.between(1, operator.equals("ReduceProd") ? 3 : 5);
    Shape shape = draw.shape(rank);
    TensorProto x = operator.equals("ReduceLogSum") ? NodeCase.drawn(draw, type, shape, new Values.Uniform(0.5, 4))
        : operator.equals("ReduceProd") ? NodeCase.drawn(draw, type, shape, new Values.Uniform(1, 1.9))
        : NodeCase.drawn(draw, type, shape);
    NodeCase node = new NodeCase(opset, operator).input(x);
    List<Integer> axes = draw.axes(rank).stream().map(a -> draw.oneIn(2) && opset >= 11 ? a - rank : a).toList();
    if (draw.oneIn(2)) {
      node.number("keepdims", draw.between(0, 1));
    }
    if (asInput && draw.oneIn(2)) {
      node.number("noop_with_empty_axes", draw.between(0, 1));
    }
    if (asInput) {
      return draw.oneIn(4) ? node : node.either(draw, TensorProto.of("", Shape.of(axes.size()),
          axes.stream().mapToLong(a -> a).toArray()));
    }
    return axes.isEmpty() ? node : node.list("axes", axes);
  }

  @Test void places() {
    NodePeer.all(11, 200, 120, draw -> {
      int opset = draw.of(List.of(1, 11, 12, 13));
      int rank = draw.between(1, 4);
      Shape shape = draw.shape(rank);
      ElementType type = draw.of(List.of(ElementType.FLOAT, ElementType.INT32, ElementType.DOUBLE));
      NodeCase node = new NodeCase(opset, draw.of(List.of("ArgMax", "ArgMin")))
          .input(NodeCase.drawn(draw, type, shape, new Values.Whole(-2, 2)));
      if (draw.oneIn(2)) {
        node.number("axis", opset >= 11 ? draw.between(-rank, rank - 1) : draw.between(0, rank - 1));
      }
      if (draw.oneIn(2)) {
        node.number("keepdims", draw.between(0, 1));
      }
      return opset >= 12 && draw.oneIn(2) ? node.number("select_last_index", draw.between(0, 1)) : node;
    });
  }

  @Test void softmax() {
    NodePeer.all(12, 240, 180, draw -> {
      int opset = draw.of(List.of(1, 11, 12, 13));
      int rank = draw.between(1, 4);
      NodeCase node = new NodeCase(opset, draw.of(List.of("Softmax", "LogSoftmax", "Hardmax")))
          .input(NodeCase.drawn(draw, draw.of(List.of(ElementType.FLOAT, ElementType.DOUBLE)), draw.shape(rank)));
      return draw.oneIn(3) && rank > 1 ? node : node.number("axis", opset < 11 ? draw.between(0, rank - 1)
          : draw.between(-rank, rank - 1));
    });
  }

  @Test void batchNormalization() {
    NodePeer.all(13, 160, 60, draw -> {
      int opset = draw.of(List.of(7, 9, 14, 15));
      Shape x = draw.shape(draw.between(2, 5));
      Shape channels = Shape.of(x.dim(1));
      NodeCase node = new NodeCase(opset, "BatchNormalization").input(NodeCase.drawn(draw, x))
          .either(draw, NodeCase.drawn(draw, channels)).either(draw, NodeCase.drawn(draw, channels))
          .either(draw, NodeCase.drawn(draw, channels))
          .either(draw, NodeCase.drawn(draw, ElementType.FLOAT, channels, new Values.Uniform(0.2, 3)));
      if (draw.oneIn(2)) {
        node.real("epsilon", 0.01);
      }
      if (draw.oneIn(2)) {
        node.real("momentum", 0.6);
      }
      return opset >= 14 && draw.oneIn(2) ? node.number("training_mode", 1).outputs(3) : node;
    });
  }

  @Test void otherNormalizations() {
    NodePeer.all(14, 300, 180, draw -> {
      Shape x = draw.shape(draw.between(3, 5));
      Shape channels = Shape.of(x.dim(1));
      return switch (draw.between(0, 5)) {
        case 0 -> new NodeCase(draw.of(List.of(6, 22)), "InstanceNormalization").input(NodeCase.drawn(draw, x))
            .input(NodeCase.drawn(draw, channels)).input(NodeCase.drawn(draw, channels)).real("epsilon", 0.02);
        case 1 -> new NodeCase(draw.of(List.of(1, 13)), "LRN").input(NodeCase.drawn(draw, Shape.of(2,
            draw.between(1, 9), 3, 2))).number("size", draw.between(0, 4) * 2 + 1).real("alpha", 0.3).real("bias", 1.5)
            .real("beta", draw.oneIn(2) ? 0.75 : 0.4);
        case 2 -> new NodeCase(draw.of(List.of(1, 22)), "LpNormalization").input(NodeCase.drawn(draw, x))
            .number("axis", draw.between(-x.rank(), x.rank() - 1)).number("p", draw.between(1, 2));
        case 3 -> {
          NodeCase node = new NodeCase(draw.of(List.of(9, 13)), "MeanVarianceNormalization")
              .input(NodeCase.drawn(draw, draw.shape(4)));
          List<Integer> axes = draw.axes(4);
          yield axes.isEmpty() ? node : node.list("axes", axes);
        }
        case 4 -> {
          int axis = draw.between(-x.rank(), x.rank() - 1);
          int from = axis < 0 ? axis + x.rank() : axis;
          Shape scale = x.slice(from, x.rank());
          NodeCase node = new NodeCase(17, "LayerNormalization").number("axis", axis).input(NodeCase.drawn(draw, x))
              .either(draw, NodeCase.drawn(draw, scale));
          node = draw.oneIn(2) ? node : node.either(draw, NodeCase.drawn(draw, scale));
          yield draw.oneIn(2) ? node : node.outputs(3);
        }
        default -> {
          int groups = draw.between(1, 3);
          int opset = draw.of(List.of(18, 21));
          Shape in = Shape.of(draw.between(1, 3), groups * draw.between(1, 3), draw.between(1, 5), draw.between(1, 4));
          Shape scale = Shape.of(opset == 18 ? groups : in.dim(1));
          yield new NodeCase(opset, "GroupNormalization").number("num_groups", groups).input(NodeCase.drawn(draw, in))
              .input(NodeCase.drawn(draw, scale)).input(NodeCase.drawn(draw, scale));
        }
      };
    });
  }

  @Test void losses() {
    NodePeer.all(15, 200, 120, draw -> {
      boolean cross = draw.oneIn(2);
      int classes = draw.between(2, 5);
      Shape rest = draw.shape(draw.between(0, 3));
      int n = draw.between(1, 4);
      Shape x = rest.prepend(classes).prepend(n);
      Shape target = rest.prepend(n);
      NodeCase node = new NodeCase(draw.of(List.of(12, 13)), cross ? "SoftmaxCrossEntropyLoss"
          : "NegativeLogLikelihoodLoss").input(NodeCase.drawn(draw, x))
          .input(NodeCase.drawn(draw, draw.of(List.of(ElementType.INT64, ElementType.INT32)), target,
              new Values.Whole(0, classes - 1)));
      if (draw.oneIn(2)) {
        node.either(draw, NodeCase.drawn(draw, ElementType.FLOAT, Shape.of(classes), new Values.Uniform(0.2, 2)));
      }
      if (draw.oneIn(2)) {
        node.number("ignore_index", draw.between(-1, classes - 1));
      }
      if (!draw.oneIn(3)) {
        node.text("reduction", draw.of(List.of("none", "sum", "mean")));
      }
      return cross && draw.oneIn(2) ? node.outputs(2) : node;
    });
  }

  @Test void sums() {
    NodePeer.all(16, 120, 80, draw -> {
      int rank = draw.between(1, 4);
      NodeCase node = new NodeCase(draw.of(List.of(11, 14)), "CumSum").input(NodeCase.drawn(draw,
          draw.of(List.of(ElementType.FLOAT, ElementType.INT32, ElementType.INT64)), draw.shape(rank)))
          .either(draw, NodeCase.scalar(draw.of(List.of(ElementType.INT32, ElementType.INT64)),
          draw.between(-rank, rank - 1)));
      if (draw.oneIn(2)) {
        node.number("exclusive", draw.between(0, 1));
      }
      return draw.oneIn(2) ? node : node.number("reverse", draw.between(0, 1));
    });
  }

  @Test void largest() {
    NodePeer.all(17, 200, 120, draw -> {
      int opset = draw.of(List.of(1, 10, 11));
      int rank = draw.between(1, 4);
      Shape x = draw.shape(rank);
      int axis = draw.between(opset < 11 ? 0 : -rank, rank - 1);
      int k = draw.between(1, x.dim(axis < 0 ? axis + rank : axis));
      NodeCase node = new NodeCase(opset, "TopK").outputs(2).number("axis", axis).input(NodeCase.drawn(draw,
          opset < 11 ? ElementType.FLOAT : draw.of(List.of(ElementType.FLOAT, ElementType.INT32, ElementType.INT64,
          ElementType.DOUBLE)), x, new Values.Whole(-3, 3)));
      if (opset < 10) {
        return node.number("k", k);
      }
      node.either(draw, TensorProto.of("", Shape.of(1), k));
      // Unsorted results may come in any order.
      return opset >= 11 && draw.oneIn(2) ? node.number("largest", draw.between(0, 1)).number("sorted", 1) : node;
    });
  }

  @Test void suppression() {
    NodePeer.all(18, 150, 100, draw -> {
      int batch = draw.between(1, 2);
      int boxes = draw.between(1, 9);
      int classes = draw.between(1, 3);
      boolean centred = draw.oneIn(2);
      double[] numbers = draw.numbers(Shape.of(batch, boxes, 4), new Values.Uniform(0, 3));
      for (int i = 0; centred && i < numbers.length; i += 4) {
        numbers[i + 2] += 0.1;
        numbers[i + 3] += 0.1;
      }
      NodeCase node = new NodeCase(draw.of(List.of(10, 11)), "NonMaxSuppression")
          .input(NodeCase.tensor(ElementType.FLOAT, Shape.of(batch, boxes, 4), numbers))
          .input(NodeCase.drawn(draw, ElementType.FLOAT, Shape.of(batch, classes, boxes), new Values.Uniform(0, 1)))
          .either(draw, TensorProto.of("", Shape.of(1), draw.between(0, 5)));
      if (draw.oneIn(2)) {
        node.either(draw, NodeCase.tensor(ElementType.FLOAT, Shape.of(1), draw.between(0, 10) / 10.0));
        node = draw.oneIn(2) ? node : node.either(draw, NodeCase.tensor(ElementType.FLOAT, Shape.of(1), 0.4));
      }
      return centred ? node.number("center_point_box", 1) : node;
    });
  }
}
