package juanji.op;

import java.util.List;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Anything that operations can be applied to: nodes of a graph under construction, or numbers.
///
/// Gradients and expansions of operations are written once, against this interface. A graph builder turns them into
/// nodes; [Exact] computes them at once in double precision, which is what tests compare with.
///
/// @param <V> the values of the algebra
public interface Algebra<V> {
  /// The operation's result.
  ///
  /// @throws ShapeException if the operation cannot take these inputs
  V apply(Op op, List<V> inputs);

  /// A value known now.
  V constant(Tensor value);

  /// The shape of a value.
  Shape shape(V value);

  /// The result of a unary operation.
  default V apply(Op op, V input) {
    return apply(op, List.of(input));
  }

  /// The result of a binary operation.
  default V apply(Op op, V first, V second) {
    return apply(op, List.of(first, second));
  }

  /// The sum of two values, broadcast to their common shape.
  default V add(V a, V b) {
    return apply(new Pointwise.Add(), a, b);
  }

  /// The difference of two values, broadcast to their common shape.
  default V sub(V a, V b) {
    return apply(new Pointwise.Sub(), a, b);
  }

  /// The product of two values, broadcast to their common shape.
  default V mul(V a, V b) {
    return apply(new Pointwise.Mul(), a, b);
  }

  /// factor · a + offset.
  default V affine(V a, double factor, double offset) {
    return apply(new Pointwise.Affine(factor, offset), a);
  }

  /// A value reshaped; at most one extent may be [Shape#UNBOUND], which takes what is left.
  default V reshape(V a, Shape shape) {
    return shape(a).equals(shape) ? a : apply(new View.Reshape(shape), a);
  }

  /// The sum over those axes along which `like` was broadcast to `value`'s shape: the adjoint of broadcasting.
  default V sumTo(V value, V like) {
    Shape to = shape(like);
    Shape from = shape(value);
    if (from.equals(to)) {
      return value;
    }
    List<Integer> axes = Broadcast.axes(from, to);
    V sum = axes.isEmpty() ? value : apply(new Reduction.Sum(axes), value);
    return reshape(sum, to);
  }
}
