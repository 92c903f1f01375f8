package juanji.train;

import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static Model model() {
    return Model.of(input(1, 28, 28), flatten(), dense(12), relu(), dense(10)).initialize(4);
  }

  /// The first layer with weights that make every unit 0.
  private static Model lifeless() {
    var tensors = new LinkedHashMap<>(model().weights().tensors());
    tensors.replaceAll((name, tensor) -> {
      Tensor copy = tensor.copy();
      if (name.startsWith("dense1")) {
        Arrays.fill(copy.data(), name.endsWith("bias") ? -5 : 0);
      }
      return copy;
    });
    return model().withWeights(Weights.of(tensors));
  }

  @Test void deadUnitsAreCounted() {
    try (Workers workers = Workers.of(1)) {
      Tensor batch = Tensor.zeros(Shape.of(3, 1, 28, 28));
      Arrays.fill(batch.data(), 0.5f);
      List<Health.Layer> layers = Health.of(lifeless(), batch, workers);
      Health.Layer relu = layers.stream().filter(l -> l.kind().equals("relu")).findFirst().orElseThrow();
      assertEquals(12, relu.units());
      assertEquals(12, relu.dead());
      assertEquals(0, relu.largest());
      assertTrue(layers.getLast().largest() < 1e3);
    }
  }

  @Test void aTrainingSaysWhichUnitsAreDead() {
    List<String> remarks = new ArrayList<>();
    TrainingListener listener = new TrainingListener() {
      @Override public void remark(String text) {
        remarks.add(text);
      }
    };
    try (Workers workers = Workers.of(1)) {
      Dataset digits = Digits.generate(60, 3);
      Trainer.of(lifeless()).epochs(2).workers(workers).listener(listener).fit(digits);
      assertEquals(List.of("12 of 12 units of 'relu1' are 0 for every sample of a batch: they no longer learn. Use a "
          + "lower learning rate, leakyRelu(), or batch normalisation."), remarks);
      remarks.clear();
      Trainer.of(model()).epochs(2).workers(workers).listener(listener).fit(digits);
      assertEquals(List.of(), remarks);
    }
  }

  @Test void aLossThatIsNoNumberNamesTheLayer() {
    try (Workers workers = Workers.of(1)) {
      Dataset digits = Digits.generate(400, 3);
      var e = assertThrows(TrainingException.class, () -> Trainer.of(model()).optimizer(Optimizer.sgd(50))
          .loss(Loss.meanSquaredError()).batch(16).workers(workers).fit(digits));
      assertTrue(e.getMessage().contains("C4: the loss stays finite; received "), e.getMessage());
      assertTrue(e.getMessage().contains("without numbers is 'dense") || e.getMessage().contains("is that of 'dense"),
          e.getMessage());
      assertEquals(3, e.getMessage().lines().count());
    }
  }

  @Test void aRateIsFoundBelowWhatExplodes() {
    try (Workers workers = Workers.of(2)) {
      Dataset digits = Digits.generate(600, 3);
      Trainer trainer = Trainer.of(model()).batch(32).workers(workers);
      RateSearch search = RateSearch.of(trainer, digits, 1e-5, 100, 80);
      assertEquals(search.rates().size(), search.losses().size());
      assertEquals(1e-5, search.rates().getFirst(), 1e-9);
      assertTrue(search.suggestion() > 1e-4 && search.suggestion() < 1, "it is " + search.suggestion());
      Trained tuned = trainer.optimizer(Optimizer.sgd(search.suggestion()).momentum(0.9)).epochs(4).fit(digits);
      assertTrue(tuned.history().getLast().loss() < 0.7 * tuned.history().getFirst().loss(), "it learns");
      assertThrows(IllegalArgumentException.class, () -> RateSearch.of(trainer, digits, 1, 0.1, 50));
    }
  }
}
