package juanji.kernel;

import java.util.List;
import juanji.op.Op;
import juanji.tensor.Shape;

/// What a step of a plan computes: an operation and the pointwise chain that is applied to its result.
///
/// @param op the operation, the anchor of the step
/// @param inputs the shapes of the operation's inputs, in its order; operands 1, 2, … of the kernel
/// @param layouts how these inputs lie in memory
/// @param output the shape of the result
/// @param layout how the result lies in memory
/// @param chain what is applied to each element of the result before it is final; its own further operands follow the
///     operation's inputs
public record Task(Op op, List<Shape> inputs, List<Layout> layouts, Shape output, Layout layout, Chain.Bound chain) {
  /// The number of operands before the workspace: the output, the inputs and the chain's operands.
  public int operands() {
    return 1 + inputs.size() + chain.operands();
  }
}
