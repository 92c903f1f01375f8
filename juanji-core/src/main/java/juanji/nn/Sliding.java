package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Border;
import juanji.op.Padding;
import juanji.op.Window;

/// How a layer's window slides, before the number of spatial axes is known: each list has one entry for all axes, or
/// one per axis.
///
/// Constraints: C1 each list has one entry, or as many as the longest; at most 3; C2 rules such as same padding are
/// given for all axes at once, numbers of cells for all or for each; the rest are those of [Axis].
///
/// @param kernel cells of the window
/// @param stride distance between neighbouring positions
/// @param dilation distance between neighbouring cells
/// @param padding cells added around the input
/// @param ceiling whether a last incomplete window is kept
/// @param border what the padding holds
record Sliding(List<Integer> kernel, List<Integer> stride, List<Integer> dilation, List<Padding> padding,
    boolean ceiling, Border border) {
  Sliding {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    dilation = List.copyOf(dilation);
    padding = List.copyOf(padding);
    int most = IntStream.of(kernel.size(), stride.size(), dilation.size(), padding.size()).max().orElse(0);
    for (List<?> list : List.of(kernel, stride, dilation, padding)) {
      if (list.isEmpty() || list.size() != 1 && list.size() != most || most > 3) {
        throw new IllegalArgumentException("a window of kernel " + kernel + ", stride " + stride + ", dilation "
            + dilation + " and padding " + padding + " does not exist.\n"
            + "  C1: each has one number for all axes, or one per axis of up to 3; received " + list.size()
            + " against " + most + ".\n"
            + "  Give one number, or one per spatial axis.");
      }
    }
    if (padding.size() > 1 && padding.stream().anyMatch(Padding.Rule.class::isInstance)) {
      throw new IllegalArgumentException("a window cannot be padded by " + padding + ".\n"
          + "  C2: same, full and causal padding are for all axes; received one per axis.\n"
          + "  Give numbers of cells for each axis.");
    }
    for (int i = 0; i < most; i++) {
      axis(kernel, stride, dilation, padding, ceiling, i);
    }
  }

  /// A window without padding.
  static Sliding of(int... kernel) {
    return new Sliding(Arrays.stream(kernel).boxed().toList(), List.of(1), List.of(1), List.of(Padding.VALID), false,
        Border.ZERO);
  }

  private static <T> T at(List<T> list, int axis) {
    return list.size() == 1 ? list.getFirst() : list.get(axis);
  }

  private static Axis axis(List<Integer> kernel, List<Integer> stride, List<Integer> dilation, List<Padding> padding,
      boolean ceiling, int i) {
    return new Axis(at(kernel, i), at(stride, i), at(dilation, i), at(padding, i), ceiling);
  }

  /// The number of axes that the lists speak of; 1 also stands for any number.
  int axes() {
    return IntStream.of(kernel.size(), stride.size(), dilation.size(), padding.size()).max().orElse(1);
  }

  Sliding withStride(int... cells) {
    return new Sliding(kernel, Arrays.stream(cells).boxed().toList(), dilation, padding, ceiling, border);
  }

  Sliding withDilation(int... cells) {
    return new Sliding(kernel, stride, Arrays.stream(cells).boxed().toList(), padding, ceiling, border);
  }

  Sliding withPadding(Padding... rules) {
    return new Sliding(kernel, stride, dilation, List.of(rules), ceiling, border);
  }

  Sliding withPadding(int... cells) {
    return new Sliding(kernel, stride, dilation, Arrays.stream(cells).mapToObj(Padding::of).toList(), ceiling,
        border);
  }

  Sliding withCeiling() {
    return new Sliding(kernel, stride, dilation, padding, true, border);
  }

  Sliding withBorder(Border around) {
    return new Sliding(kernel, stride, dilation, padding, ceiling, around);
  }

  /// The part of this window that lies along one axis: a window of one cell along all others.
  Sliding along(int axis, int rank) {
    List<Padding> own = padding.getFirst() instanceof Padding.Rule ? padding
        : IntStream.range(0, rank).mapToObj(i -> i == axis ? at(padding, i) : Padding.of(0)).toList();
    return new Sliding(only(kernel, axis, rank), only(stride, axis, rank), only(dilation, axis, rank), own, ceiling,
        border);
  }

  private static List<Integer> only(List<Integer> list, int axis, int rank) {
    return IntStream.range(0, rank).mapToObj(i -> i == axis ? at(list, i) : Integer.valueOf(1)).toList();
  }

  /// An input with its border and the window that is left to slide over it.
  record Bordered(Node x, Window window) {
  }

  /// Puts the border around an input where it does not consist of zeros, which the window adds itself.
  Bordered bordered(Trace trace, Layer layer, Node x) {
    Window window = window(x.shape().rank() - 2);
    if (border == Border.ZERO) {
      return new Bordered(x, window);
    }
    Node padded = x;
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < window.rank(); i++) {
      int extent = x.shape().dim(2 + i);
      Axis.Placed placed = window.axes().get(i).over(extent);
      if (!border.fits(extent, placed.before(), placed.after())) {
        throw trace.refusal(layer.kind(), "C6: a reflected border is narrower than the input; received "
            + placed.before() + " and " + placed.after() + " cells for " + extent + " along spatial axis " + i
            + " of " + x.shape() + ".", "Pad by less, or use replicate() or circular().", x.shape());
      }
      if (placed.before() > 0 || placed.after() > 0) {
        padded = trace.apply(border.pad(2 + i, extent, placed.before(), placed.after()), padded);
      }
      axes.add(window.axes().get(i).withPadding(Padding.VALID));
    }
    return new Bordered(padded, new Window(axes));
  }

  /// The window over `rank` spatial axes.
  Window window(int rank) {
    return new Window(IntStream.range(0, rank).mapToObj(i -> axis(kernel, stride, dilation, padding, ceiling, i))
        .toList());
  }

  /// Whether the lists speak of `rank` axes, or of any number.
  boolean fits(int rank) {
    return rank >= 1 && rank <= 3 && (axes() == 1 || axes() == rank);
  }

  /// The withers that lead from [#of] to this window, in a fixed order.
  String withers(List<Integer> usualStride) {
    return Source.wither(!stride.equals(usualStride), "stride", stride)
        + Source.wither(!dilation.equals(List.of(1)), "dilation", dilation) + paddingText()
        + Source.wither(ceiling, "ceiling", List.of())
        + Source.wither(border != Border.ZERO, border.name().toLowerCase(Locale.ROOT), List.of());
  }

  private String paddingText() {
    if (padding.getFirst() instanceof Padding.Rule rule) {
      return switch (rule) {
        case VALID -> "";
        case SAME_UPPER -> ".same()";
        case SAME_LOWER -> ".sameLower()";
        case FULL -> ".full()";
        case CAUSAL -> ".causal()";
      };
    }
    List<Padding.Explicit> cells = padding.stream().map(Padding.Explicit.class::cast).toList();
    return cells.stream().allMatch(c -> c.before() == c.after())
        ? "." + Source.call("padding", cells.stream().map(Padding.Explicit::before).toList())
        : "." + Source.call("padding", cells.stream()
            .map(c -> Source.call("sides", List.of(c.before(), c.after()))).toList());
  }
}
