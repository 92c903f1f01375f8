package juanji.onnx.proto;

/// A file that is no ONNX model, or one that cannot be used.
///
/// The message has three lines or more: which file and what about it; the constraints with what was found; what to do.
public final class OnnxException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String source;
  private final boolean unsupported;

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
    this(source, what, constraint, remedy, cause, false);
  }

  private OnnxException(String source, String what, String constraint, String remedy, Throwable cause,
      boolean unsupported) {
    super("'" + source + "' " + what + ".\n  " + constraint + "\n  " + remedy, cause);
    this.source = source;
    this.unsupported = unsupported;
  }

  /// An error of a file that breaks no rule, but has what this library does not support.
  ///
  /// @param source the file, or what else the bytes came from
  /// @param what what is the matter with it
  /// @param constraint the label and the constraint with what was found
  /// @param remedy what to do
  public static OnnxException unsupported(String source, String what, String constraint, String remedy) {
    return new OnnxException(source, what, constraint, remedy, null, true);
  }

  /// Whether the file breaks no rule, but has what this library does not support.
  public boolean unsupported() {
    return unsupported;
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
