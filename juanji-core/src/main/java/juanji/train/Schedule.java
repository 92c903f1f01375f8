package juanji.train;

import java.util.List;
import java.util.stream.DoubleStream;

/// How the learning rate changes in the course of a training.
///
/// `toString` gives back the code that makes a schedule; on the command line, it is a word with settings ([#named]).
///
/// ```java
/// Trainer.of(model).schedule(Schedule.cosine().warmUp(1));
/// ```
public interface Schedule {
  /// What the learning rate is multiplied by.
  ///
  /// @param epoch how many epochs are over, with a fraction for the steps of the current one
  /// @param epochs how many there will be
  /// @param history what the completed epochs brought; the factor depends on nothing else, so that a training that is
  ///     resumed goes on as it would have
  double factor(double epoch, int epochs, List<Epoch> history);

  /// The same rate throughout.
  static Schedule constant() {
    return new Schedules.Constant();
  }

  /// Multiplied by `gamma` after every `every` epochs; 0.1 is usual.
  static Schedule step(int every, double gamma) {
    return new Schedules.Staircase(every, gamma);
  }

  /// Multiplied by `gamma` after each of the given numbers of epochs.
  static Schedule multiStep(double gamma, double... milestones) {
    return new Schedules.MultiStep(gamma, DoubleStream.of(milestones).boxed().toList());
  }

  /// Multiplied by `gamma` in the course of each epoch, smoothly.
  static Schedule exponential(double gamma) {
    return new Schedules.Exponential(gamma);
  }

  /// From 1 to 0 as (1 − share of the training)^power.
  static Schedule polynomial(double power) {
    return new Schedules.Polynomial(power);
  }

  /// From 1 to 0 along half a cosine.
  static Schedule cosine() {
    return new Schedules.Cosine();
  }

  /// Half cosines one after the other: the first over `first` epochs, each further one `growth` times as long.
  static Schedule cosineRestarts(double first, double growth) {
    return new Schedules.CosineRestarts(first, growth);
  }

  /// From 1/25 up to 1 over the first 30 % of the training, then down to 4 · 10⁻⁶.
  static Schedule oneCycle() {
    return oneCycle(0.3, 25, 1e4);
  }

  /// From 1 / start up to 1 over the first `rise` of the training (0 to 1), then down to 1 / (start · end).
  static Schedule oneCycle(double rise, double start, double end) {
    return new Schedules.OneCycle(rise, start, end);
  }

  /// Multiplied by `gamma` whenever `patience` epochs brought nothing better.
  static Schedule plateau(int patience, double gamma) {
    return new Schedules.Plateau(patience, gamma);
  }

  /// This schedule after a linear rise from near 0 over the first `warm` epochs.
  default Schedule warmUp(double warm) {
    return warm == 0 ? this : new Schedules.WarmUp(warm, this);
  }

  /// A schedule by the words of the command line: `constant`, `step:3:0.1` (epochs, factor), `multi-step:3/5/8:0.1`,
  /// `exponential:0.9`, `polynomial:2`, `cosine`, `cosine-restarts:2:2` (first epochs, growth), `one-cycle:0.3` (share
  /// of the rise), `plateau:2:0.1` (patience, factor); each with `warm-up=1` for a rise before it.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it has no such setting
  static Schedule named(String name) {
    Phrase p = new Phrase("schedule", name);
    double warm = p.number("warm-up", 0);
    Schedule schedule = switch (p.word()) {
      case "constant" -> constant();
      case "step" -> step(p.nextWhole("every", 10), p.next("factor", 0.1));
      case "multi-step" -> {
        List<Double> milestones = p.numbers("at", List.of());
        yield new Schedules.MultiStep(p.next("factor", 0.1), milestones);
      }
      case "exponential" -> exponential(p.next("factor", 0.9));
      case "polynomial" -> polynomial(p.next("power", 1));
      case "cosine" -> cosine();
      case "cosine-restarts" -> cosineRestarts(p.next("first", 1), p.next("growth", 2));
      case "one-cycle" -> oneCycle(p.next("rise", 0.3), p.next("start", 25), p.next("end", 1e4));
      case "plateau" -> plateau(p.nextWhole("patience", 2), p.next("factor", 0.1));
      default -> throw p.unknown("constant, step, multi-step, exponential, polynomial, cosine, cosine-restarts, "
          + "one-cycle and plateau");
    };
    return p.complete(schedule.warmUp(warm));
  }
}
