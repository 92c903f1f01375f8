package juanji.train;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import juanji.graph.Graph;
import juanji.graph.Interpreter;
import juanji.nn.Model;
import juanji.op.Exact;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// What penalties change in one step of a small network, against the formulas.
class PenaltyTest {
  private static final Model MODEL = Model.of(input(1, 4, 3), conv(2, 3).same(), batchNorm(), flatten(), dense(3))
      .initialize(4);

  private static Map<String, Exact> step(Penalty... penalties) {
    Graph graph = TrainingGraph.of(MODEL, Loss.crossEntropy(), Optimizer.sgd(1), List.of(penalties), 1);
    Map<String, Exact> given = new HashMap<>();
    MODEL.weights().tensors().forEach((name, tensor) -> given.put(name, Exact.of(tensor)));
    given.put("x", new Exact(Shape.of(2, 1, 4, 3), Reference.random(24, 1, 3)));
    given.put("classes", new Exact(Shape.of(2), new double[] {2, 0}));
    given.put("rate", new Exact(Shape.of(), new double[] {0.5}));
    return Interpreter.run(graph, given).updates();
  }

  private static double weight(String name, int i) {
    return MODEL.weights().tensor(name).data()[i];
  }

  private static void check(double expected, String name, int i, Map<String, Exact> updated, Map<String, Exact> plain) {
    assertEquals(plain.get(name).data()[i] - 0.5 * expected, updated.get(name).data()[i], 1e-9, name);
  }

  @Test void gradientsOfPenaltiesAreAdded() {
    Map<String, Exact> plain = step();
    for (int i = 0; i < 18; i++) {
      double w = weight("conv1.weight", i);
      check(0.1 * Math.signum(w), "conv1.weight", i, step(Penalty.l1(0.1)), plain);
      check(0.2 * w, "conv1.weight", i, step(Penalty.l2(0.2)), plain);
      check(0.1 * Math.signum(w) + 0.2 * w, "conv1.weight", i, step(Penalty.elasticNet(0.1, 0.2)), plain);
      check(0, "conv1.weight", i, step(Penalty.l2(0.2).on("dense1")), plain);
      check(0.3 * w, "conv1.weight", i, step(Penalty.l2(0.2), Penalty.l2(0.1).on("conv1")), plain);
    }
    check(0, "batchNorm1.weight", 0, step(Penalty.l2(0.2)), plain);
    check(0.2, "batchNorm1.weight", 0, step(Penalty.l2(0.2).everything()), plain);
    check(0.2 * weight("dense1.weight", 5), "dense1.weight", 5, step(Penalty.l2(0.2).on("dense1")), plain);
  }

  @Test void maxNormLimitsEachUnitAfterTheUpdate() {
    Map<String, Exact> plain = step();
    Map<String, Exact> limited = step(Penalty.maxNorm(0.7));
    int scaled = 0;
    for (int unit = 0; unit < 3; unit++) {
      double sum = 0;
      for (int i = 0; i < 24; i++) {
        sum += Math.pow(plain.get("dense1.weight").data()[unit * 24 + i], 2);
      }
      double scale = Math.min(1, 0.7 / Math.sqrt(sum));
      scaled += scale < 1 ? 1 : 0;
      for (int i = 0; i < 24; i++) {
        assertEquals(scale * plain.get("dense1.weight").data()[unit * 24 + i],
            limited.get("dense1.weight").data()[unit * 24 + i], 1e-6);
      }
    }
    assertTrue(scaled > 0);
  }

  @Test void wordsNamePenalties() {
    assertEquals(Penalty.l1(1e-5).on("conv1"), Penalty.named("l1:1e-5:on=conv1"));
    assertEquals(Penalty.elasticNet(1e-5, 1e-4).everything(), Penalty.named("elastic-net:1e-5:1e-4,everything"));
    assertEquals(Penalty.maxNorm(3), Penalty.named("max-norm:3"));
    assertEquals("l2(0.5).on(\"conv1\").everything()", Penalty.l2(0.5).on("conv1").everything().toString());
    for (String wrong : List.of("l3", "l1:-1", "max-norm:0", "l2:0.1:0.2", "l2:lambda=a")) {
      assertEquals(3, assertThrows(IllegalArgumentException.class, () -> Penalty.named(wrong)).getMessage().lines()
          .count(), wrong);
    }
  }

  @Test void c2PathsNameALayer() {
    assertEquals("""
        the penalty l2(0.1).on("conv7") applies to nothing.
          C2: the path names a layer with weights of the kind that is meant; received 'conv7'.
          Name a layer such as 'conv1'.""",
        assertThrows(IllegalArgumentException.class, () -> step(Penalty.l2(0.1).on("conv7"))).getMessage());
    assertThrows(IllegalArgumentException.class, () -> step(Penalty.l2(0.1).on("batchNorm1")));
  }
}
