package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Random;
import juanji.op.View;

/// Dropout: in training each element is 0 with probability p and else divided by 1 − p; in inference y = x. Elements
/// that belong together, as `kind` says, share one draw.
///
/// The mask is a function of the run's seed, the layer's path, the step's number and the draw's index.
///
/// Constraints: C1 0 ≤ p < 1; C2 dropping channels takes an input of batch × channels or more.
/// Sources: Srivastava et al., *Dropout*, 2014; channels: Tompson et al., *Efficient object localization using
/// convolutional networks*, 2015; samples: Huang et al., *Deep networks with stochastic depth*, 2016.
///
/// @param p the probability of being dropped
/// @param sharing what is dropped as a whole
public record Dropping(double p, Sharing sharing) implements Layer {
  /// What is dropped as a whole.
  public enum Sharing {
    /// Nothing: each element has its own draw.
    UNITS("dropout"),
    /// The channels of a sample: neighbouring cells of a feature map are too alike to be dropped one by one.
    CHANNELS("channelDropout"),
    /// The samples: at the end of a residual's body, the block is skipped for some samples.
    SAMPLES("stochasticDepth");

    private final String word;

    Sharing(String word) {
      this.word = word;
    }
  }

  /// Checks C1.
  public Dropping {
    check(sharing.word, p);
  }

  /// Dropout of units.
  public Dropping(double p) {
    this(p, Sharing.UNITS);
  }

  static void check(String word, double p) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException(word + "(" + p + ") does not exist.\n"
          + "  C1: the probability of dropping is from 0 to below 1; received " + p + ".\n"
          + "  Use a probability such as 0.5.");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    if (sharing == Sharing.CHANNELS && x.shape().rank() < 2) {
      throw trace.refusal(kind(), "C2: the input is batch × channels or more; received " + x.shape() + ".",
          "Give samples of at least one axis.", x.shape());
    }
    if (!trace.training() || p == 0) {
      return x;
    }
    Node drawn = switch (sharing) {
      case UNITS -> x;
      case CHANNELS -> first(trace, x, 2);
      case SAMPLES -> first(trace, x, 1);
    };
    return trace.mul(x, trace.apply(new Random.Mask(1 - p, trace.salt()), drawn, trace.step()));
  }

  /// One element for all that share a draw: the first along each axis from `from` on.
  private static Node first(Trace trace, Node x, int from) {
    Node one = x;
    for (int axis = from; axis < x.shape().rank(); axis++) {
      one = one.shape().dim(axis) == 1 ? one : trace.apply(new View.Slice(axis, 0, 1), one);
    }
    return one;
  }

  @Override public String kind() {
    return sharing.word;
  }

  @Override public String toString() {
    return Source.call(sharing.word, List.of(p));
  }
}
