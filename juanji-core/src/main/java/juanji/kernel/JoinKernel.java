package juanji.kernel;

import java.util.Arrays;
import juanji.op.View;
import juanji.tensor.Shape;

/// Writes parts one behind the other along an axis: each outer index of y is a row made of one stretch per part, and a
/// part is an input or a constant.
///
/// Each element is read and written once, by block moves. A unit is some rows, about 16 K elements.
///
/// Used for Concat and Pad.
public final class JoinKernel implements Kernel {
  private static final int UNIT = 16 * 1024;

  private final Chain.Bound chain;
  private final int[] operand;
  private final int[] lengths;
  private final float value;
  private final int width;
  private final int rows;
  private final int rowsPerUnit;

  /// @param operand the number of each part's operand; 0 for a constant part
  /// @param lengths the elements of each part in a row
  private JoinKernel(Chain.Bound chain, int[] operand, int[] lengths, double value, int rows) {
    this.chain = chain;
    this.operand = operand;
    this.lengths = lengths;
    this.value = (float) value;
    this.rows = rows;
    this.width = Arrays.stream(lengths).sum();
    this.rowsPerUnit = Math.max(1, UNIT / Math.max(1, width));
  }

  /// The kernel of a concatenation.
  public static JoinKernel of(View.Concat op, Task task) {
    int parts = task.inputs().size();
    int[] operand = new int[parts];
    int[] lengths = new int[parts];
    for (int i = 0; i < parts; i++) {
      operand[i] = i + 1;
      lengths[i] = (int) task.inputs().get(i).size(op.axis());
    }
    return new JoinKernel(task.chain(), operand, lengths, 0, outer(task.output(), op.axis()));
  }

  /// The kernel of a padding.
  public static JoinKernel of(View.Pad op, Task task) {
    int inner = (int) task.output().size(op.axis() + 1);
    int own = (int) task.inputs().getFirst().size(op.axis());
    return new JoinKernel(task.chain(), new int[] {0, 1, 0}, new int[] {op.before() * inner, own, op.after() * inner},
        op.value(), outer(task.output(), op.axis()));
  }

  private static int outer(Shape y, int axis) {
    return y.slice(0, axis).length();
  }

  /// Where each input begins in the output, if that is one row: then the inputs may lie there from the beginning, and
  /// nothing is copied. Empty if the output has several rows.
  public int[] starts() {
    int[] starts = new int[rows == 1 ? Arrays.stream(operand).max().orElse(0) : 0];
    int at = 0;
    for (int i = 0; i < lengths.length && rows == 1; i++) {
      if (operand[i] > 0) {
        starts[operand[i] - 1] = at;
      }
      at += lengths[i];
    }
    return starts;
  }

  @Override public String name() {
    return "join";
  }

  @Override public String reason() {
    return rows + (rows == 1 ? " row of " : " rows of ") + width;
  }

  @Override public int units(int phase) {
    return Math.ceilDiv(rows, rowsPerUnit);
  }

  @Override public int scratch() {
    return chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int first = unit * rowsPerUnit;
    int last = Math.min(rows, first + rowsPerUnit);
    float[] y = operands.array(0);
    int yo = operands.offset(0);
    for (int row = first; row < last; row++) {
      int at = yo + row * width;
      for (int i = 0; i < lengths.length; i++) {
        if (operand[i] == 0) {
          Arrays.fill(y, at, at + lengths[i], value);
        } else {
          float[] x = operands.array(operand[i]);
          int from = operands.offset(operand[i]) + row * lengths[i];
          if (x != y || from != at) {
            System.arraycopy(x, from, y, at, lengths[i]);
          }
        }
        at += lengths[i];
      }
    }
    chain.applyRange(operands, y, yo, first * width, last * width, scratch, CacheLine.FIRST);
  }
}
