package juanji.op;

import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;

/// An operation: one output computed from its inputs, without state.
///
/// ```
/// Op = Contraction | Pointwise | Windowed | Regional | Reduction | View | Random | Composite | CustomOp
/// ```
///
/// What is true of an operation on its own is a method here: its shape rule, its definition ([#reference]) and its
/// gradient. What concerns another system (kernels, ONNX names, samples for tests) is an exhaustive `switch` in that
/// system, so that a new operation is a list of compile errors. Operations are records: equal parameters, equal
/// operations.
public sealed interface Op permits Contraction, Pointwise, Windowed, Regional, Reduction, View, Random, Composite,
    CustomOp {
  /// The output's shape. The batch extent may be [Shape#UNBOUND] in the inputs and then is in the output.
  ///
  /// @throws ShapeException if the inputs do not fit
  Shape shape(List<Shape> inputs);

  /// The definition, computed in double precision by the most direct loops. Inputs are row-major; so is the result.
  ///
  /// @param shapes the inputs' shapes, bound
  /// @param inputs the inputs' elements; not changed
  /// @return the output's elements, as many as the size of `shape(shapes)`
  double[] reference(List<Shape> shapes, List<double[]> inputs);

  /// The gradient with respect to each input, given the gradient of the output.
  ///
  /// @param algebra applies the operations that compute the gradients
  /// @param inputs the inputs of this operation
  /// @param output its output
  /// @param gradient the gradient of a scalar with respect to the output, of the output's shape
  /// @return one entry per input, of its shape; empty where the output does not vary smoothly with that input
  <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> inputs, V output, V gradient);

  /// The name as people read it in tables and messages, such as `conv`.
  default String label() {
    String name = getClass().getSimpleName();
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /// Checks that there are `expected` inputs.
  ///
  /// @throws ShapeException if there are not
  default void arity(List<Shape> inputs, int expected) {
    if (inputs.size() != expected) {
      throw new ShapeException(label(), "C0: it takes " + expected + " inputs; received " + inputs.size() + ".",
          "Give it exactly " + expected + ".", inputs);
    }
  }
}
