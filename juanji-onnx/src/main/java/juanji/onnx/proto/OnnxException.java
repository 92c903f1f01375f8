package juanji.onnx.proto;

/// A file that is no ONNX model, or one that cannot be used.
///
/// The message has three lines or more: which file and what about it; the constraints with what was found; what to do.
public final class OnnxException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String source;
  private final Kind kind;

  /// Whose fault it is: the file's, this library's, or that of who asks.
  private enum Kind { FILE, UNSUPPORTED, ASKED }

  /// An error of the given file.
  ///
  /// @param source the file, or what else the bytes came from
  /// @param what what cannot be done with it, such as `cannot be read`
  /// @param constraint the label and the constraint with what was found
  /// @param remedy what to do
  public OnnxException(String source, String what, String constraint, String remedy) {
    this(source, what, constraint, remedy, null);
  }

  /// An error of the given file that another one led to.
  ///
  /// @param source the file, or what else the bytes came from
  /// @param what what cannot be done with it, such as `cannot be read`
  /// @param constraint the label and the constraint with what was found
  /// @param remedy what to do
  /// @param cause the other error; null if there is none
  public OnnxException(String source, String what, String constraint, String remedy, Throwable cause) {
    this(source, what, constraint, remedy, cause, Kind.FILE);
  }

  private OnnxException(String source, String what, String constraint, String remedy, Throwable cause,
      Kind kind) {
    super("'" + source + "' " + what + ".\n  " + constraint + "\n  " + remedy, cause);
    this.source = source;
    this.kind = kind;
  }

  /// An error of a file that breaks no rule, but has what this library does not support.
  ///
  /// @param source the file, or what else the bytes came from
  /// @param what what is the matter with it
  /// @param constraint the label and the constraint with what was found
  /// @param remedy what to do
  public static OnnxException unsupported(String source, String what, String constraint, String remedy) {
    return new OnnxException(source, what, constraint, remedy, null, Kind.UNSUPPORTED);
  }

  /// An error of what was asked of a file, such as a name that it does not have.
  ///
  /// @param source the file, or what else the bytes came from
  /// @param what what cannot be done with it
  /// @param constraint the label and the constraint with what was asked
  /// @param remedy what to ask instead
  public static OnnxException asked(String source, String what, String constraint, String remedy) {
    return new OnnxException(source, what, constraint, remedy, null, Kind.ASKED);
  }

  /// Whether the file breaks no rule, but has what this library does not support.
  public boolean unsupported() {
    return kind == Kind.UNSUPPORTED;
  }

  /// Whether the file is fine, but something was asked of it that makes no sense.
  public boolean asked() {
    return kind == Kind.ASKED;
  }

  /// The file, or what else the bytes came from.
  public String source() {
    return source;
  }

  /// The start of a text that a message quotes, without control characters.
  static String brief(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > 60 ? plain.substring(0, 60) + "…" : plain;
  }
}
