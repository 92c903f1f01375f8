package juanji.nn;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.softmax;
import static juanji.nn.Layers.sumPool;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import juanji.graph.Graph;
import juanji.graph.Interpreter;
import juanji.op.Exact;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LayerTest {
  private static Exact random(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Exact(shape, random.doubles(shape.size(), -2, 2).toArray());
  }

  private static Interpreter.Results run(Model model, Exact x, boolean training, long seed, double step) {
    Graph graph = model.graph(training, seed);
    Map<String, Exact> given = new HashMap<>();
    model.weights().tensors().forEach((name, tensor) -> given.put(name, Exact.of(tensor)));
    given.put("x", x);
    given.put("step", new Exact(Shape.of(), new double[] {step}));
    return Interpreter.run(graph, given);
  }

  private static Exact infer(Model model, Exact x) {
    return run(model, x, false, 0, 0).outputs().get("y");
  }

  /// Mean and sum of squared deviations of a channel of N × C × 3 × 4.
  private static double[] statistics(Exact x, int channel) {
    int channels = x.shape().dim(1);
    double[] values = new double[x.shape().dim(0) * 12];
    for (int i = 0; i < values.length; i++) {
      values[i] = x.data()[(i / 12 * channels + channel) * 12 + i % 12];
    }
    double mean = Arrays.stream(values).sum() / values.length;
    return new double[] {mean, Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum(), values.length};
  }

  @Test void batchNormNormalisesTheBatchAndMovesItsStatistics() {
    Model model = Model.of(input(2, 3, 4), batchNorm());
    model = model.withWeights(model.weights().with("batchNorm1.weight", Tensor.of(Shape.of(2), 3, 0.5f))
        .with("batchNorm1.bias", Tensor.of(Shape.of(2), -1, 4))
        .with("batchNorm1.running_mean", Tensor.of(Shape.of(2), 10, 20))
        .with("batchNorm1.running_var", Tensor.of(Shape.of(2), 5, 6)));
    Exact x = random(Shape.of(5, 2, 3, 4), 1);
    Interpreter.Results results = run(model, x, true, 0, 0);
    double[] gamma = {3, 0.5};
    double[] beta = {-1, 4};
    double[] oldMean = {10, 20};
    double[] oldVariance = {5, 6};
    for (int c = 0; c < 2; c++) {
      double[] s = statistics(x, c);
      double first = x.data()[c * 12];
      assertEquals(gamma[c] * (first - s[0]) / Math.sqrt(s[1] / s[2] + 1e-5) + beta[c],
          results.outputs().get("y").data()[c * 12], 1e-9);
      assertEquals(0.9 * oldMean[c] + 0.1 * s[0],
          results.updates().get("batchNorm1.running_mean").data()[c], 1e-9);
      assertEquals(0.9 * oldVariance[c] + 0.1 * s[1] / (s[2] - 1),
          results.updates().get("batchNorm1.running_var").data()[c], 1e-9);
      double inferred = infer(model, x).data()[c * 12];
      assertEquals(gamma[c] * (first - oldMean[c]) / Math.sqrt(oldVariance[c] + 1e-5) + beta[c], inferred, 1e-9);
    }
  }

  @Test void batchNormOfOneValuePerChannelStaysFinite() {
    Model model = Model.of(input(3), batchNorm());
    Exact variance = run(model, random(Shape.of(1, 3), 1), true, 0, 0).updates().get("batchNorm1.running_var");
    assertArrayEquals(new double[] {0.9, 0.9, 0.9}, variance.data(), 1e-12);
  }

  @Test void frozenBatchNormUsesItsStatisticsInTraining() {
    Model model = Model.of(input(2, 3, 4), batchNorm());
    Exact x = random(Shape.of(5, 2, 3, 4), 1);
    assertArrayEquals(infer(model, x).data(), run(model.freeze(), x, true, 0, 0).outputs().get("y").data());
  }

  @Test void dropoutDependsOnSeedPathAndStep() {
    Model model = Model.of(input(1000), dropout(0.25));
    Exact x = new Exact(Shape.of(4, 1000), new double[4000]);
    Arrays.fill(x.data(), 3);
    double[] once = run(model, x, true, 5, 7).outputs().get("y").data();
    assertEquals(3000, Arrays.stream(once).filter(v -> v == 4).count(), 120);
    assertEquals(4000, Arrays.stream(once).filter(v -> v == 4 || v == 0).count());
    assertArrayEquals(once, run(model, x, true, 5, 7).outputs().get("y").data());
    assertFalse(Arrays.equals(once, run(model, x, true, 5, 8).outputs().get("y").data()));
    assertFalse(Arrays.equals(once, run(model, x, true, 6, 7).outputs().get("y").data()));
    Model renamed = Model.of(input(1000), dropout(0.25).named("other"));
    assertFalse(Arrays.equals(once, run(renamed, x, true, 5, 7).outputs().get("y").data()));
    assertArrayEquals(x.data(), infer(model, x).data());
    assertTrue(Model.of(input(9), dropout(0)).graph(true, 0).inputs().stream().noneMatch(i -> i.name().equals("step")));
  }

  @Test void oneLayerServesOneTwoAndThreeAxes() {
    assertEquals(Shape.of(5, 7), Model.of(input(2, 9), conv(5, 3)).outputShape());
    assertEquals(Shape.of(5, 7, 9), Model.of(input(2, 9, 11), conv(5, 3)).outputShape());
    assertEquals(Shape.of(5, 7, 9, 2), Model.of(input(2, 9, 11, 4), conv(5, 3)).outputShape());
    assertEquals(Shape.of(5, 5, 3, 3), Model.of(input(2, 9, 11), conv(5, 3, 3)).parameters().getFirst().shape()
        .with(1, 5));
    assertEquals(Shape.of(2, 4), Model.of(input(2, 9), maxPool(2)).outputShape());
    assertEquals(Shape.of(2, 5), Model.of(input(2, 9), maxPool(2).ceiling()).outputShape());
    assertEquals(Shape.of(5, 9, 6), Model.of(input(2, 9, 11), conv(5, 3, 5).stride(1, 2).same()).outputShape());
    assertEquals(Shape.of(5, 11, 13), Model.of(input(2, 9, 11), conv(5, 3).full()).outputShape());
  }

  @Test void c1KernelsHaveAsManyAxesAsTheInput() {
    var e = assertThrows(ShapeException.class, () -> Model.of(input(2, 9), conv(5, 3, 3)));
    assertEquals("""
        conv 'conv1' cannot take its input.
          C1: the input is batch × channels × 2 spatial axes; received N × 2 × 9.
          Give one number for all axes, or one per spatial axis.""", e.getMessage());
    assertThrows(ShapeException.class, () -> Model.of(input(9), maxPool(2)));
    assertThrows(ShapeException.class, () -> Model.of(input(9), globalAvgPool()));
  }

  @Test void convolutionAddsItsBiasPerFilter() {
    Model model = Model.of(input(2, 3, 4), conv(3, 1).initializer(Initializer.constant(2)));
    model = model.withWeights(model.weights().with("conv1.bias", Tensor.of(Shape.of(3), 1, 10, 100)));
    Exact x = random(Shape.of(2, 2, 3, 4), 3);
    Exact y = infer(model, x);
    for (int k = 0; k < 3; k++) {
      assertEquals(2 * (x.data()[5] + x.data()[12 + 5]) + Math.pow(10, k), y.data()[k * 12 + 5], 1e-9);
    }
  }

  @Test void poolingsDifferInWhatTheyTake() {
    Exact x = new Exact(Shape.of(1, 1, 3), new double[] {1, 2, 6});
    assertArrayEquals(new double[] {2, 6}, infer(Model.of(input(1, 3), maxPool(2).same()), x).data());
    assertArrayEquals(new double[] {1.5, 6}, infer(Model.of(input(1, 3), avgPool(2).same()), x).data());
    assertArrayEquals(new double[] {1.5, 3}, infer(Model.of(input(1, 3), avgPool(2).same().countPadding()), x).data());
    assertArrayEquals(new double[] {3, 6}, infer(Model.of(input(1, 3), sumPool(2).same()), x).data());
    assertArrayEquals(new double[] {3}, infer(Model.of(input(1, 3), globalAvgPool()), x).data());
  }

  @Test void residualAddsAndConcatJoins() {
    Exact x = random(Shape.of(2, 3, 5), 4);
    double[] y = infer(Model.of(input(3, 5), residual(relu())), x).data();
    double[] joined = infer(Model.of(input(3, 5), concat(relu(), residual(relu()))), x).data();
    for (int i = 0; i < 15; i++) {
      assertEquals(x.data()[i] + Math.max(0, x.data()[i]), y[i], 1e-12);
      assertEquals(Math.max(0, x.data()[15 + i]), joined[30 + i], 1e-12);
      assertEquals(y[15 + i], joined[45 + i], 1e-12);
    }
  }

  @Test void c1ResidualsHaveEqualShapes() {
    var e = assertThrows(ShapeException.class, () -> Model.of(input(3, 5, 5), residual(conv(1, 1))));
    assertEquals("""
        residual 'residual1' cannot take its input.
          C1: body and shortcut give the same shape; received N × 1 × 5 × 5 and N × 3 × 5 × 5.
          Give a shortcut, such as conv(1, 1), or keep the channels and use same padding.""", e.getMessage());
  }

  @Test void softmaxSumsToOneOverTheChannels() {
    double[] y = infer(Model.of(input(3, 2), softmax()), random(Shape.of(1, 3, 2), 5)).data();
    assertEquals(1, y[0] + y[2] + y[4], 1e-12);
    assertEquals(1, y[1] + y[3] + y[5], 1e-12);
  }

  @Test void c1ArgumentsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> dropout(1));
    assertThrows(IllegalArgumentException.class, () -> dropout(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> dense(0));
    assertThrows(IllegalArgumentException.class, () -> batchNorm().epsilon(0));
    assertThrows(IllegalArgumentException.class, () -> batchNorm().momentum(1.5));
    assertThrows(IllegalArgumentException.class, () -> conv(3, 0));
    assertThrows(IllegalArgumentException.class, () -> conv(3, 3).groups(0));
    assertThrows(IllegalArgumentException.class, () -> conv(3, 3, 3).stride(1, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> input());
    assertThrows(IllegalArgumentException.class, () -> input(3, 0));
  }
}
