package juanji.op;

import java.util.List;
import java.util.stream.IntStream;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A tensor in double precision, for the algebra that computes by definition: what every faster way is compared with.
///
/// ```java
/// Exact y = Exact.ALGEBRA.apply(new Pointwise.Relu(), new Exact(Shape.of(2), new double[] {-1, 3}));
/// ```
///
/// @param shape the extents
/// @param data the elements, row-major
public record Exact(Shape shape, double[] data) {
  /// Applies operations by their references.
  public static final Algebra<Exact> ALGEBRA = new Algebra<>() {
    @Override public Exact apply(Op op, List<Exact> inputs) {
      List<Shape> shapes = inputs.stream().map(Exact::shape).toList();
      return new Exact(op.shape(shapes), op.reference(shapes, inputs.stream().map(Exact::data).toList()));
    }

    @Override public Exact constant(Tensor value) {
      return of(value);
    }

    @Override public Shape shape(Exact value) {
      return value.shape();
    }
  };

  /// The same numbers in double precision.
  public static Exact of(Tensor tensor) {
    float[] from = tensor.data();
    return new Exact(tensor.shape(), IntStream.range(0, from.length).mapToDouble(i -> from[i]).toArray());
  }

  /// The same numbers, rounded to single precision.
  public Tensor toTensor() {
    float[] to = new float[data.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) data[i];
    }
    return Tensor.of(shape, to);
  }
}
