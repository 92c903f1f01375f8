package juanji.lab;

import java.util.List;
import java.util.Random;
import juanji.data.Dataset;
import juanji.tensor.Shape;

/// A dataset whose pictures are moved, each by its own number of pixels across and down; what comes in is 0.
///
/// @param data the pictures where they are
/// @param most how many pixels they are moved at most, each way
record Shifted(Dataset data, int most) implements Dataset {
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
    Random random = new Random(31L * index + 7);
    int dy = random.nextInt(2 * most + 1) - most;
    int dx = random.nextInt(2 * most + 1) - most;
    float[] own = new float[shape().length()];
    data.read(index, own, 0);
    Aligned.move(own, shape().dim(1), shape().dim(2), dy, dx, into, offset);
  }
}
