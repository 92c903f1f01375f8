package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import juanji.graph.Node;
import juanji.op.Border;
import juanji.op.Contraction;
import juanji.op.Gather;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;

/// A convolution over 1, 2 or 3 spatial axes, with a bias per filter. The input says how many axes and channels.
///
/// x: N × C × spatial, w (`weight`): filters × C/groups × kernel, b (`bias`): filters, y: N × filters × out, with out
/// as in [juanji.op.Axis]. Like all networks it cross-correlates: the kernel is not turned by 180° unless [#turned()]
/// says so. Padding holds zeros unless [#reflect()], [#replicate()] or [#circular()] say otherwise. Weights start from
/// [Initializer#fanInUniform()] unless told otherwise, biases from 0.
///
/// Constraints: C1 the input is batch × channels × 1 to 3 spatial axes, as many as the kernel, stride, dilation and
/// padding speak of (one number speaks of any); C2 there is at least one filter and one group; C3 the groups divide
/// channels and filters; C5 the window fits into the padded input; C6 a reflected border is narrower than the input.
///
/// ```java
/// conv(64, 3).stride(2).same()              // 64 filters of 3×3 (of 3 over sound, of 3×3×3 over video)
/// conv(32, 3, 5).dilation(1, 2).noBias()    // 3 high, 5 wide
/// ```
public final class Convolution implements Layer {
  private final int filters;
  private final Sliding sliding;
  private final int groups;
  private final boolean bias;
  private final Optional<Initializer> initializer;
  private final boolean turned;

  Convolution(int filters, Sliding sliding, int groups, boolean bias, Optional<Initializer> initializer) {
    this(filters, sliding, groups, bias, initializer, false);
  }

  private Convolution(int filters, Sliding sliding, int groups, boolean bias, Optional<Initializer> initializer,
      boolean turned) {
    if (filters < 1 || groups < 1) {
      throw new IllegalArgumentException("a convolution of " + filters + " filters in " + groups
          + " groups does not exist.\n"
          + "  C2: there is at least one filter and one group; received " + filters + " and " + groups + ".\n"
          + "  Use positive numbers.");
    }
    this.filters = filters;
    this.sliding = sliding;
    this.groups = groups;
    this.bias = bias;
    this.initializer = initializer;
    this.turned = turned;
  }

  private Convolution with(Sliding other) {
    return new Convolution(filters, other, groups, bias, initializer, turned);
  }

  /// The layer with another distance between neighbouring positions of the kernel: one for all axes, or one per axis.
  public Convolution stride(int... cells) {
    return with(sliding.withStride(cells));
  }

  /// The layer with another distance between neighbouring cells of the kernel: one for all axes, or one per axis.
  public Convolution dilation(int... cells) {
    return with(sliding.withDilation(cells));
  }

  /// The layer padded by as many cells on both sides: one number for all axes, or one per axis.
  public Convolution padding(int... cells) {
    return with(sliding.withPadding(cells));
  }

  /// The layer padded as told: for all axes, or for each one.
  public Convolution padding(Padding... rules) {
    return with(sliding.withPadding(rules));
  }

  /// The layer padded to ⌈in / stride⌉ positions, the odd cell behind.
  public Convolution same() {
    return padding(Padding.Rule.SAME_UPPER);
  }

  /// The layer padded to ⌈in / stride⌉ positions, the odd cell in front.
  public Convolution sameLower() {
    return padding(Padding.Rule.SAME_LOWER);
  }

  /// The layer padded so that every position that touches the input counts.
  public Convolution full() {
    return padding(Padding.Rule.FULL);
  }

  /// The layer padded in front only, so that no output sees a later input.
  public Convolution causal() {
    return padding(Padding.Rule.CAUSAL);
  }

  /// The layer with its padding mirrored from the input, whose first and last cells are not repeated.
  public Convolution reflect() {
    return with(sliding.withBorder(Border.REFLECT));
  }

  /// The layer with its padding filled from the input's first and last cells.
  public Convolution replicate() {
    return with(sliding.withBorder(Border.REPLICATE));
  }

