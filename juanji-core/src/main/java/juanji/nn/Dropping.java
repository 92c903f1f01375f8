package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Random;

/// Dropout: in training each element is 0 with probability p and else divided by 1 − p; in inference y = x.
///
/// The mask is a function of the run's seed, the layer's path, the step's number and the element's index.
///
/// Constraints: C1 0 ≤ p < 1. Source: Srivastava et al., *Dropout*, 2014.
///
/// @param p the probability of being dropped
public record Dropping(double p) implements Layer {
  /// Checks C1.
  public Dropping {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout(" + p + ") does not exist.\n"
          + "  C1: the probability of dropping is from 0 to below 1; received " + p + ".\n"
          + "  Use a probability such as 0.5.");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    return trace.training() && p > 0
        ? trace.mul(x, trace.apply(new Random.Mask(1 - p, trace.salt()), x, trace.step())) : x;
  }

  @Override public String kind() {
    return "dropout";
  }

  @Override public String toString() {
    return Source.call("dropout", List.of(p));
  }
}
