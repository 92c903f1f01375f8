package juanji.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Tensor;
import juanji.testkit.GraphSample;
import juanji.testkit.LayerCheck;
import juanji.testkit.LayerSamples;
import juanji.zoo.Zoo;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What is exported and read again is the same network.
class RoundTripTest {
  private static Model again(Model model) {
    return Onnx.of(OnnxExport.of(model).model(), "again").model();
  }

  private static Tensor run(Model model, GraphSample sample) {
    Map<String, Tensor> inputs = new LinkedHashMap<>(sample.inputs());
    inputs.remove("step");
    try (Workers workers = Workers.of(1)) {
      return new Session(Compiler.compile(model.graph(), sample.batch(), sample.sizes(), Target.best()),
          model.weights().tensors(), workers).run(inputs).get("y");
    }
  }

  private static void close(String what, Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape(), what);
    float largest = 0;
    for (float v : expected.data()) {
      largest = Math.max(largest, Math.abs(v));
    }
    for (int i = 0; i < expected.data().length; i++) {
      assertTrue(Math.abs(expected.data()[i] - actual.data()[i]) <= 1e-5f * largest, what + ": [" + i + "] "
          + actual.data()[i] + " instead of " + expected.data()[i]);
    }
  }

  @TestFactory Stream<DynamicTest> everyKindOfLayer() {
    return LayerSamples.kinds().stream().flatMap(kind -> LayerSamples.of(kind).stream())
        .map(check -> dynamicTest(check.layer().toString(), () -> same(check)));
  }

  private static void same(LayerCheck check) {
    Model model = check.model();
    GraphSample sample = check.graph(false, 2);
    close(check.layer().toString(), run(model, sample), run(again(model), sample));
  }

  @Test void weightsKeepTheirNames() {
    Model model = Zoo.network("lenet5").model().initialize(3);
    assertEquals(model.weights().tensors().keySet(), again(model).weights().tensors().keySet());
  }

  /// As many steps by the same kernels.
  @Test void plansAreTheSame() {
    for (String name : List.of("lenet5", "small-cnn", "resnet20")) {
      Model model = Zoo.network(name).model();
      assertEquals(steps(model), steps(again(model)), name);
    }
  }

  /// The plan's columns but for the names of values.
  private static List<String> steps(Model model) {
    Plan plan = Compiler.compile(model.graph(), 8, Target.scalar());
    return plan.toString().lines().skip(1).filter(line -> line.matches(" *\\d+  .*"))
        .map(line -> line.strip().split(" {2,}")).map(row -> row[1] + " by " + row[3] + " to " + row[row.length - 3])
        .toList();
  }
}
