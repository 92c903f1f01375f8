package juanji.kernel;

import juanji.tensor.Shape;

/// Softmax along one axis, or its logarithm, in the plain layout: maximum, sum and result while a stretch is in the
/// cache.
///
/// The tensor is seen as outer axes, the axis itself and inner columns. A unit is some rows or columns of about 16 K
/// elements. Rows that are shorter than a vector are turned into columns in scratch memory, many at a time. Memory
/// traffic: the input and the result once.
///
/// Used for [juanji.op.Composite.Softmax] and [juanji.op.Composite.LogSoftmax].
final class SoftmaxKernel implements Kernel {
  private static final int UNIT = 16 * 1024;
  /// The fewest columns, or short rows, that are worth being taken at a time.
  private static final int LEAST = 64;
  /// Floats of short rows that are turned at a time.
  private static final int TURNED = 4096;

  private final Chain.Bound chain;
  private final Loops loops;
  private final boolean log;
  private final int length;
  private final int inner;
  private final int outer;
  private final int share;
  private final int pieces;
  private final boolean turns;
  private final int together;

  /// @param axis the axis along which the results sum to 1
  /// @param log whether the result is the logarithm
  SoftmaxKernel(Task task, int axis, boolean log, Loops loops) {
    Shape x = task.inputs().getFirst();
    this.chain = task.chain();
    this.loops = x.size() <= Loops.FEW ? loops.few() : loops;
    this.log = log;
    this.length = x.dim(axis);
    this.inner = (int) x.size(axis + 1);
    this.outer = x.slice(0, axis).length();
    this.turns = inner == 1 && length < loops.lanes();
    int most = Math.max(LEAST, UNIT / Math.max(1, length) / LEAST * LEAST);
    this.together = turns ? Math.max(LEAST, TURNED / Math.max(1, length)) : 1;
    this.share = inner == 1 ? most : Math.min(most, inner);
    this.pieces = Math.ceilDiv(inner == 1 ? outer : inner, Math.max(1, share));
  }

  @Override public String name() {
    return log ? "log-softmax" : "softmax";
  }

  @Override public String reason() {
    return (inner == 1 ? outer + " rows of " : (long) outer * inner + " columns of ") + length
        + (turns ? ", turned" : "");
  }

  @Override public int units(int phase) {
    return length == 0 ? 0 : inner == 1 ? pieces : outer * pieces;
  }

  @Override public int scratch() {
    return Math.max(turns ? 2 * together * length : 0, chain.scratch());
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    if (inner > 1) {
      columns(o, unit, scratch);
    } else {
      rows(o, unit * share, Math.min(outer, (unit + 1) * share), scratch);
    }
  }

  private void columns(Operands o, int unit, float[] scratch) {
    int column = unit % pieces * share;
    int columns = Math.min(share, inner - column);
    int at = unit / pieces * length * inner + column;
    float[] y = o.array(0);
    loops.softmax(y, o.offset(0) + at, o.array(1), o.offset(1) + at, length, inner, columns, log);
    for (int i = 0; i < length; i++) {
      chain.applyRange(o, y, o.offset(0), at + i * inner, at + i * inner + columns, scratch, CacheLine.FIRST);
    }
  }

  private void rows(Operands o, int first, int last, float[] scratch) {
    float[] y = o.array(0);
    float[] x = o.array(1);
    for (int row = first; row < last;) {
      int at = row * length;
      int rows = Math.min(together, last - row);
      if (turns) {
        turned(y, o.offset(0) + at, x, o.offset(1) + at, rows, scratch);
      } else {
        loops.softmax(y, o.offset(0) + at, x, o.offset(1) + at, length, 1, 1, log);
      }
      row += rows;
    }
    chain.applyRange(o, y, o.offset(0), first * length, last * length, scratch, CacheLine.FIRST);
  }

  private void turned(float[] y, int yo, float[] x, int xo, int rows, float[] scratch) {
    int results = together * length;
    for (int i = 0; i < length; i++) {
      for (int r = 0; r < rows; r++) {
        scratch[i * rows + r] = x[xo + r * length + i];
      }
    }
    loops.softmax(scratch, results, scratch, 0, length, rows, rows, log);
    for (int i = 0; i < length; i++) {
      for (int r = 0; r < rows; r++) {
        y[yo + r * length + i] = scratch[results + i * rows + r];
      }
    }
  }
}
