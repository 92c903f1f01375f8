package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Gather;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Summarizing;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// The largest, the mean, the sum, the p-norm or a random value of each window of each channel, over 1, 2 or 3 spatial
/// axes.
///
/// x: N × C × spatial, y: N × C × out, with out as in [juanji.op.Axis]. The stride is the window's size unless told
/// otherwise. Padded cells take no part in a maximum, nor in a mean unless [#countPadding()].
///
/// Stochastic pooling draws x with probability x / Σ x in training, where windows overlap with the same numbers for the
/// cells that they share, and gives Σ x² / Σ x in inference; a window of zeros gives 0.
///
/// Constraints: C1 the input is batch × channels × 1 to 3 spatial axes, as many as the window speaks of; C2 every
/// window holds a cell of the input; C3 1 ≤ p ≤ 32; C5 the window fits into the padded input.
/// Sources: Sermanet et al., 2012 (p-norm); Zeiler and Fergus, *Stochastic pooling*, 2013.
public final class Pooling implements Layer {
  /// What is taken of each window.
  public enum Summary {
    /// The largest value.
    MAX("maxPool"),
    /// The mean.
    AVERAGE("avgPool"),
    /// The sum.
    SUM("sumPool"),
    /// (Σ |x|ᵖ)^(1/p).
    LP("lpPool"),
    /// In training one value, drawn with a probability in proportion to it; in inference the mean weighted by these
    /// probabilities. Negative values count as 0.
    STOCHASTIC("stochasticPool");

    private final String word;

    Summary(String word) {
      this.word = word;
    }
  }

  private final Summary summary;
  private final Sliding sliding;
  private final boolean counting;
  private final double exponent;

  private Pooling(Summary summary, Sliding sliding, boolean counting, double exponent) {
    this.summary = summary;
    this.sliding = sliding;
    this.counting = counting;
    this.exponent = exponent;
    if (summary == Summary.LP) {
      new Summarizing.LpPool(Window.of(1, Axis.of(1)), exponent);
    }
  }

  static Pooling of(Summary summary, int... window) {
    return new Pooling(summary, Sliding.of(window).withStride(window), false, 0);
  }

  static Pooling norm(double exponent, int... window) {
    return new Pooling(Summary.LP, Sliding.of(window).withStride(window), false, exponent);
  }

  private Pooling with(Sliding other) {
    return new Pooling(summary, other, counting, exponent);
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

  /// The layer with padded cells counted as zeros in a mean; what an incomplete last window hangs over is not counted.
  public Pooling countPadding() {
    return new Pooling(summary, sliding, true, exponent);
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
    return pooled(trace, x, summary, exponent, counting, window(shape.rank() - 2));
  }

  static Node pooled(Trace trace, Node x, Summary summary, double exponent, boolean counting, Window window) {
    return switch (summary) {
      case MAX -> trace.apply(new Windowed.MaxPool(window), x);
      case AVERAGE -> trace.apply(new Windowed.AvgPool(window, counting ? Windowed.Divisor.WINDOW
          : Windowed.Divisor.INSIDE), x);
      case SUM -> trace.apply(new Windowed.AvgPool(window, Windowed.Divisor.NONE), x);
      case LP -> trace.apply(new Summarizing.LpPool(window, exponent), x);
      case STOCHASTIC -> stochastic(trace, trace.apply(new Pointwise.Relu(), x), window);
    };
  }

  /// Of exponential times with rates x, the shortest belongs to x with probability x / Σ x; so the largest x / time
  /// is drawn.
  private static Node stochastic(Trace trace, Node x, Window window) {
    if (trace.training()) {
      Node time = trace.affine(trace.apply(new Pointwise.Log(),
          trace.apply(new Random.Uniform(trace.salt()), x, trace.step())), -1, 0);
      return trace.apply(new Gather.Pick(window), trace.apply(new Pointwise.Div(), x, time), x);
    }
    Windowed.AvgPool sum = new Windowed.AvgPool(window, Windowed.Divisor.NONE);
    Node total = trace.apply(new Pointwise.Max(), trace.apply(sum, x), trace.constant(Tensor.scalar(1e-30f)));
    return trace.apply(new Pointwise.Div(), trace.apply(sum, trace.mul(x, x)), total);
  }

  /// The place of each window's first largest value: its index within the plane, rows behind each other. What
  /// [Gather.Pick] takes of 0, 1, 2, …
  public Node places(Trace trace, Node x) {
    Shape plane = x.shape().slice(2, x.shape().rank());
    float[] numbers = new float[plane.length()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    Node all = trace.apply(new View.Expand(false), trace.constant(Tensor.of(plane, numbers)), x);
    return trace.apply(new Gather.Pick(window(plane.rank())), x, all);
  }

  @Override public String kind() {
    return summary.word;
  }

  @Override public boolean equals(Object other) {
    return other instanceof Pooling p && summary == p.summary && sliding.equals(p.sliding) && counting == p.counting
        && exponent == p.exponent;
  }

  @Override public int hashCode() {
    return 31 * (31 * summary.ordinal() + sliding.hashCode()) + Boolean.hashCode(counting);
  }

  @Override public String toString() {
    List<Object> arguments = new ArrayList<>(summary == Summary.LP ? List.of(exponent) : List.of());
    arguments.addAll(sliding.kernel());
    return Source.call(summary.word, arguments) + sliding.withers(sliding.kernel())
        + Source.wither(counting, "countPadding", List.of());
  }
}
