package juanji.json;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A JSON value (RFC 8259). `toString` gives its text.
///
/// ```
/// Json = Members | Items | Text | Number | Bool | Null
/// ```
///
/// ```java
/// Json value = Json.parse("{\"size\": [3, 5]}");
/// long first = value.member("size").items().getFirst().asLong();        // 3
/// ```
public sealed interface Json {
  /// The value that a text holds; up to 64 levels deep and of up to 1,000,000 values.
  ///
  /// @throws JsonException if the text is not JSON, is nested deeper, has more values, or names a member of an object
  ///     twice
  static Json parse(String text) {
    return parse(text, 64);
  }

  /// The value that a text holds.
  ///
  /// @param depth how many levels deep it may be nested, up to 1,000
  /// @throws JsonException if the text is not JSON, is nested deeper, or names a member of an object twice
  static Json parse(String text, int depth) {
    return new JsonReader(text, Math.min(depth, 1000)).all();
  }

  /// A string.
  static Json of(String text) {
    return new Text(text);
  }

  /// A whole number.
  static Json of(long number) {
    return new Number(Long.toString(number));
  }

  /// A finite number.
  static Json of(double number) {
    return new Number(number == Math.rint(number) && Math.abs(number) < 1e15 ? Long.toString((long) number)
        : Double.toString(number));
  }

  /// True or false.
  static Json of(boolean value) {
    return new Bool(value);
  }

  /// An array.
  static Json of(List<? extends Json> items) {
    return new Items(List.copyOf(items));
  }

  /// An object with its members in the map's order.
  static Json of(Map<String, ? extends Json> members) {
    return new Members(new LinkedHashMap<>(members));
  }

  /// An object of strings.
  static Json ofTexts(Map<String, String> texts) {
    Map<String, Json> members = new LinkedHashMap<>();
    texts.forEach((name, text) -> members.put(name, of(text)));
    return of(members);
  }

  /// An object: members by name, in the order of the text.
  ///
  /// @param members the members
  record Members(Map<String, Json> members) implements Json {
    /// Takes a copy of the map.
    public Members {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    @Override public String toString() {
      return members.entrySet().stream().map(e -> quote(e.getKey()) + ":" + e.getValue())
          .collect(Collectors.joining(",", "{", "}"));
    }
  }

  /// An array.
  ///
  /// @param items the elements
  record Items(List<Json> items) implements Json {
    /// Takes a copy of the list.
    public Items {
      items = List.copyOf(items);
    }

    @Override public String toString() {
      return items.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]"));
    }
  }

  /// A string.
  ///
  /// @param text its characters, without quotes and escapes
  record Text(String text) implements Json {
    @Override public String toString() {
      return quote(text);
    }
  }

  /// A number, kept as it is written.
  ///
  /// @param literal its text
  record Number(String literal) implements Json {
    static final Pattern GRAMMAR = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    /// Checks that the text is a JSON number.
    public Number {
      if (!GRAMMAR.matcher(literal).matches()) {
        throw new IllegalArgumentException("'" + literal + "' is no JSON number.\n"
            + "  C1: a number is finite and written as in -1, 0.5 or 1e-3; received " + literal + ".\n"
            + "  Leave out values that are not finite, or write them as strings.");
      }
    }

    @Override public String toString() {
      return literal;
    }
  }

  /// True or false.
  ///
  /// @param value which
  record Bool(boolean value) implements Json {
    @Override public String toString() {
      return Boolean.toString(value);
    }
  }

  /// Nothing.
  record Null() implements Json {
    @Override public String toString() {
      return "null";
    }
  }

  /// The members of this object.
  ///
  /// @throws JsonException if this is no object
  default Map<String, Json> members() {
    throw unlike("an object");
  }

  /// The elements of this array.
  ///
  /// @throws JsonException if this is no array
  default List<Json> items() {
    throw unlike("an array");
  }

  /// The characters of this string.
  ///
  /// @throws JsonException if this is no string
  default String asText() {
    if (this instanceof Text t) {
      return t.text;
    }
    throw unlike("a string");
  }

  /// This whole number.
  ///
  /// @throws JsonException if this is no whole number that fits in a `long`
  default long asLong() {
    if (this instanceof Number n && n.literal.length() <= 40) {
      try {
        return n.literal.matches("-?[0-9]+") ? Long.parseLong(n.literal) : exact(n);
      } catch (ArithmeticException | NumberFormatException e) {
        throw unlike("a whole number of 64 bits");
      }
    }
    throw unlike("a whole number of 64 bits");
  }

  private static long exact(Number n) {
    BigDecimal value = new BigDecimal(n.literal);
    if (Math.abs((long) value.scale()) > 100) {
      throw new ArithmeticException();
    }
    return value.longValueExact();
  }

  /// This number, rounded to double precision.
  ///
  /// @throws JsonException if this is no number
  default double asDouble() {
    if (this instanceof Number n) {
      return Double.parseDouble(n.literal);
    }
    throw unlike("a number");
  }

  /// Whether this is true.
  ///
  /// @throws JsonException if this is neither true nor false
  default boolean asBoolean() {
    if (this instanceof Bool b) {
      return b.value;
    }
    throw unlike("true or false");
  }

  /// A member of this object.
  ///
  /// @throws JsonException if this is no object or has no such member
  default Json member(String name) {
    return find(name).orElseThrow(() -> new JsonException("the JSON object lacks '" + name + "'",
        "C4: it has a member '" + name + "'; received " + brief() + ".", "Add the member."));
  }

  /// A member of this object, if it has it.
  ///
  /// @throws JsonException if this is no object
  default Optional<Json> find(String name) {
    return Optional.ofNullable(members().get(name));
  }

  private String brief() {
    String text = toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private JsonException unlike(String expected) {
    return new JsonException("the JSON value is not what is expected",
        "C3: it is " + expected + "; received " + brief() + ".", "Write " + expected + ".");
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alone = Character.isSurrogate(c) && !paired(text, i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        case '\r' -> quoted.append("\\r");
        default -> quoted.append(c < ' ' || alone ? String.format("\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    return quoted.append('"').toString();
  }

  private static boolean paired(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }
}