  /// The layer with its padding filled from the input's other end, as on a ring.
  public Convolution circular() {
    return with(sliding.withBorder(Border.CIRCULAR));
  }

  /// The layer as a true convolution: its kernel is turned by 180° before it is laid on the input,
  /// y[n, k, p] = Σ of x[n, c, p − t …] · w[k, c, t]. Networks gain nothing by it; filters of signal processing are
  /// defined so.
  public Convolution turned() {
    return new Convolution(filters, sliding, groups, bias, initializer, true);
  }

  /// Whether the kernel is turned by 180°.
  public boolean isTurned() {
    return turned;
  }

  /// The layer with channels and filters divided into independent parts.
  public Convolution groups(int parts) {
    return new Convolution(filters, sliding, parts, bias, initializer, turned);
  }

  /// The layer without b.
  public Convolution noBias() {
    return new Convolution(filters, sliding, groups, false, initializer, turned);
  }

  /// The layer with another number of filters.
  public Convolution filters(int number) {
    return new Convolution(number, sliding, groups, bias, initializer, turned);
  }

  /// The layer with other starting weights.
  public Convolution initializer(Initializer start) {
    return new Convolution(filters, sliding, groups, bias, Optional.of(start), turned);
  }

  /// The number of filters: channels of the output.
  public int filters() {
    return filters;
  }

  /// The number of independent parts.
  public int groups() {
    return groups;
  }

  /// Whether b is there.
  public boolean bias() {
    return bias;
  }

  /// The window over `rank` spatial axes.
  public Window window(int rank) {
    return sliding.window(rank);
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    int rank = shape.rank() - 2;
    if (!sliding.fits(rank)) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × "
          + (sliding.axes() == 1 ? "1 to 3" : sliding.axes()) + " spatial axes; received " + shape + ".",
          rank < 1 ? "Use dense(" + filters + "), or put it before flatten()."
              : "Give one number for all axes, or one per spatial axis.", shape);
    }
    Sliding.Bordered bordered = sliding.bordered(trace, this, x);
    Window window = bordered.window();
    Shape weights = window.kernel().prepend(shape.dim(1) / groups).prepend(filters);
    Node weight = trace.parameter("weight", weights, initializer.orElse(Initializer.fanInUniform()));
    if (turned && window.taps() > 1) {
      // All axes of a kernel reversed are its cells in reverse order.
      Shape flat = Shape.of(filters, weights.dim(1), window.taps());
      Node reversed = trace.apply(Gather.Take.reversed(2, window.taps()), trace.reshape(weight, flat));
      weight = trace.reshape(reversed, weights);
    }
    Node y = trace.apply(new Contraction.Conv(window, groups), bordered.x(), weight);
    if (!bias) {
      return y;
    }
    int[] broadcast = new int[rank + 1];
    Arrays.fill(broadcast, 1);
    broadcast[0] = filters;
    Node b = trace.parameter("bias", Shape.of(filters), Initializer.zeros(), false);
    return trace.add(y, trace.reshape(b, Shape.of(broadcast)));
  }

  @Override public String kind() {
    return "conv";
  }

  @Override public boolean equals(Object other) {
    return other instanceof Convolution c && filters == c.filters && sliding.equals(c.sliding) && groups == c.groups
        && bias == c.bias && initializer.equals(c.initializer) && turned == c.turned;
  }

  @Override public int hashCode() {
    return Objects.hash(filters, sliding, groups, bias, initializer, turned);
  }

  @Override public String toString() {
    List<Integer> arguments = new ArrayList<>(List.of(filters));
    arguments.addAll(sliding.kernel());
    return Source.call("conv", arguments) + sliding.withers(List.of(1))
        + Source.wither(groups != 1, "groups", List.of(groups)) + Source.wither(turned, "turned", List.of())
        + initializer.map(i -> Source.wither(true, "initializer", List.of(i))).orElse("")
        + Source.wither(!bias, "noBias", List.of());
  }
}
