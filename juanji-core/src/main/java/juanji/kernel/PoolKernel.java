package juanji.kernel;

import java.util.Arrays;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Computes maxima, means and sums over windows row by row in the plain layout: for each row of y and each tap, the row
/// of x under the tap joins the row of y.
///
/// A unit is one plane. x is read once per tap, from the first-level cache but for the first time; y is written once.
/// Padded cells are never looked at.
///
/// Used for every pooling that no other provider takes.
public final class PoolKernel implements Kernel {
  private final Sweep sweep;
  private final Chain.Bound chain;
  private final boolean maximum;
  private final Windowed.Divisor divisor;
  private final int planes;

  private PoolKernel(Windowed op, Windowed.Divisor divisor, boolean maximum, Task task) {
    Shape x = task.inputs().getFirst();
    this.sweep = Sweep.of(op.window(), x.slice(2, x.rank()));
    this.chain = task.chain();
    this.maximum = maximum;
    this.divisor = divisor;
    this.planes = x.dim(0) * x.dim(1);
  }

  /// The kernel of a maximum pooling.
  public static PoolKernel of(Windowed.MaxPool op, Task task) {
    return new PoolKernel(op, Windowed.Divisor.NONE, true, task);
  }

  /// The kernel of an average or sum pooling.
  public static PoolKernel of(Windowed.AvgPool op, Task task) {
    return new PoolKernel(op, op.divisor(), false, task);
  }

  @Override public String name() {
    return "rows";
  }

  @Override public String reason() {
    return "rows of " + sweep.out()[2];
  }

  @Override public int units(int phase) {
    return planes;
  }

  @Override public int scratch() {
    return chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int size = sweep.outPlane();
    int xo = operands.offset(1) + unit * sweep.inPlane();
    int yo = operands.offset(0) + unit * size;
    float[] y = operands.array(0);
    Arrays.fill(y, yo, yo + size, maximum ? Float.NEGATIVE_INFINITY : 0);
    for (int od = 0; od < sweep.out()[0]; od++) {
      for (int oh = 0; oh < sweep.out()[1]; oh++) {
        int yRow = yo + (od * sweep.out()[1] + oh) * sweep.out()[2];
        row(y, yRow, operands.array(1), xo, od, oh);
        if (!maximum) {
          scale(sweep, divisor, y, yRow, y, yRow, od, oh);
        }
      }
    }
    chain.applyRange(operands, y, operands.offset(0), unit * size, (unit + 1) * size, scratch, CacheLine.FIRST);
  }

  private void row(float[] y, int yRow, float[] x, int xo, int od, int oh) {
    int stride = sweep.stride()[2];
    for (int td = sweep.firstTap(0, od); td < sweep.endTap(0, od); td++) {
      int id = od * sweep.stride()[0] + sweep.shift(0, td);
      for (int th = sweep.firstTap(1, oh); th < sweep.endTap(1, oh); th++) {
        int ih = oh * sweep.stride()[1] + sweep.shift(1, th);
        int xRow = xo + (id * sweep.in()[1] + ih) * sweep.in()[2];
        for (int tw = 0; tw < sweep.kernel()[2]; tw++) {
          int from = sweep.from(2, tw);
          int n = sweep.to(2, tw) - from;
          int at = xRow + from * stride + sweep.shift(2, tw);
          if (maximum) {
            Rows.maximize(y, yRow + from, x, at, stride, n);
          } else {
            Rows.add(y, yRow + from, 1, x, at, stride, n);
          }
        }
      }
    }
  }

  /// Divides a row of sums, or of their gradients, as `divisor` says.
  static void scale(Sweep sweep, Windowed.Divisor divisor, float[] y, int yo, float[] x, int xo, int od, int oh) {
    int n = sweep.out()[2];
    switch (divisor) {
      case INSIDE -> {
        int outer = (sweep.endTap(0, od) - sweep.firstTap(0, od)) * (sweep.endTap(1, oh) - sweep.firstTap(1, oh));
        for (int i = 0; i < n; i++) {
          y[yo + i] = x[xo + i] / (outer * (sweep.endTap(2, i) - sweep.firstTap(2, i)));
        }
      }
      case WINDOW -> {
        int outer = sweep.counted(0, od) * sweep.counted(1, oh);
        for (int i = 0; i < n; i++) {
          y[yo + i] = x[xo + i] / (outer * sweep.counted(2, i));
        }
      }
      case NONE -> System.arraycopy(x, xo, y, yo, n);
    }
  }
}
