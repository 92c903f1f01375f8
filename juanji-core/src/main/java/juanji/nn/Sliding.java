package juanji.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import juanji.op.Axis;
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
record Sliding(List<Integer> kernel, List<Integer> stride, List<Integer> dilation, List<Padding> padding,
    boolean ceiling) {
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
    return new Sliding(Arrays.stream(kernel).boxed().toList(), List.of(1), List.of(1), List.of(Padding.VALID), false);
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
    return new Sliding(kernel, Arrays.stream(cells).boxed().toList(), dilation, padding, ceiling);
  }

  Sliding withDilation(int... cells) {
    return new Sliding(kernel, stride, Arrays.stream(cells).boxed().toList(), padding, ceiling);
  }

  Sliding withPadding(Padding... rules) {
    return new Sliding(kernel, stride, dilation, List.of(rules), ceiling);
  }

  Sliding withPadding(int... cells) {
    return new Sliding(kernel, stride, dilation, Arrays.stream(cells).mapToObj(Padding::of).toList(), ceiling);
  }

  Sliding withCeiling() {
    return new Sliding(kernel, stride, dilation, padding, true);
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
        + Source.wither(ceiling, "ceiling", List.of());
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
