package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.op.Pointwise;
import juanji.tensor.Shape;

/// Element-wise computation with broadcasting on values that are known.
final class HostMath {
  private HostMath() {
  }

  /// The shape in which two meet.
  static Shape common(Shape a, Shape b) {
    return new Pointwise.Add().shape(List.of(a, b));
  }

  /// For each element of `out`, in row-major order, the element of an operand that meets it.
  static int[] indices(Shape operand, Shape out) {
    int rank = out.rank();
    int[] own = operand.strides();
    int[] step = new int[rank];
    for (int i = 0; i < rank; i++) {
      int axis = i - (rank - operand.rank());
      step[i] = axis < 0 || operand.dim(axis) == 1 ? 0 : own[axis];
    }
    int[] result = new int[out.length()];
    int[] index = new int[rank];
    int at = 0;
    for (int i = 0; i < result.length; i++) {
      result[i] = at;
      for (int a = rank - 1; a >= 0; a--) {
        at += step[a];
        if (++index[a] < out.dim(a)) {
          break;
        }
        at -= step[a] * out.dim(a);
        index[a] = 0;
      }
    }
    return result;
  }

  static double[] binary(List<Shape> shapes, List<double[]> inputs, DoubleBinaryOperator operator) {
    Shape out = common(shapes.get(0), shapes.get(1));
    double[] a = spread(shapes.get(0), inputs.get(0), out);
    double[] b = spread(shapes.get(1), inputs.get(1), out);
    double[] y = new double[a.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = operator.applyAsDouble(a[i], b[i]);
    }
    return y;
  }

  /// An operand's element for each one of `out`; the operand itself where nothing is repeated.
  static double[] spread(Shape operand, double[] values, Shape out) {
    if (operand.size() == out.size()) {
      return values;
    }
    double[] all = new double[out.length()];
    if (values.length == 1) {
      Arrays.fill(all, values[0]);
      return all;
    }
    int[] from = indices(operand, out);
    for (int i = 0; i < all.length; i++) {
      all[i] = values[from[i]];
    }
    return all;
  }

  /// Whole numbers, wrapped to the result's type.
  static HostTensor binary(HostTensor first, HostTensor second, ElementType type, LongBinaryOperator operator) {
    Shape out = common(first.shape(), second.shape());
    int[] a = indices(first.shape(), out);
    int[] b = indices(second.shape(), out);
    long[] x = first.wholes();
    long[] y = second.wholes();
    return HostTensor.wholes(type, out, IntStream.range(0, a.length)
        .mapToLong(i -> HostTensor.wrapped(type, operator.applyAsLong(x[a[i]], y[b[i]]))).toArray());
  }
}
