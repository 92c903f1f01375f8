package juanji.kernel;

import java.util.Arrays;
import java.util.List;
import juanji.op.Gather;
import juanji.tensor.Shape;

/// Takes slices along one axis at fixed places, or adds slices back to the places that they were taken from, in the
/// order of the indices.
///
/// A unit is some indices of the axes in front, about 16 K elements. Each element of the larger side is read or written
/// once; slices of several elements are moved as blocks.
///
/// Used for Take and its adjoint.
public final class TakeKernel implements Kernel {
  private static final int UNIT = 16 * 1024;

  private final Chain.Bound chain;
  private final int[] index;
  private final boolean adding;
  private final int inner;
  private final int inRow;
  private final int outRow;
  private final int rows;
  private final int rowsPerUnit;

  private TakeKernel(int axis, List<Integer> index, boolean adding, Task task) {
    Shape x = task.inputs().getFirst();
    Shape y = task.output();
    this.chain = task.chain();
    this.index = index.stream().mapToInt(Integer::intValue).toArray();
    this.adding = adding;
    this.inner = (int) y.size(axis + 1);
    this.inRow = x.dim(axis) * inner;
    this.outRow = y.dim(axis) * inner;
    this.rows = y.slice(0, axis).length();
    this.rowsPerUnit = Math.max(1, UNIT / Math.max(1, Math.max(inRow, outRow)));
  }

  /// The kernel that takes slices.
  public static TakeKernel of(Gather.Take op, Task task) {
    return new TakeKernel(op.axis(), op.index(), false, task);
  }

  /// The kernel that adds slices back.
  public static TakeKernel of(Gather.TakeInput op, Task task) {
    return new TakeKernel(op.axis(), op.index(), true, task);
  }

  @Override public String name() {
    return adding ? "add back" : "take";
  }

  @Override public String reason() {
    return index.length + " slices of " + inner;
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
    float[] x = operands.array(1);
    float[] y = operands.array(0);
    for (int row = first; row < last; row++) {
      int xo = operands.offset(1) + row * inRow;
      int yo = operands.offset(0) + row * outRow;
      if (adding) {
        add(x, xo, y, yo);
      } else {
        take(x, xo, y, yo);
      }
    }
    chain.applyRange(operands, y, operands.offset(0), first * outRow, last * outRow, scratch, CacheLine.FIRST);
  }

  private void take(float[] x, int xo, float[] y, int yo) {
    if (inner == 1) {
      for (int i = 0; i < index.length; i++) {
        y[yo + i] = index[i] < 0 ? 0 : x[xo + index[i]];
      }
      return;
    }
    for (int i = 0; i < index.length; i++) {
      int to = yo + i * inner;
      if (index[i] < 0) {
        Arrays.fill(y, to, to + inner, 0);
      } else {
        System.arraycopy(x, xo + index[i] * inner, y, to, inner);
      }
    }
  }

  private void add(float[] x, int xo, float[] y, int yo) {
    Arrays.fill(y, yo, yo + outRow, 0);
    for (int i = 0; i < index.length; i++) {
      if (index[i] >= 0) {
        Rows.add(y, yo + index[i] * inner, 1, x, xo + i * inner, 1, inner);
      }
    }
  }
}
