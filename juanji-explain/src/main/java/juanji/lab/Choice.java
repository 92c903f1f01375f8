package juanji.lab;

/// Something that a laboratory can be told.
///
/// @param name the word for it, such as `kernel`
/// @param kind what it is
/// @param usual what it is unless told otherwise, as text; empty for pictures and data
/// @param meaning what it does, in a line
/// @param least the least number
/// @param most the largest number
public record Choice(String name, Kind kind, String usual, String meaning, int least, int most) {
  /// What a choice is.
  public enum Kind {
    /// A whole number.
    NUMBER,
    /// Whole numbers with commas between them.
    NUMBERS,
    /// Rows of numbers with semicolons between them.
    GRID,
    /// A picture.
    PICTURE,
    /// Labelled pictures.
    DATA
  }

  /// A whole number within bounds.
  static Choice number(String name, int usual, int least, int most, String meaning) {
    return new Choice(name, Kind.NUMBER, Integer.toString(usual), meaning, least, most);
  }

  /// Whole numbers within bounds.
  static Choice numbers(String name, String usual, int least, int most, String meaning) {
    return new Choice(name, Kind.NUMBERS, usual, meaning, least, most);
  }

  /// Rows of numbers, so many at most along each side.
  static Choice grid(String name, String usual, int most, String meaning) {
    return new Choice(name, Kind.GRID, usual, meaning, 1, most);
  }

  /// A picture.
  static Choice picture(String meaning) {
    return new Choice("picture", Kind.PICTURE, "", meaning, 0, 0);
  }

  /// Labelled pictures to learn from.
  static Choice data(String meaning) {
    return new Choice("data", Kind.DATA, "", meaning, 0, 0);
  }

  /// How often networks are trained.
  static Choice seeds(int usual) {
    return number("seeds", usual, 2, 100, "How often it is all measured, from other weights each time.");
  }

  /// How many samples networks see while they learn.
  static Choice seen(int usual) {
    return number("seen", usual, 100, 10_000_000, "How many samples each network sees while it learns.");
  }
}
