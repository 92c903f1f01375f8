package juanji.train;

import java.util.List;
import java.util.stream.Collectors;

/// The schedules at hand; [Schedule] makes them.
final class Schedules {
  /// How much smaller a loss must be to count as better.
  private static final double BETTER = 1e-4;

  private Schedules() {
  }

  private static void check(boolean fits, String schedule, Object received, String constraint, String remedy) {
    if (!fits) {
      throw new IllegalArgumentException("a learning rate cannot follow " + schedule + " of " + received + ".\n  C1: "
          + constraint + "; received " + received + ".\n  " + remedy);
    }
  }

  private static double halfCosine(double share) {
    return 0.5 * (1 + StrictMath.cos(Math.PI * Math.min(1, share)));
  }

  /// No change.
  record Constant() implements Schedule {
    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      return 1;
    }

    @Override public String toString() {
      return "constant()";
    }
  }

  /// gamma^⌊epoch / every⌋.
  record Staircase(int every, double gamma) implements Schedule {
    /// C1: a stair lasts 1 epoch or more, and 0 < gamma ≤ 1.
    Staircase {
      check(every >= 1 && gamma > 0 && gamma <= 1, "steps", every + " epochs and a factor of " + gamma,
          "a stair lasts 1 epoch or more, and the factor is above 0 and at most 1",
          "Use a factor of 0.1 after a third of the epochs.");
    }

    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      return StrictMath.pow(gamma, Math.floor(epoch / every));
    }

    @Override public String toString() {
      return "step(" + every + ", " + gamma + ")";
    }
  }

  /// gamma^(number of milestones reached).
  record MultiStep(double gamma, List<Double> milestones) implements Schedule {
    /// C1: 0 < gamma ≤ 1, and there are milestones above 0, each after the one before.
    MultiStep {
      milestones = List.copyOf(milestones);
      boolean rising = !milestones.isEmpty() && milestones.getFirst() > 0;
      for (int i = 1; i < milestones.size(); i++) {
        rising &= milestones.get(i) > milestones.get(i - 1);
      }
      check(rising && gamma > 0 && gamma <= 1, "milestones", milestones + " and a factor of " + gamma,
          "there are milestones, each after the one before, and the factor is above 0 and at most 1",
          "Use a factor of 0.1 at milestones such as half and three quarters of the epochs.");
    }

    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      return StrictMath.pow(gamma, milestones.stream().filter(m -> epoch >= m).count());
    }

    @Override public String toString() {
      return milestones.stream().map(Targets::literal).collect(Collectors.joining(", ", "multiStep(" + gamma + ", ",
          ")"));
    }
  }

  /// gamma^epoch.
  record Exponential(double gamma) implements Schedule {
    /// C1: 0 < gamma ≤ 1.
    Exponential {
      check(gamma > 0 && gamma <= 1, "an exponential", gamma, "the factor is above 0 and at most 1", "Use 0.9.");
    }

    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      return StrictMath.pow(gamma, epoch);
    }

    @Override public String toString() {
      return "exponential(" + gamma + ")";
    }
  }

  /// (1 − epoch / epochs)^power.
  record Polynomial(double power) implements Schedule {
    /// C1: 0 < power ≤ 100.
    Polynomial {
      check(power > 0 && power <= 100, "a polynomial", power, "the power is above 0 and at most 100", "Use 1 or 2.");
    }

    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      return StrictMath.pow(1 - Math.min(1, epoch / epochs), power);
    }

    @Override public String toString() {
      return "polynomial(" + Targets.literal(power) + ")";
    }
  }

  /// Half a cosine. Source: Loshchilov and Hutter, *SGDR*, 2017.
  record Cosine() implements Schedule {
    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      return halfCosine(epoch / epochs);
    }

    @Override public String toString() {
      return "cosine()";
    }
  }

  /// Half cosines of growing length. Source: Loshchilov and Hutter, *SGDR*, 2017.
  record CosineRestarts(double first, double growth) implements Schedule {
    /// C1: first ≥ 0.01 epochs, and growth from 1 to 100.
    CosineRestarts {
      check(first >= 0.01 && first < 1e9 && growth >= 1 && growth <= 100, "restarts", first + " epochs growing by "
          + growth, "the first cycle lasts at least 0.01 epochs, and the growth is from 1 to 100",
          "Use 1 epoch and a growth of 2.");
    }

    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      double at = epoch;
      double length = first;
      if (growth == 1) {
        at -= Math.floor(at / length) * length;
      }
      while (at >= length) {
        at -= length;
        length *= growth;
      }
      return halfCosine(at / length);
    }

    @Override public String toString() {
      return "cosineRestarts(" + Targets.literal(first) + ", " + Targets.literal(growth) + ")";
    }
  }

  /// Half a cosine up from 1 / start to 1 and half a cosine down to 1 / (start · end). Source: Smith and Topin,
  /// *Super-convergence*, 2019.
  record OneCycle(double rise, double start, double end) implements Schedule {
    /// C1: 0 < rise < 1, start ≥ 1 and end ≥ 1.
    OneCycle {
      check(rise > 0 && rise < 1 && start >= 1 && end >= 1 && start * end < 1e30, "one cycle", rise + ", " + start
          + " and " + end, "the rise takes a share between 0 and 1, and both divisors are at least 1",
          "Use 0.3, 25 and 10000.");
    }

    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      double share = Math.min(1, epoch / epochs);
      double low = share < rise ? 1 / start : 1 / (start * end);
      return low + (1 - low) * halfCosine(share < rise ? 1 - share / rise : (share - rise) / (1 - rise));
    }

    @Override public String toString() {
      return "oneCycle(" + (rise == 0.3 && start == 25 && end == 1e4 ? ""
          : rise + ", " + Targets.literal(start) + ", " + Targets.literal(end)) + ")";
    }
  }

  /// A factor of gamma after each `patience` epochs in a row whose loss (validation loss, or training loss if there is
  /// none) was not better by a ten thousandth than the best before.
  record Plateau(int patience, double gamma) implements Schedule {
    /// C1: patience ≥ 1 and 0 < gamma < 1.
    Plateau {
      check(patience >= 1 && gamma > 0 && gamma < 1, "plateaus", patience + " epochs and a factor of " + gamma,
          "the patience is at least 1 epoch, and the factor between 0 and 1", "Use 2 epochs and a factor of 0.1.");
    }

    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      double best = Double.POSITIVE_INFINITY;
      int waited = 0;
      int falls = 0;
      for (Epoch e : history) {
        double loss = Double.isNaN(e.validationLoss()) ? e.loss() : e.validationLoss();
        if (loss < best - BETTER * Math.abs(best) || best == Double.POSITIVE_INFINITY) {
          best = loss;
          waited = 0;
        } else if (++waited == patience) {
          falls++;
          waited = 0;
        }
      }
      return StrictMath.pow(gamma, falls);
    }

    @Override public String toString() {
      return "plateau(" + patience + ", " + gamma + ")";
    }
  }

  /// A linear rise before another schedule, which goes on as if it had begun at the first epoch.
  record WarmUp(double warm, Schedule after) implements Schedule {
    /// C1: warm > 0.
    WarmUp {
      check(warm > 0 && warm < Double.MAX_VALUE, "a warm-up", warm + " epochs", "a warm-up lasts more than 0 epochs",
          "Use 1 epoch, or no warm-up.");
    }

    @Override public double factor(double epoch, int epochs, List<Epoch> history) {
      // Not 0 at the first step: a step with rate 0 would be wasted.
      return after.factor(epoch, epochs, history) * Math.min(1, (epoch + 0.01) / (warm + 0.01));
    }

    @Override public String toString() {
      return after + ".warmUp(" + warm + ")";
    }
  }
}
