package juanji.image;

/// A picture, or a video, that cannot be decoded; the message is the reason in one sentence, without a full stop.
public final class UndecodableException extends Exception {
  private static final long serialVersionUID = 1L;

  /// An exception with its reason, such as `it is cut short`.
  public UndecodableException(String reason) {
    super(reason);
  }
}
