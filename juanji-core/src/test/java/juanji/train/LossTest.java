package juanji.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.op.Exact;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each loss against plain loops in double precision, its gradient against central differences.
class LossTest {
  private static final int N = 7;
  private static final int K = 5;
  private static final double[] CLASSES = {4, 0, 2, 2, 1, 0, 3};
  private static final double[] X = Reference.random(N * K, 3, 11);
  private static final double[] SHARES = shares();

  private static double[] shares() {
    double[] t = new SplittableRandom(5).doubles(N * K, 0, 1).toArray();
    t[3] = 0;
    for (int i = 0; i < N; i++) {
      double sum = 0;
      for (int k = 0; k < K; k++) {
        sum += t[i * K + k];
      }
      for (int k = 0; k < K; k++) {
        t[i * K + k] /= sum;
      }
    }
    return t;
  }

  private interface Term {
    double of(double x, double t, int sample, int k);
  }

  private static double hot(int i, int k) {
    return CLASSES[i] == k ? 1 : 0;
  }

  private static double logSoftmax(int i, int k) {
    double sum = 0;
    for (int j = 0; j < K; j++) {
      sum += Math.exp(X[i * K + j]);
    }
    return X[i * K + k] - Math.log(sum);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /// The sum of a term over samples and classes.
  private static double sum(boolean soft, Term term) {
    double sum = 0;
    for (int i = 0; i < N; i++) {
      for (int k = 0; k < K; k++) {
        sum += term.of(X[i * K + k], soft ? SHARES[i * K + k] : hot(i, k), i, k);
      }
    }
    return sum;
  }

  private static double hard(Loss loss) {
    return Reference.of(loss, K, X, CLASSES).loss();
  }

  private static double soft(Loss loss) {
    return Reference.of(loss, K, X, SHARES).loss();
  }

  @Test void crossEntropyIsItsFormula() {
    Term plain = (x, t, i, k) -> -t * logSoftmax(i, k);
    assertEquals(sum(false, plain) / N, hard(Loss.crossEntropy()), 1e-12);
    assertEquals(sum(true, plain) / N, soft(Loss.crossEntropy()), 1e-12);
    Term smooth = (x, t, i, k) -> -(0.9 * t + 0.1 / K) * logSoftmax(i, k);
    assertEquals(sum(false, smooth) / N, hard(Loss.crossEntropy().smoothing(0.1)), 1e-7);
    assertEquals(sum(true, smooth) / N, soft(Loss.crossEntropy().smoothing(0.1)), 1e-7);
    double[] w = {1, 0.5, 3, 2, 0};
    double total = IntStream.range(0, N).mapToDouble(i -> w[(int) CLASSES[i]]).sum();
    Loss weighted = Loss.crossEntropy().weights(w);
    assertEquals(sum(false, (x, t, i, k) -> -w[k] * t * logSoftmax(i, k)) / total, hard(weighted), 1e-7);
    assertEquals(sum(true, (x, t, i, k) -> -w[k] * t * logSoftmax(i, k)) / N, soft(weighted), 1e-7);
    Loss both = Loss.crossEntropy().weights(w).smoothing(0.25);
    assertEquals(sum(false, (x, t, i, k) -> -w[k] * (0.75 * t + 0.05) * logSoftmax(i, k)) / total, hard(both), 1e-7);
  }

  @Test void binaryAndFocalLossAreTheirFormulas() {
    assertEquals(sum(false, (x, t, i, k) -> -t * Math.log(sigmoid(x)) - (1 - t) * Math.log(1 - sigmoid(x))) / N / K,
        hard(Loss.binaryCrossEntropy()), 1e-12);
    assertEquals(sum(true, (x, t, i, k) -> -3 * t * Math.log(sigmoid(x)) - (1 - t) * Math.log(1 - sigmoid(x))) / N / K,
        soft(Loss.binaryCrossEntropy().positive(3)), 1e-12);
    assertEquals(sum(false, (x, t, i, k) -> {
      double p = t == 1 ? sigmoid(x) : 1 - sigmoid(x);
      return -(t == 1 ? 0.3 : 0.7) * Math.pow(1 - p, 1.5) * Math.log(p);
    }) / N, hard(Loss.focal().gamma(1.5).alpha(0.3)), 1e-12);
    // A single score tells class 1 from class 0.
    double[] one = {-1, 2, 0.5};
    assertEquals((Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.exp(0.5))) / 3,
        Reference.of(Loss.binaryCrossEntropy(), 1, one, 0, 1, 0).loss(), 1e-12);
    Reference.Value far = Reference.of(Loss.focal(), 2, new double[] {800, -800, -800, 800}, 0, 0);
    assertEquals(0.25 * 800 / 2 + 0.75 * 800 / 2, far.loss(), 1e-6);
    assertTrue(Arrays.stream(far.gradient()).allMatch(Double::isFinite));
  }

