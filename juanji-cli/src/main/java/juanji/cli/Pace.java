package juanji.cli;

import java.util.Map;
import juanji.data.Dataset;
import juanji.data.Subset;
import juanji.json.Json;
import juanji.plan.Workers;
import juanji.train.TrainingListener;

/// How fast a network is trained, by some steps, and how many epochs that makes in the time there is.
///
/// @param epochs as many as fit, at least 1
/// @param speed samples a second
record Pace(int epochs, int speed) {
  private static final int TRIED_STEPS = 12;
  private static final int TRIED_SAMPLES = 2048;
  /// The share of the time that trying may take.
  private static final double MOST_TRIED = 0.1;
  /// The share of the time for training; the rest is for reading, testing and writing.
  private static final double TRAINING = 0.95;
  /// What validating a sample takes of what training on it does.
  private static final double VALIDATING = 0.4;

  /// Tries some steps with settings.
  static Pace of(Prepared prepared, Map<String, Json> values, Deadline deadline, Workers workers) {
    TrainSettings settings = new TrainSettings(values);
    Dataset train = prepared.parts().train();
    double[] speed = {0};
    int[] steps = {0};
    TrainingListener listener = new TrainingListener() {
      @Override public void step(Progress p) {
        speed[0] = Math.max(speed[0], p.samplesPerSecond());
        steps[0]++;
      }
    };
    double enough = (1 - MOST_TRIED) * deadline.left();
    Dataset some = new FeedSettings(settings).varied(Subset.first(train, TRIED_SAMPLES));
    prepared.trainer(settings, workers).epochs(1).listener(listener)
        .stopWhen(() -> steps[0] >= TRIED_STEPS || deadline.left() < enough).fit(prepared.normalised(some));
    double validated = prepared.parts().validation().map(Dataset::size).orElse(0);
    double samples = train.size() + VALIDATING * validated;
    return new Pace((int) Math.clamp(TRAINING * deadline.left() * speed[0] / samples, 1, 10_000),
        (int) Math.round(speed[0]));
  }
}
