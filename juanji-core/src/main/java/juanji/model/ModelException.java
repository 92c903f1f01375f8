package juanji.model;

import java.nio.file.Path;

/// A file that holds no network, or that cannot be read or written.
///
/// The message has three lines: which file; the constraint with what was found; what to do.
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Path path;

  /// An error of the given file.
  ///
  /// @param path the file
  /// @param what what cannot be done with it, such as `cannot be read`
  /// @param constraint the label and the constraint with what was found
  /// @param remedy what to do
  public ModelException(Path path, String what, String constraint, String remedy) {
    this(path, what, constraint, remedy, null);
  }

  /// An error of the given file that another one led to.
  ///
  /// @param path the file
  /// @param what what cannot be done with it, such as `cannot be read`
  /// @param constraint the label and the constraint with what was found
  /// @param remedy what to do
  /// @param cause the other error; null if there is none
  public ModelException(Path path, String what, String constraint, String remedy, Throwable cause) {
    super("the file '" + path + "' " + what + ".\n  " + constraint + "\n  " + remedy, cause);
    this.path = path;
  }

  /// The file.
  public Path path() {
    return path;
  }
}
