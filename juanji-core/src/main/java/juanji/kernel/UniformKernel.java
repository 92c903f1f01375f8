package juanji.kernel;

import juanji.op.Random;

/// Draws numbers between 0 and 1 with a counter-based generator.
///
/// Nothing is read but the step's number; y is written once. A unit is 64 K elements; each element depends on its index
/// alone.
///
/// Used for every Uniform.
public final class UniformKernel implements Kernel {
  private static final int UNIT = 64 * 1024;

  private final Random.Uniform op;
  private final Chain.Bound chain;
  private final int length;

  private UniformKernel(Random.Uniform op, Task task) {
    this.op = op;
    this.chain = task.chain();
    this.length = task.output().length();
  }

  /// The kernel of a task in the plain layout.
  public static UniformKernel of(Random.Uniform op, Task task) {
    return new UniformKernel(op, task);
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
      y[yo + i] = Random.Uniform.at(stream, i);
    }
    chain.applyRange(operands, y, yo, first, last, scratch, CacheLine.FIRST);
  }
}
