package juanji.cli;

import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.text.TextPreparation;
import juanji.zoo.CharCnn;
import juanji.zoo.TextCnn;

/// The network for texts where none is named.
final class TextNetwork {
  /// The word that names it.
  static final String NAME = "text-cnn";
  /// The samples that it is known for: sentences of 64 words.
  static final Shape USUAL = Shape.of(64);
  /// The classes that it is known for.
  static final int USUAL_CLASSES = 2;
  private static final int USUAL_VOCABULARY = 20_000;
  private static final int FEATURES = 128;
  /// The network of the zoo that reads letters.
  static final String LETTERS = "charcnn";
  private static final String PAPER = "textcnn-";
  private static final int PAPER_FEATURES = 300;

  private TextNetwork() {
  }

  /// The network for a length, with the usual vocabulary.
  static Model of(Shape input, int classes) {
    if (input.rank() != 1) {
      throw CommandException.usage("the network text-cnn cannot take " + input + ".",
          "It takes texts, whose shape is their length; received " + input + ".", "Use --input 64.");
    }
    return TextCnn.rand(input.dim(0), USUAL_VOCABULARY + 1, FEATURES, classes);
  }

  /// Whether a word names a network for texts, whose vocabulary is that of the texts or its own alphabet.
  static boolean names(String name) {
    return name.equals(NAME) || name.equals(LETTERS) || name.startsWith(PAPER);
  }

  /// The network of a name for texts that are read already: that of the default, or one of the paper's four.
  static Model of(String name, DataParts parts, long seed) {
    if (!parts.reading().getOrDefault("kind", "").equals(TextPreparation.KIND)) {
      throw CommandException.usage("the network " + name + " cannot be trained on this data.",
          "It takes texts; received samples of " + parts.train().shape() + ".", "Choose another with --model.");
    }
    TextPreparation how = TextPreparation.of(parts.reading());
    int words = how.length();
    int known = how.known();
    int classes = parts.train().classes().size();
    if (name.equals(LETTERS)) {
      return CharCnn.onText(words, classes, seed);
    }
    Model fresh = switch (name) {
      case "textcnn-rand" -> TextCnn.rand(words, known, PAPER_FEATURES, classes);
      case "textcnn-static" -> TextCnn.fixed(words, known, PAPER_FEATURES, classes);
      case "textcnn-non-static" -> TextCnn.tuned(words, known, PAPER_FEATURES, classes);
      case "textcnn-multichannel" -> TextCnn.multichannel(words, known, PAPER_FEATURES, classes);
      default -> TextCnn.rand(words, known, FEATURES, classes);
    };
    return fresh.initialize(seed);
  }
}
