package juanji.train;

import java.util.ArrayList;
import java.util.List;
import juanji.data.Dataset;

/// A search for a learning rate: one short training whose rate grows from step to step until the loss explodes.
///
/// The rate to use is a third of the one at which the smoothed loss falls fastest for its size; if it never falls, the
/// search says so by a rate of NaN. Source: Smith, *Cyclical learning rates for training neural networks*, 2017.
///
/// ```java
/// RateSearch search = RateSearch.of(trainer, train, 1e-5, 10, 100);
/// Trainer tuned = trainer.optimizer(Optimizer.sgd(search.suggestion()).momentum(0.9));
/// ```
///
/// @param rates the learning rate of each step
/// @param losses the smoothed loss of each step
/// @param suggestion the rate to use
public record RateSearch(List<Double> rates, List<Double> losses, double suggestion) {
  private static final double SMOOTHING = 0.9;
  private static final double EXPLODED = 3;
  private static final int SETTLED = 8;

  /// Takes copies.
  public RateSearch {
    rates = List.copyOf(rates);
    losses = List.copyOf(losses);
  }

  /// Searches with a trainer's network, loss, optimiser and batch.
  ///
  /// @param lowest the first rate
  /// @param highest the last
  /// @param steps how many steps at most
  public static RateSearch of(Trainer trainer, Dataset data, double lowest, double highest, int steps) {
    if (!(lowest > 0 && lowest < highest && highest < 1e6) || steps < 20) {
      throw new IllegalArgumentException("a learning rate cannot be looked for from " + lowest + " to " + highest
          + " in " + steps + " steps.\n  C1: 0 < lowest < highest, and there are at least 20 steps; received the above."
          + "\n  Use 0.00001, 10 and 100.");
    }
    double usual = trainer.course().optimizer().rate();
    int batch = Math.min(trainer.course().batch(), data.size());
    int perEpoch = Math.ceilDiv(data.size(), batch);
    double growth = StrictMath.log(highest / lowest) / (steps - 1);
    List<Double> rates = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    double[] state = {0, 0, Double.POSITIVE_INFINITY};
    TrainingListener listener = new TrainingListener() {
      @Override public void step(Progress p) {
        int here = Math.min(batch, p.done());
        double sum = p.loss() * p.done();
        // A new epoch begins its own mean.
        double before = p.done() <= batch ? 0 : state[0];
        double loss = (sum - before) / (p.done() % batch == 0 ? batch : p.done() % batch);
        state[0] = sum;
        state[1] = SMOOTHING * state[1] + (1 - SMOOTHING) * loss;
        double smooth = state[1] / (1 - StrictMath.pow(SMOOTHING, losses.size() + 1));
        if (here > 0) {
          rates.add(p.rate());
          losses.add(smooth);
          state[2] = Math.min(state[2], smooth);
        }
      }
    };
    Schedule rising = new Schedule() {
      @Override public double factor(double epoch, int epochs, List<Epoch> history) {
        return lowest / usual * StrictMath.exp(growth * Math.round(epoch * perEpoch));
      }

      @Override public String toString() {
        return "rising";
      }
    };
    Trainer search = trainer.schedule(rising).epochs(Math.ceilDiv(steps, perEpoch)).patience(0).listener(listener)
        .stopWhen(() -> losses.size() >= steps || losses.size() > SETTLED && losses.getLast() > EXPLODED * state[2]);
    try {
      search.fit(data);
    } catch (TrainingException e) {
      if (losses.size() <= SETTLED) {
        throw e;
      }
      // The loss has exploded beyond numbers, which ends the search as well.
    }
    return new RateSearch(rates, losses, suggested(rates, losses));
  }

  private static double suggested(List<Double> rates, List<Double> losses) {
    double best = Double.NaN;
    double steepest = -0.01;
    int lowest = 0;
    for (int i = 0; i < losses.size(); i++) {
      lowest = losses.get(i) < losses.get(lowest) ? i : lowest;
    }
    int span = 4;
    for (int i = span; i <= lowest; i++) {
      double slope = (losses.get(i) - losses.get(i - span)) / losses.get(i - span);
      if (slope < steepest) {
        steepest = slope;
        best = rates.get(i);
      }
    }
    return best / 3;
  }
}
