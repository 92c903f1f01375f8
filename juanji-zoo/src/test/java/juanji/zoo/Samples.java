package juanji.zoo;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import juanji.data.Dataset;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Samples in memory, made of others.
record Samples(Shape shape, List<String> classes, List<float[]> values, List<Integer> labels) implements Dataset {
  static final Path DATA = Path.of("../../shared/data");

  /// Makes a sample of another.
  interface Change {
    float[] of(float[] values, int index);
  }

  static Samples of(Dataset data, int count, Shape shape, Change change) {
    List<float[]> values = IntStream.range(0, count).mapToObj(i -> {
      float[] read = new float[data.shape().length()];
      data.read(i, read, 0);
      return change.of(read, i);
    }).toList();
    return new Samples(shape, data.classes(), values, IntStream.range(0, count).mapToObj(data::label).toList());
  }

  /// Grey pictures in the middle of larger ones.
  static float[] centred(float[] from, int side, int larger) {
    float[] into = new float[larger * larger];
    for (int y = 0; y < side; y++) {
      System.arraycopy(from, y * side, into, ((larger - side) / 2 + y) * larger + (larger - side) / 2, side);
    }
    return into;
  }

  /// Some samples, one behind the other.
  Tensor batch(int from, int count) {
    Tensor batch = Tensor.zeros(shape.prepend(count));
    for (int i = 0; i < count; i++) {
      read((from + i) % values.size(), batch.data(), i * shape.length());
    }
    return batch;
  }

  @Override public int size() {
    return values.size();
  }

  @Override public int label(int index) {
    return labels.get(index);
  }

  @Override public void read(int index, float[] into, int offset) {
    System.arraycopy(values.get(index), 0, into, offset, shape.length());
  }
}
