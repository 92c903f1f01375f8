package juanji.cli;

import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.text.TextPreparation;
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

  /// The network for texts that are read already.
  static Model of(DataParts parts, long seed) {
    if (!parts.reading().getOrDefault("kind", "").equals(TextPreparation.KIND)) {
      throw CommandException.usage("the network text-cnn cannot be trained on this data.",
          "It takes texts; received samples of " + parts.train().shape() + ".", "Choose another with --model.");
    }
    TextPreparation how = TextPreparation.of(parts.reading());
    return TextCnn.rand(how.length(), how.known(), FEATURES, parts.train().classes().size()).initialize(seed);
  }
}
