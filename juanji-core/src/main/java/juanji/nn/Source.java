package juanji.nn;

import java.util.List;
import java.util.stream.Collectors;

/// Pieces of the code that layers give back as their text.
final class Source {
  private Source() {
  }

  /// A call such as `conv(6, 5)`.
  static String call(String name, List<?> arguments) {
    return arguments.stream().map(Source::literal).collect(Collectors.joining(", ", name + "(", ")"));
  }

  /// A wither such as `.stride(2)`, or nothing where it would only repeat the default.
  static String wither(boolean differs, String name, List<?> arguments) {
    return differs ? "." + call(name, arguments) : "";
  }

  /// A value as a literal: whole numbers without a fraction.
  static String literal(Object value) {
    return value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e9 && !(d == 0 && 1 / d < 0)
        ? Long.toString(Math.round(d)) : String.valueOf(value);
  }

  /// A string literal; names need no escapes.
  static String quote(String text) {
    return '"' + text + '"';
  }

  /// The first of several names.
  static String listed(List<String> names) {
    return String.join(", ", names.stream().limit(12).map(Source::brief).toList()) + (names.size() > 12 ? ", …" : "");
  }

  /// The first characters of a text that is quoted in a message.
  static String brief(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
