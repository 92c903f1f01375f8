package juanji.nn;

import static juanji.nn.Layers.adaptiveAvgPool;
import static juanji.nn.Layers.adaptiveMaxPool;
import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.globalLpPool;
import static juanji.nn.Layers.globalStochasticPool;
import static juanji.nn.Layers.globalSumPool;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.lpPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.roiAlign;
import static juanji.nn.Layers.roiPool;
import static juanji.nn.Layers.spatialPyramid;
import static juanji.nn.Layers.stochasticPool;
import static juanji.nn.Layers.unpool;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import juanji.graph.GraphBuilder;
import juanji.graph.Interpreter;
import juanji.graph.Node;
import juanji.op.Exact;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolingKindsTest {
  static Stream<List<Object>> sources() {
    return Stream.of(
        List.of(lpPool(2, 3), "lpPool(2, 3)"),
        List.of(lpPool(2.5, 3, 2).stride(1).same(), "lpPool(2.5, 3, 2).stride(1).same()"),
        List.of(stochasticPool(3).stride(2), "stochasticPool(3).stride(2)"),
        List.of(globalSumPool(), "globalSumPool()"),
        List.of(globalLpPool(3), "globalLpPool(3)"),
        List.of(globalStochasticPool(), "globalStochasticPool()"),
        List.of(adaptiveAvgPool(7), "adaptiveAvgPool(7)"),
        List.of(adaptiveMaxPool(1, 4), "adaptiveMaxPool(1, 4)"),
        List.of(spatialPyramid(4, 2, 1), "spatialPyramid(4, 2, 1)"),
        List.of(roiPool(7, 5).scale(0.0625), "roiPool(7, 5).scale(0.0625)"),
        List.of(roiAlign(7, 5).aligned().samples(2).scale(0.5), "roiAlign(7, 5).scale(0.5).samples(2).aligned()"),
        List.of(unpool(maxPool(2), conv(3, 1)), "unpool(maxPool(2), conv(3, 1))"));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void textIsSource(List<Object> sample) {
    assertEquals(sample.get(1), sample.get(0).toString());
    assertEquals(sample.get(0), Architecture.parse(sample.get(1).toString()));
  }

  /// Compares the gradient of Σ y² / 2 with respect to the input with central differences.
  private static void checkGradient(Model model, Tensor x) {
    double[] gradient = LayerRuns.gradients(model, x).input();
    for (int i = 0; i < gradient.length; i++) {
      float at = x.data()[i];
      x.data()[i] = at + 1e-3f;
      double above = loss(model, x);
      double up = x.data()[i];
      x.data()[i] = at - 1e-3f;
      double difference = (above - loss(model, x)) / (up - x.data()[i]);
      x.data()[i] = at;
      assertEquals(difference, gradient[i], 1e-4 * Math.max(1, Math.abs(difference)), model + " " + i);
    }
  }

  private static double loss(Model model, Tensor x) {
    return Arrays.stream(LayerRuns.infer(model, x)).map(v -> v * v / 2).sum();
  }

  @Test void normsOfWindows() {
    Tensor x = LayerRuns.random(Shape.of(2, 3, 5, 7), 1);
    for (int i = 0; i < x.data().length; i++) {
      // Away from the kink at 0, where differences are no derivatives.
      x.data()[i] += x.data()[i] < 0 ? -0.2f : 0.2f;
    }
    for (double p : new double[] {1, 1.5, 2, 3, 7}) {
      Model model = Model.of(input(3, 5, 7), lpPool(p, 2, 3).stride(1, 2));
      assertEquals(Shape.of(3, 4, 3), model.outputShape());
      double[] y = LayerRuns.infer(model, x);
      for (int i = 0; i < y.length; i++) {
        double sum = 0;
        for (int t = 0; t < 6; t++) {
          sum += Math.pow(Math.abs(x.data()[(i / 12 * 5 + i / 3 % 4 + t / 3) * 7 + i % 3 * 2 + t % 3]), p);
        }
        assertEquals(Math.pow(sum, 1 / p), y[i], 1e-9, "p = " + p);
      }
      checkGradient(model, x);
    }
    // Between the sum and the maximum of absolute values.
    Tensor few = Tensor.of(Shape.of(1, 1, 3), -3, 1, 2);
    assertEquals(6, LayerRuns.infer(Model.of(input(1, 3), globalLpPool(1)), few)[0], 1e-9);
    assertEquals(3, LayerRuns.infer(Model.of(input(1, 3), globalLpPool(32)), few)[0], 1e-4);
  }

  @Test void theNormOfZerosHasAGradientOfZero() {
    for (double p : new double[] {1, 1.5, 2, 3, 32}) {
      Tensor x = Tensor.of(Shape.of(1, 1, 4), 0, 0, 0, 2);
      LayerRuns.Gradients gradients = LayerRuns.gradients(Model.of(input(1, 4), lpPool(p, 2)), x);
      assertArrayEquals(new double[] {0, 0, 0, 2}, gradients.input(), 1e-6, "p = " + p);
    }
  }

  @Test void c3ExponentsAreFrom1To32() {
    assertEquals("""
        pooling by the norm of exponent 0.5 does not exist.
          C3: 1 ≤ p ≤ 32; received 0.5.
          Use 2 for the Euclidean norm, sumPool for p = 1 of positive values, or maxPool for a large p.""",
        assertThrows(IllegalArgumentException.class, () -> lpPool(0.5, 2)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> globalLpPool(Double.NaN));
  }

  @Test void stochasticPoolingDrawsInProportion() {
    int windows = 20_000;
    Tensor x = Tensor.zeros(Shape.of(1, 1, windows * 4));
    for (int i = 0; i < windows; i++) {
      x.data()[4 * i] = 1;
      x.data()[4 * i + 1] = 2;
      x.data()[4 * i + 2] = -5;
      x.data()[4 * i + 3] = 7;
    }
    Model model = Model.of(input(1, windows * 4), stochasticPool(4));
    double[] y = LayerRuns.train(model, x, 1);
    assertEquals(0.1, Arrays.stream(y).filter(v -> v == 1).count() / (double) windows, 0.01);
    assertEquals(0.2, Arrays.stream(y).filter(v -> v == 2).count() / (double) windows, 0.01);
    assertEquals(0.7, Arrays.stream(y).filter(v -> v == 7).count() / (double) windows, 0.01);
    assertArrayEquals(y, LayerRuns.train(model, x, 1));
    assertFalse(Arrays.equals(y, LayerRuns.train(model, x, 2)));
    // Σ x² / Σ x of what is positive.
    assertEquals(5.4, LayerRuns.infer(model, x)[7], 1e-9);
    double[] gradient = LayerRuns.gradients(model, x, true, 1).input();
    assertEquals(y[5], Arrays.stream(gradient, 20, 24).sum());
    checkGradient(Model.of(input(2, 6), stochasticPool(3)), Tensor.of(Shape.of(1, 2, 6), 1, 2, 3, 0.5f, 0.25f, 1, 2, 1,
        4, 1, 1, 1));
  }

  @Test void stochasticPoolingOfZerosIsZero() {
    Tensor x = Tensor.zeros(Shape.of(1, 2, 4));
    Model model = Model.of(input(2, 4), stochasticPool(2));
    assertArrayEquals(new double[4], LayerRuns.train(model, x, 1));
    assertArrayEquals(new double[4], LayerRuns.infer(model, x));
    assertArrayEquals(new double[] {0, 0}, LayerRuns.infer(Model.of(input(2, 4), globalStochasticPool()), x));
    assertArrayEquals(new double[] {3, 6}, LayerRuns.infer(Model.of(input(2, 3), globalSumPool()),
        Tensor.of(Shape.of(1, 2, 3), 1, 1, 1, 1, 2, 3)));
  }

  @Test void adaptiveBinsByTheirDefinition() {
    for (int in = 1; in <= 12; in++) {
      Tensor x = LayerRuns.random(Shape.of(1, 2, in, 5), in);
      for (int out = 1; out <= 13; out++) {
        double[] means = LayerRuns.infer(Model.of(input(2, in, 5), adaptiveAvgPool(out, 3)), x);
        double[] largest = LayerRuns.infer(Model.of(input(2, in, 5), adaptiveMaxPool(out, 3)), x);
        assertEquals(2 * out * 3, means.length);
        for (int i = 0; i < means.length; i++) {
          int row = i / 3 % out;
          int top = row * in / out;
          int bottom = (int) Math.ceil((row + 1) * in / (double) out);
          int left = i % 3 * 5 / 3;
          int right = (int) Math.ceil((i % 3 + 1) * 5 / 3.0);
          double sum = 0;
          double best = Double.NEGATIVE_INFINITY;
          for (int h = top; h < bottom; h++) {
            for (int w = left; w < right; w++) {
              double v = x.at(0, i / 3 / out, h, w);
              sum += v;
              best = Math.max(best, v);
            }
          }
          assertEquals(sum / ((bottom - top) * (right - left)), means[i], 1e-6);
          assertEquals(best, largest[i]);
        }
      }
    }
    checkGradient(Model.of(input(2, 7, 5), adaptiveAvgPool(3, 2)), LayerRuns.random(Shape.of(1, 2, 7, 5), 1));
    checkGradient(Model.of(input(2, 7, 5), adaptiveMaxPool(3, 2)), LayerRuns.random(Shape.of(1, 2, 7, 5), 2));
  }

  @Test void pyramidsGiveTheSameLengthForEverySize() {
    for (int height = 1; height <= 20; height++) {
      for (int width = 1; width <= 20; width += 3) {
        assertEquals(Shape.of(3 * 21), Model.of(input(3, height, width), spatialPyramid(4, 2, 1)).outputShape());
      }
    }
    assertEquals(Shape.of(5 * 7), Model.of(input(5, 11), spatialPyramid(4, 2, 1)).outputShape());
    assertEquals(Shape.of(5 * 73), Model.of(input(5, 11, 7, 9), spatialPyramid(4, 2, 1)).outputShape());
  }

  @Test void pyramidsUseTheFormulaWhereItGivesTheBins() {
    // ⌈7/4⌉ = 2 and ⌊7/4⌋ = 1 take 6 positions.
    assertFalse(SpatialPyramid.usesWindow(7, 4));
    assertEquals(6, Model.of(input(1, 7), maxPool(2).stride(1)).outputShape().dim(1));
    assertTrue(SpatialPyramid.usesWindow(13, 3));
    assertFalse(SpatialPyramid.usesWindow(2, 4));
    for (int in = 1; in < 40; in++) {
      for (int out = 1; out < 12; out++) {
        boolean formula = in >= out && (in - Math.ceilDiv(in, out)) / (in / out) + 1 == out;
        assertEquals(formula, SpatialPyramid.usesWindow(in, out), in + " in " + out);
        Tensor x = LayerRuns.random(Shape.of(1, 2, in), in);
        Layer other = formula ? maxPool(Math.ceilDiv(in, out)).stride(in / out) : adaptiveMaxPool(out);
        assertArrayEquals(LayerRuns.infer(Model.of(input(2, in), other), x),
            LayerRuns.infer(Model.of(input(2, in), spatialPyramid(out)), x));
      }
    }
  }

  @Test void levelsFollowEachOther() {
    Tensor x = LayerRuns.random(Shape.of(1, 2, 5, 6), 1);
    double[] y = LayerRuns.infer(Model.of(input(2, 5, 6), spatialPyramid(2, 1)), x);
    assertArrayEquals(LayerRuns.infer(Model.of(input(2, 5, 6), adaptiveMaxPool(2)), x), Arrays.copyOf(y, 8));
    assertArrayEquals(LayerRuns.infer(Model.of(input(2, 5, 6), adaptiveMaxPool(1)), x), Arrays.copyOfRange(y, 8, 10));
    checkGradient(Model.of(input(2, 5, 6), spatialPyramid(2, 1)), x);
  }

  @Test void maximaGoBackToWhereTheyWere() {
    Tensor x = Tensor.of(Shape.of(1, 1, 2, 4), 1, 5, 3, 3, 2, 0, 1, 2);
    Model model = Model.of(input(1, 2, 4), unpool(maxPool(2), identity()));
    assertArrayEquals(new double[] {0, 5, 3, 0, 0, 0, 0, 0}, LayerRuns.infer(model, x));
    checkGradient(Model.of(input(2, 4, 6), unpool(maxPool(2), conv(2, 1))).initialize(1),
        LayerRuns.random(Shape.of(1, 2, 4, 6), 3));
    GraphBuilder builder = new GraphBuilder();
    Node in = builder.input("x", x.shape());
    builder.output("y", maxPool(2).places(new Trace(builder, false, 0), in));
    assertArrayEquals(new double[] {1, 2}, Interpreter.run(builder.build(), Map.of("x", Exact.of(x))).outputs().get("y")
        .data());
  }

  @Test void regionsAreAnInputOfTheGraph() {
    Model model = Model.of(input(2, 4, 6), roiAlign(1, 2).samples(1), conv(5, 1, 2));
    assertEquals(Shape.of(5, 1, 1), model.outputShape());
    Model only = Model.of(input(1, 2, 2), roiPool(1, 1));
    double[] y = Interpreter.run(only.graph(), Map.of("x", Exact.of(Tensor.of(Shape.of(1, 1, 2, 2), 1, 2, 3, 4)),
        "regions", new Exact(Shape.of(2, 5), new double[] {0, 0, 0, 1, 0, 0, 0, 0, 0, 1}))).outputs().get("y").data();
    assertArrayEquals(new double[] {2, 3}, y);
  }

  private static String refused(Layer layer, int... input) {
    return assertThrows(ShapeException.class, () -> Model.of(input(input), layer)).getMessage();
  }

  @Test void c1InputsHaveSpatialAxes() {
    assertEquals("""
        adaptiveAvgPool 'adaptiveAvgPool1' cannot take its input.
          C1: the input is batch × channels × 2 spatial axes; received N × 3 × 9.
          Pool before flatten(), with one number for all axes or one per spatial axis.""",
        refused(adaptiveAvgPool(2, 2), 3, 9));
    assertEquals("""
        spatialPyramid 'spatialPyramid1' cannot take its input.
          C1: the input is batch × channels × 1 to 3 spatial axes; received N × 9.
          Put it where flatten() would be.""", refused(spatialPyramid(2), 9));
    assertEquals("""
        globalSumPool 'globalSumPool1' cannot take its input.
          C1: the input is batch × channels × 1 to 3 spatial axes; received N × 9.
          Put it before flatten().""", refused(globalSumPool(), 9));
    assertEquals("""
        roiPool 'roiPool1' cannot take its input.
          C1: the input is batch × channels × height × width; received N × 9.
          Put it behind two-dimensional convolutions.""", refused(roiPool(1, 1), 9));
  }

  @Test void c2ArgumentsAreChecked() {
    assertEquals("""
        a spatial pyramid of levels [4, 0] does not exist.
          C2: there is at least one level, and each has from 1 to 1024 bins along each axis; received [4, 0].
          Use numbers such as 4, 2, 1.""",
        assertThrows(IllegalArgumentException.class, () -> spatialPyramid(4, 0)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> adaptiveAvgPool(0));
    assertThrows(IllegalArgumentException.class, () -> roiPool(0, 1));
    assertThrows(IllegalArgumentException.class, () -> roiPool(1, 1).aligned());
    assertEquals("""
        unpool 'unpool1' cannot take its input.
          C2: the body gives back the shape of what was pooled, N × 3 × 4; received N × 2 × 4.
          Keep the channels and use same padding.""", refused(unpool(maxPool(2), conv(2, 1)), 3, 8));
    assertEquals("""
        unpool cannot undo avgPool.
          C1: the pooling takes maxima; received avgPool(2).
          Use maxPool.""",
        assertThrows(IllegalArgumentException.class, () -> unpool(avgPool(2), identity())).getMessage());
  }
}
