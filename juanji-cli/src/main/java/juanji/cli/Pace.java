package juanji.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import juanji.data.Dataset;
import juanji.data.Subset;
import juanji.json.Json;
import juanji.plan.Workers;
import juanji.train.TrainingListener;

/// How fast a network is trained, by some steps, and how many epochs that makes in the time there is.
///
/// The first steps are many times slower than later ones, as they are not compiled yet: so there are many, and the
/// speed is that of the last half of them.
///
/// @param epochs as many as fit, at least 1
/// @param speed samples a second
record Pace(int epochs, int speed) {
  private static final int MOST_STEPS = 1000;
  private static final int TRIED_SAMPLES = 2048;
  /// The share of the time that trying takes; of a short time it is more.
  private static final double TRYING = 0.05;
  private static final double TRYING_BRIEFLY = 0.2;
  private static final double BRIEF_SECONDS = 2;
  /// The share of the time for training; the rest is for reading, testing and writing.
  private static final double TRAINING = 0.95;
  /// What validating a sample takes of what training on it does.
  private static final double VALIDATING = 0.4;

  /// Tries some steps with settings.
  static Pace of(Prepared prepared, Map<String, Json> values, Deadline deadline, Workers workers) {
    TrainSettings settings = new TrainSettings(values);
    Dataset train = prepared.parts().train();
    List<Long> times = new ArrayList<>(List.of(System.nanoTime()));
    TrainingListener listener = new TrainingListener() {
      @Override public void step(Progress p) {
        times.add(System.nanoTime());
      }
    };
    double left = deadline.left();
    double enough = left - Math.max(TRYING * left, Math.min(BRIEF_SECONDS, TRYING_BRIEFLY * left));
    Dataset some = new FeedSettings(settings).varied(Subset.first(train, TRIED_SAMPLES));
    prepared.trainer(settings, workers).epochs(MOST_STEPS).listener(listener)
        .stopWhen(() -> times.size() > MOST_STEPS || deadline.left() < enough).fit(prepared.normalised(some));
    int half = times.size() / 2;
    double seconds = (times.getLast() - times.get(half)) / 1e9;
    int steps = times.size() - 1 - half;
    double speed = steps == 0 ? 0 : steps * Math.min(settings.batch(), some.size()) / Math.max(1e-9, seconds);
    double validated = prepared.parts().validation().map(Dataset::size).orElse(0);
    double samples = train.size() + VALIDATING * validated;
    return new Pace((int) Math.clamp(TRAINING * deadline.left() * speed / samples, 1, 10_000),
        (int) Math.round(speed));
  }
}
