package juanji.kernel;

import java.util.Arrays;
import juanji.op.Gather;
import juanji.tensor.Shape;

/// Copies the rows of a table that ids name, or adds rows to those that ids name, in the order of the ids.
///
/// Looking up: a unit is about 16 K elements of y, and each is written once. Adding: a unit is a range of the table's
/// rows, for which all ids are read, so that no two units write to one row.
///
/// Used for Lookup and its adjoint.
public final class LookupKernel implements Kernel {
  private static final int UNIT = 16 * 1024;
  private static final int RANGES = 16;

  private final Chain.Bound chain;
  private final boolean adding;
  private final int ids;
  private final int rows;
  private final int width;
  private final int perUnit;

  private LookupKernel(boolean adding, int rows, int width, Task task) {
    this.chain = task.chain();
    this.adding = adding;
    this.ids = task.inputs().getFirst().length();
    this.rows = rows;
    this.width = width;
    this.perUnit = adding ? Math.max(1, Math.ceilDiv(rows, RANGES)) : Math.max(1, UNIT / Math.max(1, width));
  }

  /// The kernel that looks rows up.
  public static LookupKernel of(Gather.Lookup op, Task task) {
    Shape table = task.inputs().get(1);
    return new LookupKernel(false, table.dim(0), table.dim(1), task);
  }

  /// The kernel that adds rows.
  public static LookupKernel of(Gather.LookupInput op, Task task) {
    return new LookupKernel(true, op.rows(), task.output().dim(1), task);
  }

  @Override public String name() {
    return adding ? "add rows" : "look up";
  }

  @Override public String reason() {
    return ids + (ids == 1 ? " id" : " ids") + " in " + rows + " rows of " + width;
  }

  @Override public int units(int phase) {
    return Math.ceilDiv(adding ? rows : ids, perUnit);
  }

  @Override public int scratch() {
    return chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int first = unit * perUnit;
    int last = Math.min(adding ? rows : ids, first + perUnit);
    float[] y = operands.array(0);
    int yo = operands.offset(0);
    if (adding) {
      Arrays.fill(y, yo + first * width, yo + last * width, 0);
    }
    for (int i = adding ? 0 : first; i < (adding ? ids : last); i++) {
      int row = Gather.Lookup.row(operands.array(1)[operands.offset(1) + i], rows);
      if (adding) {
        if (row >= first && row < last) {
          Rows.add(y, yo + row * width, 1, operands.array(2), operands.offset(2) + i * width, 1, width);
        }
      } else if (row >= 0) {
        System.arraycopy(operands.array(2), operands.offset(2) + row * width, y, yo + i * width, width);
      } else {
        Arrays.fill(y, yo + i * width, yo + (i + 1) * width, 0);
      }
    }
    chain.applyRange(operands, y, yo, first * width, last * width, scratch, CacheLine.FIRST);
  }
}
