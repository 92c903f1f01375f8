package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// The largest, the mean or the sum of each window of each channel, over 1, 2 or 3 spatial axes.
///
/// x: N × C × spatial, y: N × C × out, with out as in [juanji.op.Axis]. The stride is the window's size unless told
/// otherwise. Padded cells take no part in a maximum, nor in a mean unless [#countPadding()].
///
/// Constraints: C1 the input is batch × channels × 1 to 3 spatial axes, as many as the window speaks of; C2 every
/// window holds a cell of the input; C5 the window fits into the padded input.
public final class Pooling implements Layer {
  /// What is taken of each window.
  public enum Summary {
    /// The largest value.
    MAX("maxPool"),
    /// The mean.
    AVERAGE("avgPool"),
    /// The sum.
    SUM("sumPool");

    private final String word;

    Summary(String word) {
      this.word = word;
    }
  }

  private final Summary summary;
  private final Sliding sliding;
  private final boolean counting;

  Pooling(Summary summary, Sliding sliding, boolean counting) {
    this.summary = summary;
    this.sliding = sliding;
    this.counting = counting;
  }

  static Pooling of(Summary summary, int... window) {
    return new Pooling(summary, Sliding.of(window).withStride(window), false);
  }

  private Pooling with(Sliding other) {
    return new Pooling(summary, other, counting);
  }

  /// The layer with another distance between neighbouring windows: one for all axes, or one per axis.
  public Pooling stride(int... cells) {
    return with(sliding.withStride(cells));
  }

  /// The layer with another distance between neighbouring cells of the window: one for all axes, or one per axis.
  public Pooling dilation(int... cells) {
    return with(sliding.withDilation(cells));
  }

  /// The layer padded by as many cells on both sides: one number for all axes, or one per axis.
  public Pooling padding(int... cells) {
    return with(sliding.withPadding(cells));
  }

  /// The layer padded as told: for all axes, or for each one.
  public Pooling padding(Padding... rules) {
    return with(sliding.withPadding(rules));
  }

  /// The layer padded to ⌈in / stride⌉ windows, the odd cell behind.
  public Pooling same() {
    return padding(Padding.Rule.SAME_UPPER);
  }

  /// The layer padded to ⌈in / stride⌉ windows, the odd cell in front.
  public Pooling sameLower() {
    return padding(Padding.Rule.SAME_LOWER);
  }

  /// The layer with a last, incomplete window where the stride does not divide the input.
  public Pooling ceiling() {
    return with(sliding.withCeiling());
  }

  /// The layer with padded cells counted as zeros in a mean.
  public Pooling countPadding() {
    return new Pooling(summary, sliding, true);
  }

  /// What is taken of each window.
  public Summary summary() {
    return summary;
  }

  /// The window over `rank` spatial axes.
  public Window window(int rank) {
    return sliding.window(rank);
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (!sliding.fits(shape.rank() - 2)) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × "
          + (sliding.axes() == 1 ? "1 to 3" : sliding.axes()) + " spatial axes; received " + shape + ".",
          "Pool before flatten(), with one number for all axes or one per spatial axis.", shape);
    }
    Window window = window(shape.rank() - 2);
    return trace.apply(switch (summary) {
      case MAX -> new Windowed.MaxPool(window);
      case AVERAGE -> new Windowed.AvgPool(window, counting ? Windowed.Divisor.WINDOW : Windowed.Divisor.INSIDE);
      case SUM -> new Windowed.AvgPool(window, Windowed.Divisor.NONE);
    }, x);
  }

  @Override public String kind() {
    return summary.word;
  }

  @Override public boolean equals(Object other) {
    return other instanceof Pooling p && summary == p.summary && sliding.equals(p.sliding) && counting == p.counting;
  }

  @Override public int hashCode() {
    return 31 * (31 * summary.ordinal() + sliding.hashCode()) + Boolean.hashCode(counting);
  }

  @Override public String toString() {
    return Source.call(summary.word, sliding.kernel()) + sliding.withers(sliding.kernel())
        + Source.wither(counting, "countPadding", List.of());
  }
}
