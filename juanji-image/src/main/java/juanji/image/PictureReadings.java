package juanji.image;

import java.nio.file.Path;
import juanji.classify.Reading;
import juanji.classify.ReadingProvider;
import juanji.data.Preprocessing;
import juanji.model.ModelFile;
import juanji.tensor.Shape;

/// Reads pictures for models that were trained on pictures.
public final class PictureReadings implements ReadingProvider {
  /// Made by service binding.
  public PictureReadings() {
  }

  @Override public String kind() {
    return "picture";
  }

  @Override public Reading reading(ModelFile file) {
    Preprocessing steps = file.preprocessing().orElseThrow(() ->
        new IllegalArgumentException("it does not say how pictures are prepared"));
    return new Reading() {
      @Override public Shape shape() {
        return Shape.of(steps.channels(), steps.height(), steps.width());
      }

      @Override public float[] read(Path path) {
        return PictureFile.read(path, steps).data();
      }
    };
  }
}
