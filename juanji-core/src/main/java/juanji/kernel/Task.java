package juanji.kernel;

import java.util.List;
import java.util.Optional;
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
/// @param prologue what is applied to each element of an input before the operation sees it; only kernels that say so
///     ([Kernel#readsThrough]) do that
public record Task(Op op, List<Shape> inputs, List<Layout> layouts, Shape output, Layout layout, Chain.Bound chain,
    boolean weightsStay, boolean sparse, Optional<Prologue> prologue) {
  /// A chain in front of an input. What it makes is never in memory as a whole: where batch-norm and ReLU lie before a
  /// convolution, only what goes into them is.
  ///
  /// @param input the number of the input among the operation's, from 0 on
  /// @param chain what is applied, bound to the input's shape and layout; its value 0 is the input as it lies in
  ///     memory, and its further operands follow those of the task's chain
  public record Prologue(int input, Chain.Bound chain) {
  }

  /// A task whose inputs may all change from run to run, and of whose numbers nothing is known.
  public Task(Op op, List<Shape> inputs, List<Layout> layouts, Shape output, Layout layout, Chain.Bound chain) {
    this(op, inputs, layouts, output, layout, chain, false, false, Optional.empty());
  }

  /// The number of operands before the packed one and the workspace: the output, the inputs and the chains' operands.
  public int operands() {
    return 1 + inputs.size() + chain.operands() + prologue.map(p -> p.chain().operands()).orElse(0);
  }
}
