package juanji.kernel;

import juanji.op.Random;

/// Draws a dropout mask: y[i] is 1 / keep where the counter-based generator says so, else 0.
///
/// Nothing is read but the step's number; y is written once. A unit is 64 K elements; each element depends on its index
/// alone.
///
/// Used for every mask.
public final class MaskKernel implements Kernel {
  private static final int UNIT = 64 * 1024;

  private final Random.Mask op;
  private final Chain.Bound chain;
  private final int length;
  private final float kept;

  private MaskKernel(Random.Mask op, Task task) {
    this.op = op;
    this.chain = task.chain();
    this.length = task.output().length();
    this.kept = (float) (1 / op.keep());
  }

  /// The kernel of a mask in the plain layout.
  public static MaskKernel of(Random.Mask op, Task task) {
    return new MaskKernel(op, task);
  }

  @Override public String name() {
    return "counter";
  }

  @Override public String reason() {
    return length + " numbers";
  }

  @Override public int units(int phase) {
    return Math.ceilDiv(length, UNIT);
  }

  @Override public int scratch() {
    return chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int first = unit * UNIT;
    int last = Math.min(length, first + UNIT);
    long stream = op.stream((long) operands.array(2)[operands.offset(2)]);
    float[] y = operands.array(0);
    int yo = operands.offset(0);
    for (int i = first; i < last; i++) {
      y[yo + i] = op.keeps(stream, i) ? kept : 0;
    }
    chain.applyRange(operands, y, yo, first, last, scratch, CacheLine.FIRST);
  }
}
