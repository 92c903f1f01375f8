package juanji.json;

/// A text that is not JSON, or a value that is not what was expected.
///
/// The message has three lines: what happened and where; the constraint with what was received; how to mend it.
public final class JsonException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /// An error.
  ///
  /// @param what what happened and where
  /// @param constraint the label and the constraint with what was received
  /// @param remedy how to mend it
  public JsonException(String what, String constraint, String remedy) {
    super(what + ".\n  " + constraint + "\n  " + remedy);
  }
}
