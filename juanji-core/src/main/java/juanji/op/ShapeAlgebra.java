package juanji.op;

import java.util.List;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Operations applied to shapes alone.
final class ShapeAlgebra implements Algebra<Shape> {
  @Override public Shape apply(Op op, List<Shape> inputs) {
    return op.shape(inputs);
  }

  @Override public Shape constant(Tensor value) {
    return value.shape();
  }

  @Override public Shape shape(Shape value) {
    return value;
  }
}
