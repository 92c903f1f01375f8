package juanji.audio;

import java.nio.file.Path;
import juanji.classify.Reading;
import juanji.classify.ReadingProvider;
import juanji.data.Preprocessing;
import juanji.model.ModelFile;
import juanji.tensor.Shape;

/// Reads sounds for models that were trained on sounds.
public final class SoundReadings implements ReadingProvider {
  /// Made by service binding.
  public SoundReadings() {
  }

  @Override public String kind() {
    return SoundPreparation.KIND;
  }

  @Override public Reading reading(ModelFile file) {
    SoundPreparation how = SoundPreparation.of(file.reading());
    Preprocessing steps = file.preprocessing().orElseThrow(() ->
        new IllegalArgumentException("it does not say how features are normalised"));
    return new Reading() {
      @Override public Shape shape() {
        return how.shape();
      }

      @Override public float[] read(Path path) {
        float[] values = how.features(SoundFile.read(path));
        steps.normalise(values, 0);
        return values;
      }
    };
  }
}
