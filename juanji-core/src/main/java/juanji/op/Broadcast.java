package juanji.op;

import java.util.ArrayList;
import java.util.List;
import juanji.tensor.Shape;

/// The rule by which shapes of different rank and extent meet in a pointwise operation: axes are matched from the last,
/// and an extent of 1 (or a missing axis) is repeated.
final class Broadcast {
  private Broadcast() {
  }

  /// The common shape.
  static Shape of(String operation, List<Shape> shapes) {
    int rank = shapes.stream().mapToInt(Shape::rank).max().orElse(0);
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = 1;
      for (Shape s : shapes) {
        int axis = i - (rank - s.rank());
        int d = axis < 0 ? 1 : s.dim(axis);
        if (d != 1 && dims[i] != 1 && d != dims[i]) {
          throw new ShapeException(operation, "C1: extents are equal or 1 along each axis, counted from the last; "
              + "received " + String.join(" and ", shapes.stream().map(Shape::toString).toList()) + ".",
              "Reshape an operand so that its axes meet those of the others.", shapes);
        }
        dims[i] = d != 1 ? d : dims[i];
      }
    }
    return Shape.of(dims);
  }

  /// The axes of `from` along which `to` was repeated.
  static List<Integer> axes(Shape from, Shape to) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < from.rank(); i++) {
      int axis = i - (from.rank() - to.rank());
      if (axis < 0 || to.dim(axis) == 1 && from.dim(i) != 1) {
        axes.add(i);
      }
    }
    return axes;
  }

  /// For each element of `out`, in row-major order, the index of the element of `operand` that meets it.
  static int[] indices(Shape operand, Shape out) {
    int rank = out.rank();
    int[] own = operand.strides();
    int[] step = new int[rank];
    for (int i = 0; i < rank; i++) {
      int axis = i - (rank - operand.rank());
      step[i] = axis < 0 || operand.dim(axis) == 1 ? 0 : own[axis];
    }
    return Strided.indices(out, step);
  }
}
