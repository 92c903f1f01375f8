package juanji.onnx.peer;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;
import juanji.testkit.Draw;
import juanji.testkit.Values;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Element-wise operators of every version and type, as ONNX Runtime reads them.
class PointwiseNodeTest {
  private static final ElementType FLOAT = ElementType.FLOAT;
  private static final ElementType DOUBLE = ElementType.DOUBLE;
  private static final List<ElementType> NUMBERS = List.of(FLOAT, FLOAT, DOUBLE, ElementType.INT32, ElementType.INT64,
      ElementType.UINT8, ElementType.INT8);

  /// Functions that take whole numbers, too.
  private static final List<String> WHOLE = List.of("Abs", "Neg", "Sign", "Relu", "Identity");

  private static final Map<String, Values> FUNCTIONS = Map.ofEntries(
      Map.entry("Abs", new Values.Uniform(-4, 4)), Map.entry("Neg", new Values.Uniform(-4, 4)),
      Map.entry("Sign", new Values.Whole(-2, 2)), Map.entry("Relu", new Values.Uniform(-4, 4)),
      Map.entry("Sqrt", new Values.Uniform(0, 4)), Map.entry("Exp", new Values.Uniform(-5, 5)),
      Map.entry("Log", new Values.Uniform(0.01, 9)), Map.entry("Reciprocal", new Values.Uniform(0.3, 4)),
      Map.entry("Erf", new Values.Uniform(-3, 3)), Map.entry("Tanh", new Values.Uniform(-4, 4)),
      Map.entry("Sigmoid", new Values.Uniform(-9, 9)), Map.entry("Floor", new Values.Uniform(-4, 4)),
      Map.entry("Ceil", new Values.Uniform(-4, 4)), Map.entry("Round", new Values.Uniform(-4, 4)),
      Map.entry("Sin", new Values.Uniform(-9, 9)), Map.entry("Cos", new Values.Uniform(-9, 9)),
      Map.entry("Tan", new Values.Uniform(-1.4, 1.4)), Map.entry("Asin", new Values.Uniform(-1, 1)),
      Map.entry("Acos", new Values.Uniform(-1, 1)), Map.entry("Atan", new Values.Uniform(-9, 9)),
      Map.entry("Sinh", new Values.Uniform(-4, 4)), Map.entry("Cosh", new Values.Uniform(-4, 4)),
      Map.entry("Asinh", new Values.Uniform(-9, 9)), Map.entry("Acosh", new Values.Uniform(1, 9)),
      Map.entry("Atanh", new Values.Uniform(-0.99, 0.99)), Map.entry("Softplus", new Values.Uniform(-30, 30)),
      Map.entry("Softsign", new Values.Uniform(-9, 9)), Map.entry("IsNaN", new Values.Uniform(-1, 1)),
      Map.entry("Mish", new Values.Uniform(-9, 9)), Map.entry("HardSwish", new Values.Uniform(-5, 5)),
      Map.entry("Identity", new Values.Uniform(-9, 9)));

  @TestFactory Stream<DynamicTest> functions() {
    return FUNCTIONS.keySet().stream().sorted().map(operator -> DynamicTest.dynamicTest(operator, () ->
        NodePeer.all(operator.hashCode(), 40, 12, draw -> {
          ElementType type = draw.of(WHOLE.contains(operator) ? NUMBERS : List.of(FLOAT, FLOAT, DOUBLE));
          int opset = draw.of(List.of(6, 13, 14, 18, 20, 22));
          double[] values = draw.numbers(draw.shape(draw.between(0, 4)), FUNCTIONS.get(operator));
          if (operator.equals("Round")) {
            for (int i = 0; i < values.length; i += 2) {
              values[i] = Math.floor(values[i]) + 0.5;
            }
          }
          if (operator.equals("IsNaN")) {
            values[0] = Double.NaN;
          }
          return new NodeCase(opset, operator).input(NodeCase.tensor(type, Shape.of(values.length), values));
        })));
  }

  @TestFactory Stream<DynamicTest> extremes() {
    return FUNCTIONS.keySet().stream().sorted().map(operator -> DynamicTest.dynamicTest(operator, () ->
        NodePeer.all(1, 2, 1, draw -> new NodeCase(22, operator).input(NodeCase.tensor(draw.of(List.of(FLOAT)),
            Shape.of(9), Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0, 1, -1, 88, -88)))));
  }

