package juanji.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/// Reads one JSON value from a text by recursive descent.
final class JsonReader {
  private static final int MOST_VALUES = 1_000_000;

  private final String text;
  private final int deepest;
  private int at;
  private int depth;
  private int values;

  JsonReader(String text, int deepest) {
    this.text = text;
    this.deepest = deepest;
  }

  Json all() {
    Json value = value();
    blanks();
    if (at < text.length()) {
      throw error("C1: the text ends after its only value; received " + here() + ".", "Remove what follows.");
    }
    return value;
  }

  private Json value() {
    blanks();
    if (++values > MOST_VALUES) {
      throw error("C2: a text has up to " + MOST_VALUES + " values; received more.", "Split it into several texts.");
    }
    switch (peek()) {
      case '{' -> {
        enter();
        Json value = members();
        depth--;
        return value;
      }
      case '[' -> {
        enter();
        Json value = items();
        depth--;
        return value;
      }
      case '"' -> {
        return new Json.Text(string());
      }
      case 't' -> {
        return word("true", new Json.Bool(true));
      }
      case 'f' -> {
        return word("false", new Json.Bool(false));
      }
      case 'n' -> {
        return word("null", new Json.Null());
      }
      default -> {
        return number();
      }
    }
  }

  private void enter() {
    if (++depth > deepest) {
      throw error("C2: values are nested up to " + deepest + " levels deep; received more.", "Nest less.");
    }
    at++;
  }

  private Json members() {
    Map<String, Json> members = new LinkedHashMap<>();
    blanks();
    if (peek() == '}') {
      at++;
      return new Json.Members(members);
    }
    while (true) {
      blanks();
      int start = at;
      String name = string();
      blanks();
      if (peek() != ':') {
        throw error("C1: ':' follows a member's name; received " + here() + ".", "Write {\"name\": value}.");
      }
      at++;
      if (members.putIfAbsent(name, value()) != null) {
        at = start;
        throw error("C1: an object names each member once; received '" + brief(name) + "' again.", "Remove one.");
      }
      if (closed('}')) {
        return new Json.Members(members);
      }
    }
  }

  private Json items() {
    List<Json> items = new ArrayList<>();
    blanks();
    if (peek() == ']') {
      at++;
      return new Json.Items(items);
    }
    do {
      items.add(value());
    } while (!closed(']'));
    return new Json.Items(items);
  }

  private boolean closed(char end) {
    blanks();
    char c = peek();
    if (c != ',' && c != end) {
      throw error("C1: ',' or '" + end + "' is expected; received " + here() + ".", "Separate values by commas.");
    }
    at++;
    return c == end;
  }

  private Json word(String word, Json value) {
    if (!text.startsWith(word, at)) {
      throw error("C1: a value is expected; received " + here() + ".", "Write true, false or null in full.");
    }
    at += word.length();
    return value;
  }

  private Json number() {
    Matcher matcher = Json.Number.GRAMMAR.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      throw error("C1: a value is expected; received " + here() + ".", "Write an object, an array, a string, a number, "
          + "true, false or null.");
    }
    at = matcher.end();
    return new Json.Number(matcher.group());
  }

  private String string() {
    if (peek() != '"') {
      throw error("C1: a string is expected; received " + here() + ".", "Write names in double quotes.");
    }
    at++;
    StringBuilder value = new StringBuilder();
    while (true) {
      char c = peek();
      if (at >= text.length() || c < ' ') {
        throw error("C1: a string ends with a quote and has no bare control characters; received " + here() + ".",
            "Close the string, or write \\n for a line's end.");
      }
      at++;
      if (c == '"') {
        return value.toString();
      }
      value.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
          int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
          if (digit < 0) {
            throw error("C1: four hexadecimal digits follow \\u; received " + here() + ".", "Write as in \\u00e9.");
          }
          code = code * 16 + digit;
        }
        yield (char) code;
      }
      default -> {
        at--;
        throw error("C1: an escape is one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u; received " + here() + ".",
            "Write \\\\ for a backslash.");
      }
    };
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private String here() {
    return at >= text.length() ? "the end of the text"
        : "'" + brief(text.substring(at, Math.min(text.length(), at + 20)).lines().findFirst().orElse("")) + "'";
  }

  private static String brief(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  private JsonException error(String constraint, String remedy) {
    int end = Math.min(at, text.length());
    long line = 1 + text.substring(0, end).chars().filter(c -> c == '\n').count();
    int column = end - text.lastIndexOf('\n', end - 1);
    return new JsonException("the text is not JSON at line " + line + ", column " + column, constraint, remedy);
  }
}
