package juanji.kernel;

import java.util.List;
import juanji.op.Op;
import juanji.tensor.Shape;

/// What a step of a plan computes: an operation and the pointwise chain that is applied to its result.
///
/// A [juanji.op.Reduction] is the exception: its chain is a *prologue*, applied to the elements that are to be reduced
/// before they are. There operand 1 is the reduction's input as it lies in memory (the chain's value 0), the chain is
/// bound to the *input's* shape and layout with first operand 2, and `output` is the reduction's plain result. So
/// Σ (x − m)² over some axes is one step: a sum with the chain `sub · mul` and m as operand 2.
///
/// @param op the operation, the anchor of the step
/// @param inputs the shapes of the operation's inputs, in its order; operands 1, 2, … of the kernel
/// @param layouts how these inputs lie in memory
/// @param output the shape of the result
/// @param layout how the result lies in memory
/// @param chain what is applied to each element of the result before it is final (of a reduction: to each element of
///     its input before it is reduced); its own further operands follow the operation's inputs
/// @param weightsStay whether the second input is the same at every run, so that what is made of it alone is made once
/// @param sparse whether the gradient among the inputs is known to be zero almost everywhere
public record Task(Op op, List<Shape> inputs, List<Layout> layouts, Shape output, Layout layout, Chain.Bound chain,
    boolean weightsStay, boolean sparse) {
  /// A task whose inputs may all change from run to run, and of whose numbers nothing is known.
  public Task(Op op, List<Shape> inputs, List<Layout> layouts, Shape output, Layout layout, Chain.Bound chain) {
    this(op, inputs, layouts, output, layout, chain, false, false);
  }

  /// The number of operands before the packed one and the workspace: the output, the inputs and the chain's operands.
  public int operands() {
    return 1 + inputs.size() + chain.operands();
  }
}
