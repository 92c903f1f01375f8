package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import juanji.graph.Node;

/// A convolution in one step per spatial axis: k × 1, then 1 × k (over video k × 1 × 1, 1 × k × 1, 1 × 1 × k).
///
/// x: N × C × spatial, y: N × filters × out. The steps are convolutions named `axis1`, `axis2`, …, each with `filters`
/// filters; stride, dilation and padding of an axis belong to its step. Only the last step has a bias. A kernel of
/// H × W takes H·C·K + W·K·K weights against H·W·C·K.
///
/// Constraints: C1 and C6 as [BorderedLayer]; C2 there is at least one filter; C5 each window fits into the padded
/// input. Source: Szegedy et al., *Rethinking the Inception architecture*, 2016.
///
/// ```java
/// spatiallySeparable(64, 7).same()          // conv(64, 7, 1) and conv(64, 1, 7)
/// ```
public final class SpatiallySeparableConvolution extends BorderedLayer<SpatiallySeparableConvolution> {
  private final int filters;

  SpatiallySeparableConvolution(int filters, Sliding sliding, boolean bias, Optional<Initializer> initializer) {
    super(sliding, bias, initializer);
    if (filters < 1) {
      throw new IllegalArgumentException("a spatially separable convolution of " + filters + " filters does not "
          + "exist.\n"
          + "  C2: there is at least one filter; received " + filters + ".\n"
          + "  Use a positive number.");
    }
    this.filters = filters;
  }

  @Override SpatiallySeparableConvolution with(Sliding other, boolean withBias, Optional<Initializer> start) {
    return new SpatiallySeparableConvolution(filters, other, withBias, start);
  }

  /// The number of filters of each step.
  public int filters() {
    return filters;
  }

  @Override public Node apply(Trace trace, Node x) {
    checkInput(trace, x);
    int rank = x.shape().rank() - 2;
    Node y = x;
    for (int axis = 0; axis < rank; axis++) {
      Layer step = new Convolution(filters, sliding.along(axis, rank), 1, bias && axis == rank - 1, initializer);
      y = trace.layer(step.named("axis" + (axis + 1)), y);
    }
    return y;
  }

  @Override public String kind() {
    return "spatiallySeparable";
  }

  @Override public String toString() {
    List<Integer> arguments = new ArrayList<>(List.of(filters));
    arguments.addAll(sliding.kernel());
    return Source.call("spatiallySeparable", arguments) + withers();
  }
}
