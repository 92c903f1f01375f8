package juanji.train;

/// The constraint that all optimisers share.
final class Rates {
  private Rates() {
  }

  static void check(String optimizer, double rate, double weightDecay) {
    if (!(rate >= 0 && rate <= 1e6) || !(weightDecay >= 0 && weightDecay <= 1e6)) {
      throw new IllegalArgumentException(optimizer + " cannot use a learning rate of " + rate
          + " and a weight decay of " + weightDecay + ".\n  C1: both are numbers of 0 or more.\n"
          + "  Use a learning rate from 0 to 1, such as 0.01, and a weight decay from 0 to 0.001.");
    }
  }
}
