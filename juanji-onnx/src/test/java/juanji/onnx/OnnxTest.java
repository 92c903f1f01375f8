package juanji.onnx;

import static juanji.nn.Layers.dense;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.model.ModelFile;
import juanji.nn.Declaration;
import juanji.nn.Input;
import juanji.nn.Model;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.op.Reduction;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models made of ONNX files.
class OnnxTest {
  private static Model network(int height, int width) {
    return Onnx.of(Examples.network(), "example.onnx").sample(3, height, width).model();
  }

  private static float[] run(Model model, Tensor x) {
    try (Workers workers = Workers.of(1)) {
      return new Session(Compiler.compile(model.graph(), x.shape().dim(0), Target.best()), model.weights().tensors(),
          workers).run(Map.of("x", x)).get("y").data();
    }
  }

  private static float[] program(ModelProto proto, Tensor x) {
    try (Workers workers = Workers.of(1)) {
      return OnnxProgram.of(proto, "example.onnx").run(Map.of("x", TensorProto.of("x", x)), workers).get("y").tensor()
          .data();
    }
  }

  @Test void aModelHasTheFilesWeightsNodesAndNumbers() {
    Model model = network(5, 7);
    assertEquals(List.of("conv1.weight", "conv1.bias", "bn.running_mean", "bn.running_var", "bn.weight", "bn.bias",
        "fc.weight", "fc.bias").stream().sorted().toList(),
        model.parameters().stream().map(Declaration::name).sorted().toList());
    assertEquals(Shape.of(5), model.outputShape());
    String summary = model.summary().toString();
    for (String place : List.of("conv1.Conv", "bn", "Relu_1", "pool", "fc")) {
      assertTrue(summary.lines().anyMatch(l -> l.startsWith(place + " ")), place + " in\n" + summary);
    }
    Tensor x = Examples.numbers(2, 3, 5, 7);
    assertArrayEquals(program(Examples.network(), x), run(model, x), 1e-5f);
  }

  @Test void heightAndWidthAreBoundWhenAskedFor() {
    Tensor large = Examples.numbers(1, 3, 11, 6);
    assertArrayEquals(program(Examples.network(), large),
        run(network(5, 7).withInput(new Input(Shape.of(3, 11, 6))), large), 1e-5f);
    OnnxException error = assertThrows(OnnxException.class, () -> Onnx.of(Examples.network(), "a.onnx").model());
    assertEquals("""
        'a.onnx' cannot become a model.
          C6: the extents of a sample are known; 'x' is float batch × 3 × height × width.
          Say them, as in sample(3, 224, 224), or with --size.""", error.getMessage());
  }

  @Test void aModelFileBringsItBack(@TempDir Path folder) {
    Model model = network(5, 7);
    Path file = folder.resolve("a.juanji");
    ModelFile.of(model).write(file);
    Model again = ModelFile.read(file, OnnxNetwork.ARCHITECTURE).model();
    assertEquals(model, again);
    Tensor x = Examples.numbers(3, 3, 5, 7);
    assertArrayEquals(run(model, x), run(again, x));
  }

