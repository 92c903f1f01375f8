package juanji.kernel;

import java.util.Arrays;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Computes the gradient of maximum pooling in the plain layout: each window is searched again for its first maximum,
/// to which its dy is added.
///
/// A unit is one plane. x and dy are read once from memory, dx is written once; nothing has to be kept from the forward
/// pass.
///
/// Used for every such gradient that no other provider takes.
public final class MaxPoolInputKernel implements Kernel {
  private final Sweep sweep;
  private final Chain.Bound chain;
  private final int planes;

  private MaxPoolInputKernel(Windowed.MaxPoolInput op, Task task) {
    Shape x = task.output();
    this.sweep = Sweep.of(op.window(), x.slice(2, x.rank()));
    this.chain = task.chain();
    this.planes = x.dim(0) * x.dim(1);
  }

  /// The kernel of a task in the plain layout.
  public static MaxPoolInputKernel of(Windowed.MaxPoolInput op, Task task) {
    return new MaxPoolInputKernel(op, task);
  }

  @Override public String name() {
    return "search";
  }

  @Override public String reason() {
    return sweep.taps() + " cells per window";
  }

  @Override public int units(int phase) {
    return planes;
  }

  @Override public int scratch() {
    return chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int size = sweep.inPlane();
    float[] dx = operands.array(0);
    int to = operands.offset(0) + unit * size;
    int xo = operands.offset(1) + unit * size;
    int yo = operands.offset(2) + unit * sweep.outPlane();
    Arrays.fill(dx, to, to + size, 0);
    for (int od = 0; od < sweep.out()[0]; od++) {
      for (int oh = 0; oh < sweep.out()[1]; oh++) {
        for (int ow = 0; ow < sweep.out()[2]; ow++) {
          dx[to + first(operands.array(1), xo, od, oh, ow)] += operands.array(2)[yo++];
        }
      }
    }
    chain.applyRange(operands, dx, operands.offset(0), unit * size, (unit + 1) * size, scratch, CacheLine.FIRST);
  }

  /// The first largest cell of a window, as its place in the plane.
  private int first(float[] x, int xo, int od, int oh, int ow) {
    return first(sweep, x, xo, od, oh, ow);
  }

  /// The first largest cell of a window, as its place in the plane.
  static int first(Sweep sweep, float[] x, int xo, int od, int oh, int ow) {
    int lastDepth = sweep.endTap(0, od);
    int lastRow = sweep.endTap(1, oh);
    int left = sweep.firstTap(2, ow);
    int right = sweep.endTap(2, ow);
    int dilation = sweep.dilation()[2];
    int best = -1;
    for (int td = sweep.firstTap(0, od); td < lastDepth; td++) {
      int id = od * sweep.stride()[0] + sweep.shift(0, td);
      for (int th = sweep.firstTap(1, oh); th < lastRow; th++) {
        int ih = oh * sweep.stride()[1] + sweep.shift(1, th);
        int at = (id * sweep.in()[1] + ih) * sweep.in()[2] + ow * sweep.stride()[2] + sweep.shift(2, left);
        for (int tw = left; tw < right; tw++) {
          if (best < 0 || x[xo + at] > x[xo + best]) {
            best = at;
          }
          at += dilation;
        }
      }
    }
    return best;
  }
}