  @TestFactory Stream<DynamicTest> binary() {
    return Stream.of("Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Mod", "Equal", "Greater", "Less",
        "GreaterOrEqual", "LessOrEqual", "PRelu", "Sum", "Mean").map(operator -> DynamicTest.dynamicTest(operator,
            () -> NodePeer.all(operator.hashCode(), 100, 20, draw -> binary(draw, operator))));
  }

  private static NodeCase binary(Draw draw, String operator) {
    int opset = draw.of(List.of(7, 8, 11, 12, 13, 14, 16));
    ElementType type = draw.of(NUMBERS);
    Shape wide = draw.shape(draw.between(1, 4));
    Shape narrow = draw.narrow(wide);
    boolean exchanged = draw.oneIn(3) && !operator.equals("PRelu");
    boolean positive = operator.equals("Pow");
    boolean divided = operator.equals("Div") || operator.equals("Mod");
    ElementType second = positive && opset >= 12 ? draw.of(NUMBERS) : type;
    Values near = positive ? new Values.Uniform(0.4, 3) : new Values.Whole(-3, 3);
    TensorProto a = type == FLOAT && !positive ? NodeCase.drawn(draw, exchanged ? narrow : wide)
        : NodeCase.drawn(draw, type, exchanged ? narrow : wide, near);
    TensorProto b = NodeCase.drawn(draw, second, exchanged ? wide : narrow, divided ? draw.oneIn(2)
        ? new Values.Whole(1, 4) : new Values.Whole(-4, -1) : near);
    NodeCase node = new NodeCase(opset, operator).either(draw, a).input(b);
    if (operator.equals("Mod")) {
      boolean real = type == FLOAT || type == DOUBLE;
      return real || draw.oneIn(2) ? node.number("fmod", 1) : node;
    }
    return (operator.equals("Sum") || operator.equals("Mean") || operator.equals("Max")) && draw.oneIn(2)
        ? node.input(NodeCase.drawn(draw, type, draw.narrow(wide))) : node;
  }

  /// Before version 7, the second input was said to be repeated.
  @Test void olderBroadcasting() {
    NodePeer.all(21, 80, 0, draw -> {
      Shape wide = draw.shape(draw.between(1, 4));
      int from = draw.between(0, wide.rank() - 1);
      int to = draw.between(from + 1, wide.rank());
      return new NodeCase(6, draw.of(List.of("Add", "Sub", "Mul", "Div"))).number("broadcast", 1).number("axis", from)
          .input(NodeCase.drawn(draw, wide)).input(NodeCase.drawn(draw, wide.slice(from, to)));
    });
  }

  @Test void logic() {
    NodePeer.all(22, 150, 100, draw -> {
      Shape wide = draw.shape(draw.between(1, 4));
      ElementType whole = draw.of(List.of(ElementType.UINT8, ElementType.INT8, ElementType.INT32, ElementType.INT64));
      return switch (draw.between(0, 4)) {
        case 0 -> new NodeCase(7, draw.of(List.of("And", "Or", "Xor"))).input(NodeCase.drawn(draw, ElementType.BOOL,
            wide)).either(draw, NodeCase.drawn(draw, ElementType.BOOL, draw.narrow(wide)));
        case 1 -> new NodeCase(18, draw.of(List.of("BitwiseAnd", "BitwiseOr", "BitwiseXor")))
            .input(NodeCase.drawn(draw, whole, wide)).either(draw, NodeCase.drawn(draw, whole, draw.narrow(wide)));
        case 2 -> new NodeCase(18, "BitwiseNot").input(NodeCase.drawn(draw, whole, wide));
        case 3 -> new NodeCase(11, "BitShift").text("direction", draw.of(List.of("LEFT", "RIGHT")))
            .input(NodeCase.drawn(draw, ElementType.UINT8, wide)).input(NodeCase.drawn(draw, ElementType.UINT8,
            draw.narrow(wide), new Values.Whole(0, 7)));
        default -> new NodeCase(1, "Not").input(NodeCase.drawn(draw, ElementType.BOOL, wide));
      };
    });
  }

