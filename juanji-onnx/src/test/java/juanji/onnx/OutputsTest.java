package juanji.onnx;

import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files with several outputs.
class OutputsTest {
  /// Scores and boxes of a shared trunk, and a value between.
  private static ModelProto detector() {
    return Examples.model(List.of(
        NodeProto.of("trunk", "Conv", List.of("x", "trunk.weight"), List.of("t"),
            AttributeProto.of("pads", List.of(1L, 1L, 1L, 1L))),
        NodeProto.of("relu", "Relu", List.of("t"), List.of("r")),
        NodeProto.of("flat", "Flatten", List.of("r"), List.of("f")),
        NodeProto.of("a", "Gemm", List.of("f", "a.weight"), List.of("scores")),
        NodeProto.of("b", "Gemm", List.of("f", "b.weight"), List.of("y"))),
        List.of(TensorProto.of("trunk.weight", Examples.numbers(4, 3, 3, 3)),
            TensorProto.of("a.weight", Examples.numbers(80, 2)), TensorProto.of("b.weight", Examples.numbers(80, 6))),
        List.of(Examples.value("x", "N", 3, 4, 5)),
        List.of(Examples.value("scores", "N", 2), Examples.value("y", "N", 6), Examples.value("r", "N", 4, 4, 5)));
  }

  private static final Tensor PICTURES = Examples.numbers(2, 3, 4, 5);

  private static Map<String, Tensor> run(Model model) {
    try (Workers workers = Workers.of(1)) {
      return new Session(Compiler.compile(model.graph(), 2, Target.best()), model.weights().tensors(), workers)
          .run(Map.of("x", PICTURES));
    }
  }

  private static Map<String, TensorProto> program(ModelProto proto) {
    try (Workers workers = Workers.of(1)) {
      return OnnxProgram.of(proto, "detector").run(Map.of("x", TensorProto.of("x", PICTURES)), workers);
    }
  }

  @Test void aModelGivesThemAll() {
    Model model = Onnx.of(detector(), "detector").model();
    Map<String, TensorProto> expected = program(detector());
    Map<String, Tensor> results = run(model);
    assertEquals(Set.of("y", "y_", "r"), results.keySet());
    assertEquals(Shape.of(2), model.outputShape());
    assertArrayEquals(expected.get("scores").tensor().data(), results.get("y").data(), 1e-5f);
    assertArrayEquals(expected.get("y").tensor().data(), results.get("y_").data(), 1e-5f);
    assertArrayEquals(expected.get("r").tensor().data(), results.get("r").data(), 1e-5f);
  }

  @Test void someAreChosen() {
    Onnx file = Onnx.of(detector(), "detector");
    assertEquals(Set.of("y"), run(file.output("y").model()).keySet());
    Model two = file.outputs(List.of("f", "scores")).model();
    assertEquals(Set.of("y", "scores"), run(two).keySet());
    assertEquals(Shape.of(80), two.outputShape());
    assertEquals("""
        'detector' cannot become a model.
          C7: there is at least one output, and each is named once; received f, f.
          Name each once.""", assertThrows(OnnxException.class, () -> file.outputs(List.of("f", "f"))).getMessage());
  }

  @Test void theyAreKeptInModelFilesAndExports(@TempDir Path folder) {
    Model model = Onnx.of(detector(), "detector").model();
    Map<String, Tensor> results = run(model);
    Path kept = folder.resolve("detector.juanji");
    ModelFile.of(model).write(kept);
    Path exported = folder.resolve("again.onnx");
    Onnx.write(model, exported);
    Map<String, TensorProto> again = program(ModelProto.read(exported));
    assertEquals(results.keySet(), again.keySet());
    results.forEach((name, tensor) -> {
      assertArrayEquals(tensor.data(), run(ModelFile.read(kept, OnnxNetwork.ARCHITECTURE).model()).get(name).data());
      assertArrayEquals(tensor.data(), again.get(name).tensor().data(), 1e-5f);
      assertArrayEquals(tensor.data(), run(Onnx.read(exported)).get(name).data(), 1e-5f);
    });
  }

  @Test void whatIsCutHasOne() {
    Model trunk = Onnx.of(detector(), "detector").model().upTo("relu");
    assertEquals(Set.of("y"), run(trunk.then(flatten(), dense(3))).keySet());
  }

  @Test void c7AnOutputWithoutRowsIsNamed() {
    ModelProto proto = Examples.model(List.of(NodeProto.of("", "Relu", List.of("x"), List.of("a")),
        NodeProto.of("", "Shape", List.of("x"), List.of("s"), AttributeProto.of("start", 1))), List.of(),
        List.of(Examples.value("x", "N", 3)), List.of(Examples.value("a", "N", 3), Examples.value("s", 1)));
    assertEquals("""
        'file' cannot become a model.
          C7: every output has a row for each sample; 's' is a constant.
          Name the outputs that are wanted, or run the file as a program.""",
        assertThrows(OnnxException.class, () -> Onnx.of(proto, "file").model()).getMessage());
  }
}
