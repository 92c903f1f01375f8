package juanji.kernel;

import java.util.Arrays;
import juanji.op.Regional;
import juanji.tensor.Shape;

/// Searches the bins of regions for their maxima, or adds the gradients of the bins to where the maxima were.
///
/// Pooling: a unit is one region, and each of its cells is read about once per channel. Its gradient: a unit is one
/// channel of all pictures, to which all regions are added in their order.
///
/// Used for RoiPool and its gradient.
public final class RoiPoolKernel implements Kernel {
  private final Regional op;
  private final Chain.Bound chain;
  private final boolean adding;
  private final Shape x;
  private final int regions;

  private RoiPoolKernel(Regional op, boolean adding, Task task) {
    this.op = op;
    this.chain = task.chain();
    this.adding = adding;
    this.x = task.inputs().getFirst();
    this.regions = task.inputs().get(1).dim(0);
  }

  /// The kernel of the pooling.
  public static RoiPoolKernel of(Regional.RoiPool op, Task task) {
    return new RoiPoolKernel(op, false, task);
  }

  /// The kernel of its gradient.
  public static RoiPoolKernel of(Regional.RoiPoolInput op, Task task) {
    return new RoiPoolKernel(op, true, task);
  }

  @Override public String name() {
    return "regions";
  }

  @Override public String reason() {
    return regions + " regions in " + op.height() + " × " + op.width() + " bins";
  }

  @Override public int units(int phase) {
    return adding ? x.size() == 0 ? 0 : x.dim(1) : regions;
  }

  @Override public int scratch() {
    return chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int channels = x.dim(1);
    int bins = op.height() * op.width();
    if (!adding) {
      for (int c = 0; c < channels; c++) {
        region(operands, unit, c);
      }
      int size = channels * bins;
      chain.applyRange(operands, operands.array(0), operands.offset(0), unit * size, (unit + 1) * size, scratch,
          CacheLine.FIRST);
      return;
    }
    int plane = (int) x.size(2);
    for (int n = 0; n < x.dim(0); n++) {
      int at = operands.offset(0) + (n * channels + unit) * plane;
      Arrays.fill(operands.array(0), at, at + plane, 0);
    }
    for (int r = 0; r < regions; r++) {
      region(operands, r, unit);
    }
    for (int n = 0; n < x.dim(0); n++) {
      int at = (n * channels + unit) * plane;
      chain.applyRange(operands, operands.array(0), operands.offset(0), at, at + plane, scratch, CacheLine.FIRST);
    }
  }

  private void region(Operands operands, int r, int c) {
    float[] in = operands.array(1);
    float[] table = operands.array(2);
    float[] to = operands.array(0);
    int row = operands.offset(2) + r * 5;
    int picture = Regional.picture(table[row], x.dim(0));
    int plane = (picture * x.dim(1) + c) * x.dim(2) * x.dim(3);
    int bins = op.height() * op.width();
    for (int bin = 0; bin < bins; bin++) {
      int best = picture < 0 ? -1 : largest(in, operands.offset(1) + plane, table, row, bin);
      int y = (r * x.dim(1) + c) * bins + bin;
      if (!adding) {
        to[operands.offset(0) + y] = best < 0 ? 0 : in[operands.offset(1) + plane + best];
      } else if (best >= 0) {
        to[operands.offset(0) + plane + best] += operands.array(3)[operands.offset(3) + y];
      }
    }
  }

  /// The first largest cell of a bin, as its place in the plane; −1 if the bin is empty.
  private int largest(float[] in, int xo, float[] table, int row, int bin) {
    int i = bin / op.width();
    int j = bin % op.width();
    int top = Regional.RoiPool.first(table[row + 2], table[row + 4], op.scale(), i, op.height(), x.dim(2));
    int bottom = Regional.RoiPool.end(table[row + 2], table[row + 4], op.scale(), i, op.height(), x.dim(2));
    int left = Regional.RoiPool.first(table[row + 1], table[row + 3], op.scale(), j, op.width(), x.dim(3));
    int right = Regional.RoiPool.end(table[row + 1], table[row + 3], op.scale(), j, op.width(), x.dim(3));
    int best = -1;
    for (int h = top; h < bottom; h++) {
      for (int at = h * x.dim(3) + left; at < h * x.dim(3) + right; at++) {
        if (best < 0 || in[xo + at] > in[xo + best]) {
          best = at;
        }
      }
    }
    return best;
  }
}
