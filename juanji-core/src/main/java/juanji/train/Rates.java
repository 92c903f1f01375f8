package juanji.train;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Pointwise;

/// The constraints and formulas that optimisers share.
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

  /// C3: the first is between 0 and 1; C2: the others are from 0 to below 1.
  static void fractions(String optimizer, double first, double... others) {
    if (!(first > 0 && first < 1) || !DoubleStream.of(others).allMatch(v -> v >= 0 && v < 1)) {
      throw new IllegalArgumentException(optimizer + " cannot use these settings.\n"
          + "  C2: memories are from 0 to below 1, C3: and ε or trust is between 0 and 1; received "
          + Arrays.toString(others) + " and " + first + ".\n  Leave them out to use the usual ones.");
    }
  }

  /// a / b, or 1 if one of two norms is 0; all are scalars.
  static Node ratio(GraphBuilder b, Node numerator, Node divisor, Node first, Node second) {
    Node both = b.mul(b.apply(new Pointwise.Positive(), first), b.apply(new Pointwise.Positive(), second));
    Node safe = b.apply(new Pointwise.Clamp(1e-30, Double.POSITIVE_INFINITY), divisor);
    Node ratio = b.mul(b.apply(new Pointwise.Div(), numerator, safe), both);
    return b.add(ratio, b.affine(both, -1, 1));
  }
}
