package juanji.lab;

import java.util.List;
import java.util.Random;
import juanji.data.Dataset;
import juanji.tensor.Shape;

/// A dataset whose pictures are moved by whole pixels; what comes in is 0.
///
/// @param data the pictures where they were
/// @param way how far each is moved
record Moved(Dataset data, Way way) implements Dataset {
  /// How far a picture is moved.
  @FunctionalInterface
  interface Way {
    /// @param planes the picture, channels × h × w
    /// @return pixels down and across
    int[] of(int index, float[] planes, int h, int w);
  }

  /// Each picture moved so that the middle of what is bright lies in the middle.
  static Moved aligned(Dataset data) {
    return new Moved(data, (_, planes, h, w) -> {
      double mass = 1e-12;
      double down = 0;
      double across = 0;
      for (int i = 0; i < planes.length; i++) {
        mass += planes[i];
        down += planes[i] * (i / w % h);
        across += planes[i] * (i % w);
      }
      return new int[] {(int) Math.round((h - 1) / 2.0 - down / mass),
          (int) Math.round((w - 1) / 2.0 - across / mass)};
    });
  }

  /// Each picture moved by its own number of pixels, at most so many each way.
  static Moved shifted(Dataset data, int most) {
    return new Moved(data, (index, _, _, _) -> {
      Random random = new Random(31L * index + 7);
      int down = random.nextInt(2 * most + 1) - most;
      return new int[] {down, random.nextInt(2 * most + 1) - most};
    });
  }

  @Override public Shape shape() {
    return data.shape();
  }

  @Override public List<String> classes() {
    return data.classes();
  }

  @Override public int size() {
    return data.size();
  }

  @Override public int label(int index) {
    return data.label(index);
  }

  @Override public void read(int index, float[] into, int offset) {
    float[] planes = new float[shape().length()];
    data.read(index, planes, 0);
    int h = shape().dim(1);
    int w = shape().dim(2);
    int[] by = way.of(index, planes, h, w);
    for (int i = 0; i < planes.length; i++) {
      int y = i / w % h - by[0];
      int x = i % w - by[1];
      into[offset + i] = y >= 0 && y < h && x >= 0 && x < w ? planes[(i / w / h * h + y) * w + x] : 0;
    }
  }
}
