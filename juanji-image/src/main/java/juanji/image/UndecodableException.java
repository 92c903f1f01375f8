package juanji.image;

/// A picture that cannot be decoded; the message is the reason of a [Problem].
final class UndecodableException extends Exception {
  private static final long serialVersionUID = 1L;

  UndecodableException(String reason) {
    super(reason);
  }
}
