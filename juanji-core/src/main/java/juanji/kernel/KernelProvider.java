package juanji.kernel;

import java.util.List;
import java.util.Optional;
import juanji.op.Op;
import juanji.tensor.Shape;

/// A family of kernels for one kind of machine, found as a service. What it declines is done by the scalar kernels.
public interface KernelProvider {
  /// The name, such as `vector`.
  String name();

  /// Floats that the machine computes at once; the natural block of channels.
  int lanes();

  /// What makes this provider come first: larger is better, 0 for the scalar kernels.
  int priority();

  /// This provider without algorithms that round more than the definition does, such as Winograd's.
  default KernelProvider exact() {
    return this;
  }

  /// This provider with operands laid out so that each of a task's [#candidates] can read them.
  default KernelProvider tunable() {
    return this;
  }

  /// The loops of pointwise operations.
  Loops loops();

  /// Which layouts an operation should have, or nothing if all of it should be plain.
  ///
  /// @param op the operation
  /// @param inputs the shapes of its inputs
  /// @param available how the inputs lie now; staying there costs nothing
  /// @param output the shape of its result
  /// @param sparse whether the gradient among the inputs is known to be zero almost everywhere
  Optional<Placement> place(Op op, List<Shape> inputs, List<Layout> available, Shape output, boolean sparse);

  /// A kernel for a task whose layouts came from [#place], or nothing if this provider has none.
  Optional<Kernel> kernel(Task task);

  /// All kernels of this provider that a task can be left to, the one that it would choose by itself first.
  default List<Kernel> candidates(Task task) {
    return kernel(task).stream().toList();
  }

  /// The layouts of an operation's inputs and of its result.
  ///
  /// @param inputs one per input
  /// @param output of the result
  record Placement(List<Layout> inputs, Layout output) {
  }
}
