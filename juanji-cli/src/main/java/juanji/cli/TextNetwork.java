package juanji.cli;

import juanji.nn.Model;
import juanji.text.TextPreparation;
import juanji.zoo.TextCnn;

/// The network for texts where none is named.
final class TextNetwork {
  /// The word that names it.
  static final String NAME = "text-cnn";
  private static final int FEATURES = 128;

  private TextNetwork() {
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