  @Test void where() {
    NodePeer.all(23, 120, 90, draw -> {
      Shape wide = draw.shape(draw.between(1, 4));
      ElementType type = draw.of(NUMBERS);
      return new NodeCase(draw.of(List.of(9, 16)), "Where").either(draw, NodeCase.drawn(draw, ElementType.BOOL,
          draw.narrow(wide))).either(draw, NodeCase.drawn(draw, type, draw.narrow(wide)))
          .input(NodeCase.drawn(draw, type, draw.narrow(wide)));
    });
  }

  @Test void clip() {
    NodePeer.all(24, 160, 80, draw -> {
      int opset = draw.of(List.of(6, 11, 12, 13));
      ElementType type = opset < 12 ? FLOAT : draw.of(NUMBERS);
      NodeCase node = new NodeCase(opset, "Clip").input(NodeCase.drawn(draw, type, draw.shape(draw.between(0, 4))));
      double low = draw.between(-3, 1);
      double high = draw.between(-1, 3);
      if (opset < 11) {
        node = draw.oneIn(3) ? node : node.real("min", low);
        return draw.oneIn(3) ? node : node.real("max", high);
      }
      int form = draw.between(0, 3);
      node = form == 0 ? node : form == 1 ? node.none() : node.either(draw, NodeCase.scalar(type, low));
      return form == 0 || form == 2 ? node : node.either(draw, NodeCase.scalar(type, high));
    });
  }

  @Test void cast() {
    List<ElementType> types = List.of(FLOAT, DOUBLE, ElementType.FLOAT16, ElementType.INT8, ElementType.UINT8,
        ElementType.INT16, ElementType.INT32, ElementType.INT64, ElementType.BOOL);
    NodePeer.all(25, 240, 200, draw -> {
      ElementType from = draw.of(types);
      ElementType to = draw.of(types);
      Values values = from == ElementType.FLOAT || from == DOUBLE || from == ElementType.FLOAT16
          ? to == ElementType.UINT8 ? new Values.Uniform(0, 250) : new Values.Uniform(-120, 120)
          : from == ElementType.UINT8 ? new Values.Whole(0, 255) : from == ElementType.BOOL ? new Values.Whole(0, 1)
          : new Values.Whole(-128, 127);
      return new NodeCase(draw.of(List.of(6, 9, 13, 19)), "Cast").number("to", to.code())
          .input(NodeCase.drawn(draw, from, draw.shape(draw.between(0, 3)), values));
    });
  }

  @Test void activations() {
    NodePeer.all(26, 260, 200, draw -> {
      NodeCase node = new NodeCase(draw.of(List.of(6, 9, 13, 16, 20)), draw.of(List.of("LeakyRelu", "Elu", "Celu",
          "Selu", "ThresholdedRelu", "HardSigmoid", "Shrink", "Gelu")));
      String operator = node.toString().replaceAll("-.*", "");
      NodeCase x = node.input(NodeCase.drawn(draw, draw.shape(draw.between(1, 4))));
      boolean given = !draw.oneIn(3);
      return switch (operator) {
        case "LeakyRelu", "Elu", "Celu", "ThresholdedRelu" -> given ? x.real("alpha", draw.between(1, 30) / 10.0) : x;
        case "Selu" -> given ? x.real("alpha", 1.3).real("gamma", 0.7) : x;
        case "HardSigmoid" -> given ? x.real("alpha", 0.3).real("beta", 0.4) : x;
        case "Shrink" -> given ? x.real("bias", 0.4).real("lambd", 1.2) : x;
        default -> given ? x.text("approximate", draw.of(List.of("none", "tanh"))) : x;
      };
    });
  }

  @Test void infinite() {
    NodePeer.all(27, 20, 10, draw -> {
      NodeCase node = new NodeCase(draw.of(List.of(10, 20)), "IsInf").input(NodeCase.tensor(draw.of(List.of(FLOAT,
          DOUBLE)), Shape.of(5), 1, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -1));
      node = draw.oneIn(2) ? node : node.number("detect_positive", draw.between(0, 1));
      return draw.oneIn(2) ? node : node.number("detect_negative", draw.between(0, 1));
    });
  }
}