  @Test void itIsCutFrozenAndExtended() {
    Model cut = network(5, 7).upTo("flat").freeze().then(dense(2));
    assertEquals(Shape.of(2), cut.outputShape());
    assertEquals(List.of("dense1.weight", "dense1.bias"),
        cut.parameters().stream().filter(Declaration::trainable).map(Declaration::name).toList());
    assertArrayEquals(network(5, 7).weights().tensor("conv1.weight").data(),
        cut.weights().tensor("conv1.weight").data());
    IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> network(5, 7).upTo("nothing"));
    assertTrue(error.getMessage().contains("conv1.Conv"), error.getMessage());
  }

  private static List<String> trainable(Model model) {
    return model.parameters().stream().filter(Declaration::trainable).map(Declaration::name).sorted().toList();
  }

  @Test void someOfItsNodesAreFrozen(@TempDir Path folder) {
    Model model = network(5, 7);
    assertEquals(List.of("bn.bias", "bn.weight", "fc.bias", "fc.weight"), trainable(model.freeze("conv1"::equals)));
    assertEquals(trainable(model.freeze("conv1"::equals)), trainable(model.freeze("conv1.Conv"::equals)));
    Model frozen = model.freeze("conv1"::equals).freeze("bn"::equals);
    assertEquals(List.of("fc.bias", "fc.weight"), trainable(frozen));
    assertEquals(0, frozen.graph(true, 1).updates().size(), "running statistics stay");
    assertEquals(List.of("conv1.bias", "conv1.weight", "fc.bias", "fc.weight"), trainable(model.freezeNorms()));
    assertEquals(0, model.freezeNorms().graph(true, 1).updates().size());
    assertEquals(List.of("conv1.weight"), trainable(model.freeze(Set.of("fc", "bn")::contains)).stream()
        .filter(n -> n.endsWith("1.weight")).toList());
    assertEquals("fc", model.head());
    Tensor x = Examples.numbers(2, 3, 5, 7);
    assertArrayEquals(run(model, x), run(frozen, x));
    ModelFile.of(frozen).write(folder.resolve("a.juanji"));
    assertEquals(trainable(frozen), trainable(ModelFile.read(folder.resolve("a.juanji"), OnnxNetwork.ARCHITECTURE)
        .model()));
    IllegalArgumentException none = assertThrows(IllegalArgumentException.class, () -> model.freeze("cnv"::equals));
    assertTrue(none.getMessage().contains("conv1.Conv, bn, "), none.getMessage());
    IllegalArgumentException head = assertThrows(IllegalArgumentException.class, () -> model.withClasses(3));
    assertTrue(head.getMessage().contains("received 'fc', a node"), head.getMessage());
  }

  @Test void c6AnOutputThatNothingMakesIsNamed() {
    OnnxException error = assertThrows(OnnxException.class, () -> Onnx.of(Examples.network(), "a.onnx")
        .sample(3, 5, 7).output("z").model());
    assertEquals("""
        'a.onnx' cannot become a model.
          C6: 'z' is a value of the graph; its outputs are y.
          Name one of these, or what a node makes: 'juanji summary FILE.onnx' shows them.""", error.getMessage());
  }

  @Test void itIsTrained() {
    Model model = network(5, 7);
    Graph graph = model.graph(true, 1);
    assertEquals(2, graph.updates().size(), "running mean and variance move");
    GraphBuilder builder = GraphBuilder.from(graph);
    Node loss = builder.reshape(builder.apply(new Reduction.Mean(List.of(0, 1)), graph.output("y")), Shape.of());
    for (Node.Parameter p : graph.parameters()) {
      boolean trained = model.parameters().stream().anyMatch(d -> d.name().equals(p.name()) && d.trainable());
      builder.gradients(loss, List.of(p)).getFirst().ifPresentOrElse(g -> {
        assertEquals(p.shape(), g.shape());
        builder.output("d" + p.name(), g);
      }, () -> assertTrue(!trained, p.name()));
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    model.weights().tensors().forEach((name, tensor) -> weights.put(name, tensor.copy()));
    try (Workers workers = Workers.of(1)) {
      Map<String, Tensor> results = new Session(Compiler.compile(builder.build(), 4, Target.best()), weights, workers)
          .run(Map.of("x", Examples.numbers(4, 3, 5, 7), "step", Tensor.scalar(1)));
      assertTrue(results.get("dconv1.weight").data()[3] != 0);
    }
    assertNotEquals(model.weights().tensor("bn.running_mean").data()[0], weights.get("bn.running_mean").data()[0]);
  }

  @Test void whatWasImportedIsExportedAgain(@TempDir Path folder) {
    ModelProto proto = Examples.model(List.of(
        NodeProto.of("offsets", "Conv", List.of("x", "offset.weight"), List.of("o"),
            AttributeProto.of("pads", List.of(1L, 1L, 1L, 1L))),
        NodeProto.of("deform", "DeformConv", List.of("x", "deform.weight", "o"), List.of("d"),
            AttributeProto.of("pads", List.of(1L, 1L, 1L, 1L))),
        NodeProto.of("grid", "Conv", List.of("d", "grid.weight"), List.of("g")),
        NodeProto.of("last", "Transpose", List.of("g"), List.of("t"),
            AttributeProto.of("perm", List.of(0L, 2L, 3L, 1L))),
        NodeProto.of("sample", "GridSample", List.of("d", "t"), List.of("s"),
            AttributeProto.of("mode", "bicubic"), AttributeProto.of("padding_mode", "reflection")),
        NodeProto.of("", "Floor", List.of("s"), List.of("f")),
        NodeProto.of("", "Sub", List.of("s", "f"), List.of("y"))),
        List.of(TensorProto.of("offset.weight", Examples.numbers(18, 3, 3, 3)),
            TensorProto.of("deform.weight", Examples.numbers(4, 3, 3, 3)),
            TensorProto.of("grid.weight", Examples.numbers(2, 4, 1, 1))),
        List.of(Examples.value("x", "N", 3, 5, 7)), List.of(Examples.value("y", "N", 4, 5, 7)));
    Model model = Onnx.of(proto, "example.onnx").model();
    Tensor x = Examples.numbers(2, 3, 5, 7);
    assertArrayEquals(program(proto, x), run(model, x), 1e-4f);
    Path file = folder.resolve("again.onnx");
    OnnxExport.of(ModelFile.of(model)).opset(19).write(file);
    assertArrayEquals(run(model, x), program(ModelProto.read(file), x), 1e-4f);
    assertArrayEquals(run(model, x), run(Onnx.read(file), x), 1e-4f);
  }

  /// Running statistics do not become weights on the way.
  @Test void whatWasImportedAndExportedHasTheSameWeightsAndPlan() {
    Model model = network(5, 7);
    Model again = Onnx.of(OnnxExport.of(model).model(), "again").model();
    assertEquals(model.parameters().stream().map(Declaration::name).sorted().toList(),
        again.parameters().stream().map(Declaration::name).sorted().toList());
    assertEquals(model.weightCount(), again.weightCount());
    assertEquals(2, again.graph(true, 1).updates().size());
    assertEquals(Plans.steps(model), Plans.steps(again));
    Model scoped = Model.of(model.input(), model.layers().getFirst().named("body"))
        .initialize(3);
    Model back = Onnx.of(OnnxExport.of(scoped).model(), "again").model();
    assertEquals(scoped.weightCount(), back.weightCount());
    Tensor x = Examples.numbers(2, 3, 5, 7);
    assertArrayEquals(run(model, x), run(again, x), 1e-5f);
    assertArrayEquals(run(scoped, x), run(back, x), 1e-5f);
  }

  @Test void c1EveryNodeThatIsNotUnderstoodIsNamed() {
    ModelProto proto = Examples.model(List.of(
        NodeProto.of("first", "Foo", List.of("x"), List.of("a")),
        NodeProto.of("", "Relu", List.of("x"), List.of("b"), AttributeProto.of("strange", 1)),
        NodeProto.of("last", "Resize", List.of("x", "", "scales"), List.of("c"), AttributeProto.of("mode", "odd")),
        NodeProto.of("", "Sum", List.of("a", "b", "c"), List.of("y"))),
        List.of(TensorProto.of("scales", Tensor.of(Shape.of(2), 1, 2))), List.of(Examples.value("x", 2, 3)),
        List.of(Examples.value("y", 2, 3)));
    OnnxException error = assertThrows(OnnxException.class, () -> program(proto, Examples.numbers(2, 3)));
    assertEquals("""
        'example.onnx' has what is not supported.
          C1: every node is understood; received 3 that are not:
            node 'first' (Foo, operator set 17): unknown operator
            node that makes 'b' (Relu, operator set 17): attribute 'strange' is not known
            node 'last' (Resize, operator set 17): attribute 'mode' = 'odd'
          See docs/onnx.md for what is supported; export the network without it, or cut it off before.""",
        error.getMessage());
    assertTrue(error.unsupported());
  }
}
