package juanji.op;

/// A window sliding along one axis. Every size and padding in this library comes from here.
///
/// With span = dilation · (kernel − 1) + 1, the window takes
/// out = ⌊(before + in + after − span) / stride⌋ + 1 positions. *Same* padding keeps out = ⌈in / stride⌉ with a total
/// of max(0, (out − 1) · stride + span − in) cells; *full* adds span − 1 on both sides. In ceiling mode (pooling only)
/// a last, incomplete window is kept if it starts inside the input or its front padding, and `after` grows to hold it.
///
/// Constraints: C1 kernel, stride and dilation are at least 1 and the span stays below 2²⁹; C2 the number of positions
/// fits in an `int`.
///
/// Source: Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*, 2016.
///
/// ```java
/// Axis.Placed p = Axis.of(3).withStride(2).withPadding(Padding.SAME).over(8);
/// int out = p.out();                        // 4, with 0 cells before and 1 after
/// ```
///
/// @param kernel cells of the window
/// @param stride distance between neighbouring positions of the window
/// @param dilation distance between neighbouring cells of the window
/// @param padding cells added around the input
/// @param ceiling whether a last incomplete window is kept
public record Axis(int kernel, int stride, int dilation, Padding padding, boolean ceiling) {
  /// Checks C1.
  public Axis {
    if (kernel < 1 || stride < 1 || dilation < 1 || (long) dilation * (kernel - 1L) + 1 > Integer.MAX_VALUE / 4) {
      throw new IllegalArgumentException("a window of kernel " + kernel + ", stride " + stride + " and dilation "
          + dilation + " does not exist.\n"
          + "  C1: kernel, stride and dilation are 1 or more, and dilation · (kernel − 1) + 1 stays below 2²⁹.\n"
          + "  Use positive whole numbers.");
    }
  }

  /// A window of stride 1 and dilation 1 without padding.
  public static Axis of(int kernel) {
    return new Axis(kernel, 1, 1, Padding.VALID, false);
  }

  /// This window with another stride.
  public Axis withStride(int cells) {
    return new Axis(kernel, cells, dilation, padding, ceiling);
  }

  /// This window with another dilation.
  public Axis withDilation(int cells) {
    return new Axis(kernel, stride, cells, padding, ceiling);
  }

  /// This window with another padding.
  public Axis withPadding(Padding rule) {
    return new Axis(kernel, stride, dilation, rule, ceiling);
  }

  /// This window with or without a last incomplete position.
  public Axis withCeiling(boolean keepIncomplete) {
    return new Axis(kernel, stride, dilation, padding, keepIncomplete);
  }

  /// The cells from the first to the last cell of the window: dilation · (kernel − 1) + 1.
  public int span() {
    return dilation * (kernel - 1) + 1;
  }

  /// The window over an input of `in` cells.
  ///
  /// @return where it lies; `out` is 0 if the padded input is smaller than the window
  public Placed over(int in) {
    int span = span();
    int before;
    int after;
    switch (padding) {
      case Padding.Explicit(int b, int a) -> {
        before = b;
        after = a;
      }
      case Padding.Rule rule -> {
        int total = rule == Padding.Rule.FULL ? 2 * (span - 1) : rule == Padding.Rule.CAUSAL ? span - 1
            : rule == Padding.Rule.VALID ? 0
            : Math.max(0, (Math.ceilDiv(in, stride) - 1) * stride + span - in);
        before = switch (rule) {
          case VALID -> 0;
          case SAME_UPPER -> total / 2;
          case SAME_LOWER -> total - total / 2;
          case FULL, CAUSAL -> span - 1;
        };
        after = total - before;
      }
    }
    long room = (long) before + in + after - span;
    long out = Math.max(0, Math.floorDiv(room, stride) + 1);
    int rest = Math.floorMod(room, stride);
    int overhang = 0;
    if (ceiling && room > -stride && rest != 0 && out * stride < (long) before + in) {
      overhang = stride - rest;
      out++;
    }
    if (out > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a window of " + this + " takes too many positions over " + in + " cells.\n"
          + "  C2: the positions fit in an int; there would be " + out + ".\n"
          + "  Use less padding or a larger stride.");
    }
    return new Placed(in, (int) out, before, after + overhang, overhang);
  }

  /// The size of the transposed convolution's output: the smallest input from which this window makes `out` positions,
  /// and `extra` cells more. Without padding: (out − 1) · stride + span.
  ///
  /// @param extra the output padding, from 0 to stride − 1: which of the sizes that lead to `out` is meant
  public int transposed(int out, int extra) {
    int full = (out - 1) * stride + span() + extra;
    return switch (padding) {
      case Padding.Explicit(int before, int after) -> full - before - after;
      case Padding.Rule.VALID -> full;
      case Padding.Rule.SAME_UPPER, Padding.Rule.SAME_LOWER -> (out - 1) * stride + 1 + extra;
      case Padding.Rule.FULL -> full - 2 * (span() - 1);
      case Padding.Rule.CAUSAL -> full - (span() - 1);
    };
  }

  /// A window's place over an input: how many positions it takes and how many cells are added on each side.
  ///
  /// @param in cells of the input
  /// @param out positions of the window
  /// @param before cells added in front
  /// @param after cells added behind, those of an incomplete last window included
  /// @param overhang those of an incomplete last window alone
  public record Placed(int in, int out, int before, int after, int overhang) {
    /// The cells of the input and of its padding.
    public int padded() {
      return before + in + after - overhang;
    }
  }

  /// The cells of the window at a position that lie in the input or its padding: all but those by which an incomplete
  /// last window hangs over.
  public int counted(Placed placed, int position) {
    return Math.min(kernel, Math.ceilDiv(placed.padded() - position * stride, dilation));
  }

  @Override public String toString() {
    String around = switch (padding) {
      case Padding.Rule.VALID -> "";
      case Padding.Rule.SAME_UPPER -> " same";
      case Padding.Rule.SAME_LOWER -> " same lower";
      case Padding.Rule.FULL -> " full";
      case Padding.Rule.CAUSAL -> " causal";
      case Padding.Explicit(int b, int a) -> b == a ? " pad " + b : " pad " + b + "+" + a;
    };
    return kernel + (stride > 1 ? " stride " + stride : "") + (dilation > 1 ? " dilation " + dilation : "") + around
        + (ceiling ? " ceiling" : "");
  }
}
