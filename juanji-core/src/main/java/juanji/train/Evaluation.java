package juanji.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import juanji.data.Dataset;
import juanji.nn.Model;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Tensor;

/// How well a model tells the classes of a dataset apart.
///
/// ```java
/// Evaluation e = Evaluation.of(model, test, workers);
/// double accuracy = e.accuracy();           // 0 to 1
/// ```
///
/// @param classes the classes' names
/// @param confusion for each true class, how many of its samples were told to be each class
/// @param loss the mean cross-entropy, −ln of the probability given to the right class
/// @param mistakes the samples told wrongly, the surest mistakes first
public record Evaluation(List<String> classes, int[][] confusion, double loss, List<Mistake> mistakes) {
  private static final int BATCH = 100;

  /// A sample told wrongly.
  ///
  /// @param index its number in the dataset
  /// @param truth its class
  /// @param told the class that was told
  /// @param probability the probability that the model gave to it
  public record Mistake(int index, int truth, int told, float probability) {
  }

  /// Receives how many samples are done.
  public interface Progress {
    /// After each batch.
    void done(int samples, int total);
  }

  /// Evaluates a model.
  ///
  /// @throws IllegalArgumentException if the model's samples or classes are not the dataset's
  public static Evaluation of(Model model, Dataset data, Workers workers) {
    return of(model, data, Target.best(), workers, (_, _) -> { });
  }

  /// Evaluates a model with the given kernels and says how far it is.
  public static Evaluation of(Model model, Dataset data, Target target, Workers workers, Progress progress) {
    return of(Predictor.of(model, target, workers), model, data, progress);
  }

  static Evaluation of(Predictor predictor, Model model, Dataset data, Progress progress) {
    int classes = data.classes().size();
    if (!model.input().shape().equals(data.shape()) || model.outputShape().rank() != 1
        || model.outputShape().dim(0) != classes) {
      throw new IllegalArgumentException("this model cannot be evaluated on this data.\n"
          + "  C1: the model's samples and classes are the data's; the model takes " + model.input().shape()
          + " and gives " + model.outputShape() + ", the data has samples of " + data.shape() + " in " + classes
          + " classes.\n  Use data like that which the model was trained on.");
    }
    int[][] confusion = new int[classes][classes];
    List<Mistake> mistakes = new ArrayList<>();
    double loss = 0;
    int[] order = Batches.inOrder(data.size());
    try (Batches batches = new Batches(data, BATCH)) {
      for (int b = 0; b < batches.count(); b++) {
        Batches.Batch batch = batches.read(b, order);
        Tensor p = predictor.probabilities(batch.x());
        int n = p.shape().dim(0);
        for (int i = 0; i < n; i++) {
          int truth = (int) batch.classes().data()[i];
          int told = largest(p.data(), i * classes, classes);
          confusion[truth][told]++;
          loss -= StrictMath.log(Math.max(1e-30, p.data()[i * classes + truth]));
          if (told != truth) {
            mistakes.add(new Mistake(b * BATCH + i, truth, told, p.data()[i * classes + told]));
          }
        }
        progress.done(Math.min(data.size(), (b + 1) * BATCH), data.size());
      }
    }
    mistakes.sort(Comparator.comparing(Mistake::probability).reversed().thenComparing(Mistake::index));
    return new Evaluation(List.copyOf(data.classes()), confusion, loss / data.size(), List.copyOf(mistakes));
  }

  /// The place of the largest of `n` values, counted from `from`; the first if several are equal.
  static int largest(float[] values, int from, int n) {
    int best = 0;
    for (int i = 1; i < n; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }

  /// The number of samples.
  public int total() {
    int sum = 0;
    for (int k = 0; k < confusion.length; k++) {
      sum += support(k);
    }
    return sum;
  }

  /// The number of samples told rightly.
  public int correct() {
    int sum = 0;
    for (int k = 0; k < confusion.length; k++) {
      sum += confusion[k][k];
    }
    return sum;
  }

  /// The share of samples told rightly, 0 to 1.
  public double accuracy() {
    return (double) correct() / Math.max(1, total());
  }

  /// The number of samples of a class.
  public int support(int k) {
    int sum = 0;
    for (int n : confusion[k]) {
      sum += n;
    }
    return sum;
  }

  /// Of the samples told to be of a class, the share that are; 0 if there are none.
  public double precision(int k) {
    int told = 0;
    for (int[] row : confusion) {
      told += row[k];
    }
    return told == 0 ? 0 : (double) confusion[k][k] / told;
  }

  /// Of the samples of a class, the share told to be; 0 if there are none.
  public double recall(int k) {
    return support(k) == 0 ? 0 : (double) confusion[k][k] / support(k);
  }

  /// The harmonic mean of precision and recall.
  public double f1(int k) {
    double sum = precision(k) + recall(k);
    return sum == 0 ? 0 : 2 * precision(k) * recall(k) / sum;
  }

  /// The mean over the classes with samples of F1: rare classes count as much as common ones.
  public double macroF1() {
    return IntStream.range(0, confusion.length).filter(k -> support(k) > 0).mapToDouble(this::f1).average().orElse(0);
  }

  /// The mean over the classes with samples of recall: 1 / K by chance, however uneven the classes are.
  public double balancedAccuracy() {
    return IntStream.range(0, confusion.length).filter(k -> support(k) > 0).mapToDouble(this::recall).average()
        .orElse(0);
  }
}
