package juanji.nn;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.groupNorm;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.instanceNorm;
import static juanji.nn.Layers.l2Norm;
import static juanji.nn.Layers.layerNorm;
import static juanji.nn.Layers.localResponseNorm;
import static juanji.nn.Layers.prelu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import juanji.graph.Interpreter;
import juanji.op.Exact;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Normalisations against direct loops over N × 6 × 3 × 5.
class NormalizationTest {
  private static final int N = 2;
  private static final int C = 6;
  private static final int P = 15;
  private static final Exact X = new Exact(Shape.of(N, C, 3, 5),
      new SplittableRandom(3).doubles(N * C * P, -2, 3).toArray());

  private static Interpreter.Results run(Model model, boolean training) {
    Map<String, Exact> given = new HashMap<>();
    model.weights().tensors().forEach((name, tensor) -> given.put(name, Exact.of(tensor)));
    given.put("x", X);
    return Interpreter.run(model.graph(training, 1), given);
  }

  private static double[] infer(Layer layer) {
    return run(Model.of(input(C, 3, 5), layer), false).outputs().get("y").data();
  }

  /// Normalises the elements that a function puts into the same set.
  private static double[] expected(IntUnaryOperator set, double epsilon) {
    Map<Integer, double[]> sums = new HashMap<>();
    double[] x = X.data();
    for (int i = 0; i < x.length; i++) {
      double[] s = sums.computeIfAbsent(set.applyAsInt(i), _ -> new double[3]);
      s[0]++;
      s[1] += x[i];
      s[2] += x[i] * x[i];
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double[] s = sums.get(set.applyAsInt(i));
      double mean = s[1] / s[0];
      y[i] = (x[i] - mean) / Math.sqrt(s[2] / s[0] - mean * mean + epsilon);
    }
    return y;
  }

  @Test void eachKindNormalisesItsOwnSets() {
    assertArrayEquals(expected(i -> i / (C * P), 1e-5), infer(layerNorm()), 1e-9);
    assertArrayEquals(expected(i -> i / (C * P) * P + i % P, 0.1), infer(layerNorm().channels().epsilon(0.1)), 1e-9);
    assertArrayEquals(expected(i -> i / (C * P) * 3 + i / P % C / 2, 1e-5), infer(groupNorm(3)), 1e-9);
    assertArrayEquals(expected(i -> i / P, 1e-5), infer(instanceNorm()), 1e-9);
    assertArrayEquals(expected(i -> i / P, 1e-5), infer(groupNorm(C)), 1e-9);
    assertArrayEquals(expected(i -> i / (C * P), 1e-5), infer(groupNorm(1)), 1e-9);
  }

  @Test void weightsScaleAndShift() {
    for (Layer layer : new Layer[] {layerNorm().channels(), groupNorm(2), instanceNorm().affine()}) {
      Model plain = Model.of(input(C, 3, 5), layer);
      String scope = layer.kind() + "1.";
      Model scaled = plain.withWeights(plain.weights().with(scope + "weight", Tensor.of(Shape.of(C), 1, 2, 3, 4, 5, 6))
          .with(scope + "bias", Tensor.of(Shape.of(C), 0, 1, 0, -1, 0, 9)));
      double[] y = run(plain, false).outputs().get("y").data();
      double[] z = run(scaled, true).outputs().get("y").data();
      double[] bias = {0, 1, 0, -1, 0, 9};
      for (int i = 0; i < y.length; i++) {
        int c = i / P % C;
        assertEquals(y[i] * (c + 1) + bias[c], z[i], 1e-9, layer + " " + i);
      }
    }
    assertEquals(Shape.of(C, 3, 5), Model.of(input(C, 3, 5), layerNorm()).parameters().getFirst().shape());
    assertTrue(Model.of(input(C, 3, 5), layerNorm()).parameters().stream().noneMatch(Declaration::decays));
  }

  @Test void localResponseIsThePapersSum() {
    for (int size = 1; size <= 7; size++) {
      double[] y = infer(localResponseNorm(size).alpha(0.3).beta(0.6).k(1.5));
      for (int i = 0; i < y.length; i++) {
        int c = i / P % C;
        double sum = 0;
        for (int j = Math.max(0, c - size / 2); j <= Math.min(C - 1, c + (size - 1) / 2); j++) {
          double at = X.data()[i + (j - c) * P];
          sum += at * at;
        }
        assertEquals(X.data()[i] / Math.pow(1.5 + 0.3 * sum, 0.6), y[i], 1e-9);
      }
    }
    assertEquals("localResponseNorm(5)", localResponseNorm(5).alpha(1e-4).beta(0.75).k(2).toString());
  }

  @Test void l2NormGivesLengthOne() {
    double[] y = infer(l2Norm());
    for (int n = 0; n < N; n++) {
      for (int p = 0; p < P; p++) {
        double sum = 0;
        for (int c = 0; c < C; c++) {
          sum += Math.pow(y[(n * C + c) * P + p], 2);
        }
        assertEquals(1, sum, 1e-12);
      }
    }
    assertEquals(X.data()[7] / 100, infer(l2Norm().epsilon(100))[7], 1e-12);
  }

  @Test void frozenBatchNormKeepsItsStatistics() {
    Model model = Model.of(input(C, 3, 5), batchNorm());
    assertTrue(run(model, true).updates().containsKey("batchNorm1.running_mean"));
    Interpreter.Results frozen = run(model.freeze(), true);
    assertTrue(frozen.updates().isEmpty());
    assertArrayEquals(run(model, false).outputs().get("y").data(), frozen.outputs().get("y").data());
    assertFalse(model.freeze().parameters().stream().anyMatch(Declaration::trainable));
  }

  @Test void learnedSlopesArePerChannelOrShared() {
    assertEquals(Shape.of(C), Model.of(input(C, 3, 5), prelu()).parameters().getFirst().shape());
    Model shared = Model.of(input(C, 3, 5), prelu(0.5).sharing());
    assertEquals(Shape.of(1), shared.parameters().getFirst().shape());
    double[] y = run(shared, false).outputs().get("y").data();
    for (int i = 0; i < y.length; i++) {
      assertEquals(X.data()[i] > 0 ? X.data()[i] : X.data()[i] / 2, y[i], 1e-12);
    }
  }

  @Test void c3GroupsDivideTheChannels() {
    assertEquals("""
        groupNorm 'groupNorm1' cannot take its input.
          C3: groups = 4 must divide the channels, but the input is N × 6 × 3 × 5.
          Use groups that divide 6, or change the layer before.""",
        assertThrows(ShapeException.class, () -> Model.of(input(C, 3, 5), groupNorm(4))).getMessage());
    assertThrows(ShapeException.class, () -> Model.of(input(C), instanceNorm()));
    assertThrows(IllegalArgumentException.class, () -> groupNorm(0));
    assertThrows(IllegalArgumentException.class, () -> layerNorm().epsilon(0));
    assertThrows(IllegalArgumentException.class, () -> localResponseNorm(5).k(0));
  }
}
