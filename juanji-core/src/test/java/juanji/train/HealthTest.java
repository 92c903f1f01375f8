package juanji.train;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.sigmoid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.nn.Declaration;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.plan.Target;
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

  private static List<String> remarks(Model model, Optimizer optimizer) {
    List<String> remarks = new ArrayList<>();
    try (Workers workers = Workers.of(1)) {
      Trainer.of(model).optimizer(optimizer).epochs(2).batch(16).workers(workers).listener(new TrainingListener() {
        @Override public void remark(String text) {
          remarks.add(text);
        }
      }).fit(Digits.generate(64, 3));
    }
    return remarks;
  }

  @Test void gradientsThatVanishAreTold() {
    List<Layer> layers = new ArrayList<>(List.of(flatten()));
    for (int i = 0; i < 12; i++) {
      layers.add(dense(20));
      layers.add(sigmoid());
    }
    layers.add(dense(10));
    List<String> deep = remarks(Model.of(input(1, 28, 28), layers.toArray(Layer[]::new)).initialize(4),
        Optimizer.sgd(0.01));
    assertEquals(1, deep.size(), "once: " + deep);
    assertTrue(deep.getFirst().matches("The gradient vanishes on its way back: its norm at 'dense1\\.weight' is "
        + "[0-9.e-]+, at 'dense13\\.(weight|bias)' [0-9.e-]+\\. Use batch normalisation, .*"), deep.toString());
    assertEquals(List.of(), remarks(model(), Optimizer.sgd(0.01)));
  }

  @Test void gradientsThatAreLargeAreTold() {
    var tensors = new LinkedHashMap<>(model().weights().tensors());
    tensors.replaceAll((name, tensor) -> {
      Tensor copy = tensor.copy();
      for (int i = 0; i < copy.data().length && name.endsWith("weight"); i++) {
        copy.data()[i] *= 100;
      }
      return copy;
    });
    List<String> wild = remarks(model().withWeights(Weights.of(tensors)), Optimizer.sgd(1e-6));
    assertEquals(1, wild.size(), "once: " + wild);
    assertTrue(wild.getFirst().startsWith("The gradient is very large: its norm is "), wild.toString());
  }

  @Test void gradientsAreThoseOfTheDefinitionAndLeaveTheNetworkAsItIs() {
    Model model = Model.of(input(1, 28, 28), conv(3, 5), batchNorm(), relu(), flatten(), dropout(0.5), dense(10))
        .initialize(4);
    var before = new LinkedHashMap<String, Tensor>();
    model.weights().tensors().forEach((name, tensor) -> before.put(name, tensor.copy()));
    float[] samples = new float[8 * 784];
    float[] classes = new float[8];
    Dataset digits = Digits.generate(8, 3);
    for (int i = 0; i < 8; i++) {
      digits.read(i, samples, 784 * i);
      classes[i] = digits.label(i);
    }
    Batches.Batch batch = new Batches.Batch(Tensor.of(Shape.of(8, 1, 28, 28), samples), Tensor.of(Shape.of(8), classes),
        new int[8]);
    try (Workers workers = Workers.of(1)) {
      var norms = Health.gradients(model, Loss.crossEntropy(), batch, false, Target.best(), workers);
      assertEquals(model.parameters().stream().filter(Declaration::trainable).map(Declaration::name).toList(),
          List.copyOf(norms.keySet()));
      before.forEach((name, tensor) -> assertArrayEquals(tensor.data(), model.weights().tensors().get(name).data()));
      // Of the last bias: the scores' own gradient, (p − y) / N, whose sum over the classes is 0.
      assertTrue(norms.get("dense1.bias") > 0 && norms.get("dense1.bias") < Math.sqrt(2), norms.toString());
      // One step of plain descent at rate 1 moves a weight by its gradient.
      Model moved = Trainer.of(model).optimizer(Optimizer.sgd(1)).schedule(Schedule.constant()).epochs(1).batch(8)
          .workers(workers).fit(digits).last();
      double square = 0;
      float[] was = before.get("conv1.weight").data();
      for (int i = 0; i < was.length; i++) {
        square += Math.pow(was[i] - moved.weights().tensors().get("conv1.weight").data()[i], 2);
      }
      assertEquals(Math.sqrt(square), norms.get("conv1.weight"), 0.6 * Math.sqrt(square), "but for what dropout drew");
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
