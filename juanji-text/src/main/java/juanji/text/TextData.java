package juanji.text;

import java.util.List;
import java.util.Map;
import juanji.data.Dataset;
import juanji.tensor.Shape;

/// A dataset of texts, as the numbers of their tokens.
///
/// Constraints: C1 there is one label and one source per text; C2 labels are within the classes.
///
/// ```java
/// TextData all = TextFiles.open(Path.of("reviews"), Optional.empty()).part(Part.TRAIN).orElseThrow();
/// TextData ready = all.prepared(TextPreparation.measure(all.texts(), Tokens.WORDS, 20_000, 256));
/// ```
public final class TextData implements Dataset {
  private final List<String> texts;
  private final List<String> classes;
  private final int[] labels;
  private final List<String> sources;
  private final TextPreparation preparation;
  private final int[][] numbers;

  private TextData(List<String> texts, List<String> classes, int[] labels, List<String> sources,
      TextPreparation preparation) {
    this.texts = List.copyOf(texts);
    this.classes = List.copyOf(classes);
    this.labels = labels;
    this.sources = List.copyOf(sources);
    this.preparation = preparation;
    Map<String, Integer> lookup = preparation.lookup();
    this.numbers = this.texts.stream().map(t -> preparation.numbers(t, lookup)).toArray(int[][]::new);
  }

  /// Texts whose vocabulary is still empty.
  ///
  /// @param sources where each text is from, for messages
  /// @throws IllegalArgumentException if a constraint is broken
  public static TextData of(List<String> texts, List<String> classes, int[] labels, List<String> sources) {
    if (labels.length != texts.size() || sources.size() != texts.size()) {
      throw new IllegalArgumentException(texts.size() + " texts cannot take " + labels.length + " labels and "
          + sources.size() + " sources.\n  C1: there is one of each per text.\n  Give as many.");
    }
    for (int label : labels) {
      if (label < 0 || label >= classes.size()) {
        throw new IllegalArgumentException("a text has a label outside the classes.\n"
            + "  C2: labels are from 0 to " + (classes.size() - 1) + "; received " + label + ".\n"
            + "  Name every class, or correct the label.");
      }
    }
    return new TextData(texts, classes, labels.clone(), sources, new TextPreparation(Tokens.WORDS, 1, List.of()));
  }

  /// The same texts as other numbers.
  public TextData prepared(TextPreparation how) {
    return new TextData(texts, classes, labels, sources, how);
  }

  /// The texts.
  public List<String> texts() {
    return texts;
  }

  /// How they are numbers.
  public TextPreparation preparation() {
    return preparation;
  }

  @Override public Shape shape() {
    return preparation.shape();
  }

  @Override public List<String> classes() {
    return classes;
  }

  @Override public int size() {
    return labels.length;
  }

  @Override public int label(int index) {
    return labels[index];
  }

  @Override public void read(int index, float[] into, int offset) {
    int[] own = numbers[index];
    for (int i = 0; i < own.length; i++) {
      into[offset + i] = own[i];
    }
  }

  @Override public String text(int index) {
    return texts.get(index);
  }

  @Override public String source(int index) {
    return sources.get(index);
  }

  @Override public String toString() {
    return "TextData(" + size() + " of " + shape() + ", " + classes.size() + " classes)";
  }
}
