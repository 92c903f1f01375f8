package juanji.testkit;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.relu6;
import static juanji.nn.Layers.residual;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.op.Pointwise;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Target;
import juanji.tensor.Tensor;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.TrainingGraph;
import org.junit.jupiter.api.Test;

/// Steps between convolutions that are computed by those who read them.
class ReadThroughTest {
  private static final String PROLOGUE = "(sub · mul · add · relu) ";
  private static final String MASK = " · sub · mul · add · relu · positive · mul";
  private static final int STEPS = 2;
  private static final Optimizer SGD = Optimizer.sgd(0.05);

  private static Graph training(Model model) {
    return TrainingGraph.of(model, Loss.crossEntropy(), SGD, 1);
  }

  /// The same graph, whose ReLUs are read from outside, too, and so are in memory.
  private static Graph shown(Graph graph) {
    GraphBuilder shown = GraphBuilder.from(graph);
    List<Node> all = graph.nodes();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) instanceof Node.Apply a && (a.op() instanceof Pointwise.Relu
          || a.op() instanceof Pointwise.Clamp)) {
        shown.output("shown " + i, a);
      }
    }
    return shown.build();
  }

  private static long count(Plan plan, String text) {
    return plan.toString().lines().filter(l -> l.contains(text)).count();
  }

  /// Trains with and without and compares all bits.
  private static Plan check(int batch, int channels, int height, int width, Layer... layers) {
    Model model = Model.of(input(channels, height, width), layers).initialize(5);
    Graph graph = training(model);
    Plan plan = Compiler.compile(graph, batch, Target.best());
    Plan whole = Compiler.compile(shown(graph), batch, Target.best());
    assertEquals(0, count(whole, "(sub"), whole.toString());
    ArenaContract.check(plan);
    Map<String, Tensor> expected = TrainingSteps.run(model, whole, SGD, STEPS, 2);
    for (int threads = 1; threads <= 3; threads++) {
      Map<String, Tensor> found = TrainingSteps.run(model, plan, SGD, STEPS, threads);
      expected.forEach((name, tensor) -> assertArrayEquals(tensor.data(), found.get(name).data(), name));
    }
    return plan;
  }

  @Test void convolutionsAndPoolingsReadThroughBatchNorm() {
    int channels = 4 * Target.best().lanes();
    Plan plan = check(8, channels, 21, 18, conv(channels, 3).same(), batchNorm(), relu(),
        conv(channels + 5, 3).same(), batchNorm(), relu(), conv(channels, 3).same(), batchNorm(), relu(), maxPool(2),
        conv(channels, 3).same(), batchNorm(), relu(), maxPool(3).stride(2), flatten(), dense(10));
    assertEquals(2, count(plan, PROLOGUE + "conv "), plan.toString());
    assertEquals(2, count(plan, PROLOGUE + "convFilter"), plan.toString());
    assertEquals(2, count(plan, PROLOGUE + "maxPool "), plan.toString());
    assertEquals(2, count(plan, PROLOGUE + "maxPoolInput"), plan.toString());
    assertEquals(4, count(plan, MASK), plan.toString());
    assertEquals(0, count(plan, "  sub · mul · add · relu  "), plan.toString());
  }

  @Test void shortcutsKeepWhatTheyAdd() {
    int channels = 4 * Target.best().lanes();
    Plan plan = check(4, channels, 16, 16, conv(channels, 3).same(), batchNorm(), relu(),
        residual(chain(conv(channels, 3).same(), batchNorm(), relu(), conv(channels, 3).same(), batchNorm())), relu(),
        globalAvgPool(), flatten(), dense(10));
    assertEquals(1, count(plan, PROLOGUE + "conv "), plan.toString());
    // The first ReLU is a summand, too.
    assertEquals(1, count(plan, "  sub · mul · add · relu  "), plan.toString());
  }

  @Test void whatOthersReadIsInMemory() {
    int channels = 4 * Target.best().lanes();
    Plan plan = check(4, channels, 16, 16, conv(channels, 3).same(), batchNorm(), relu(), conv(channels, 1),
        batchNorm(), relu(), avgPool(2), flatten(), dense(10));
    assertEquals(0, count(plan, PROLOGUE + "conv "), plan.toString());
    assertEquals(1, count(plan, PROLOGUE + "avgPool"), plan.toString());
    assertEquals(1, count(plan, "  sub · mul · add · relu  "), plan.toString());
  }

  @Test void otherBoundsAreReadThrough() {
    int channels = 4 * Target.best().lanes();
    Plan plan = check(4, channels, 16, 16, conv(channels, 3).same(), batchNorm(), relu6(), conv(channels, 3).same(),
        batchNorm(), relu6(), maxPool(2), flatten(), dense(10));
    assertEquals(1, count(plan, " · clamp) conv "), plan.toString());
    assertEquals(1, count(plan, " · clamp) convFilter"), plan.toString());
  }

  @Test void scalarKernelsReadFromMemory() {
    Model model = Model.of(input(4, 9, 9), conv(4, 3).same(), batchNorm(), relu(), conv(4, 3).same(), flatten(),
        dense(10)).initialize(5);
    assertFalse(Compiler.compile(training(model), 2, Target.scalar()).toString().contains("(sub"));
  }
}
