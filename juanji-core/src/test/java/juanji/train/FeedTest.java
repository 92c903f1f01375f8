package juanji.train;

import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import juanji.augment.Augmentation;
import juanji.augment.Augmented;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.data.Subset;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each epoch sees: which samples, how they are mixed, and that an interruption changes nothing.
class FeedTest {
  /// Nine in ten samples are of class 0.
  private static Dataset uneven() {
    Dataset digits = Digits.generate(200, 2);
    return Subset.of(digits, IntStream.range(0, 200).filter(i -> digits.label(i) == 0 || digits.label(i) == 1
        && i % 7 == 0 || digits.label(i) == 2).toArray());
  }

  private static int[] counts(Dataset data, int[] order) {
    int[] counts = new int[10];
    Arrays.stream(order).forEach(i -> counts[data.label(i)]++);
    return counts;
  }

  @Test void balancedSeesEveryClassEquallyOften() {
    Dataset data = uneven();
    int[] counts = counts(data, Sampling.balanced().order(data, 3, 1));
    int least = Arrays.stream(counts, 0, 3).min().orElseThrow();
    int most = Arrays.stream(counts, 0, 3).max().orElseThrow();
    assertTrue(most - least <= 1, Arrays.toString(counts));
    assertEquals(data.size(), Arrays.stream(counts).sum());
  }

  @Test void oversampledSeesEverySampleAndFillsUpSmallClasses() {
    Dataset data = uneven();
    int[] order = Sampling.oversampled().order(data, 3, 1);
    int[] plain = counts(data, Batches.inOrder(data.size()));
    int most = Arrays.stream(plain).max().orElseThrow();
    assertArrayEquals(new int[] {most, most, most}, Arrays.copyOf(counts(data, order), 3));
    assertEquals(data.size(), Arrays.stream(order).distinct().count());
    assertEquals(order.length, Sampling.oversampled().total(data));
  }

  @Test void weightedFollowsTheProportions() {
    Dataset data = Digits.generate(1000, 2);
    int[] counts = counts(data, Sampling.named("weighted:1/3/0/0/0/0/0/0/0/0").order(data, 3, 2));
    assertArrayEquals(new int[] {250, 750, 0}, Arrays.copyOf(counts, 3));
  }

  @Test void ordersDependOnSeedAndEpochAlone() {
    Dataset data = uneven();
    for (String name : List.of("shuffled", "balanced", "oversampled", "weighted:1/2/3/1/1/1/1/1/1/1")) {
      Sampling sampling = Sampling.named(name);
      assertEquals(name, sampling.toString());
      assertArrayEquals(sampling.order(data, 3, 4), sampling.order(data, 3, 4));
      assertTrue(!Arrays.equals(sampling.order(data, 3, 4), sampling.order(data, 3, 5)), name);
      assertTrue(!Arrays.equals(sampling.order(data, 3, 4), sampling.order(data, 4, 4)), name);
    }
  }

  @Test void weightsThatDoNotFitAreRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> Sampling.named("weighted:1/2").order(uneven(), 1, 1));
    assertEquals("sampling of [1.0, 2.0] does not exist.\n  C1: there is one weight per class, here 10; received "
        + "[1.0, 2.0].\n  Give 10 weights.", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Sampling.named("weighted:0/0"));
  }

  @Test void mixUpKeepsSumsOfSamplesAndTargets() {
    Dataset data = Digits.generate(64, 2);
    for (String name : List.of("mixup:0.4", "cutmix:1")) {
      Mixing mixing = Mixing.named(name);
      assertEquals(mixing, Mixing.named(mixing.toString()));
      int[] order = Batches.inOrder(64);
      try (Batches plain = new Batches(data, 16);
          Batches mixed = new Batches(data, 64, 16, Optional.of(mixing), 5)) {
        boolean changed = false;
        for (int b = 0; b < 4; b++) {
          float[] x = plain.read(b, order, 1).x().data();
          Batches.Batch batch = mixed.read(b, order, 1);
          float[] classes = batch.classes().data();
          for (int i = 0; i < 16; i++) {
            float sum = 0;
            for (int k = 0; k < 10; k++) {
              sum += classes[i * 10 + k];
            }
            assertEquals(1, sum, 1e-6);
          }
          // Every sample goes into the batch once with λ and once with 1 − λ, so that MixUp keeps the batch's sum.
          if (!mixing.cut()) {
            assertEquals(sum(x), sum(batch.x().data()), 1e-2);
          }
          changed |= !Arrays.equals(x, batch.x().data());
        }
        assertTrue(changed, name);
      }
    }
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    return sum;
  }

  @Test void betaHasTheMeanAndSpreadOfItsFormula() {
    // λ shows in the targets of a batch of two samples of different classes.
    for (double alpha : new double[] {0.2, 1, 3}) {
      SplittableRandom random = new SplittableRandom(4);
      double sum = 0;
      double squares = 0;
      int n = 20_000;
      Batches.Batch batch = new Batches.Batch(Tensor.zeros(Shape.of(2, 1)),
          Tensor.zeros(Shape.of(2, 2)), new int[2]);
      int counted = 0;
      for (int i = 0; i < n; i++) {
        batch.labels()[0] = 0;
        batch.labels()[1] = 1;
        Mixing.mixUp(alpha).mix(batch, Shape.of(1), random);
        float own = batch.classes().data()[0];
        if (own < 1) {
          sum += own;
          squares += own * own;
          counted++;
        }
      }
      double mean = sum / counted;
      assertEquals(0.5, mean, 0.02);
      assertEquals(1 / (4 * (2 * alpha + 1)), squares / counted - mean * mean, 0.01);
    }
  }

  @Test void interruptedAndResumedGivesTheSameBitsWithEverythingAtOnce(@TempDir Path folder) {
    Dataset digits = Digits.generate(200, 2);
    Dataset train = Augmented.of(digits, Augmentation.named("crop:2 + rotate:10 + elastic"), 7);
    Dataset validation = Digits.generate(60, 3);
    Model model = Model.of(input(1, 28, 28), flatten(), dense(12), relu(), dense(10)).initialize(4);
    try (Workers workers = Workers.of(2)) {
      Trainer trainer = Trainer.of(model).epochs(4).batch(24).workers(workers).sampling(Sampling.oversampled())
          .mixing(Mixing.cutMix(1)).patience(3);
      Trained through = trainer.fit(train, validation);
      Trained parts = null;
      // Stopped again and again in the middle of epochs; the state is also kept as often as the clock allows.
      for (int run = 0; parts == null || parts.interrupted(); run++) {
        int[] left = {5};
        parts = trainer.checkpoints(folder).checkpointEvery(1e-9).resuming().stopWhen(() -> left[0]-- <= 0)
            .fit(train, validation);
        assertTrue(run < 30);
      }
      assertEquals(through.last(), parts.last());
      assertEquals(through.model(), parts.model());
      assertEquals(through.history().size(), parts.history().size());
      assertEquals(through.history().getLast().loss(), parts.history().getLast().loss());
      var e = assertThrows(TrainingException.class, () -> trainer.checkpoints(folder).resuming().fit(digits,
          validation));
      assertTrue(e.getMessage().contains("it began with 'variation crop:2 + rotate:10 + elastic:alpha=8,sigma=4, "
          + "seed 7', now it is 'variation'"), e.getMessage());
      assertTrue(Files.exists(folder.resolve(Checkpoints.FILE)));
    }
  }

  @Test void patienceEndsATrainingThatGetsNoBetter() {
    Dataset train = Digits.generate(50, 2);
    Model model = Model.of(input(1, 28, 28), flatten(), dense(10)).initialize(4);
    try (Workers workers = Workers.of(1)) {
      // Without any learning, every epoch is like the first.
      Trained trained = Trainer.of(model).epochs(30).optimizer(Optimizer.sgd(0)).patience(4).workers(workers)
          .fit(train, Digits.generate(50, 3));
      assertEquals(5, trained.history().size());
      assertEquals(1, trained.bestEpoch());
    }
  }

  @Test void c4AndC5AreChecked() {
    Model model = Model.of(input(1, 28, 28), flatten(), dense(10));
    assertEquals("a training cannot end after -1 epochs without a better one.\n  C4: the patience is at least 0; "
        + "received -1.\n  Use 5, or 0 to go on to the end.", assertThrows(IllegalArgumentException.class,
            () -> Trainer.of(model).patience(-1)).getMessage());
    assertEquals("a training cannot keep its state every NaN seconds.\n  C5: the seconds between checkpoints are at "
        + "least 0; received NaN.\n  Use 300.", assertThrows(IllegalArgumentException.class,
            () -> Trainer.of(model).checkpointEvery(Double.NaN)).getMessage());
  }
}