  @Test void differencesAreTheirFormulas() {
    assertEquals(sum(false, (x, t, i, k) -> (x - t) * (x - t)) / N / K, hard(Loss.meanSquaredError()), 1e-12);
    assertEquals(sum(true, (x, t, i, k) -> Math.abs(x - t)) / N / K, soft(Loss.meanAbsoluteError()), 1e-12);
    assertEquals(sum(false, (x, t, i, k) -> {
      double d = Math.abs(x - t);
      return d < 0.75 ? d * d / 2 : 0.75 * (d - 0.375);
    }) / N / K, hard(Loss.huber(0.75)), 1e-12);
  }

  @Test void hingeAndDivergenceAreTheirFormulas() {
    assertEquals(sum(false, (x, t, i, k) -> t == 1 ? 0
        : Math.max(0, 1.5 - X[i * K + (int) CLASSES[i]] + x)) / N / K, hard(Loss.hinge().margin(1.5)), 1e-12);
    assertEquals(sum(false, (x, t, i, k) -> Math.max(0, 1 - (2 * t - 1) * x)) / N / K,
        hard(Loss.hinge().oneVersusAll()), 1e-12);
    assertEquals(sum(true, (x, t, i, k) -> t == 0 ? 0 : t * (Math.log(t) - logSoftmax(i, k))) / N,
        soft(Loss.divergence()), 1e-12);
    assertEquals(sum(false, (x, t, i, k) -> -t * logSoftmax(i, k)) / N, hard(Loss.divergence()), 1e-12);
  }

  private static double distance(int a, int b) {
    double sum = 0;
    for (int k = 0; k < K; k++) {
      sum += Math.pow(X[a * K + k] - X[b * K + k], 2);
    }
    return Math.sqrt(sum);
  }

  @Test void tripletsAreMinedByTheirRules() {
    double hard = 0;
    int anchors = 0;
    double semi = 0;
    int pairs = 0;
    for (int a = 0; a < N; a++) {
      double far = -1;
      double near = Double.MAX_VALUE;
      double farthest = 0;
      for (int j = 0; j < N; j++) {
        if (CLASSES[j] != CLASSES[a]) {
          near = Math.min(near, distance(a, j));
          farthest = Math.max(farthest, distance(a, j));
        } else if (j != a) {
          far = Math.max(far, distance(a, j));
        }
      }
      if (far >= 0) {
        hard += Math.max(0, far - near + 0.5);
        anchors++;
      }
      for (int p = 0; p < N; p++) {
        if (p != a && CLASSES[p] == CLASSES[a]) {
          double chosen = Double.MAX_VALUE;
          for (int n = 0; n < N; n++) {
            if (CLASSES[n] != CLASSES[a] && distance(a, n) > distance(a, p)) {
              chosen = Math.min(chosen, distance(a, n));
            }
          }
          chosen = chosen == Double.MAX_VALUE ? farthest : chosen;
          semi += Math.max(0, distance(a, p) * distance(a, p) - chosen * chosen + 2);
          pairs++;
        }
      }
    }
    assertEquals(4, anchors);
    assertEquals(hard / anchors, hard(Loss.triplet().margin(0.5)), 1e-9);
    assertEquals(semi / pairs, hard(Loss.triplet().margin(2).semiHard()), 1e-9);
    for (Loss loss : new Loss[] {Loss.triplet(), Loss.triplet().semiHard()}) {
      assertEquals(0, Reference.of(loss, K, X, 1, 1, 1, 1, 1, 1, 1).loss(), "there are no negatives");
      assertEquals(0, Reference.of(loss, K, X, 1, 2, 3, 4, 5, 6, 7).loss(), "there are no positives");
      Reference.Value equal = Reference.of(loss, K, new double[N * K], CLASSES);
      assertEquals(0.2, equal.loss(), 1e-7);
      assertArrayEquals(new double[N * K], equal.gradient(), "equal embeddings have finite gradients");
    }
  }

