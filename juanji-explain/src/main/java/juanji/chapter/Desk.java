package juanji.chapter;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import java.util.Optional;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Tensor;
import juanji.train.Evaluation;
import juanji.train.Optimizer;
import juanji.train.Predictor;
import juanji.train.Trainer;

/// What the demonstrations work with: threads, built-in digits, and a small network that has learned them, trained when
/// it is first asked for.
public final class Desk {
  private static final int TRAINING = 2000;

  private final Workers workers;
  private Optional<Model> digits = Optional.empty();

  /// A desk with the given threads.
  public Desk(Workers workers) {
    this.workers = workers;
  }

  Workers workers() {
    return workers;
  }

  static Dataset training() {
    return Digits.generate(TRAINING, 1);
  }

  static Dataset test() {
    return Digits.generate(500, 77);
  }

  /// A small network that knows the digits.
  Model digits() {
    if (digits.isEmpty()) {
      digits = Optional.of(train(Model.of(input(1, 28, 28), conv(8, 5).same(), relu(), maxPool(2), conv(16, 3).same(),
          relu(), maxPool(2), flatten(), dense(10)), 5, 0.05));
    }
    return digits.get();
  }

  Model train(Model model, int epochs, double rate) {
    return train(model, training(), epochs, rate);
  }

  Model train(Model model, Dataset data, int epochs, double rate) {
    return Trainer.of(model.initialize(1)).optimizer(Optimizer.sgd(rate).momentum(0.9)).epochs(epochs)
        .workers(workers).fit(data).model();
  }

  double accuracy(Model model, Dataset data) {
    return Evaluation.of(model, data, workers).accuracy();
  }

  /// What a model makes of a batch.
  Tensor run(Model model, Tensor batch) {
    return Predictor.of(model, workers).scores(batch);
  }

  /// What a layer makes of one sample, without a batch axis.
  Tensor run(Layer layer, Tensor sample) {
    Tensor y = run(Model.of(input(sample.shape().toArray()), layer), sample.reshape(sample.shape().prepend(1)));
    return y.reshape(y.shape().sample());
  }

  /// A test digit, 1 × 28 × 28.
  Tensor digit(int index) {
    Dataset data = test();
    Tensor x = Tensor.zeros(data.shape());
    data.read(index, x.data(), 0);
    return x;
  }
}
