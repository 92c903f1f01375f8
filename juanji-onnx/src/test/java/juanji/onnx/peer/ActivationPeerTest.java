package juanji.onnx.peer;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Activation;
import juanji.nn.Input;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.op.Composite;
import juanji.op.Nonlinearity;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.Draw;
import juanji.testkit.Values;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every activation that ONNX has is ONNX Runtime's, from −12 to 12 and at 0.
class ActivationPeerTest {
  private static final int OPSET = 22;
  private static final int TIMES = 12;

  /// How ONNX writes a function of x; its result is y.
  private interface Written {
    void in(OnnxModel model);
  }

  private static Written node(String type) {
    return node(type, n -> { });
  }

  private static Written node(String type, Consumer<OnnxNode> attributes) {
    return model -> attributes.accept(model.node(type, List.of("x"), List.of("y")));
  }

  private static Tensor wide(Draw draw, Shape x) {
    Tensor values = Comparison.numbers(draw, x, new Values.Uniform(-12, 12));
    values.data()[draw.between(0, values.data().length - 1)] = 0;
    return values;
  }

  private static DynamicTest function(Op op, Written written) {
    return DynamicTest.dynamicTest(op.toString(), () -> Comparison.all(op.hashCode(), TIMES, draw -> {
      Shape x = draw.shape(draw.between(2, 5));
      OnnxModel model = new OnnxModel(OPSET).input("x", x).output("y", false, x.rank());
      written.in(model);
      GraphBuilder b = new GraphBuilder();
      Graph graph = b.output("y", b.apply(op, b.input("x", x))).build();
      return new Comparison(op + " of " + x, model, graph, Map.of("x", wide(draw, x)), Map.of());
    }));
  }

  @TestFactory Stream<DynamicTest> functions() {
    return Stream.of(function(new Pointwise.Relu(), node("Relu")),
        function(new Nonlinearity.LeakyRelu(0.2), node("LeakyRelu", n -> n.real("alpha", 0.2))),
        function(new Nonlinearity.Elu(1, 0.7, 1), node("Elu", n -> n.real("alpha", 0.7))),
        function(Nonlinearity.Elu.SELU, node("Selu")),
        function(new Nonlinearity.Elu(1, 0.6, 0.6), node("Celu", n -> n.real("alpha", 0.6))),
        function(new Nonlinearity.Gelu(true), node("Gelu")),
        function(new Nonlinearity.Gelu(false), node("Gelu", n -> n.text("approximate", "tanh"))),
        function(new Pointwise.Sigmoid(), node("Sigmoid")), function(new Pointwise.Tanh(), node("Tanh")),
        function(new Pointwise.Softplus(), node("Softplus")),
        function(new Nonlinearity.Softsign(), node("Softsign")),
        function(new Nonlinearity.HardSigmoid(), node("HardSigmoid", n -> n.real("alpha", 1.0 / 6))),
        function(new Nonlinearity.HardSwish(), node("HardSwish")), function(new Nonlinearity.Mish(), node("Mish")),
        function(new Pointwise.Erf(), node("Erf")), function(new Pointwise.Abs(), node("Abs")),
        function(new Pointwise.Sign(), node("Sign")), function(new Pointwise.Exp(), node("Exp")),
        // ONNX Runtime has no Swish yet.
        function(new Nonlinearity.Silu(), model -> {
          model.node("Sigmoid", List.of("x"), List.of("gate"));
          model.node("Mul", List.of("x", "gate"), List.of("y"));
        }),
        function(new Composite.Softmax(1), node("Softmax", n -> n.number("axis", 1))),
        function(new Composite.LogSoftmax(1), node("LogSoftmax", n -> n.number("axis", 1))),
        function(new Composite.Softmax(0), node("Softmax", n -> n.number("axis", 0))));
  }

