package juanji.nn;

import static juanji.nn.Layers.channelDropout;
import static juanji.nn.Layers.dropBlock;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.stochasticDepth;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import juanji.graph.Interpreter;
import juanji.op.Exact;
import juanji.op.ShapeException;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// What is dropped, how often, and that it is the same again.
class DroppingTest {
  private static final Shape BATCH = Shape.of(40, 10, 7, 9);
  private static final int PLANE = 63;

  private static double[] ones(Layer layer, long seed, double step) {
    double[] x = new double[BATCH.length()];
    Arrays.fill(x, 1);
    return Interpreter.run(Model.of(input(10, 7, 9), layer).graph(true, seed), Map.of("x", new Exact(BATCH, x), "step",
        new Exact(Shape.of(), new double[] {step}))).outputs().get("y").data();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  @Test void whatBelongsTogetherIsDroppedTogether() {
    double[] channels = ones(channelDropout(0.3), 1, 0);
    double[] samples = ones(stochasticDepth(0.3), 1, 0);
    for (int i = 0; i < channels.length; i++) {
      assertEquals(channels[i / PLANE * PLANE], channels[i]);
      assertEquals(samples[i / (10 * PLANE) * 10 * PLANE], samples[i]);
    }
    assertEquals(2, Arrays.stream(channels).distinct().count());
    assertEquals(2, Arrays.stream(samples).distinct().count());
    assertEquals(0.3, Arrays.stream(channels).filter(v -> v == 0).count() / (double) channels.length, 0.07);
  }

  @Test void expectationIsKept() {
    for (Layer layer : List.of(dropout(0.3), channelDropout(0.3), stochasticDepth(0.3), dropBlock(0.3, 3))) {
      double sum = 0;
      for (int step = 0; step < 20; step++) {
        sum += mean(ones(layer, 4, step));
      }
      assertEquals(1, sum / 20, 0.05, layer.toString());
    }
  }

  @Test void blocksAreWholeAndTheRestIsScaledUp() {
    double[] y = ones(dropBlock(0.2, 3), 2, 5);
    double kept = Arrays.stream(y).filter(v -> v != 0).count() / (double) y.length;
    assertEquals(0.8, kept, 0.05);
    assertEquals(1, mean(y), 1e-9);
    for (double v : y) {
      assertTrue(v == 0 || Math.abs(v - 1 / kept) < 1e-9);
    }
    for (int plane = 0; plane < 400; plane++) {
      for (int i = 0; i < 7; i++) {
        for (int j = 0; j < 9; j++) {
          assertTrue(y[plane * PLANE + i * 9 + j] != 0 || inBlock(y, plane, i, j), "a lone zero");
        }
      }
    }
  }

  /// Whether a zero lies in a block of 3 × 3 zeros inside the plane.
  private static boolean inBlock(double[] y, int plane, int row, int column) {
    for (int i = Math.max(0, row - 2); i <= Math.min(4, row); i++) {
      for (int j = Math.max(0, column - 2); j <= Math.min(6, column); j++) {
        boolean all = true;
        for (int k = 0; k < 9; k++) {
          all &= y[plane * PLANE + (i + k / 3) * 9 + j + k % 3] == 0;
        }
        if (all) {
          return true;
        }
      }
    }
    return false;
  }

  @Test void blocksFitIntoSmallMapsAndAnyNumberOfAxes() {
    for (int[] sample : new int[][] {{3, 11}, {3, 2, 5}, {2, 4, 3, 5}}) {
      Model model = Model.of(input(sample), dropBlock(0.4, 3));
      Shape batch = Shape.of(sample).prepend(50);
      double[] x = new double[batch.length()];
      Arrays.fill(x, 1);
      double[] y = Interpreter.run(model.graph(true, 1), Map.of("x", new Exact(batch, x), "step",
          new Exact(Shape.of(), new double[] {1}))).outputs().get("y").data();
      assertEquals(0.36, Arrays.stream(y).filter(v -> v == 0).count() / (double) y.length, 0.1);
    }
  }

  @Test void masksDependOnSeedPathAndStepAlone() {
    for (Layer layer : List.of(channelDropout(0.3), stochasticDepth(0.3), dropBlock(0.3, 3))) {
      double[] once = ones(layer, 1, 3);
      assertArrayEquals(once, ones(layer, 1, 3));
      assertFalse(Arrays.equals(once, ones(layer, 2, 3)));
      assertFalse(Arrays.equals(once, ones(layer, 1, 4)));
      assertFalse(Arrays.equals(once, ones(layer.named("other"), 1, 3)));
      Model model = Model.of(input(10, 7, 9), layer);
      Tensor x = Tensor.full(BATCH, 1);
      Tensor[] results = new Tensor[3];
      for (int threads = 1; threads <= 3; threads++) {
        try (Workers workers = Workers.of(threads)) {
          Plan plan = Compiler.compile(model.graph(true, 1), 40, Target.best());
          results[threads - 1] = new Session(plan, Map.of(), workers)
              .run(Map.of("x", x, "step", Tensor.scalar(3))).get("y");
        }
        assertArrayEquals(results[0].data(), results[threads - 1].data(), layer.toString());
      }
      for (int i = 0; i < once.length; i++) {
        assertEquals(once[i], results[0].data()[i], 1e-5);
      }
    }
  }

  @Test void inferenceChangesNothing() {
    for (Layer layer : List.of(channelDropout(0.3), stochasticDepth(0.3), dropBlock(0.3, 3))) {
      Model model = Model.of(input(10, 7, 9), layer);
      assertEquals("x", model.graph().output("y").name());
      assertEquals("x", model.freeze().graph(true, 1).output("y").name());
    }
  }

  @Test void stochasticDepthLeavesTheShortcut() {
    double[] y = ones(residual(stochasticDepth(0.5)), 1, 0);
    assertEquals(List.of(1.0, 3.0), Arrays.stream(y).distinct().sorted().boxed().toList());
  }

  @Test void c1ProbabilitiesAreBelowOne() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> stochasticDepth(1)).getMessage()
        .startsWith("stochasticDepth(1.0) does not exist.\n  C1:"));
    assertThrows(IllegalArgumentException.class, () -> dropBlock(0.1, 0));
    assertThrows(ShapeException.class, () -> Model.of(input(9), dropBlock(0.1, 3)));
  }
}
