package juanji.plan;

import java.util.List;
import java.util.stream.IntStream;
import juanji.kernel.Kernel;

/// One thing that a plan does: a kernel on values.
///
/// @param label the fused operations' names
/// @param name where in the network the step belongs
/// @param kernel how it is computed
/// @param output the value it makes
/// @param inputs the values it reads, as the kernel numbers them from 1 on
/// @param flops multiplications and additions, for the table and for deciding whether threads pay
/// @param once whether it is done once per session rather than at every run, since it depends on weights alone
/// @param packedOnce whether what its kernel packs is kept from run to run, since it is made of weights that stay; not
///     of a step that is done once itself
record Step(String label, String name, Kernel kernel, Value output, List<Value> inputs, long flops, boolean once,
    boolean packedOnce) {
  /// This step on other places that hold the same numbers.
  Step reading(List<Value> others) {
    return new Step(label, name, kernel, output, others, flops, once, packedOnce);
  }

  /// This step for a second time in one run.
  Step again(Value result, List<Value> operands) {
    return new Step(label + " (again)", name, kernel, result, operands, flops, false, false);
  }

  /// Whether this step reads a value only to pack it, once.
  boolean onlyPacks(Value value) {
    if (!packedOnce) {
      return false;
    }
    int packed = kernel.packing().orElseThrow().operand() - 1;
    return IntStream.range(0, inputs.size()).allMatch(i -> inputs.get(i).equals(value) == (i == packed));
  }

  /// The value that this step's kernel packs.
  Value packed() {
    return inputs.get(kernel.packing().orElseThrow().operand() - 1);
  }
}
