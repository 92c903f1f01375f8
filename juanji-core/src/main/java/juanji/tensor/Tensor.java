package juanji.tensor;

import java.util.Arrays;

/// Single-precision numbers with a [Shape], in row-major order, in an ordinary array that the garbage collector owns.
///
/// A tensor carries data in and out of a network; it does no arithmetic (graphs do). Class numbers and token ids are
/// stored as floats too: a float holds every whole number up to 16,777,216 exactly.
///
/// ```java
/// Tensor t = Tensor.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
/// float corner = t.at(1, 2);                // 6
/// ```
public final class Tensor {
  private final Shape shape;
  private final float[] data;

  private Tensor(Shape shape, float[] data) {
    this.shape = shape;
    this.data = data;
  }

  /// A tensor over the given array, which is not copied.
  ///
  /// @throws IllegalArgumentException if the number of values is not the size of the shape
  public static Tensor of(Shape shape, float... data) {
    if (data.length != shape.size()) {
      throw new IllegalArgumentException("a tensor of " + shape + " cannot take " + data.length + " values.\n"
          + "  C1: the number of values is the size of the shape, " + shape.size() + ".\n"
          + "  Give as many values as the shape has elements.");
    }
    return new Tensor(shape, data);
  }

  /// A tensor of zeros.
  public static Tensor zeros(Shape shape) {
    return new Tensor(shape, new float[shape.length()]);
  }

  /// A tensor whose every element is `value`.
  public static Tensor full(Shape shape, float value) {
    Tensor result = zeros(shape);
    Arrays.fill(result.data, value);
    return result;
  }

  /// A tensor of rank 0.
  public static Tensor scalar(float value) {
    return new Tensor(Shape.of(), new float[] {value});
  }

  /// The extents.
  public Shape shape() {
    return shape;
  }

  /// The elements in row-major order. This is the tensor's own array: writing to it changes the tensor.
  public float[] data() {
    return data;
  }

  /// One element.
  ///
  /// @throws IndexOutOfBoundsException if an index is outside its axis, or their number is not the rank
  public float at(int... index) {
    if (index.length != shape.rank()) {
      throw new IndexOutOfBoundsException("a tensor of " + shape + " takes " + shape.rank() + " indices, not "
          + index.length);
    }
    int offset = 0;
    for (int i = 0; i < index.length; i++) {
      if (index[i] < 0 || index[i] >= shape.dim(i)) {
        throw new IndexOutOfBoundsException("index " + index[i] + " is outside axis " + i + " of " + shape);
      }
      offset = offset * shape.dim(i) + index[i];
    }
    return data[offset];
  }

  /// The same elements under another shape of the same size; both tensors share the array.
  public Tensor reshape(Shape other) {
    return of(other, data);
  }

  /// A tensor with its own array.
  public Tensor copy() {
    return new Tensor(shape, data.clone());
  }

  /// The shape and the first elements.
  @Override public String toString() {
    String head = Arrays.toString(Arrays.copyOf(data, Math.min(6, data.length)));
    return "Tensor(" + shape + ", " + (data.length > 6 ? head.substring(0, head.length() - 1) + ", …]" : head) + ")";
  }
}
