package juanji.testkit;

/// What numbers an input of an operation takes in a sample.
public sealed interface Values {
  /// From −1 to 1.
  Values SIGNED = new Uniform(-1, 1);
  /// From 0.1 to 2: for logarithms, roots and divisors.
  Values POSITIVE = new Uniform(0.1, 2);
  /// All different and not 0, by more than a difference quotient's step: for what has kinks.
  Values APART = new Apart(0.01);

  /// Uniform.
  ///
  /// @param low the least
  /// @param high the bound, not reached
  record Uniform(double low, double high) implements Values {
  }

  /// Whole numbers, so that equal ones occur: class numbers, steps, ties of maxima.
  ///
  /// @param low the least
  /// @param high the largest
  record Whole(int low, int high) implements Values {
  }

  /// Multiples of a gap around 0, each once, in any order.
  ///
  /// @param gap the least difference between two numbers
  record Apart(double gap) implements Values {
  }
}
