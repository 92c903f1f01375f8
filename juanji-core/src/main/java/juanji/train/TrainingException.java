package juanji.train;

/// A training that cannot begin, go on, or be resumed; the message has three lines.
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// An error with a message of three lines.
  public TrainingException(String message) {
    super(message);
  }

  /// An error with a message of three lines and what led to it.
  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
