package juanji.explain;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.embedding;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.globalMaxPool;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.slice;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Explanations name places that the answer rests on.
final class ExplainerTest {
  private static final int SAMPLES = 10;

  private static final Explainer TRAINED = Explainer.of(TrainedDigits.MODEL, TrainedDigits.WORKERS);
  private static final Explainer FRESH = Explainer.of(TrainedDigits.FRESH, TrainedDigits.WORKERS);

  private static final Explainer PLACED = Explainer.of(TrainedDigits.PLACED, TrainedDigits.WORKERS);

  /// Class activation maps are made for networks that end with a mean over places; gradients of the input, of maxima
  /// over places, are noise there.
  private static double[] scores(Method method) {
    Explainer explainer = method.ofLayer() ? TRAINED : PLACED;
    double[] sums = new double[4];
    for (int i = 0; i < SAMPLES; i++) {
      Tensor x = TrainedDigits.digit(i);
      int k = TrainedDigits.TEST.label(i);
      Relevance map = explainer.explain(method, x, k);
      Faithfulness own = Faithfulness.of(explainer, x, k, map);
      Faithfulness chance = Faithfulness.of(explainer, x, k, Faithfulness.chance(28, 28, i));
      sums[0] += own.deletionScore() / SAMPLES;
      sums[1] += chance.deletionScore() / SAMPLES;
      sums[2] += own.insertionScore() / SAMPLES;
      sums[3] += chance.insertionScore() / SAMPLES;
    }
    return sums;
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void mapsAreMoreFaithfulThanChance(Method method) {
    double[] scores = scores(method);
    String told = String.format("%s: deletion %.3f against %.3f, insertion %.3f against %.3f", method.word(), scores[0],
        scores[1], scores[2], scores[3]);
    assertTrue(scores[0] < scores[1], told);
    assertTrue(scores[2] > scores[3], told);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void otherWeightsGiveOtherMaps(Method method) {
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      Tensor x = TrainedDigits.digit(i);
      Relevance map = TRAINED.explain(method, x, i);
      assertArrayEquals(map.values(), TRAINED.explain(method, x, i).values(), "the same map each time");
      sum += map.correlation(FRESH.explain(method, x, i)) / 5;
    }
    assertTrue(sum < 0.8, method.word() + ": " + sum);
  }

  @Test void integratedGradientsAddUpToTheDifference() {
    Tensor x = TrainedDigits.digit(7);
    double sum = 0;
    for (float v : PLACED.integrated(x, 7)) {
      sum += v;
    }
    double difference = PLACED.scores(x).at(0, 7) - PLACED.scores(PLACED.nothing()).at(0, 7);
    assertEquals(difference, sum, 0.03 * Math.abs(difference));
  }

  /// A network that only looks at the left half.
  @Test void whatIsNotLookedAtIsNotNamed() {
    Model left = Model.of(input(1, 12, 12), slice(3, 0, 6), conv(4, 3).same(), relu(), flatten(), dense(3))
        .initialize(3);
    Tensor x = Tensor.zeros(Shape.of(1, 1, 12, 12));
    for (int i = 0; i < 144; i++) {
      x.data()[i] = (float) Math.abs(Math.sin(i));
    }
    Explainer explainer = Explainer.of(left, TrainedDigits.WORKERS);
    for (Method method : List.of(Method.SALIENCY, Method.SMOOTH_GRAD, Method.INTEGRATED_GRADIENTS,
        Method.GUIDED_BACKPROPAGATION)) {
      float[] map = explainer.explain(method, x, 1).values();
      for (int i = 0; i < 144; i++) {
        assertTrue(i % 12 < 6 || map[i] == 0, method + " at " + i);
      }
    }
  }

  @Test void soundIsExplainedAlongItsLength() {
    Model model = Model.of(input(2, 40), conv(6, 5).same(), relu(), globalAvgPool(), flatten(), dense(3)).initialize(2);
    Tensor x = Tensor.zeros(Shape.of(1, 2, 40));
    for (int i = 0; i < 80; i++) {
      x.data()[i] = (float) Math.sin(0.3 * i);
    }
    Explainer explainer = Explainer.of(model, TrainedDigits.WORKERS);
    for (Method method : Method.values()) {
      Relevance map = explainer.explain(method, x, 2);
      assertEquals(1, map.height(), method.word());
      assertEquals(40, map.width(), method.word());
    }
  }

  /// A network that only asks for the second of six words, wherever it stands.
  @Test void textsAreExplainedByTheirTokens() {
    Model reader = Model.of(input(9), embedding(6, 4), conv(5, 1), globalMaxPool(), flatten(), dense(2)).initialize(4);
    Map<String, Tensor> weights = new LinkedHashMap<>(reader.weights().tensors());
    Tensor vectors = Tensor.zeros(Shape.of(6, 4));
    vectors.data()[2 * 4 + 1] = 3;
    vectors.data()[3 * 4 + 2] = 1;
    weights.put("embedding1.weight", vectors);
    weights.put("conv1.weight", Tensor.full(Shape.of(5, 4, 1), 0));
    weights.get("conv1.weight").data()[1] = 1;
    weights.put("dense1.weight", Tensor.full(weights.get("dense1.weight").shape(), 1));
    weights.get("dense1.weight").data()[0] = -1;
    Model asks = reader.withWeights(Weights.of(weights));
    Explainer explainer = Explainer.of(asks, TrainedDigits.WORKERS);
    Tensor text = Tensor.of(Shape.of(1, 9), 3, 0, 3, 1, 2, 4, 3, -1, -1);
    assertEquals(Shape.of(1, 4, 9), explainer.seen(text).shape());
    for (Method method : List.of(Method.SALIENCY, Method.INTEGRATED_GRADIENTS, Method.OCCLUSION, Method.GRAD_CAM,
        Method.LAYER_CAM)) {
      Relevance map = explainer.explain(method, text, 1);
      assertEquals(9, map.width());
      assertEquals(1, map.values()[4], method.word());
      for (int i = 0; i < 9; i++) {
        assertTrue(i == 4 || map.values()[i] < 0.5, method + " at " + i + ": " + map.values()[i]);
      }
    }
    assertEquals(10, Faithfulness.of(explainer, text, 1, Faithfulness.chance(1, 9, 1)).deletion().length);
  }

  @Test void constraintsNameWhatWasReceived() {
    Model flat = Model.of(input(7), dense(2));
    assertEquals("this network's answers cannot be explained.\n  C1: the input has channels and one or two spatial "
        + "axes, or is the numbers of a text; received 7.\n  Use a network for pictures, sound or texts.",
        assertThrows(IllegalArgumentException.class, () -> Explainer.of(flat, TrainedDigits.WORKERS)).getMessage());
    assertTrue(assertThrows(IllegalArgumentException.class, () -> TRAINED.layer("dense1").explain(Method.GRAD_CAM,
        TrainedDigits.digit(1), 1)).getMessage().startsWith("the layer 'dense1' has no maps to look at.\n  C2: "));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Method.named("cam")).getMessage()
        .startsWith("there is no method 'cam'.\n  C1: the methods are grad-cam, "));
  }
}
