package juanji.lab;

import static juanji.nn.Layers.input;
import static juanji.nn.Layers.resize;

import java.util.List;
import juanji.data.Dataset;
import juanji.explain.Features;
import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// The first samples of a dataset at another size.
///
/// @param data the samples as they were
/// @param pictures all samples, n × channels × side × side
record Resized(Dataset data, Tensor pictures) implements Dataset {
  private static final int CHUNK = 100;

  /// Samples brought to a side by linear interpolation.
  static Resized of(Dataset data, int most, int side, Desk desk) {
    int n = Math.min(most, data.size());
    Tensor all = Tensor.zeros(Shape.of(n, data.shape().dim(0), side, side));
    Model larger = Model.of(input(data.shape().toArray()), resize(side, side));
    int length = all.shape().sample().length();
    for (int first = 0; first < n; first += CHUNK) {
      int count = Math.min(CHUNK, n - first);
      float[] y = desk.run(larger, Features.batch(data, first, count)).data();
      System.arraycopy(y, 0, all.data(), first * length, count * length);
    }
    return new Resized(data, all);
  }

  @Override public Shape shape() {
    return pictures.shape().sample();
  }

  @Override public List<String> classes() {
    return data.classes();
  }

  @Override public int size() {
    return pictures.shape().dim(0);
  }

  @Override public int label(int index) {
    return data.label(index);
  }

  @Override public void read(int index, float[] into, int offset) {
    int length = shape().length();
    System.arraycopy(pictures.data(), index * length, into, offset, length);
  }
}
