package juanji.op;

import juanji.tensor.Shape;

/// Walks over all elements of a shape in row-major order while following another array's strides.
final class Strided {
  private Strided() {
  }

  /// For each element of `shape` in row-major order, Σ index · step over the axes.
  static int[] indices(Shape shape, int[] step) {
    int[] result = new int[shape.length()];
    int[] index = new int[shape.rank()];
    int at = 0;
    for (int i = 0; i < result.length; i++) {
      result[i] = at;
      for (int a = shape.rank() - 1; a >= 0; a--) {
        at += step[a];
        if (++index[a] < shape.dim(a)) {
          break;
        }
        at -= step[a] * shape.dim(a);
        index[a] = 0;
      }
    }
    return result;
  }
}
