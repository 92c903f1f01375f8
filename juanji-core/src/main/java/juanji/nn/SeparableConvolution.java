package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import juanji.graph.Node;

/// A convolution in two steps that treat area and channels apart: a [DepthwiseConvolution] (`depthwise`) and a 1×1
/// convolution (`pointwise`), in either order.
///
/// | order | weights for a kernel of H × W, C channels and K filters | |
/// |---|---|---|
/// | depthwise, then pointwise | H·W·C·multiplier + C·multiplier·K | MobileNet |
/// | [#pointwiseFirst()] | (H·W·multiplier + C) · K, giving K·multiplier channels | Xception as drawn |
///
/// against H·W·C·K of the ordinary convolution. Only the second step has a bias. Nothing stands between the steps; for
/// normalisation or an activation there, write `chain(depthwise(3), batchNorm(), relu(), conv(64, 1))`.
///
/// Constraints: C1 and C6 as [BorderedLayer]; C2 filters and multiplier are at least 1; C5 the window fits into the
/// padded input. Sources: Howard et al., *MobileNets*, 2017; Chollet, *Xception*, 2017.
///
/// ```java
/// separable(64, 3).same()                   // 9·C + 64·C weights
/// separable(64, 3).same().pointwiseFirst()  // 64·C + 9·64 weights
/// ```
public final class SeparableConvolution extends BorderedLayer<SeparableConvolution> {
  private final int filters;
  private final int multiplier;
  private final boolean pointwiseFirst;

  SeparableConvolution(int filters, int multiplier, boolean pointwiseFirst, Sliding sliding, boolean bias,
      Optional<Initializer> initializer) {
    super(sliding, bias, initializer);
    if (filters < 1 || multiplier < 1) {
      throw new IllegalArgumentException("a separable convolution of " + filters + " filters and multiplier "
          + multiplier + " does not exist.\n"
          + "  C2: filters and multiplier are at least 1; received " + filters + " and " + multiplier + ".\n"
          + "  Use positive numbers.");
    }
    this.filters = filters;
    this.multiplier = multiplier;
    this.pointwiseFirst = pointwiseFirst;
  }

  @Override SeparableConvolution with(Sliding other, boolean withBias, Optional<Initializer> start) {
    return new SeparableConvolution(filters, multiplier, pointwiseFirst, other, withBias, start);
  }

  /// The layer with another number of depthwise filters for each channel.
  public SeparableConvolution multiplier(int perChannel) {
    return new SeparableConvolution(filters, perChannel, pointwiseFirst, sliding, bias, initializer);
  }

  /// The layer with the 1×1 convolution first.
  public SeparableConvolution pointwiseFirst() {
    return new SeparableConvolution(filters, multiplier, true, sliding, bias, initializer);
  }

  /// The number of filters of the 1×1 convolution.
  public int filters() {
    return filters;
  }

  @Override public Node apply(Trace trace, Node x) {
    checkInput(trace, x);
    Layer depthwise = new DepthwiseConvolution(multiplier, sliding, bias && pointwiseFirst, initializer)
        .named("depthwise");
    Layer pointwise = new Convolution(filters, Sliding.of(1), 1, bias && !pointwiseFirst, initializer)
        .named("pointwise");
    return pointwiseFirst ? trace.layer(depthwise, trace.layer(pointwise, x))
        : trace.layer(pointwise, trace.layer(depthwise, x));
  }

  @Override public String kind() {
    return "separable";
  }

  @Override public String toString() {
    List<Integer> arguments = new ArrayList<>(List.of(filters));
    arguments.addAll(sliding.kernel());
    return Source.call("separable", arguments) + Source.wither(multiplier != 1, "multiplier", List.of(multiplier))
        + Source.wither(pointwiseFirst, "pointwiseFirst", List.of()) + withers();
  }
}
