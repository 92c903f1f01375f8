package juanji.vector;

import java.util.Optional;
import juanji.kernel.Chain;
import juanji.kernel.Operands;
import juanji.kernel.Task;

/// The first input of a task as its operation sees it: as it lies in memory, or through the task's prologue.
final class Through {
  private final Optional<Chain.Bound> chain;

  Through(Task task) {
    this.chain = task.prologue().map(Task.Prologue::chain);
  }

  /// Whether a task's prologue, if it has one, lies before its first input.
  static boolean fits(Task task) {
    return task.prologue().stream().allMatch(p -> p.input() == 0);
  }

  /// Whether the input is seen as it lies in memory.
  boolean none() {
    return chain.isEmpty();
  }

  /// Floats of scratch memory for [#run] on at most so many elements; 0 if there is no prologue.
  int scratch(int elements) {
    return chain.map(c -> Math.ceilDiv(elements, Machine.LINE) * Machine.LINE + c.scratch()).orElse(0);
  }

  /// Computes the elements from `first` to `last` − 1, counted as they lie in memory. There must be a prologue.
  ///
  /// @param at where element `first` goes in `scratch`; the prologue's own memory lies behind the last one
  void run(Operands o, int first, int last, float[] scratch, int at) {
    int behind = at + Math.ceilDiv(last - first, Machine.LINE) * Machine.LINE;
    chain.orElseThrow().evaluateRange(o, scratch, at - first, o.array(1), o.offset(1), first, last, scratch, behind);
  }
}
