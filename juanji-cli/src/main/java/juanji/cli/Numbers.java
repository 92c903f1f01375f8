package juanji.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import juanji.json.Json;

/// Numbers as people and programs read them.
final class Numbers {
  private Numbers() {
  }

  /// A share as a percentage with two decimals.
  static String percent(double share) {
    return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  /// A loss with four decimals.
  static String loss(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.4f", value);
  }

  /// A whole number in groups of three digits.
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// A length of time: `42 s`, `3:07` minutes or `1:02:09` hours.
  static String time(double seconds) {
    long s = Math.round(Math.min(seconds, 1e7));
    return s < 60 ? s + " s" : s < 3600 ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  /// A number with nine digits and without an exponent; null if it is not finite.
  static Json json(double value) {
    return Double.isFinite(value) ? new Json.Number(plain(value)) : new Json.Null();
  }

  /// A finite number with nine digits and without an exponent.
  static String plain(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(9));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /// JSON for people too: the members of an object, and of the objects in it, on lines of their own.
  static String lines(Json value) {
    return lines(value, "");
  }

  private static String lines(Json value, String indent) {
    return value instanceof Json.Members m && !m.members().isEmpty() ? m.members().entrySet().stream()
        .map(e -> indent + "  " + Json.of(e.getKey()) + ": " + lines(e.getValue(), indent + "  "))
        .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}")) : value.toString();
  }

  static Json texts(List<String> values) {
    return Json.of(values.stream().map(Json::of).toList());
  }
}
