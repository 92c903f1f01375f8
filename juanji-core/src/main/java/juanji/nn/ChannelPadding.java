package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.View;
import juanji.tensor.Shape;

/// The input with channels of zeros behind its own: a shortcut without weights to a wider block.
///
/// x: N × C × …, y: N × (C + channels) × …
///
/// Constraints: C1 the input is batch × channels or more; C2 the number is from 0 to 2²⁰.
/// Source: He et al., *Deep residual learning*, 2016, option A.
///
/// ```java
/// residual(conv(32, 3).stride(2).same(), chain(avgPool(1).stride(2), padChannels(16)))
/// ```
///
/// @param channels channels of zeros
public record ChannelPadding(int channels) implements Rearrangement {
  /// Checks C2.
  public ChannelPadding {
    if (channels < 0 || channels > 1 << 20) {
      throw new IllegalArgumentException("padChannels(" + channels + ") does not exist.\n"
          + "  C2: the number of channels is from 0 to 2²⁰; received " + channels + ".\n"
          + "  Use a positive number.");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 2) {
      throw trace.refusal(kind(), "C1: the input is batch × channels or more; received " + shape + ".",
          "Give samples of at least one axis.", shape);
    }
    return channels == 0 ? x : trace.apply(new View.Pad(1, 0, channels, 0), List.of(x));
  }

  @Override public String kind() {
    return "padChannels";
  }

  @Override public String toString() {
    return Source.call("padChannels", List.of(channels));
  }
}
