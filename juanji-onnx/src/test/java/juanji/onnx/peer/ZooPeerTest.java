package juanji.onnx.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import juanji.graph.Node;
import juanji.nn.Model;
import juanji.nn.RegionPooling;
import juanji.onnx.Onnx;
import juanji.onnx.OnnxExport;
import juanji.onnx.Plans;
import juanji.op.Exact;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.Draw;
import juanji.testkit.Values;
import juanji.zoo.Network;
import juanji.zoo.Zoo;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every named network at its published size: ONNX Runtime computes the same, and what is read back plans the same.
///
/// Some 500 thousand million products twice, and files of up to 1 GB.
@Tag("learning")
class ZooPeerTest {
  private static final double TOLERANCE = 1e-4;
  @TempDir private Path folder;

  @TestFactory Stream<DynamicTest> networks() {
    return Zoo.all().stream().map(network -> DynamicTest.dynamicTest(network.name(), () -> whole(network)));
  }

  private void whole(Network network) throws IOException {
    Model model = network.model().initialize(1);
    Path file = folder.resolve(network.name() + ".onnx");
    Path data = folder.resolve(network.name() + ".onnx.data");
    try {
      OnnxExport.of(model).write(file);
      Draw draw = new Draw(1);
      boolean tokens = model.toString().contains("embedding(");
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      inputs.put("x", Comparison.numbers(draw, model.input().shape().prepend(1),
          tokens ? new Values.Whole(0, 20) : Values.SIGNED));
      boolean regions = model.graph().inputs().stream().map(Node::name).anyMatch(RegionPooling.REGIONS::equals);
      if (regions) {
        inputs.put(RegionPooling.REGIONS, Tensor.of(Shape.of(2, 5), 0, 16, 32, 239, 300, 0, 100, 8, 620, 500));
      }
      Map<String, Integer> sizes = regions ? Map.of(RegionPooling.REGIONS, 2) : Map.of();
      Tensor expected = Peer.run(file, inputs).get("y");
      Peer.close(network.name(), expected, Exact.of(run(model, inputs, sizes)), TOLERANCE);
      Model again = Onnx.read(file);
      assertEquals(Plans.steps(model), Plans.steps(again));
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(data);
    }
  }

  private static Tensor run(Model model, Map<String, Tensor> inputs, Map<String, Integer> sizes) {
    try (Workers workers = Workers.all()) {
      return new Session(Compiler.compile(model.graph(), 1, sizes, Target.best()), model.weights().tensors(), workers)
          .run(inputs).get("y");
    }
  }
}
