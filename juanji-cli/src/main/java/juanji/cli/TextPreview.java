package juanji.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import juanji.data.Dataset;
import juanji.text.TextPreparation;

/// Texts as a training sees them, token by token.
///
/// @param data the texts
/// @param reading how they are read
/// @param epochs how many changes of each
record TextPreview(Dataset data, Map<String, String> reading, int epochs) {
  List<String> lines(int[] chosen) {
    TextPreparation how = TextPreparation.of(reading);
    List<String> lines = new ArrayList<>();
    float[] numbers = new float[data.shape().length()];
    for (int index : chosen) {
      lines.add(data.classes().get(data.label(index)) + "  " + data.source(index) + "\n  text     "
          + data.text(index).strip().replaceAll("\\s+", " "));
      data.read(index, numbers, 0);
      lines.add("  tokens   " + words(numbers, how));
      for (int epoch = 1; epoch <= epochs; epoch++) {
        data.readVaried(index, epoch, numbers, 0);
        lines.add(String.format("  epoch %-3d%s", epoch, words(numbers, how)));
      }
    }
    return lines;
  }

  private static String words(float[] numbers, TextPreparation how) {
    List<String> words = new ArrayList<>();
    for (float number : numbers) {
      int n = (int) number;
      if (n >= 0) {
        words.add(n == 0 ? "[?]" : how.vocabulary().get(n - 1));
      }
    }
    return String.join(" ", words);
  }
}
