package juanji.video;

import java.nio.file.Path;
import juanji.classify.Reading;
import juanji.classify.ReadingProvider;
import juanji.data.Preprocessing;
import juanji.model.ModelFile;
import juanji.tensor.Shape;

/// Reads videos for models that were trained on videos.
public final class VideoReadings implements ReadingProvider {
  /// Made by service binding.
  public VideoReadings() {
  }

  @Override public String kind() {
    return VideoPreparation.KIND;
  }

  @Override public Reading reading(ModelFile file) {
    VideoPreparation how = VideoPreparation.of(file.reading());
    Preprocessing steps = file.preprocessing().orElseThrow(() ->
        new IllegalArgumentException("it does not say how frames are normalised"));
    if (!steps.fits(how.shape())) {
      throw new IllegalArgumentException("its frames are " + how.size().shape() + ", which it normalises otherwise");
    }
    return new Reading() {
      @Override public Shape shape() {
        return how.shape();
      }

      @Override public float[] read(Path path) {
        float[] values = how.read(path);
        steps.normalise(values, 0, how.frames());
        return values;
      }
    };
  }
}
