package juanji.onnx.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import juanji.graph.Node;
import juanji.nn.Model;
import juanji.nn.RegionPooling;
import juanji.onnx.Onnx;
import juanji.onnx.OnnxExport;
import juanji.op.Exact;
import juanji.plan.Compiler;
import juanji.plan.Plan;
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
  /// Networks with layers that ONNX says by several operators, which are read as these: their plans differ, and their
  /// results must not.
  private static final Set<String> WRITTEN_OUT = Set.of("textcnn-rand", "textcnn-static", "textcnn-non-static",
      "textcnn-multichannel", "netvlad-alexnet", "netvlad-vgg16", "deepface", "deepface-retold", "deepface-small",
      "deepid", "fast-rcnn", "rpn", "unet", "unet-small");

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
      if (WRITTEN_OUT.contains(network.name())) {
        Peer.close(network.name() + " read again", expected, Exact.of(run(again, inputs, sizes)), TOLERANCE);
      } else {
        assertEquals(steps(model, sizes), steps(again, sizes));
      }
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

  /// The plan's columns but for the names of values.
  private static List<String> steps(Model model, Map<String, Integer> sizes) {
    Plan plan = Compiler.compile(model.graph(), 1, sizes, Target.scalar());
    return plan.toString().lines().skip(1).filter(line -> line.matches(" *\\d+  .*"))
        .map(line -> line.strip().split(" {2,}")).map(row -> row[1] + " by " + row[3] + " to " + row[row.length - 3])
        .toList();
  }
}
