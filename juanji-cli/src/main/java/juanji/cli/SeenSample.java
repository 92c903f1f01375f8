package juanji.cli;

import java.nio.file.Path;
import java.util.Optional;
import juanji.audio.SoundPreparation;
import juanji.classify.Classifier;
import juanji.draw.Drawing;
import juanji.explain.Relevance;
import juanji.model.ModelFile;
import juanji.tensor.Tensor;
import juanji.text.TextPreparation;

/// A sample as a person and as a network sees it.
sealed interface SeenSample permits SeenPicture, SeenText, SeenSound {
  /// What it is called.
  String name();

  /// As the network sees it, 1 × sample.
  Tensor sample();

  /// As a person sees it.
  ///
  /// @param relevance how much an answer rests on each place of it, if that is to be seen, too
  Drawing drawing(Optional<Relevance> relevance);

  /// Writes it with the relevance of its places as a file of its own.
  ///
  /// @param folder where the file goes
  /// @param name of the file, without an ending
  void write(Path folder, String name, Relevance relevance);

  /// The places that an answer rests on most, in words; empty where a picture says it better.
  String told(Relevance relevance);

  /// What a word on the command line names: a file of the kind that the model was trained on, a text, or `digits#7`.
  static SeenSample of(String word, Path model, ModelFile file) {
    return switch (Classifier.kind(file)) {
      case TextPreparation.KIND -> SeenText.of(word, file);
      case SoundPreparation.KIND -> SeenSound.of(word, model, file);
      default -> SeenPicture.of(word, file);
    };
  }
}
