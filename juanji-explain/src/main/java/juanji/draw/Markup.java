package juanji.draw;

/// Text and numbers in SVG and HTML.
public final class Markup {
  private Markup() {
  }

  /// The text with the characters that mean something in HTML and XML written out, and those that both forbid replaced.
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> {
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.appendCodePoint(c < ' ' && c != '\n' && c != '\t' || c >= 0xd800 && c < 0xe000
            || c == 0xfffe || c == 0xffff ? 0xfffd : c);
      }
    });
    return escaped.toString();
  }

  /// A coordinate with up to two decimals, the shortest way.
  static String number(double value) {
    long hundredths = Math.round(value * 100);
    long whole = Math.abs(hundredths) / 100;
    long rest = Math.abs(hundredths) % 100;
    String sign = hundredths < 0 ? "-" : "";
    return sign + whole + (rest == 0 ? "" : rest % 10 == 0 ? "." + rest / 10 : (rest < 10 ? ".0" : ".") + rest);
  }

  /// How wide a text will be, about: exact widths depend on the reader's fonts.
  ///
  /// @param size of the letters, in pixels
  public static double width(String text, double size) {
    return text.codePoints().mapToDouble(Markup::em).sum() * size;
  }

  private static double em(int c) {
    return c >= 0x2e80 && c < 0x1f000 ? 1 : "iljtf.,:;|!'()[] ".indexOf(c) >= 0 ? 0.38
        : c >= 'A' && c <= 'Z' || "mwMW%—…×+=−".indexOf(c) >= 0 ? 0.8 : 0.62;
  }
}
