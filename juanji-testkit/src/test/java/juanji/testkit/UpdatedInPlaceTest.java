package juanji.testkit;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Target;
import juanji.tensor.Tensor;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.TrainingGraph;
import org.junit.jupiter.api.Test;

/// Momentum that gradients are added to as they are written.
class UpdatedInPlaceTest {
  private static final Optimizer SGD = Optimizer.sgd(0.05).momentum(0.9);
  private static final int BATCH = 3;
  private static final int STEPS = 3;

  /// The same graph, whose old momentum is read from outside, too, and so is kept to the end.
  private static Graph kept(Graph graph) {
    GraphBuilder kept = GraphBuilder.from(graph);
    graph.parameters().stream().filter(p -> p.name().endsWith(".momentum")).forEach(p -> kept.output(p.name(), p));
    return kept.build();
  }

  /// How many momenta a step writes to where they lie.
  private static long inPlace(Plan plan) {
    return plan.toString().lines().filter(l -> l.matches(".*→ optimizer\\..*\\.momentum .*")).count();
  }

  /// Trains with and without and compares all bits.
  private static void check(int weights, Layer... layers) {
    int channels = 2 * Target.best().lanes();
    Model model = Model.of(input(channels, 12, 12), layers).initialize(5);
    Graph graph = TrainingGraph.of(model, Loss.crossEntropy(), SGD, 1);
    Plan plan = Compiler.compile(graph, BATCH, Target.best());
    Plan whole = Compiler.compile(kept(graph), BATCH, Target.best());
    assertEquals(weights, graph.parameters().stream().filter(p -> p.name().endsWith(".momentum")).count());
    assertEquals(Target.best().toString().startsWith("vector") ? weights : 0, inPlace(plan), plan.toString());
    assertEquals(0, inPlace(whole), whole.toString());
    assertTrue(plan.bytes() <= whole.bytes());
    Map<String, Tensor> expected = TrainingSteps.run(model, whole, SGD, STEPS, 2);
    Map<String, Tensor> found = TrainingSteps.run(model, plan, SGD, STEPS, 2);
    expected.forEach((name, tensor) -> assertArrayEquals(tensor.data(), found.get(name).data(), name));
  }

  @Test void ofFiltersOfAllKinds() {
    int channels = 2 * Target.best().lanes();
    check(6, conv(channels, 3).same().noBias(), relu(), conv(2 * channels, 1).noBias(), relu(),
        conv(channels, 3).stride(2).noBias(), relu(), conv(channels, 3).same().groups(channels).noBias(), relu(),
        conv(channels, 3).same().groups(2).noBias(), relu(), flatten(), dense(40).noBias());
  }

  @Test void ofFewChannels() {
    check(2, conv(3, 5).same().noBias(), relu(), maxPool(2), flatten(), dense(40).noBias());
  }
}
