package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one value from a text by recursive descent.
final class ArchitectureReader {
  private static final int LENGTH = 1 << 20;
  private static final int DEPTH = 64;
  private static final int CALLS = 10_000;

  private final String text;
  private final Architecture words;
  private int at;
  private int depth;
  private int calls;

  ArchitectureReader(String text, Architecture words) {
    this.text = text;
    this.words = words;
    if (text.length() > LENGTH) {
      throw error(0, "C1: a text has up to " + LENGTH + " characters; received " + text.length() + ".",
          "Describe the network in fewer layers.");
    }
  }

  /// The only value of the text.
  Object all() {
    Object value = value();
    blanks();
    if (at < text.length()) {
      throw error(at, "C2: the text ends after its only value; received " + here() + ".",
          "Remove what follows, or put layers into chain(…, …).");
    }
    return value;
  }

  <T> T refuse(String expected, String example) {
    throw error(0, "C3: the text is " + expected + "; received something else.", "Write it as in " + example + ".");
  }

  private Object value() {
    blanks();
    int start = at;
    char c = peek();
    if (c == '"') {
      return string();
    }
    if (c == '-' || c >= '0' && c <= '9') {
      return number();
    }
    String word = word();
    if (word.isEmpty()) {
      throw error(start, "C2: a layer, a number or a string is expected; received " + here() + ".",
          "Layers are written as in conv(6, 5).same().");
    }
    if (word.equals("Model") && text.startsWith(".of", at)) {
      at += 3;
      word = "Model.of";
    }
    Architecture.Call call = new Architecture.Call(word, arguments(start));
    Object value = made(start, () -> words.value(call), () -> error(start,
        "C2: a known layer is expected; received '" + Source.brief(call.word()) + "'.",
        "Layers are " + String.join(", ", words.words()) + "."));
    blanks();
    while (peek() == '.') {
      at++;
      blanks();
      int from = at;
      String name = word();
      Object target = value;
      Architecture.Call wither = new Architecture.Call(name, arguments(from));
      value = made(from, () -> Architecture.changed(target, wither), () -> error(from,
          "C2: " + call.word() + " has no '" + Source.brief(name) + "'; received ." + Source.brief(name) + "(…).",
          "Remove it, or see the documentation of " + call.word() + "."));
      blanks();
    }
    return value;
  }

  private interface Making {
    Optional<Object> make();
  }

  private interface Refusal {
    ArchitectureException error();
  }

  /// What was made, with errors of the layers themselves placed in the text.
  private Object made(int start, Making making, Refusal unknown) {
    Optional<Object> made;
    try {
      made = making.make();
    } catch (IllegalArgumentException e) {
      String[] lines = String.valueOf(e.getMessage()).split("\n");
      throw new ArchitectureException(line(start), column(start), lines.length > 1 ? lines[1].strip()
          : "C3: the arguments make a layer; received: " + lines[0], lines.length > 2 ? lines[2].strip()
          : "Give other arguments.", e);
    }
    return made.orElseThrow(unknown::error);
  }

  private List<Object> arguments(int start) {
    blanks();
    if (peek() != '(') {
      throw error(at, "C2: '(' is expected after '" + Source.brief(text.substring(start, at).strip()) + "'; received "
          + here() + ".", "Write the arguments in parentheses, even if there are none.");
    }
    if (++depth > DEPTH) {
      throw error(at, "C1: layers are nested up to " + DEPTH + " levels deep; received more.",
          "Write chains flat: chain(a, b, c).");
    }
    if (++calls > CALLS) {
      throw error(at, "C1: a text has up to " + CALLS + " layers and withers; received more.",
          "Describe the network in fewer layers.");
    }
    at++;
    List<Object> values = new ArrayList<>();
    blanks();
    if (peek() == ')') {
      at++;
      depth--;
      return values;
    }
    while (true) {
      values.add(value());
      blanks();
      char c = peek();
      if (c != ',' && c != ')') {
        throw error(at, "C2: ',' or ')' is expected; received " + here() + ".",
            "Separate arguments by commas and close every parenthesis.");
      }
      at++;
      if (c == ')') {
        depth--;
        return values;
      }
    }
  }

  private Object number() {
    int start = at;
    at++;
    while (at < text.length() && (Character.isLetterOrDigit(peek()) || peek() == '.'
        || (peek() == '-' || peek() == '+') && (text.charAt(at - 1) == 'e' || text.charAt(at - 1) == 'E'))) {
      at++;
    }
    String literal = text.substring(start, at);
    try {
      if (literal.matches("-?[0-9]{1,10}")) {
        return Integer.valueOf(literal);
      }
      if (literal.length() <= 40 && literal.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
        double value = Double.parseDouble(literal);
        if (Double.isFinite(value)) {
          return value;
        }
      }
    } catch (NumberFormatException e) {
      // Ten digits may still exceed an int; the error below says so.
    }
    throw error(start, "C2: a number is like 3, -1 or 0.5, whole ones up to 2147483647; received '"
        + Source.brief(literal) + "'.", "Write a smaller or plainer number.");
  }

  private String string() {
    int start = at;
    int end = text.indexOf('"', at + 1);
    if (end < 0 || text.substring(at, end).contains("\n") || text.substring(at, end).contains("\\")) {
      throw error(start, "C2: a string ends with a quote in its line and has no escapes; received " + here() + ".",
          "Write names as in \"conv1\".");
    }
    at = end + 1;
    return text.substring(start + 1, end);
  }

  private String word() {
    int start = at;
    while (at < text.length() && Character.isJavaIdentifierPart(peek())
        && (at > start || Character.isJavaIdentifierStart(peek()))) {
      at++;
    }
    return text.substring(start, at);
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /// The next character; 0 at the end, which no text can continue with.
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private String here() {
    if (at >= text.length()) {
      return "the end of the text";
    }
    int end = Math.min(text.length(), at + 20);
    return "'" + text.substring(at, end).lines().findFirst().orElse("").strip() + "'";
  }

  private int line(int position) {
    return 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  private int column(int position) {
    return position - text.lastIndexOf('\n', position - 1);
  }

  private ArchitectureException error(int position, String constraint, String remedy) {
    return new ArchitectureException(line(position), column(position), constraint, remedy, null);
  }
}
