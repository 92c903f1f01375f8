package juanji.train;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropBlock;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.groupNorm;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.l2Norm;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Target;
import juanji.plan.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trainings with losses, optimisers, penalties and schedules of all kinds.
class SettingsTest {
  private static final Dataset TRAIN = Digits.generate(90, 1);
  private static final Dataset VALIDATION = Digits.generate(40, 2);
  private static final Model MODEL = Model.of(input(1, 28, 28), avgPool(4), conv(4, 3), groupNorm(2), relu(),
      dropBlock(0.2, 2), flatten(), dense(10)).initialize(3);

  private static Trainer trainer(Workers workers) {
    return Trainer.of(MODEL).workers(workers).target(Target.scalar()).batch(16).epochs(3)
        .loss(Loss.crossEntropy().smoothing(0.1))
        .optimizer(Optimizer.adam(0.01).clipNorm(1).lookingAhead(3, 0.5).average(0.9))
        .penalty(Penalty.l1(1e-4)).penalty(Penalty.maxNorm(2).on("dense1")).schedule(Schedule.plateau(1, 0.5));
  }

  @Test void resumedTrainingHasTheSameBits(@TempDir Path folder) {
    try (Workers one = Workers.of(1); Workers two = Workers.of(2)) {
      Trained whole = trainer(one).fit(TRAIN, VALIDATION);
      int[] steps = {0};
      Trained part = trainer(two).checkpoints(folder).stopWhen(() -> ++steps[0] == 10).fit(TRAIN, VALIDATION);
      assertTrue(part.interrupted());
      Trained resumed = trainer(two).checkpoints(folder).resuming().fit(TRAIN, VALIDATION);
      assertEquals(whole.last().weights(), resumed.last().weights());
      assertEquals(whole.model().weights(), resumed.model().weights());
      for (int i = 0; i < 3; i++) {
        assertEquals(whole.history().get(i).validationLoss(), resumed.history().get(i).validationLoss());
        assertEquals(whole.history().get(i).rate(), resumed.history().get(i).rate());
      }
    }
  }

  @Test void modelsAreKeptWithTheirAverages() {
    try (Workers workers = Workers.of(1)) {
      Trainer plain = Trainer.of(MODEL).workers(workers).target(Target.scalar()).batch(30).epochs(1);
      Optimizer sgd = Optimizer.sgd(0.05);
      Trained last = plain.optimizer(sgd).fit(TRAIN, VALIDATION);
      assertEquals(last.last().weights(), plain.optimizer(sgd.average(0)).fit(TRAIN).last().weights());
      Trained averaged = plain.optimizer(sgd.average(0.9)).fit(TRAIN, VALIDATION);
      assertNotEquals(last.last().weights(), averaged.last().weights());
      assertEquals(Evaluation.of(averaged.last(), VALIDATION, workers).loss(),
          averaged.history().getFirst().validationLoss(), 1e-6);
      Trained slow = plain.optimizer(sgd.lookingAhead(100, 0.5)).fit(TRAIN);
      assertEquals(MODEL.weights(), slow.last().weights(), "slow weights have not moved yet");
    }
  }

  @Test void embeddingsAreTrainedByTheirLossAlone() {
    Model embedding = Model.of(input(1, 28, 28), avgPool(4), flatten(), dense(24), relu(), dense(7), l2Norm())
        .initialize(2);
    try (Workers workers = Workers.of(1)) {
      for (Loss loss : List.of(Loss.triplet().semiHard().margin(0.5), Loss.triplet(), Loss.contrastive())) {
        Trained trained = Trainer.of(embedding).workers(workers).target(Target.scalar()).batch(30).epochs(25).loss(loss)
            .optimizer(Optimizer.adam(0.01)).fit(TRAIN, VALIDATION);
        Epoch first = trained.history().getFirst();
        Epoch last = trained.history().getLast();
        assertTrue(Double.isNaN(first.accuracy()) && Double.isNaN(first.validationAccuracy()));
        assertTrue(last.loss() < 0.9 * first.loss(), loss + " fell from " + first.loss() + " to " + last.loss());
        assertTrue(last.validationLoss() < first.validationLoss(), loss + " of other samples");
        Epoch best = trained.history().get(trained.bestEpoch() - 1);
        assertTrue(trained.history().stream().allMatch(e -> e.validationLoss() >= best.validationLoss()));
      }
    }
  }

  /// Chance is 0.1.
  @Test void everyOptimiserAndLossLearns() {
    Model small = Model.of(input(1, 28, 28), avgPool(4), flatten(), dense(10)).initialize(5);
    try (Workers workers = Workers.of(1)) {
      Trainer trainer = Trainer.of(small).workers(workers).target(Target.scalar()).batch(30).epochs(20);
      for (Optimizer optimizer : List.of(Optimizer.rmsProp(0.01), Optimizer.adagrad(0.1), Optimizer.adadelta(5),
          Optimizer.lars(0.5).trust(0.02), Optimizer.lamb(0.05))) {
        Trained trained = trainer.optimizer(optimizer).fit(TRAIN);
        assertTrue(trained.history().getLast().accuracy() > 0.4, optimizer + " reaches "
            + trained.history().getLast().accuracy());
      }
      for (String loss : List.of("cross-entropy:smoothing=0.1", "binary", "focal:gamma=1", "mse", "mae", "huber:0.5",
          "hinge", "kl")) {
        Trained trained = trainer.optimizer(Optimizer.adam(0.03)).loss(Loss.named(loss)).fit(TRAIN);
        assertTrue(trained.history().getLast().accuracy() > 0.4, loss + " reaches "
            + trained.history().getLast().accuracy());
      }
    }
  }

  private static int steps(Model model, Loss loss, Optimizer optimizer, Penalty... penalties) {
    Plan plan = Compiler.compile(TrainingGraph.of(model, loss, optimizer, List.of(penalties), 1), 32, Target.scalar());
    return plan.size();
  }

  /// What one dense layer takes with cross-entropy and SGD is 12 steps; the table says what each setting takes.
  @Test void lossesAndOptimisersFuseIntoFewSteps() {
    Model one = Model.of(input(50), dense(10).noBias());
    Optimizer sgd = Optimizer.sgd(0.1);
    Map<String, Integer> losses = Map.of("cross-entropy", 12, "cross-entropy:smoothing=0.1", 11, "binary", 5, "focal",
        10, "mse", 6, "huber", 7, "hinge", 10, "kl", 11, "triplet", 35, "contrastive", 16);
    losses.forEach((loss, most) -> assertTrue(steps(one, Loss.named(loss), sgd) <= most, loss));
    Map<String, Integer> optimizers = Map.of("sgd:momentum=0.9", 13, "adam", 15, "rmsprop", 14, "adagrad", 14,
        "adadelta", 16, "lars", 18, "lamb", 19, "sgd:clip-norm=1", 15, "sgd:average=0.9", 13, "sgd:look-ahead=5", 18);
    optimizers.forEach((optimizer, most) -> assertTrue(
        steps(one, Loss.crossEntropy(), Optimizer.named(optimizer, 0.1)) <= most, optimizer));
    assertTrue(steps(one, Loss.crossEntropy(), sgd, Penalty.elasticNet(0.1, 0.1)) <= 12);
    assertTrue(steps(one, Loss.crossEntropy(), sgd, Penalty.maxNorm(1)) <= 15);
  }
}
