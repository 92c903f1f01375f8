package juanji.lab;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.plan.Workers;
import juanji.tensor.Tensor;
import juanji.train.Evaluation;
import juanji.train.Optimizer;
import juanji.train.Predictor;
import juanji.train.Trainer;

/// What experiments work with: threads, built-in digits, training, and the reader's own picture and faces, if there are
/// any.
public final class Desk {
  /// How often what depends on chance is measured, in the chapter.
  public static final int REPEATS = 5;
  private static final int TRAINING = 2000;
  private static final int TEST = 500;
  /// Beyond the seeds of training digits.
  private static final int TEST_SEEDS = 1_000_000;

  private final Workers workers;
  private final Optional<Tensor> picture;
  private final Optional<Setup.Data> faces;

  private Desk(Workers workers, Optional<Tensor> picture, Optional<Setup.Data> faces) {
    this.workers = workers;
    this.picture = picture;
    this.faces = faces;
  }

  /// A desk with the given threads.
  public Desk(Workers workers) {
    this(workers, Optional.empty(), Optional.empty());
  }

  /// A desk with a picture for the experiments that look at one.
  ///
  /// @param planes channels × height × width from 0 to 1
  public Desk picture(Tensor planes) {
    return new Desk(workers, Optional.of(planes), faces);
  }

  /// A desk with faces, a class per person.
  public Desk faces(Setup.Data people) {
    return new Desk(workers, picture, Optional.of(people));
  }

  /// A laboratory's setup with the picture and the faces of this desk where it takes them.
  public Setup setup(Laboratory lab) {
    Setup setup = Setup.of(lab);
    if (picture.isPresent() && lab.choices().stream().anyMatch(c -> c.kind() == Choice.Kind.PICTURE)) {
      setup = setup.with(picture.get());
    }
    return faces.isPresent() && lab == FaceLab.LAB ? setup.with(faces.get()) : setup;
  }

  /// The threads.
  public Workers workers() {
    return workers;
  }

  /// The digits that networks learn from.
  public static Dataset training() {
    return training(1);
  }

  /// The digits that they learn from in a repeat.
  public static Dataset training(int seed) {
    return Digits.generate(TRAINING, seed);
  }

  /// The digits that they are measured on.
  public static Dataset test() {
    return test(1);
  }

  /// The digits that they are measured on in a repeat.
  public static Dataset test(int seed) {
    return Digits.generate(TEST, TEST_SEEDS + seed);
  }

  /// A small network that knows the digits.
  ///
  /// @param seed of its weights and of the digits that it learned
  public Model digits(int seed) {
    return train(Model.of(input(1, 28, 28), conv(8, 5).same(), relu(), maxPool(2), conv(16, 3).same(), relu(),
        maxPool(2), flatten(), dense(10)), training(seed), 5, 0.05, seed);
  }

  /// A network trained from fresh weights.
  ///
  /// @param seed of the weights and of the samples' order
  public Model train(Model model, Dataset data, int epochs, double rate, int seed) {
    return Trainer.of(model.initialize(seed)).optimizer(Optimizer.sgd(rate).momentum(0.9)).epochs(epochs).seed(seed)
        .workers(workers).fit(data).model();
  }

  /// A network trained from fresh weights until it has seen so many samples, in whole epochs.
  public Model learn(Model model, Dataset data, int seen, double rate, int seed) {
    return train(model, data, Math.max(1, (seen + data.size() - 1) / data.size()), rate, seed);
  }

  /// The share of samples whose class a network tells.
  public double accuracy(Model model, Dataset data) {
    return Evaluation.of(model, data, workers).accuracy();
  }

  /// What a model makes of a batch.
  public Tensor run(Model model, Tensor batch) {
    return Predictor.of(model, workers).scores(batch);
  }

  /// What a layer makes of one sample, without a batch axis.
  public Tensor run(Layer layer, Tensor sample) {
    return sample(Model.of(input(sample.shape().toArray()), layer), sample);
  }

  /// What a model makes of one sample, without a batch axis.
  public Tensor sample(Model model, Tensor sample) {
    Tensor y = run(model, sample.reshape(sample.shape().prepend(1)));
    return y.reshape(y.shape().sample());
  }

  /// A model whose weights are all 1 and whose biases are 0: it counts.
  static Model counting(Model model) {
    Map<String, Tensor> ones = new LinkedHashMap<>();
    model.parameters().forEach(d -> ones.put(d.name(), Tensor.full(d.shape(), d.name().endsWith("bias") ? 0 : 1)));
    return model.withWeights(Weights.of(ones));
  }

  /// A test digit, 1 × 28 × 28.
  public Tensor digit(int index) {
    return sample(test(), index);
  }

  /// A sample of a dataset, without a batch axis.
  static Tensor sample(Dataset data, int index) {
    Tensor x = Tensor.zeros(data.shape());
    data.read(index, x.data(), 0);
    return x;
  }
}
