package juanji.vector;

import juanji.kernel.Chain;
import juanji.kernel.Operands;
import juanji.kernel.Task;

/// Applies a task's chain to a part of the output while it is in the cache.
final class Finish {
  private Finish() {
  }

  /// Applies the chain to the `length` floats of the output that begin `from` floats behind its start.
  static void apply(Chain.Bound chain, Operands operands, int from, int length, float[] scratch, int scratchOffset) {
    chain.applyRange(operands, operands.array(0), operands.offset(0), from, from + length, scratch, scratchOffset);
  }

  /// Writes `length` floats of the output, `from` floats behind its start: what the chain makes of those that lie in
  /// scratch memory.
  ///
  /// @param at where the first one lies
  static void write(Chain.Bound chain, Operands operands, int from, int length, float[] scratch, int at,
      int scratchOffset) {
    if (chain.isEmpty()) {
      System.arraycopy(scratch, at, operands.array(0), operands.offset(0) + from, length);
    } else {
      chain.evaluateRange(operands, operands.array(0), operands.offset(0), scratch, at - from, from, from + length,
          scratch, scratchOffset);
    }
  }

  /// Whether a kernel that writes its output like this alone, each place once, may write over an operand: those of the
  /// chain, each of which is read at a place right before that is written.
  static boolean overwrites(Task task, int operand) {
    int inputs = task.inputs().size();
    return operand > inputs && operand <= inputs + task.chain().operands();
  }
}
