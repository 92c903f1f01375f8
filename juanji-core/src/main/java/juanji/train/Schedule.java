package juanji.train;

/// How the learning rate changes in the course of a training.
///
/// ```java
/// Trainer.of(model).schedule(Schedule.cosine().warmUp(1));
/// ```
public interface Schedule {
  /// What the learning rate is multiplied by.
  ///
  /// @param epoch how many epochs are over, with a fraction for the steps of the current one
  /// @param epochs how many there will be
  double factor(double epoch, int epochs);

  /// The same rate throughout.
  static Schedule constant() {
    return new Constant();
  }

  /// Multiplied by `gamma` after every `every` epochs; 0.1 is usual.
  static Schedule step(int every, double gamma) {
    return new Staircase(every, gamma);
  }

  /// From 1 to 0 along half a cosine.
  static Schedule cosine() {
    return new Cosine();
  }

  /// This schedule after a linear rise from near 0 over the first `warm` epochs.
  default Schedule warmUp(double warm) {
    return warm == 0 ? this : new WarmUp(warm, this);
  }

  /// No change.
  record Constant() implements Schedule {
    @Override public double factor(double epoch, int epochs) {
      return 1;
    }

    @Override public String toString() {
      return "constant()";
    }
  }

  /// Down one stair after a number of epochs.
  ///
  /// @param every epochs on each stair, at least 1
  /// @param gamma the factor from stair to stair, above 0 and at most 1
  record Staircase(int every, double gamma) implements Schedule {
    /// Checks the ranges.
    public Staircase {
      if (every < 1 || !(gamma > 0 && gamma <= 1)) {
        throw new IllegalArgumentException("a learning rate cannot fall by " + gamma + " after every " + every
            + " epochs.\n  C1: a stair lasts 1 epoch or more, and the factor is above 0 and at most 1.\n"
            + "  Use a factor of 0.1 after a third of the epochs.");
      }
    }

    @Override public double factor(double epoch, int epochs) {
      return StrictMath.pow(gamma, Math.floor(epoch / every));
    }

    @Override public String toString() {
      return "step(" + every + ", " + gamma + ")";
    }
  }

  /// Half a cosine. Source: Loshchilov and Hutter, *SGDR*, 2017.
  record Cosine() implements Schedule {
    @Override public double factor(double epoch, int epochs) {
      return 0.5 * (1 + StrictMath.cos(Math.PI * Math.min(1, epoch / epochs)));
    }

    @Override public String toString() {
      return "cosine()";
    }
  }

  /// A linear rise before another schedule, which goes on as if it had begun at the first epoch.
  ///
  /// @param warm epochs of the rise, above 0
  /// @param after the schedule
  record WarmUp(double warm, Schedule after) implements Schedule {
    /// Checks the range.
    public WarmUp {
      if (!(warm > 0 && warm < Double.MAX_VALUE)) {
        throw new IllegalArgumentException("a learning rate cannot warm up over " + warm + " epochs.\n"
            + "  C1: a warm-up lasts more than 0 epochs.\n"
            + "  Use 1 epoch, or no warm-up.");
      }
    }

    @Override public double factor(double epoch, int epochs) {
      // Not 0 at the first step: a step with rate 0 would be wasted.
      return after.factor(epoch, epochs) * Math.min(1, (epoch + 0.01) / (warm + 0.01));
    }

    @Override public String toString() {
      return after + ".warmUp(" + warm + ")";
    }
  }
}
