package juanji.kernel;

import java.util.Arrays;
import juanji.tensor.Shape;

/// Copies elements from other places: y[i, j, …] = factor · x[start + i · step₀ + j · step₁ + …].
///
/// Axes that can be walked as one are merged first. Where the last axis moves by 1 it is copied by block moves, where
/// it stands still it is filled. Each element is written once. A unit is about 16 K elements.
///
/// Used for Reshape, Permute, Slice and Expand.
public final class CopyKernel implements Kernel {
  private static final int UNIT = 16 * 1024;

  private final Chain.Bound chain;
  private final int[] dims;
  private final int[] steps;
  private final int start;
  private final float factor;
  private final int width;
  private final int step;
  private final int rows;
  private final int rowsPerUnit;

  private CopyKernel(Chain.Bound chain, int[] dims, int[] steps, int start, float factor) {
    int outer = dims.length - 1;
    this.chain = chain;
    this.dims = Arrays.copyOf(dims, outer);
    this.steps = steps;
    this.start = start;
    this.factor = factor;
    this.width = dims[outer];
    this.step = steps[outer];
    int count = width == 0 ? 0 : 1;
    for (int d : this.dims) {
      count *= d;
    }
    this.rows = count;
    this.rowsPerUnit = Math.max(1, UNIT / Math.max(1, width));
  }

  /// The kernel that writes a tensor of the given shape.
  ///
  /// @param step how far one step along each axis of the output moves in the input
  /// @param start where in the input the walk begins
  /// @param factor what each element is multiplied by
  static CopyKernel of(Shape output, int[] step, int start, double factor, Chain.Bound chain) {
    int[] dims = new int[output.rank() + 1];
    int[] steps = new int[output.rank() + 1];
    int n = 0;
    dims[0] = 1;
    for (int i = 0; i < output.rank(); i++) {
      int extent = output.dim(i);
      if (extent == 1) {
        continue;
      }
      if (dims[n] == 1 || steps[n] == step[i] * extent) {
        dims[n] *= extent;
      } else {
        dims[++n] = extent;
      }
      steps[n] = step[i];
    }
    return new CopyKernel(chain, Arrays.copyOf(dims, n + 1), Arrays.copyOf(steps, n + 1), start, (float) factor);
  }

  @Override public String name() {
    return "copy";
  }

  @Override public String reason() {
    return rows + (rows == 1 ? " row of " : " rows of ") + width + (step == 1 ? "" : ", step " + step);
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
      int from = operands.offset(1) + start;
      int rest = row;
      for (int i = dims.length - 1; i >= 0; i--) {
        from += rest % dims[i] * steps[i];
        rest /= dims[i];
      }
      copy(y, yo + row * width, operands.array(1), from);
    }
    chain.applyRange(operands, y, yo, first * width, last * width, scratch, CacheLine.FIRST);
  }

  private void copy(float[] y, int yo, float[] x, int xo) {
    if (step == 0) {
      Arrays.fill(y, yo, yo + width, x[xo] * factor);
    } else if (step == 1 && factor == 1) {
      System.arraycopy(x, xo, y, yo, width);
    } else {
      for (int i = 0; i < width; i++) {
        y[yo + i] = x[xo + i * step] * factor;
      }
    }
  }
}
