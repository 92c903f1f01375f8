package juanji.cli;

/// Text as HTML.
final class Html {
  private Html() {
  }

  /// The text with the characters that mean something in HTML and XML written out.
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> {
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.appendCodePoint(c < ' ' && c != '\n' && c != '\t' || c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
      }
    });
    return escaped.toString();
  }
}
