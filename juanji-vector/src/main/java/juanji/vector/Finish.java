package juanji.vector;

import juanji.kernel.Chain;
import juanji.kernel.Operands;

/// Applies a task's chain to a part of the output while it is in the cache.
final class Finish {
  private Finish() {
  }

  /// Applies the chain to the `length` floats of the output that begin `from` floats behind its start.
  static void apply(Chain.Bound chain, Operands operands, int from, int length, float[] scratch, int scratchOffset) {
    if (chain.isEmpty()) {
      return;
    }
    float[] y = operands.array(0);
    int yo = operands.offset(0);
    int row = chain.rowLength();
    int end = from + length;
    int at = from;
    while (at < end) {
      int number = at / row;
      int start = number * row;
      int stop = Math.min(end, start + row);
      chain.apply(operands, y, yo + start, number, at - start, stop - start, scratch, scratchOffset);
      at = stop;
    }
  }
}
