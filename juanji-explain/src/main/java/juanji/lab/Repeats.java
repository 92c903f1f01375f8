package juanji.lab;

import java.util.Arrays;
import java.util.Locale;
import juanji.draw.Block;

/// A number that was measured several times, each time with another seed.
///
/// What depends on where a network started is told by repeats: their mean, how far they spread, and whether the mean
/// is further from 0 than its own uncertainty, by Student's t at 95 % on one side.
///
/// ```java
/// Repeats ahead = new Repeats(0.92, 0.94, 0.93).minus(new Repeats(0.90, 0.91, 0.90));
/// IO.println(ahead.percent() + " " + ahead.aboveZero());        // 2.7 ± 0.6 % HOLDS
/// ```
///
/// Constraints: C1 at least two values; C2 what is subtracted has as many.
///
/// Source: Student, *The probable error of a mean*, 1908.
///
/// @param values what each repeat gave
public record Repeats(double... values) {
  /// The 95 % quantile of Student's distribution with 1, 2, … degrees of freedom; the last one stands for more.
  private static final double[] STUDENT = {6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796,
      1.782, 1.771, 1.761, 1.753};

  /// What a repeat gives.
  @FunctionalInterface
  public interface Measurement {
    /// Measures.
    ///
    /// @param seed of this repeat, from 1
    double of(int seed);
  }

  /// Checks C1, and takes a copy.
  public Repeats {
    if (values.length < 2) {
      throw new IllegalArgumentException("nothing can be told from " + values.length + " repeat.\n"
          + "  C1: there are at least two; received " + values.length + ".\n  Measure more often.");
    }
    values = values.clone();
  }

  /// What each repeat gave, as a copy.
  @Override public double[] values() {
    return values.clone();
  }

  /// Measures with the seeds 1 to n.
  public static Repeats of(int n, Measurement measurement) {
    double[] all = new double[n];
    for (int i = 0; i < n; i++) {
      all[i] = measurement.of(i + 1);
    }
    return new Repeats(all);
  }

  /// How many there are.
  public int count() {
    return values.length;
  }

  /// Their mean.
  public double mean() {
    return Arrays.stream(values).average().orElseThrow();
  }

  /// Their standard deviation.
  public double spread() {
    double mean = mean();
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1));
  }

  /// What this is above other repeats of the same seeds, each for itself.
  public Repeats minus(Repeats other) {
    if (other.count() != count()) {
      throw new IllegalArgumentException("repeats cannot be compared one by one.\n"
          + "  C2: both have the same number; received " + count() + " and " + other.count() + ".\n"
          + "  Measure both with the same seeds.");
    }
    return of(count(), seed -> values[seed - 1] - other.values[seed - 1]);
  }

  /// What this is above a number.
  public Repeats minus(double number) {
    return of(count(), seed -> values[seed - 1] - number);
  }

  /// These times a number.
  public Repeats times(double factor) {
    return of(count(), seed -> factor * values[seed - 1]);
  }

  /// Their natural logarithms, for numbers whose ratios count.
  public Repeats log() {
    return of(count(), seed -> Math.log(Math.max(1e-12, values[seed - 1])));
  }

  /// Whether they are above 0: yes, no, or not to be told from chance.
  public Block.Outcome aboveZero() {
    double uncertain = STUDENT[Math.min(count() - 2, STUDENT.length - 1)] * spread() / Math.sqrt(count());
    return mean() > uncertain ? Block.Outcome.HOLDS : mean() < -uncertain ? Block.Outcome.FAILS : Block.Outcome.OPEN;
  }

  /// Mean and spread in percent, such as `92.1 ± 0.8 %`.
  public String percent() {
    return String.format(Locale.ROOT, "%.1f ± %.1f %%", 100 * mean(), 100 * spread());
  }

  /// Mean and spread with so many decimals.
  public String text(int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f ± %." + decimals + "f", mean(), spread());
  }

  @Override public boolean equals(Object other) {
    return other instanceof Repeats(double[] theirs) && Arrays.equals(values, theirs);
  }

  @Override public int hashCode() {
    return Arrays.hashCode(values);
  }
}
