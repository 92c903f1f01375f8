package juanji.cli;

import juanji.classify.Classifier;
import juanji.model.ModelFile;

/// The Java program that uses a model as `juanji predict` does.
///
/// @param kind the kind of data
record EmbeddingProgram(String kind) {
  /// The program for a model.
  static EmbeddingProgram of(ModelFile file) {
    return new EmbeddingProgram(Classifier.kind(file));
  }

  /// Something to classify.
  String example() {
    return switch (kind) {
      case "text" -> "a text to classify";
      case "sound" -> "sound.wav";
      case "video" -> "video.avi";
      default -> "picture.png";
    };
  }

  /// The modules that it needs.
  String modules() {
    return switch (kind) {
      case "text" -> "juanji.text";
      case "sound" -> "juanji.audio";
      case "video" -> "juanji.video";
      default -> "juanji.image";
    };
  }

  /// The whole source file.
  String text() {
    return """
        import java.nio.file.Path;
        import juanji.classify.Classifier;
        import juanji.classify.Prediction;

        void main() {
          // Thread-safe: load it once, and call classify from as many threads as there are.
          try (Classifier classifier = Classifier.load(Path.of("%s"))) {
            for (Prediction p : classifier.classify(%s)) {
              IO.println(p.label() + " " + p.probability());
            }
          }
        }
        """.formatted(RunFolder.MODEL, kind.equals("text") ? "\"" + example() + "\""
            : "Path.of(\"" + example() + "\")");
  }
}
