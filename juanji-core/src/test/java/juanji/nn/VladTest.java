package juanji.nn;

import static juanji.nn.Layers.actionVlad;
import static juanji.nn.Layers.ghostVlad;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.netVlad;
import static juanji.nn.Layers.vlad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VladTest {
  static Stream<List<Object>> sources() {
    return Stream.of(List.of(vlad(4), "vlad(4)"), List.of(netVlad(64), "netVlad(64)"),
        List.of(ghostVlad(8, 2), "ghostVlad(8, 2)"), List.of(actionVlad(5), "actionVlad(5)"));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void textIsSource(List<Object> sample) {
    assertEquals(sample.get(1), sample.get(0).toString());
    assertEquals(sample.get(0), Architecture.parse(sample.get(1).toString()));
  }

  private static void unit(double[] v, int from, int to) {
    double length = Math.sqrt(Arrays.stream(v, from, to).map(a -> a * a).sum());
    for (int i = from; i < to; i++) {
      v[i] /= Math.max(length, 1e-12);
    }
  }

  /// The definition, for one sample of D × places.
  private static double[] expected(Model model, String path, Tensor x, int clusters, boolean soft) {
    Tensor c = model.weights().tensor(path + ".centers");
    int width = c.shape().dim(1);
    int places = (int) x.shape().size(2);
    double[] v = new double[clusters * width];
    for (int i = 0; i < places; i++) {
      double[] a = soft ? softmax(model, path, x, i, places) : hard(c, x, i, places);
      for (int k = 0; k < clusters; k++) {
        for (int j = 0; j < width; j++) {
          v[k * width + j] += a[k] * ((double) x.data()[j * places + i] - c.at(k, j));
        }
      }
    }
    for (int k = 0; k < clusters; k++) {
      unit(v, k * width, (k + 1) * width);
    }
    unit(v, 0, v.length);
    return v;
  }

  private static double[] softmax(Model model, String path, Tensor x, int i, int places) {
    Tensor w = model.weights().tensor(path + ".weight");
    Tensor b = model.weights().tensor(path + ".bias");
    double[] a = new double[w.shape().dim(0)];
    for (int k = 0; k < a.length; k++) {
      double score = b.at(k);
      for (int j = 0; j < w.shape().dim(1); j++) {
        score += (double) w.at(k, j) * x.data()[j * places + i];
      }
      a[k] = Math.exp(score);
    }
    double sum = Arrays.stream(a).sum();
    return Arrays.stream(a).map(e -> e / sum).toArray();
  }

  private static double[] hard(Tensor c, Tensor x, int i, int places) {
    double[] a = new double[c.shape().dim(0)];
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < a.length; k++) {
      double d = 0;
      for (int j = 0; j < c.shape().dim(1); j++) {
        d += Math.pow(x.data()[j * places + i] - c.at(k, j), 2);
      }
      best = d < least ? k : best;
      least = Math.min(d, least);
    }
    a[best] = 1;
    return a;
  }

  private static Model random(Model model) {
    Weights weights = model.weights();
    for (String name : weights.tensors().keySet()) {
      weights = weights.with(name, LayerRuns.random(weights.tensor(name).shape(), name.hashCode()));
    }
    return model.withWeights(weights);
  }

  @Test void allFourByTheirDefinition() {
    Tensor picture = LayerRuns.random(Shape.of(1, 5, 3, 4), 1);
    Tensor video = LayerRuns.random(Shape.of(1, 5, 2, 3, 4), 2);
    Model hard = random(Model.of(input(5, 3, 4), vlad(3)));
    assertArrayEquals(expected(hard, "vlad1", picture, 3, false), LayerRuns.infer(hard, picture), 1e-9);
    Model soft = random(Model.of(input(5, 3, 4), netVlad(3)));
    assertArrayEquals(expected(soft, "netVlad1", picture, 3, true), LayerRuns.infer(soft, picture), 1e-9);
    Model ghost = random(Model.of(input(5, 3, 4), ghostVlad(3, 2)));
    assertEquals(Shape.of(15), ghost.outputShape());
    assertArrayEquals(expected(ghost, "ghostVlad1", picture, 3, true), LayerRuns.infer(ghost, picture), 1e-9);
    Model action = random(Model.of(input(5, 2, 3, 4), actionVlad(3)));
    assertArrayEquals(expected(action, "actionVlad1", video, 3, true), LayerRuns.infer(action, video), 1e-9);
  }

  @Test void theOutputIsAsLongForEverySize() {
    for (int size = 1; size < 9; size += 2) {
      assertEquals(Shape.of(15), Model.of(input(5, size, size + 1), netVlad(3)).outputShape());
    }
    assertEquals(3 * 5 + 5 * 5 + 5, Model.of(input(5, 3, 4), ghostVlad(3, 2)).weightCount());
    assertEquals(2 * 3 * 5 + 3, Model.of(input(5, 3, 4), netVlad(3)).weightCount());
    assertEquals(3 * 5, Model.of(input(5, 3, 4), vlad(3)).weightCount());
  }

  @Test void gradientsAreThoseOfDifferences() {
    for (Layer layer : List.of(netVlad(3), ghostVlad(2, 1), vlad(2))) {
      Model model = random(Model.of(input(4, 2, 3), layer, Layers.dense(2)));
      Tensor x = LayerRuns.random(Shape.of(2, 4, 2, 3), 5);
      LayerRuns.Gradients gradients = LayerRuns.gradients(model, x);
      for (Declaration d : model.parameters()) {
        Tensor w = model.weights().tensor(d.name());
        for (int i = 0; i < w.data().length; i += 2) {
          float at = w.data()[i];
          float up = at + 1e-3f;
          float down = at - 1e-3f;
          w.data()[i] = up;
          double above = loss(model, x);
          w.data()[i] = down;
          double difference = (above - loss(model, x)) / ((double) up - down);
          w.data()[i] = at;
          assertEquals(difference, gradients.weight(d.name())[i], 1e-4, layer + " " + d.name() + " " + i);
        }
      }
    }
  }

  private static double loss(Model model, Tensor x) {
    return Arrays.stream(LayerRuns.infer(model, x)).map(v -> v * v / 2).sum();
  }

  /// Features around four corners.
  private static Tensor corners(int rows) {
    SplittableRandom random = new SplittableRandom(1);
    Tensor features = Tensor.zeros(Shape.of(rows, 2));
    for (int i = 0; i < rows; i++) {
      features.data()[2 * i] = i % 2 * 10 + (float) random.nextDouble(-1, 1);
      features.data()[2 * i + 1] = i / 2 % 2 * 10 + (float) random.nextDouble(-1, 1);
    }
    return features;
  }

  @Test void centresAreFoundAndRepeated() {
    Tensor features = corners(400);
    for (long seed = 0; seed < 5; seed++) {
      VladClusters clusters = VladClusters.of(features, 4, seed);
      float[] c = clusters.centers().data();
      boolean[] found = new boolean[4];
      for (int k = 0; k < 4; k++) {
        found[Math.round(c[2 * k] / 10) + 2 * Math.round(c[2 * k + 1] / 10)] = true;
        assertEquals(0, Math.abs(c[2 * k] - 10 * Math.round(c[2 * k] / 10)), 0.2);
      }
      assertArrayEquals(new boolean[] {true, true, true, true}, found);
      assertArrayEquals(c, VladClusters.of(features, 4, seed).centers().data());
    }
  }

  @Test void equalFeaturesAndAsManyClustersAsFeatures() {
    VladClusters same = VladClusters.of(Tensor.full(Shape.of(5, 2), 3), 3, 1);
    assertArrayEquals(new float[] {3, 3, 3, 3, 3, 3}, same.centers().data());
    assertEquals(1, same.alpha());
    assertEquals(1, VladClusters.of(corners(8), 1, 1).alpha());
    float[] each = VladClusters.of(Tensor.of(Shape.of(3, 1), 5, 1, 9), 3, 1).centers().data();
    Arrays.sort(each);
    assertArrayEquals(new float[] {1, 5, 9}, each);
  }

  @Test void theNearestCentreHasAHundredTimesTheShareOfTheSecond() {
    Tensor features = corners(200);
    VladClusters clusters = VladClusters.of(features, 4, 1);
    Model model = Model.of(input(2, 200), netVlad(4));
    model = model.withWeights(clusters.into(model.weights(), "netVlad1"));
    Tensor x = Tensor.zeros(Shape.of(1, 2, 200));
    for (int i = 0; i < 400; i++) {
      x.data()[i % 2 * 200 + i / 2] = features.data()[i];
    }
    assertArrayEquals(features.data(), VladClusters.features(x).data());
    double logs = 0;
    for (int i = 0; i < 200; i++) {
      double[] a = softmax(model, "netVlad1", x, i, 200);
      Arrays.sort(a);
      logs += Math.log(a[3] / a[2]);
    }
    assertEquals(Math.log(100), logs / 200, 1e-3);
  }

  @Test void ghostsTakeTheLastCentres() {
    VladClusters clusters = VladClusters.of(corners(40), 4, 1);
    Model model = Model.of(input(2, 3), ghostVlad(3, 1));
    Weights weights = clusters.into(model.weights(), "ghostVlad1");
    assertArrayEquals(Arrays.copyOf(clusters.centers().data(), 6), weights.tensor("ghostVlad1.centers").data());
    assertEquals(2 * clusters.alpha() * clusters.centers().at(3, 1), weights.tensor("ghostVlad1.weight").at(3, 1),
        1e-6);
    Model hard = Model.of(input(2, 3), vlad(4));
    assertTrue(hard.withWeights(clusters.into(hard.weights(), "vlad1")).weights().tensors().size() == 1);
  }

  @Test void c1InputsAndFeaturesFit() {
    assertEquals("""
        actionVlad 'actionVlad1' cannot take its input.
          C1: the input is batch × features × time × height × width; received N × 2 × 3 × 4.
          Put it behind convolutions, before flatten().""",
        assertThrows(ShapeException.class, () -> Model.of(input(2, 3, 4), actionVlad(2))).getMessage());
    assertEquals("""
        features cannot be divided into 9 clusters.
          C1: the features are rows of finite numbers, at least as many as the clusters; received 8 × 2 for 9.
          Give more features, or ask for fewer clusters.""",
        assertThrows(IllegalArgumentException.class, () -> VladClusters.of(corners(8), 9, 1)).getMessage());
  }

  @Test void c2NumbersFit() {
    assertEquals("""
        netVlad of 0 clusters and 0 ghost clusters does not exist.
          C2: there is at least one cluster, and ghosts only of ghostVlad; received 0 and 0.
          Use positive numbers, such as netVlad(64) or ghostVlad(8, 2).""",
        assertThrows(IllegalArgumentException.class, () -> netVlad(0)).getMessage());
    Model model = Model.of(input(2, 3), netVlad(3));
    assertEquals("""
        'netVlad1' cannot start from these centres.
          C2: there is one centre per cluster and ghost cluster, of as many features; received 4 × 2 for 3 × 2.
          Ask for as many clusters as the layer has.""", assertThrows(IllegalArgumentException.class,
            () -> VladClusters.of(corners(8), 4, 1).into(model.weights(), "netVlad1")).getMessage());
  }
}
