package juanji.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.GraphSample;
import juanji.testkit.LayerCheck;
import juanji.testkit.LayerSamples;
import juanji.zoo.Zoo;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What is exported and read again is the same network.
@Execution(ExecutionMode.CONCURRENT)
class RoundTripTest {
  private static final long MOST_WEIGHTS = 80_000_000;
  /// Layers whose operators are read as operations of which the plan differs by a step or a factor.
  private static final List<String> OTHER_TERMS = List.of("softplus(", "adaptiveAvgPool(", "globalLpPool(", "lpPool(",
      "resize(", "upsample(", "roiAlign(", "vlad(");
  private static final Map<String, int[]> SMALLER = Map.of("alexnet", new int[] {3, 127, 127},
      "alexnet-two-groups", new int[] {3, 127, 127}, "deepface", new int[] {3, 104, 104},
      "deepface-retold", new int[] {3, 104, 104});

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

  /// The same steps by the same kernels for the same reasons, and the same weights.
  ///
  /// [juanji.onnx.peer.ZooPeerTest] holds the largest ones to it, too, and all at their published sizes.
  @TestFactory Stream<DynamicTest> plansOfNetworksAreTheSame() {
    return Zoo.all().stream().map(network -> dynamicTest(network.name(), () -> {
      Model model = SMALLER.containsKey(network.name())
          ? network.model().withInput(Shape.of(SMALLER.get(network.name()))) : network.model();
      assumeTrue(model.weightCount() <= MOST_WEIGHTS, () -> "of " + model.weightCount() + " weights");
      Model again = again(model);
      assertEquals(Plans.steps(model), Plans.steps(again));
      assertEquals(names(model), names(again));
    }));
  }

  private static List<String> names(Model model) {
    return model.graph().parameters().stream().map(p -> p.name() + " of " + p.shape()).sorted().toList();
  }

  /// As those of networks, but for layers that are written in other terms than their own.
  @TestFactory Stream<DynamicTest> plansOfLayersAreTheSame() {
    return LayerSamples.kinds().stream().flatMap(kind -> LayerSamples.of(kind).stream())
        .filter(check -> OTHER_TERMS.stream().noneMatch(check.layer().toString()::startsWith))
        .map(check -> dynamicTest(check.layer().toString(), () -> {
          Model again = again(check.model());
          assertEquals(Plans.steps(check.model()), Plans.steps(again));
          assertEquals(names(check.model()), names(again));
        }));
  }
}
