package juanji.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import juanji.graph.Node;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;

/// What the layers with weights and a sliding window have in common besides [Convolution]: how the window slides, and
/// what the weights start from. The input says how many spatial axes and channels there are.
///
/// Constraints of all: C1 the input is batch × channels × 1 to 3 spatial axes, as many as kernel, stride, dilation and
/// padding speak of (one number speaks of any).
///
/// @param <L> the layer itself
public abstract sealed class WindowLayer<L extends WindowLayer<L>> implements Layer
    permits BorderedLayer, TransposedConvolution {
  final Sliding sliding;
  final boolean bias;
  final Optional<Initializer> initializer;

  WindowLayer(Sliding sliding, boolean bias, Optional<Initializer> initializer) {
    this.sliding = sliding;
    this.bias = bias;
    this.initializer = initializer;
  }

  abstract L with(Sliding other, boolean withBias, Optional<Initializer> start);

  private L with(Sliding other) {
    return with(other, bias, initializer);
  }

  /// The layer with another distance between neighbouring positions of the kernel: one for all axes, or one per axis.
  public final L stride(int... cells) {
    return with(sliding.withStride(cells));
  }

  /// The layer with another distance between neighbouring cells of the kernel: one for all axes, or one per axis.
  public final L dilation(int... cells) {
    return with(sliding.withDilation(cells));
  }

  /// The layer padded by as many cells on both sides: one number for all axes, or one per axis.
  public final L padding(int... cells) {
    return with(sliding.withPadding(cells));
  }

  /// The layer padded as told: for all axes, or for each one.
  public final L padding(Padding... rules) {
    return with(sliding.withPadding(rules));
  }

  /// The layer padded to ⌈in / stride⌉ positions, the odd cell behind.
  public final L same() {
    return padding(Padding.Rule.SAME_UPPER);
  }

  /// The layer padded to ⌈in / stride⌉ positions, the odd cell in front.
  public final L sameLower() {
    return padding(Padding.Rule.SAME_LOWER);
  }

  /// The layer padded so that every position that touches the input counts.
  public final L full() {
    return padding(Padding.Rule.FULL);
  }

  /// The layer padded in front only, so that no output sees a later input.
  public final L causal() {
    return padding(Padding.Rule.CAUSAL);
  }

  /// The layer without a bias.
  public final L noBias() {
    return with(sliding, false, initializer);
  }

  /// The layer with other starting weights.
  public final L initializer(Initializer start) {
    return with(sliding, bias, Optional.of(start));
  }

  /// Whether a bias is added.
  public final boolean bias() {
    return bias;
  }

  /// The window over `rank` spatial axes.
  public final Window window(int rank) {
    return sliding.window(rank);
  }

  /// Checks C1.
  final void checkInput(Trace trace, Node x) {
    if (!sliding.fits(x.shape().rank() - 2)) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × "
          + (sliding.axes() == 1 ? "1 to 3" : sliding.axes()) + " spatial axes; received " + x.shape() + ".",
          x.shape().rank() < 3 ? "Put it before flatten()."
              : "Give one number for all axes, or one per spatial axis.", x.shape());
    }
  }

  /// Adds one number per filter.
  final Node biased(Trace trace, Node y) {
    if (!bias) {
      return y;
    }
    int filters = y.shape().dim(1);
    int[] broadcast = new int[y.shape().rank() - 1];
    Arrays.fill(broadcast, 1);
    broadcast[0] = filters;
    Node b = trace.parameter("bias", Shape.of(filters), Initializer.zeros(), false);
    return trace.add(y, trace.reshape(b, Shape.of(broadcast)));
  }

  final Initializer start() {
    return initializer.orElse(Initializer.fanInUniform());
  }

  /// The withers that all of these layers share, as code.
  final String withers() {
    return sliding.withers(List.of(1))
        + initializer.map(i -> Source.wither(true, "initializer", List.of(i))).orElse("")
        + Source.wither(!bias, "noBias", List.of());
  }

  /// Equal if the code that makes the layers is.
  @Override public final boolean equals(Object other) {
    return other != null && other.getClass() == getClass() && other.toString().equals(toString());
  }

  @Override public final int hashCode() {
    return toString().hashCode();
  }

  /// The code that makes the layer.
  @Override public abstract String toString();
}
