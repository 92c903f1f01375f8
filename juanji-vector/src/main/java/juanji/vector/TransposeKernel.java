package juanji.vector;

import java.util.List;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.View;
import juanji.tensor.Shape;

/// Permutations that transpose the matrices of a stack: A × B × C to A × C × B, with neighbouring axes taken together.
///
/// Four rows are read at once and written as four neighbours. A unit is a range of columns of one matrix. Memory
/// traffic: each element is read and written once.
final class TransposeKernel implements Kernel {
  /// Elements of a unit.
  private static final int UNIT = 16 * 1024;
  /// Rows that are read together, so that what is written stays in the first-level cache.
  private static final int ROWS = 64;

  private final Task task;
  private final int stack;
  private final int rows;
  private final int columns;
  private final int share;
  private final int pieces;

  TransposeKernel(Task task, View.Permute op) {
    Shape x = task.inputs().getFirst();
    int[] cuts = cuts(op.order(), x);
    this.task = task;
    this.stack = (int) x.slice(0, cuts[0]).size();
    this.rows = (int) x.slice(cuts[0], cuts[1]).size();
    this.columns = (int) x.size(cuts[1]);
    this.share = Math.clamp(UNIT / Math.max(1, rows), 1, Math.max(1, columns));
    this.pieces = Math.ceilDiv(columns, share);
  }

  /// Where the rows' and the columns' axes begin, or nothing if the order exchanges no two runs of last axes.
  private static int[] cuts(List<Integer> order, Shape x) {
    int first = 0;
    while (first < order.size() && order.get(first) == first) {
      first++;
    }
    if (first == order.size()) {
      return new int[0];
    }
    int second = order.get(first);
    int moved = order.size() - second;
    for (int i = first; i < order.size(); i++) {
      int expected = i < first + moved ? second + i - first : i - moved;
      if (order.get(i) != expected) {
        return new int[0];
      }
    }
    return new int[] {first, second};
  }

  /// Whether a permutation is of this kind, with matrices that are not mere rows.
  static boolean fits(View.Permute op, Shape x) {
    int[] cuts = cuts(op.order(), x);
    return cuts.length > 0 && x.slice(cuts[0], cuts[1]).size() >= 4 && x.size(cuts[1]) >= 4;
  }

  @Override public String name() {
    return "transpose";
  }

  @Override public String reason() {
    return stack + (stack == 1 ? " matrix of " : " matrices of ") + rows + "×" + columns;
  }

  @Override public int units(int phase) {
    return stack * pieces;
  }

  @Override public int scratch() {
    return task.chain().scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int matrix = unit / pieces;
    int from = unit % pieces * share;
    int count = Math.min(share, columns - from);
    int start = matrix * rows * columns;
    int to = start + from * rows;
    for (int row = 0; row < rows; row += ROWS) {
      Transpose.rows(operands.array(1), operands.offset(1) + start + row * columns + from, columns,
          Math.min(ROWS, rows - row), count, operands.array(0), operands.offset(0) + to + row, rows);
    }
    Finish.apply(task.chain(), operands, to, count * rows, scratch, CacheLine.FIRST);
  }
}
