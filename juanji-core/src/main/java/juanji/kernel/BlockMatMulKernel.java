package juanji.kernel;

import java.util.Arrays;
import juanji.op.Contraction;
import juanji.tensor.Shape;

/// Computes products of matrices by blocks: y[row] += Σ over four j of a[row, j] · b[j, columns].
///
/// A unit is 64 rows by 128 columns of one matrix of the stack. A strip of 64 × 128 of b stays in the first-level cache
/// while the rows pass; a transposed b is turned strip by strip into scratch memory, so that the inner loop always runs
/// along columns. With fewer than four rows turning does not pay: then each
/// element is the product of a row and a row.
///
/// Used for every product of matrices that no other provider takes.
public final class BlockMatMulKernel implements Kernel {
  private static final int ROWS = 64;
  private static final int COLUMNS = 128;
  private static final int DEPTH = 64;
  private static final int FEW = 4;

  private final Chain.Bound chain;
  private final boolean transposeA;
  private final boolean transposeB;
  private final int m;
  private final int n;
  private final int k;
  private final int rowBlocks;
  private final int columnBlocks;
  private final int units;

  private BlockMatMulKernel(Contraction.MatMul op, Task task) {
    Shape a = task.inputs().get(0);
    Shape y = task.output();
    this.chain = task.chain();
    this.transposeA = op.transposeA();
    this.transposeB = op.transposeB();
    this.m = y.dim(-2);
    this.n = y.dim(-1);
    this.k = a.dim(transposeA ? -2 : -1);
    this.rowBlocks = Math.ceilDiv(m, ROWS);
    this.columnBlocks = Math.ceilDiv(n, COLUMNS);
    this.units = y.slice(0, y.rank() - 2).length() * rowBlocks * columnBlocks;
  }

  /// The kernel of a product of matrices.
  public static BlockMatMulKernel of(Contraction.MatMul op, Task task) {
    return new BlockMatMulKernel(op, task);
  }

  @Override public String name() {
    return "blocks";
  }

  @Override public String reason() {
    return m + " × " + k + " · " + k + " × " + n + (transposeB && m < FEW ? ", row by row" : "");
  }

  @Override public int units(int phase) {
    return units;
  }

  @Override public int scratch() {
    return chain.scratch() + (transposeB && m >= FEW ? DEPTH * COLUMNS : 0);
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int column = unit % columnBlocks * COLUMNS;
    int row = unit / columnBlocks % rowBlocks * ROWS;
    int stack = unit / columnBlocks / rowBlocks;
    int width = Math.min(COLUMNS, n - column);
    int height = Math.min(ROWS, m - row);
    int first = (stack * m + row) * n + column;
    int ao = operands.offset(1) + stack * m * k + (transposeA ? row : row * k);
    int bo = operands.offset(2) + stack * k * n + (transposeB ? column * k : column);
    int yo = operands.offset(0) + first;
    if (transposeB && m < FEW) {
      dots(operands, yo, ao, bo, height, width);
    } else {
      strips(operands, yo, ao, bo, height, width, scratch);
    }
    for (int r = 0; r < height; r++) {
      int at = first + r * n;
      chain.applyRange(operands, operands.array(0), operands.offset(0), at, at + width, scratch, CacheLine.FIRST);
    }
  }

  private void dots(Operands operands, int yo, int ao, int bo, int height, int width) {
    float[] y = operands.array(0);
    for (int r = 0; r < height; r++) {
      for (int c = 0; c < width; c++) {
        y[yo + r * n + c] = Rows.dot(operands.array(1), ao + (transposeA ? r : r * k), transposeA ? m : 1,
            operands.array(2), bo + c * k, k);
      }
    }
  }

  private void strips(Operands operands, int yo, int ao, int bo, int height, int width, float[] scratch) {
    float[] y = operands.array(0);
    for (int r = 0; r < height; r++) {
      Arrays.fill(y, yo + r * n, yo + r * n + width, 0);
    }
    for (int depth = 0; depth < k; depth += DEPTH) {
      int terms = Math.min(DEPTH, k - depth);
      float[] b = transposeB ? scratch : operands.array(2);
      int from = transposeB ? chain.scratch() : bo + depth * n;
      if (transposeB) {
        turn(operands.array(2), bo + depth, terms, width, scratch, from);
      }
      for (int r = 0; r < height; r++) {
        Rows.combine(y, yo + r * n, 1, b, from, 1, transposeB ? COLUMNS : n, operands.array(1),
            ao + (transposeA ? depth * m + r : r * k + depth), transposeA ? m : 1, terms, width);
      }
    }
  }

  private void turn(float[] b, int bo, int terms, int width, float[] to, int at) {
    for (int c = 0; c < width; c++) {
      for (int j = 0; j < terms; j++) {
        to[at + j * COLUMNS + c] = b[bo + c * k + j];
      }
    }
  }
}