  /// Every function that layers have, by its word.
  @TestFactory Stream<DynamicTest> layers() {
    return Stream.of(Activation.Function.values()).map(f -> {
      Activation layer = new Activation(f);
      return DynamicTest.dynamicTest(layer.toString(), () -> Comparison.all(f.ordinal(), TIMES, draw -> {
        Shape some = draw.shape(draw.between(2, 5));
        Shape x = some.with(1, 2 * some.dim(1));
        OnnxModel model = new OnnxModel(OPSET).input("x", x).output("y", false, x.rank());
        written(f).in(model);
        return new Comparison(layer + " of " + x, model, Model.of(new Input(x.sample()), layer).graph(),
            Map.of("x", wide(draw, x)), Map.of());
      }));
    });
  }

  private static Written written(Activation.Function function) {
    return switch (function) {
      case RELU -> node("Relu");
      case RELU6 -> model -> model.reals("low", Tensor.scalar(0)).reals("high", Tensor.scalar(6))
          .node("Clip", List.of("x", "low", "high"), List.of("y"));
      case LEAKY_RELU -> node("LeakyRelu");
      case ELU -> node("Elu");
      case CELU -> node("Celu");
      case SELU -> node("Selu");
      case GELU -> node("Gelu");
      case GELU_TANH -> node("Gelu", n -> n.text("approximate", "tanh"));
      case SILU -> model -> {
        model.node("Sigmoid", List.of("x"), List.of("gate"));
        model.node("Mul", List.of("x", "gate"), List.of("y"));
      };
      case MISH -> node("Mish");
      case HARD_SWISH -> node("HardSwish");
      case HARD_SIGMOID -> node("HardSigmoid", n -> n.real("alpha", 1.0 / 6));
      case SOFTPLUS -> node("Softplus");
      case SOFTSIGN -> node("Softsign");
      case TANH -> node("Tanh");
      case SIGMOID -> node("Sigmoid");
      case SOFTMAX -> node("Softmax", n -> n.number("axis", 1));
      case LOG_SOFTMAX -> node("LogSoftmax", n -> n.number("axis", 1));
      // Of two neighbouring channels, those at even places and those at odd ones.
      case MAXOUT -> model -> {
        model.numbers("one", 1).numbers("zero", 0).numbers("two", 2).numbers("all", Integer.MAX_VALUE);
        model.node("Slice", List.of("x", "zero", "all", "one", "two"), List.of("even"));
        model.node("Slice", List.of("x", "one", "all", "one", "two"), List.of("odd"));
        model.node("Max", List.of("even", "odd"), List.of("y"));
      };
      case GLU -> model -> {
        model.node("Split", List.of("x"), List.of("a", "b")).number("axis", 1).number("num_outputs", 2);
        model.node("Sigmoid", List.of("b"), List.of("gate"));
        model.node("Mul", List.of("a", "gate"), List.of("y"));
      };
    };
  }

  @TestFactory Stream<DynamicTest> learnedSlopes() {
    return Stream.of(DynamicTest.dynamicTest("prelu()", () -> Comparison.all(3, 3 * TIMES, draw -> {
      Shape x = draw.shape(draw.between(2, 5));
      Graph graph = Model.of(new Input(x.sample()), Layers.prelu()).graph();
      Node slopes = graph.parameters().getFirst();
      int[] column = new int[x.rank() - 1];
      Arrays.fill(column, 1);
      column[0] = x.dim(1);
      OnnxModel model = new OnnxModel(OPSET).input("x", x).input(slopes.name(), slopes.shape())
          .output("y", false, x.rank())
          .numbers("column", IntStream.of(column).asLongStream().toArray());
      model.node("Reshape", List.of(slopes.name(), "column"), List.of("slope"));
      model.node("PRelu", List.of("x", "slope"), List.of("y"));
      Map<String, Tensor> values = new LinkedHashMap<>();
      values.put(slopes.name(), Comparison.numbers(draw, slopes.shape()));
      return new Comparison("prelu() of " + x, model, graph, Map.of("x", wide(draw, x)), values);
    })));
  }
}
