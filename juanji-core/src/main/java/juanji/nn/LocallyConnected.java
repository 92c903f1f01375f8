package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import juanji.graph.Node;

/// A locally connected layer: a convolution whose weights are not shared, so that each place has its own.
///
/// x: N × C × spatial, w (`weight`): out × C × kernel × filters, b (`bias`): filters × out, y: N × filters × out, with
/// out as in [juanji.op.Axis]: for pictures, w is OH × OW × C × KH × KW × filters. 10⁶ places that see 10 × 10 of one
/// channel have 10⁸ weights, where a fully connected layer has 10¹² and a convolution 100. Values:
/// [juanji.op.LocalContraction]. Weights start from [Initializer#fanInUniform()] of one place unless told otherwise,
/// biases from 0.
///
/// Constraints: C1 and C6 as [BorderedLayer]; C2 there is at least one filter; C5 the window fits into the padded
/// input; C7 the number of weights fits in 63 bits. Source: Taigman et al., *DeepFace*, 2014.
///
/// ```java
/// locallyConnected(16, 9)                   // 16 filters of 9×9 at each place
/// locallyConnected(16, 7).stride(2)
/// ```
public final class LocallyConnected extends BorderedLayer<LocallyConnected> {
  private final int filters;

  LocallyConnected(int filters, Sliding sliding, boolean bias, Optional<Initializer> initializer) {
    super(sliding, bias, initializer);
    if (filters < 1) {
      throw new IllegalArgumentException("a locally connected layer of " + filters + " filters does not exist.\n"
          + "  C2: there is at least one filter; received " + filters + ".\n"
          + "  Use a positive number.");
    }
    this.filters = filters;
  }

  @Override LocallyConnected with(Sliding other, boolean withBias, Optional<Initializer> start) {
    return new LocallyConnected(filters, other, withBias, start);
  }

  /// The number of filters: channels of the output.
  public int filters() {
    return filters;
  }

  @Override public Node apply(Trace trace, Node x) {
    return LocalWeights.apply(trace, this, filters, LocalWeights.UNSHARED, x);
  }

  @Override public String kind() {
    return "locallyConnected";
  }

  @Override public String toString() {
    List<Integer> arguments = new ArrayList<>(List.of(filters));
    arguments.addAll(sliding.kernel());
    return Source.call("locallyConnected", arguments) + withers();
  }
}
