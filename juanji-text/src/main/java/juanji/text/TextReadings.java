package juanji.text;

import java.nio.file.Path;
import java.util.Map;
import juanji.classify.Reading;
import juanji.classify.ReadingProvider;
import juanji.model.ModelFile;
import juanji.tensor.Shape;

/// Reads texts for models that were trained on texts.
public final class TextReadings implements ReadingProvider {
  /// Made by service binding.
  public TextReadings() {
  }

  @Override public String kind() {
    return TextPreparation.KIND;
  }

  @Override public Reading reading(ModelFile file) {
    TextPreparation how = TextPreparation.of(file.reading());
    Map<String, Integer> lookup = how.lookup();
    return new Reading() {
      @Override public Shape shape() {
        return how.shape();
      }

      @Override public float[] read(Path path) {
        return read(TextFiles.read(path));
      }

      @Override public float[] read(String text) {
        int[] numbers = how.numbers(text, lookup);
        float[] values = new float[numbers.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = numbers[i];
        }
        return values;
      }
    };
  }
}
