package juanji.lab;

import java.util.List;
import juanji.data.Dataset;
import juanji.tensor.Shape;

/// A dataset whose pictures are moved by whole pixels so that the middle of what is bright lies in the middle.
///
/// @param data the pictures where they were
record Aligned(Dataset data) implements Dataset {
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
    float[] own = new float[shape().length()];
    data.read(index, own, 0);
    int h = shape().dim(1);
    int w = shape().dim(2);
    double mass = 1e-12;
    double down = 0;
    double across = 0;
    for (int i = 0; i < own.length; i++) {
      mass += own[i];
      down += own[i] * (i / w % h);
      across += own[i] * (i % w);
    }
    move(own, h, w, (int) Math.round((h - 1) / 2.0 - down / mass), (int) Math.round((w - 1) / 2.0 - across / mass),
        into, offset);
  }

  /// Planes moved down and across; what comes in is 0.
  static void move(float[] planes, int h, int w, int dy, int dx, float[] into, int offset) {
    for (int i = 0; i < planes.length; i++) {
      int y = i / w % h - dy;
      int x = i % w - dx;
      into[offset + i] = y >= 0 && y < h && x >= 0 && x < w ? planes[(i / w / h * h + y) * w + x] : 0;
    }
  }
}
