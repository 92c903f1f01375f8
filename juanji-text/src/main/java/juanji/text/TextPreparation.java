package juanji.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.tensor.Shape;

/// How a text becomes numbers: cut into tokens, each replaced by its number in the vocabulary, at a fixed length.
///
/// Number 0 stands for every token that is not in the vocabulary, 1 for its first token, and so on; −1, which networks
/// see as nothing, fills up what is too short. Of what is too long, the beginning counts.
///
/// Constraints: C1 the length is from 1 to 1,000,000; C2 the vocabulary has different tokens, none of them empty or
/// with a line break.
///
/// ```java
/// TextPreparation how = TextPreparation.measure(texts, Tokens.WORDS, 20_000, 256);
/// float[] numbers = how.numbers("an unknown sentence");
/// ```
///
/// @param tokens what texts are cut into
/// @param length tokens per text
/// @param vocabulary the known tokens
public record TextPreparation(Tokens tokens, int length, List<String> vocabulary) {
  /// The word for this kind of data in model files.
  public static final String KIND = "text";
  private static final int MOST_TOKENS = 1 << 22;

  /// Checks the constraints.
  public TextPreparation {
    if (length < 1 || length > 1_000_000) {
      throw new IllegalArgumentException("texts cannot be brought to " + length + " tokens.\n"
          + "  C1: the length is from 1 to 1,000,000; received " + length + ".\n  Use 64.");
    }
    vocabulary = List.copyOf(vocabulary);
    if (new LinkedHashSet<>(vocabulary).size() != vocabulary.size() || vocabulary.size() > MOST_TOKENS
        || vocabulary.stream().anyMatch(t -> t.isEmpty() || t.indexOf('\n') >= 0)) {
      throw new IllegalArgumentException("a vocabulary of " + vocabulary.size() + " tokens cannot be used.\n"
          + "  C2: its tokens are different, none is empty or has a line break, and there are at most " + MOST_TOKENS
          + "; received one of which this is not true.\n  Make it by TextPreparation.measure.");
    }
  }

  /// The vocabulary of texts: the tokens that are seen at least twice (once, if there are few), the most common first,
  /// in the order of their characters where equally common. The length is that of the longest text, if 99 in 100 texts
  /// are not much shorter, otherwise what 99 in 100 do not exceed.
  ///
  /// @param texts what to train on
  /// @param mostTokens how many tokens at most
  /// @param mostLength the length at most
  public static TextPreparation measure(List<String> texts, Tokens tokens, int mostTokens, int mostLength) {
    Map<String, Integer> counts = new HashMap<>();
    int[] lengths = new int[texts.size()];
    for (int i = 0; i < lengths.length; i++) {
      List<String> own = tokens.of(texts.get(i), Math.max(mostLength, 10_000));
      lengths[i] = own.size();
      own.forEach(t -> counts.merge(t, 1, Integer::sum));
    }
    int least = counts.size() > 1000 ? 2 : 1;
    List<String> vocabulary = counts.entrySet().stream().filter(e -> e.getValue() >= least)
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey())).limit(mostTokens).map(Map.Entry::getKey).toList();
    int[] sorted = IntStream.of(lengths).sorted().toArray();
    int most = sorted.length == 0 ? 1 : sorted[sorted.length - 1];
    int usual = sorted.length == 0 ? 1 : sorted[(int) (0.99 * (sorted.length - 1))];
    int length = Math.clamp(most <= 2 * usual ? most : usual, 5, Math.max(5, mostLength));
    return new TextPreparation(tokens, length, vocabulary);
  }

  /// The same with another length.
  public TextPreparation length(int other) {
    return new TextPreparation(tokens, other, vocabulary);
  }

  /// The numbers that networks know: those of the vocabulary, and 0.
  public int known() {
    return vocabulary.size() + 1;
  }

  /// The shape of a sample: its length.
  public Shape shape() {
    return Shape.of(length);
  }

  /// Looks tokens up, many times.
  Map<String, Integer> lookup() {
    Map<String, Integer> numbers = HashMap.newHashMap(vocabulary.size());
    for (int i = 0; i < vocabulary.size(); i++) {
      numbers.put(vocabulary.get(i), i + 1);
    }
    return numbers;
  }

  int[] numbers(String text, Map<String, Integer> lookup) {
    List<String> own = tokens.of(text, length);
    int[] numbers = new int[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = i < own.size() ? lookup.getOrDefault(own.get(i), 0) : -1;
    }
    return numbers;
  }

  /// The numbers of a text.
  public float[] numbers(String text) {
    int[] numbers = numbers(text, lookup());
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = numbers[i];
    }
    return values;
  }

  /// As a model file keeps it.
  public Map<String, String> reading() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("kind", KIND);
    texts.put("tokens", tokens.word());
    texts.put("length", Integer.toString(length));
    texts.put("vocabulary", String.join("\n", vocabulary));
    return texts;
  }

  /// From what a model file keeps.
  ///
  /// @throws IllegalArgumentException if something is missing or cannot be
  public static TextPreparation of(Map<String, String> reading) {
    for (String name : List.of("tokens", "length", "vocabulary")) {
      if (!reading.containsKey(name)) {
        throw new IllegalArgumentException("it lacks '" + name + "'");
      }
    }
    String words = reading.get("vocabulary");
    List<String> vocabulary = words.isEmpty() ? List.of() : new ArrayList<>(List.of(words.split("\n", -1)));
    return new TextPreparation(Tokens.named(reading.get("tokens")), Integer.parseInt(reading.get("length")),
        vocabulary);
  }
}
