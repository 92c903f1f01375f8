package juanji.op;

import java.util.List;
import java.util.stream.IntStream;

/// What lies around an input that is made larger along an axis.
///
/// Of a b c d, padded by 3 on both sides:
///
/// | | before | | after |
/// |---|---|---|---|
/// | [#ZERO] | 0 0 0 | a b c d | 0 0 0 |
/// | [#REFLECT] | d c b | a b c d | c b a |
/// | [#REPLICATE] | a a a | a b c d | d d d |
/// | [#CIRCULAR] | b c d | a b c d | a b c |
///
/// All but the first are views; their gradients add up what was repeated.
public enum Border {
  /// Zeros.
  ZERO,
  /// The input mirrored at its first and last cell, which are not repeated; less cells than the input has.
  REFLECT,
  /// The first and the last cell, repeated.
  REPLICATE,
  /// The input's other end, as on a ring.
  CIRCULAR;

  /// Whether an axis of `extent` cells can be padded by this many cells on each side.
  public boolean fits(int extent, int before, int after) {
    return before >= 0 && after >= 0 && extent > 0
        && (this != REFLECT || before < extent && after < extent);
  }

  /// The operation that pads an axis.
  ///
  /// @param axis the axis
  /// @param extent its cells
  /// @param before cells added in front
  /// @param after cells added behind
  /// @throws IllegalArgumentException if they do not fit
  public Op pad(int axis, int extent, int before, int after) {
    if (!fits(extent, before, after)) {
      throw new IllegalArgumentException("an axis of " + extent + " cells cannot be padded by " + before + " and "
          + after + ".\n"
          + "  C1: both sides are padded by 0 or more, and by less than the input where it is reflected; received "
          + before + " and " + after + " for " + this + ".\n"
          + "  Pad by less, or use another border.");
    }
    return this == ZERO ? new View.Pad(axis, before, after, 0) : new Gather.Take(axis, index(extent, before, after));
  }

  private List<Integer> index(int extent, int before, int after) {
    return IntStream.range(-before, extent + after).map(i -> switch (this) {
      case ZERO -> i < 0 || i >= extent ? -1 : i;
      case REFLECT -> i < 0 ? -i : i >= extent ? 2 * extent - 2 - i : i;
      case REPLICATE -> Math.clamp(i, 0, extent - 1);
      case CIRCULAR -> Math.floorMod(i, extent);
    }).boxed().toList();
  }
}
