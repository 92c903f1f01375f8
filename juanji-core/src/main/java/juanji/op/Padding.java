package juanji.op;

/// How many cells are added around an axis before a window slides along it.
///
/// The names are those of the field: [Rule#VALID] adds none ("narrow" convolution), [Rule#SAME_UPPER] and
/// [Rule#SAME_LOWER] add as many as keep ⌈in / stride⌉ windows ("same"), [Rule#FULL] adds the span less one on both
/// sides ("wide"), [Rule#CAUSAL] adds the span less one before, so that no output sees a later input.
public sealed interface Padding {
  /// No padding: only windows that lie wholly inside the input.
  Padding VALID = Rule.VALID;
  /// ⌈in / stride⌉ windows, the odd cell behind the input.
  Padding SAME = Rule.SAME_UPPER;
  /// Every window that touches the input.
  Padding FULL = Rule.FULL;

  /// The same number of cells on both sides.
  static Padding of(int cells) {
    return new Explicit(cells, cells);
  }

  /// A number of cells on each side.
  static Padding of(int before, int after) {
    return new Explicit(before, after);
  }

  /// Paddings that depend on the window and the input.
  enum Rule implements Padding {
    /// None.
    VALID,
    /// ⌈in / stride⌉ windows, the odd cell after.
    SAME_UPPER,
    /// ⌈in / stride⌉ windows, the odd cell before.
    SAME_LOWER,
    /// span − 1 cells on both sides.
    FULL,
    /// span − 1 cells before, none after.
    CAUSAL
  }

  /// Given numbers of cells; C1: both are at least 0 and below 2²⁹.
  ///
  /// @param before cells in front of the first input cell
  /// @param after cells behind the last one
  record Explicit(int before, int after) implements Padding {
    /// Checks C1.
    public Explicit {
      if (before < 0 || after < 0 || before >= 1 << 29 || after >= 1 << 29) {
        throw new IllegalArgumentException("padding (" + before + ", " + after + ") does not exist.\n"
            + "  C1: both sides are padded by 0 to 2²⁹ − 1 cells; received " + before + " and " + after + ".\n"
            + "  Pad by 0 or more, or slice the input first if it should become smaller.");
      }
    }
  }
}
