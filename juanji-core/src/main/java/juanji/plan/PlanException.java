package juanji.plan;

/// A graph that cannot be planned or run: too large, or called with tensors that do not fit.
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// An error with a message of three lines.
  public PlanException(String message) {
    super(message);
  }
}
