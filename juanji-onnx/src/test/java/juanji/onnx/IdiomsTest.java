package juanji.onnx;

import static juanji.nn.Layers.embedding;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.tiledConv;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import juanji.nn.Model;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.TensorProto;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Groups of nodes that are read as one operation, and groups that look like them but say something else.
class IdiomsTest {
  private static final Tensor IDS = Tensor.of(Shape.of(2, 4), 0, 3, -1, 2.5f, 4, 1, 2, 7);

  private static ModelProto lookup() {
    return OnnxExport.of(Model.of(input(4), embedding(4, 3)).initialize(1)).model();
  }

  private static ModelProto local() {
    return OnnxExport.of(Model.of(input(3, 7, 6), tiledConv(4, 3, 2).tiles(2, 1).stride(2, 1).same()).initialize(1))
        .model();
  }

  /// The file with other tensors.
  private static ModelProto with(ModelProto model, Predicate<TensorProto> which, UnaryOperator<TensorProto> change) {
    GraphProto g = model.graph();
    List<TensorProto> tensors = g.initializers().stream().map(t -> which.test(t) ? change.apply(t) : t).toList();
    return new ModelProto(model.irVersion(), "", "", model.operatorSets(), GraphProto.of("", g.nodes(), tensors,
        g.inputs(), g.outputs()), model.metadata(), model.functions());
  }

  private static Tensor run(Model model, Tensor x) {
    try (Workers workers = Workers.of(1)) {
      return new Session(Compiler.compile(model.graph(), x.shape().dim(0), Target.best()), model.weights().tensors(),
          workers).run(Map.of("x", x)).get("y");
    }
  }

  /// The same, node by node: a value within the group is asked for, too.
  private static Model apart(ModelProto model, String operator) {
    String inner = model.graph().nodes().stream().filter(n -> n.operator().equals(operator)).map(NodeProto::outputs)
        .findFirst().orElseThrow().getFirst();
    return Onnx.of(model, "apart").outputs(List.of("y", inner)).model();
  }

  private static boolean whole(Model model, String operation) {
    return Plans.steps(model).stream().anyMatch(s -> s.startsWith(operation))
        && Plans.steps(model).stream().noneMatch(s -> s.startsWith("select") || s.startsWith("matMul"));
  }

  private static void same(ModelProto model, String inner, Tensor x) {
    Tensor expected = run(apart(model, inner), x);
    assertArrayEquals(expected.data(), run(Onnx.of(model, "whole").model(), x).data(), 1e-5f);
  }

  @Test void anEmbeddingIsOneLookup() {
    assertEquals(true, whole(Onnx.of(lookup(), "a").model(), "lookup"));
    assertEquals(false, whole(apart(lookup(), "Where"), "lookup"));
    same(lookup(), "Where", IDS);
  }

  @Test void aRowBehindTheTableThatIsNotZeroIsLookedUp() {
    ModelProto ones = with(lookup(), t -> t.shape().equals(Shape.of(1, 3)), t ->
        TensorProto.of(t.name(), Tensor.full(Shape.of(1, 3), 5)));
    Model model = Onnx.of(ones, "a").model();
    assertEquals(false, whole(model, "lookup"));
    same(ones, "Where", IDS);
    assertEquals(5, run(model, IDS).data()[2 * 3], "an id of -1 names the row behind the table");
  }

  @Test void aLocalConvolutionIsOne() {
    Tensor x = Examples.numbers(2, 3, 7, 6);
    assertEquals(true, whole(Onnx.of(local(), "a").model(), "localConv"));
    assertEquals(false, whole(apart(local(), "Gather"), "localConv"));
    same(local(), "Gather", x);
  }

  @Test void cellsInAnotherOrderAreNoConvolution() {
    Tensor x = Examples.numbers(2, 3, 7, 6);
    ModelProto other = with(local(), t -> t.shape().rank() == 2 && t.shape().dim(1) == 6, t -> {
      long[] cells = HostTensor.of(t).wholes().clone();
      long first = cells[7];
      cells[7] = cells[20];
      cells[20] = first;
      return TensorProto.of(t.name(), t.shape(), cells);
    });
    assertEquals(false, whole(Onnx.of(other, "a").model(), "localConv"));
    same(other, "Gather", x);
  }

  @Test void otherPaddingOrOtherSetsOfWeightsAreNoConvolution() {
    Tensor x = Examples.numbers(2, 3, 7, 6);
    ModelProto padded = with(local(), t -> t.name().equals("constant") && t.shape().rank() == 0, t ->
        TensorProto.of(t.name(), Tensor.scalar(1)));
    assertEquals(false, whole(Onnx.of(padded, "a").model(), "localConv"));
    same(padded, "Gather", x);
    ModelProto sets = with(local(), t -> t.shape().rank() == 1 && t.shape().dim(0) > 8, t -> {
      long[] numbers = HostTensor.of(t).wholes().clone();
      numbers[3] = 1 - numbers[3];
      return TensorProto.of(t.name(), t.shape(), numbers);
    });
    assertEquals(false, whole(Onnx.of(sets, "a").model(), "localConv"));
    same(sets, "Gather", x);
  }

  /// What is no weight stays none, so that training further leaves it alone.
  @Test void constantsAreNoWeights() {
    Model model = Model.of(input(4), embedding(4, 3));
    assertEquals(List.of("embedding1.weight"), Onnx.of(lookup(), "a").model().parameters().stream()
        .map(d -> d.name()).toList());
    assertEquals(model.weightCount(), Onnx.of(lookup(), "a").model().weightCount());
    List<String> found = new ArrayList<>(Arrays.asList(lookup().metadata().get(OnnxExport.CONSTANTS).split("\n")));
    assertEquals(found, lookup().graph().initializers().stream().map(TensorProto::name).filter(found::contains)
        .toList());
  }
}
