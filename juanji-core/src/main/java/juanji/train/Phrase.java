package juanji.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A loss, optimiser, schedule or augmentation as people type it: `word:value:key=value,key=value`, such as
/// `step:3:0.1` or `focal:gamma=2`. What nobody asked for is refused, so that a misspelt key is not ignored.
///
/// ```java
/// Phrase phrase = new Phrase("penalty", "l2:0.01");
/// double size = phrase.next("size", 0.001);
/// phrase.complete(size);
/// ```
public final class Phrase {
  private final String kind;
  private final String text;
  private final String word;
  private final List<String> values = new ArrayList<>();
  private final Map<String, String> options = new LinkedHashMap<>();

  /// Takes a text apart.
  ///
  /// @param kind what it names, for messages
  public Phrase(String kind, String text) {
    this.kind = kind;
    this.text = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    String[] parts = text.split("[:,]", -1);
    this.word = parts[0];
    for (String part : Arrays.copyOfRange(parts, 1, parts.length)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        values.add(part);
      } else {
        options.put(part.substring(0, equals), part.substring(equals + 1));
      }
    }
  }

  /// The word before the settings.
  public String word() {
    return word;
  }

  private IllegalArgumentException refused(String constraint, String remedy) {
    return new IllegalArgumentException("the " + kind + " '" + text + "' cannot be read.\n  C1: " + constraint
        + "; received '" + text + "'.\n  " + remedy);
  }

  /// What to throw where the word is none that is known.
  ///
  /// @param words those that are
  public IllegalArgumentException unknown(String words) {
    String article = "aeiou".indexOf(kind.charAt(0)) < 0 ? "a " : "an ";
    return new IllegalArgumentException("there is no " + kind + " '" + text + "'.\n  C1: " + article + kind
        + " is one of " + words + "; received '" + text + "'.\n  Name one of these, with settings as in "
        + "word:key=value.");
  }

  /// The option of the given key as it is, or `usual` if it is not there.
  public String text(String key, String usual) {
    String value = options.remove(key);
    return value == null ? usual : value;
  }

  /// The option of the given key, or `usual` if it is not there.
  public double number(String key, double usual) {
    String value = options.remove(key);
    return value == null ? usual : parsed(key, value);
  }

  /// The option of the given key, or the next value without a key, or `usual` if neither is there.
  public double next(String key, double usual) {
    return options.containsKey(key) || values.isEmpty() ? number(key, usual) : parsed(key, values.removeFirst());
  }

  private double parsed(String key, String value) {
    try {
      double number = Double.parseDouble(value);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, like numbers that are not finite.
    }
    throw refused("'" + key + "' is a number", "Write it as in " + word + ":" + key + "=0.1.");
  }

  /// The option of the given key, a whole number, or `usual` if it is not there.
  public int whole(String key, int usual) {
    return whole(key, number(key, usual));
  }

  /// The option of the given key, or the next value without a key, a whole number; `usual` if neither is there.
  public int nextWhole(String key, int usual) {
    return whole(key, next(key, usual));
  }

  private int whole(String key, double number) {
    if (number != (int) number) {
      throw refused("'" + key + "' is a whole number", "Write it as in " + word + ":" + key + "=2.");
    }
    return (int) number;
  }

  /// Numbers with `/` between them: the option of the given key, or the next value.
  public List<Double> numbers(String key, List<Double> usual) {
    String value = options.containsKey(key) || values.isEmpty() ? options.remove(key) : values.removeFirst();
    return value == null ? usual : Arrays.stream(value.split("/", -1)).map(v -> parsed(key, v)).toList();
  }

  /// Whether the word alone stands among the values.
  public boolean flag(String key) {
    return values.remove(key);
  }

  /// The result, if everything was asked for.
  public <T> T complete(T result) {
    if (!values.isEmpty() || !options.isEmpty()) {
      throw refused("'" + word + "' has no setting '" + (values.isEmpty() ? options.keySet().iterator().next()
          : values.getFirst()) + "'", "Leave it out, or see the documentation of '" + word + "'.");
    }
    return result;
  }
}
