package juanji.nn;

import java.util.List;
import java.util.Optional;
import juanji.graph.Node;

/// A convolution of each channel on its own, with `multiplier` filters for each: channels stay apart.
///
/// x: N × C × spatial, w (`weight`): C·multiplier × 1 × kernel, b (`bias`): C·multiplier, y: N × C·multiplier × out.
/// Channel c of x becomes the channels c·multiplier to c·multiplier + multiplier − 1 of y. It is a convolution in C
/// groups. Weights start from [Initializer#fanInUniform()] unless told otherwise, biases from 0.
///
/// Constraints: C1 and C6 as [BorderedLayer]; C2 the multiplier is at least 1; C5 the window fits into the padded
/// input. Source: Howard et al., *MobileNets*, 2017.
///
/// ```java
/// depthwise(3).stride(2).same()             // one 3×3 filter per channel
/// depthwise(3, 5).multiplier(2)
/// ```
public final class DepthwiseConvolution extends BorderedLayer<DepthwiseConvolution> {
  private final int multiplier;

  DepthwiseConvolution(int multiplier, Sliding sliding, boolean bias, Optional<Initializer> initializer) {
    super(sliding, bias, initializer);
    if (multiplier < 1) {
      throw new IllegalArgumentException("a depthwise convolution of " + multiplier + " filters per channel does not "
          + "exist.\n"
          + "  C2: the multiplier is at least 1; received " + multiplier + ".\n"
          + "  Use a positive number.");
    }
    this.multiplier = multiplier;
  }

  @Override DepthwiseConvolution with(Sliding other, boolean withBias, Optional<Initializer> start) {
    return new DepthwiseConvolution(multiplier, other, withBias, start);
  }

  /// The layer with another number of filters for each channel.
  public DepthwiseConvolution multiplier(int filters) {
    return new DepthwiseConvolution(filters, sliding, bias, initializer);
  }

  /// The number of filters for each channel.
  public int multiplier() {
    return multiplier;
  }

  @Override public Node apply(Trace trace, Node x) {
    checkInput(trace, x);
    int channels = x.shape().dim(1);
    return new Convolution(channels * multiplier, sliding, channels, bias, initializer).apply(trace, x);
  }

  @Override public String kind() {
    return "depthwise";
  }

  @Override public String toString() {
    return Source.call("depthwise", sliding.kernel()) + Source.wither(multiplier != 1, "multiplier",
        List.of(multiplier)) + withers();
  }
}
