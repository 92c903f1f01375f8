package juanji.nn;

/// A text that does not describe a network.
///
/// The message has three lines: where the text cannot be read; the constraint with what was received; how to mend it.
public final class ArchitectureException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;

  ArchitectureException(int line, int column, String constraint, String remedy, Throwable cause) {
    super("the architecture cannot be read at line " + line + ", column " + column + ".\n  " + constraint + "\n  "
        + remedy, cause);
    this.line = line;
    this.column = column;
  }

  /// The line of the text, from 1.
  public int line() {
    return line;
  }

  /// The character within the line, from 1.
  public int column() {
    return column;
  }
}
