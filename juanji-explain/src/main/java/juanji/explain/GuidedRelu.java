package juanji.explain;

import java.util.List;
import java.util.Optional;
import juanji.op.Algebra;
import juanji.op.CustomOp;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.tensor.Shape;

/// ReLU whose gradient is only passed on where it is positive itself. It is only written down on a tape, never run.
///
/// y = max(0, x); x' = [x > 0] · max(0, y').
///
/// Source: Springenberg et al., *Striving for simplicity: the all convolutional net*, 2015.
record GuidedRelu() implements CustomOp {
  private static final Op RELU = new Pointwise.Relu();

  static Op insteadOf(Op op) {
    return op.equals(RELU) ? new GuidedRelu() : op;
  }

  @Override public Shape shape(List<Shape> inputs) {
    return RELU.shape(inputs);
  }

  @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
    return RELU.reference(shapes, inputs);
  }

  @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> inputs, V output, V gradient) {
    return RELU.gradient(algebra, inputs, output, algebra.apply(RELU, gradient));
  }
}
