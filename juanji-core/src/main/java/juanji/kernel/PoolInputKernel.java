package juanji.kernel;

import java.util.Arrays;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Computes the gradient of average and sum pooling in the plain layout: each row of dy, divided, is added to the row
/// of dx under each tap.
///
/// A unit is one plane. dy is read once, dx is written once and touched once per tap in the first-level cache.
///
/// Used for every such gradient that no other provider takes.
public final class PoolInputKernel implements Kernel {
  private final Sweep sweep;
  private final Chain.Bound chain;
  private final Windowed.Divisor divisor;
  private final int planes;

  private PoolInputKernel(Windowed.AvgPoolInput op, Task task) {
    Shape y = task.inputs().getFirst();
    this.sweep = Sweep.of(op.window(), op.spatial());
    this.chain = task.chain();
    this.divisor = op.divisor();
    this.planes = y.dim(0) * y.dim(1);
  }

  /// The kernel of a task in the plain layout.
  public static PoolInputKernel of(Windowed.AvgPoolInput op, Task task) {
    return new PoolInputKernel(op, task);
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
    return sweep.out()[2] + chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int size = sweep.inPlane();
    float[] dx = operands.array(0);
    int xo = operands.offset(0) + unit * size;
    int yo = operands.offset(1) + unit * sweep.outPlane();
    Arrays.fill(dx, xo, xo + size, 0);
    for (int od = 0; od < sweep.out()[0]; od++) {
      for (int oh = 0; oh < sweep.out()[1]; oh++) {
        int yRow = yo + (od * sweep.out()[1] + oh) * sweep.out()[2];
        PoolKernel.scale(sweep, divisor, scratch, 0, operands.array(1), yRow, od, oh);
        row(dx, xo, scratch, od, oh);
      }
    }
    chain.applyRange(operands, dx, operands.offset(0), unit * size, (unit + 1) * size, scratch, sweep.out()[2]);
  }

  private void row(float[] dx, int xo, float[] row, int od, int oh) {
    int stride = sweep.stride()[2];
    for (int td = sweep.firstTap(0, od); td < sweep.endTap(0, od); td++) {
      int id = od * sweep.stride()[0] + sweep.shift(0, td);
      for (int th = sweep.firstTap(1, oh); th < sweep.endTap(1, oh); th++) {
        int ih = oh * sweep.stride()[1] + sweep.shift(1, th);
        int xRow = xo + (id * sweep.in()[1] + ih) * sweep.in()[2];
        for (int tw = 0; tw < sweep.kernel()[2]; tw++) {
          int from = sweep.from(2, tw);
          Rows.add(dx, xRow + from * stride + sweep.shift(2, tw), stride, row, from, 1, sweep.to(2, tw) - from);
        }
      }
    }
  }
}
