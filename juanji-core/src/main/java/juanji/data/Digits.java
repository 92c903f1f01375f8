package juanji.data;

import java.util.List;
import java.util.stream.IntStream;
import juanji.tensor.Shape;

/// Handwritten-looking digits from 0 to 9, drawn by this class: 1 × 28 × 28, light ink from 0 (paper) to 1.
///
/// Every digit is written with a pen along one of several outlines in use for it (a 7 with and without bar, an open and
/// a closed 4, …), with random pen width, pressure, slant, rotation, position, size, proportions and tremble, and with
/// grainy paper. No font and no download is involved. Sample i depends on the seed and on i only, and shows the
/// digit i mod 10, so any range of samples is balanced.
///
/// They are about as hard as MNIST: on 10,000 samples a linear classifier stays below 95 %, a small convolutional
/// network passes 98 %.
///
/// ```java
/// Dataset train = Digits.train(1);          // 10,000
/// Dataset test = Digits.test(1);            // 2,000 others
/// ```
public final class Digits {
  /// The height and the width in pixels.
  public static final int SIDE = 28;
  /// The number of samples of [#train].
  public static final int TRAIN_SIZE = 10_000;
  /// The number of samples of [#test].
  public static final int TEST_SIZE = 2_000;

  /// Digits that one thread draws in a row.
  private static final int SHEET = 100;
  private static final long TEST_STREAM = 0x5bd1e9955bd1e995L;
  private static final List<String> CLASSES = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  private Digits() {
  }

  /// 10,000 digits to train on.
  public static Dataset train(long seed) {
    return generate(TRAIN_SIZE, seed);
  }

  /// 2,000 digits that differ from all of [#train] with the same seed.
  public static Dataset test(long seed) {
    return draw(TEST_SIZE, seed ^ TEST_STREAM);
  }

  /// The first `count` digits of a seed; the first 10,000 of them are those of [#train].
  ///
  /// Constraint: C1 count is at least 1.
  ///
  /// @throws IllegalArgumentException if the constraint is broken
  public static Dataset generate(int count, long seed) {
    return draw(count, seed);
  }

  private static Dataset draw(int count, long seed) {
    if (count < 1) {
      throw new IllegalArgumentException("digits cannot be drawn.\n"
          + "  C1: their number is at least 1; received " + count + ".\n"
          + "  Ask for 10 or more, so that every digit occurs.");
    }
    byte[][] pixels = new byte[count][];
    int[] labels = new int[count];
    IntStream.range(0, Math.ceilDiv(count, SHEET)).parallel().forEach(sheet -> {
      DigitPen pen = new DigitPen(SIDE);
      for (int i = sheet * SHEET; i < Math.min(count, (sheet + 1) * SHEET); i++) {
        labels[i] = i % 10;
        pixels[i] = pen.draw(labels[i], seed, i);
      }
    });
    return Pictures.of(Shape.of(1, SIDE, SIDE), CLASSES, pixels, labels, i -> "digit #" + i);
  }
}
