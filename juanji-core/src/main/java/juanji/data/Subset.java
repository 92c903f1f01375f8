package juanji.data;

import java.util.List;
import java.util.stream.IntStream;
import juanji.tensor.Shape;

/// Some samples of another dataset, in a chosen order; nothing is copied.
///
/// Constraint: C1 every index is a sample of the other dataset. An index may occur more than once.
///
/// ```java
/// Dataset firstHundred = Subset.of(all, IntStream.range(0, 100).toArray());
/// ```
public final class Subset implements Dataset {
  private final Dataset whole;
  private final int[] indices;

  private Subset(Dataset whole, int[] indices) {
    this.whole = whole;
    this.indices = indices;
  }

  /// The samples with the given numbers; the array is copied.
  ///
  /// @throws IllegalArgumentException if an index is not a sample of `whole`
  public static Subset of(Dataset whole, int... indices) {
    for (int index : indices) {
      if (index < 0 || index >= whole.size()) {
        throw new IllegalArgumentException("a subset cannot take sample " + index + ".\n"
            + "  C1: samples are numbered from 0 to " + (whole.size() - 1) + "; received " + index + ".\n"
            + "  Choose indices below the dataset's size().");
      }
    }
    return new Subset(whole, indices.clone());
  }

  /// The first `count` samples, or all where there are fewer.
  public static Subset first(Dataset whole, int count) {
    return new Subset(whole, IntStream.range(0, Math.clamp(count, 0, whole.size())).toArray());
  }

  /// The dataset that this is a part of.
  public Dataset whole() {
    return whole;
  }

  /// The same samples of a dataset with as many as the whole one.
  ///
  /// @throws IllegalArgumentException if an index is not a sample of `other`
  public Subset over(Dataset other) {
    return of(other, indices);
  }

  @Override public Shape shape() {
    return whole.shape();
  }

  @Override public List<String> classes() {
    return whole.classes();
  }

  @Override public int size() {
    return indices.length;
  }

  @Override public int label(int index) {
    return whole.label(indices[index]);
  }

  @Override public void read(int index, float[] into, int offset) {
    whole.read(indices[index], into, offset);
  }

  @Override public void readVaried(int index, int epoch, float[] into, int offset) {
    whole.readVaried(indices[index], epoch, into, offset);
  }

  @Override public String variation() {
    return whole.variation();
  }

  @Override public String text(int index) {
    return whole.text(indices[index]);
  }

  @Override public String source(int index) {
    return whole.source(indices[index]);
  }

  @Override public String toString() {
    return "Subset(" + size() + " of " + whole + ")";
  }
}