  @Test void contrastIsOverAllPairs() {
    double sum = 0;
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        double d = distance(i, j);
        sum += i == j ? 0 : CLASSES[i] == CLASSES[j] ? d * d / 2 : Math.pow(Math.max(0, 6 - d), 2) / 2;
      }
    }
    assertEquals(sum / N / (N - 1), hard(Loss.contrastive().margin(6)), 1e-9);
    assertEquals(0, Reference.of(Loss.contrastive(), K, new double[K], 1).loss(), "a batch of one has no pairs");
  }

  static Stream<Loss> losses() {
    return Stream.of(Loss.crossEntropy(), Loss.crossEntropy().smoothing(0.1).weights(1, 2, 3, 4, 5),
        Loss.binaryCrossEntropy().positive(2), Loss.focal(), Loss.meanSquaredError(), Loss.meanAbsoluteError(),
        Loss.huber(0.5), Loss.hinge(), Loss.hinge().oneVersusAll(), Loss.divergence().smoothing(0.2),
        Loss.triplet().margin(3), Loss.triplet().margin(3).semiHard(), Loss.contrastive().margin(5));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void gradientsAreTheSlopes(Loss loss) {
    double[] gradient = Reference.of(loss, K, X, CLASSES).gradient();
    double[] x = X.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = X[i] + 1e-5;
      double above = Reference.of(loss, K, x, CLASSES).loss();
      x[i] = X[i] - 1e-5;
      double below = Reference.of(loss, K, x, CLASSES).loss();
      x[i] = X[i];
      assertEquals((above - below) / 2e-5, gradient[i], 1e-6, loss + " element " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void plansGiveWhatLossesMean(Loss loss) {
    Plan plan = Compiler.compile(Reference.graph(loss, K, false), N, Target.scalar());
    Reference.Value expected = Reference.of(loss, K, X, CLASSES);
    try (Workers workers = Workers.of(1)) {
      var results = new Session(plan, new HashMap<>(), workers).run(Map.of(
          "scores", new Exact(Shape.of(N, K), X).toTensor(), "targets", new Exact(Shape.of(N), CLASSES).toTensor()));
      assertEquals(expected.loss(), results.get("loss").data()[0], 1e-5 * Math.max(1, expected.loss()), loss + "\n"
          + plan);
      for (int i = 0; i < X.length; i++) {
        assertEquals(expected.gradient()[i], results.get("gradient").data()[i], 1e-5, loss + " " + i);
      }
    }
  }

  @Test void wordsNameLosses() {
    assertEquals(Loss.crossEntropy(), Loss.named("cross-entropy"));
    assertEquals("crossEntropy().smoothing(0.1).weights(1, 2.5)",
        Loss.named("cross-entropy:smoothing=0.1,weights=1/2.5").toString());
    assertEquals(Loss.focal().gamma(1), Loss.named("focal:gamma=1"));
    assertEquals(Loss.focal().gamma(1).alpha(0.5), Loss.named("focal:1:0.5"));
    assertEquals(Loss.hinge().oneVersusAll().margin(2), Loss.named("hinge:one-versus-all:2"));
    assertEquals(Loss.triplet().semiHard(), Loss.named("triplet:semi-hard"));
    assertEquals(Loss.divergence(), Loss.named("kl"));
    assertEquals(Loss.meanAbsoluteError(), Loss.named("mae"));
    assertEquals(Loss.huber(2), Loss.named("huber:delta=2"));
    assertEquals(Loss.contrastive(), Loss.named("contrastive"));
    assertEquals("""
        the loss 'focal:gama=2' cannot be read.
          C1: 'focal' has no setting 'gama'; received 'focal:gama=2'.
          Leave it out, or see the documentation of 'focal'.""",
        assertThrows(IllegalArgumentException.class, () -> Loss.named("focal:gama=2")).getMessage());
    for (String wrong : new String[] {"", "focal:gamma=x", "focal:gamma=-1", "mse:1", "cross-entropy:smoothing=1",
        "cross-entropy:weights=1//2", "cross-entropy:weights=0/0", "focal:gamma=NaN", "huber:0", "nothing"}) {
      assertEquals(3, assertThrows(IllegalArgumentException.class, () -> Loss.named(wrong)).getMessage().lines()
          .count(), wrong);
    }
  }

  @Test void c1ShapesAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> Reference.graph(Loss.focal(), K, true));
    assertThrows(IllegalArgumentException.class, () -> Reference.graph(Loss.triplet(), K, true));
    assertThrows(IllegalArgumentException.class, () -> Reference.graph(Loss.crossEntropy().weights(1, 2), K, false));
  }
}
