package juanji.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import juanji.data.Dataset;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.data.Subset;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.train.Evaluation;
import juanji.train.Optimizer;
import juanji.train.Trainer;

/// Samples whose class may be wrong, by what networks that have not seen them say: the data is cut in parts, each told
/// by a network trained on the others. A sample is doubtful if another class gets more than nine tenths.
///
/// Source: Northcutt, Jiang and Chuang, *Confident learning*, 2021, for the idea of out-of-sample confidence.
final class DoubtfulLabels {
  private static final int FOLDS = 3;
  private static final double SURE = 0.9;
  private static final int BATCH = 16;
  private static final int STEPS = 300;
  private static final int LEAST_EPOCHS = 4;
  private static final int MOST_EPOCHS = 30;

  private DoubtfulLabels() {
  }

  /// A sample whose class may be wrong.
  ///
  /// @param index its number
  /// @param told the class that was told
  /// @param probability of that class
  record Doubt(int index, int told, float probability) {
  }

  /// The doubtful samples, the surest first.
  ///
  /// @param network the network for each fold
  /// @param progress is told how it goes
  static List<Doubt> of(Dataset data, Model network, Workers workers, Consumer<String> progress) {
    int[] order = IntStream.range(0, data.size()).toArray();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    int epochs = Math.clamp(STEPS / Math.ceilDiv(data.size(), BATCH), LEAST_EPOCHS, MOST_EPOCHS);
    List<Doubt> doubts = new ArrayList<>();
    for (int fold = 0; fold < FOLDS; fold++) {
      int part = fold;
      int[] out = IntStream.range(0, order.length).filter(i -> i % FOLDS == part).map(i -> order[i]).toArray();
      int[] in = IntStream.range(0, order.length).filter(i -> i % FOLDS != part).map(i -> order[i]).toArray();
      if (in.length == 0 || out.length == 0) {
        continue;
      }
      progress.accept("looking for doubtful classes: network " + (fold + 1) + " of " + FOLDS);
      boolean picture = data.shape().rank() >= 3;
      Preprocessing pre = picture ? Preprocessing.measure(Subset.of(data, in)) : null;
      Dataset train = picture ? Normalized.of(Subset.of(data, in), pre) : Subset.of(data, in);
      Dataset rest = picture ? Normalized.of(Subset.of(data, out), pre) : Subset.of(data, out);
      Model trained = Trainer.of(network).optimizer(Optimizer.adam(0.001)).epochs(epochs).batch(BATCH).workers(workers)
          .fit(train).model();
      Evaluation.of(trained, rest, workers).mistakes().stream().filter(m -> m.probability() > SURE)
          .forEach(m -> doubts.add(new Doubt(out[m.index()], m.told(), m.probability())));
    }
    doubts.sort(Comparator.comparing(Doubt::probability).reversed().thenComparing(Doubt::index));
    return doubts;
  }
}
