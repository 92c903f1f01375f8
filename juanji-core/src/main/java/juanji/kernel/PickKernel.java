package juanji.kernel;

import juanji.op.Gather;
import juanji.tensor.Shape;

/// Takes the values at the first maximum of each window, which is searched as in the gradient of maximum pooling.
///
/// A unit is one plane. x is read once from memory, y is written once, and one value is read per window.
///
/// Used for every Pick.
public final class PickKernel implements Kernel {
  private final Sweep sweep;
  private final Chain.Bound chain;
  private final int planes;

  private PickKernel(Gather.Pick op, Task task) {
    Shape x = task.inputs().getFirst();
    this.sweep = Sweep.of(op.window(), x.slice(2, x.rank()));
    this.chain = task.chain();
    this.planes = x.dim(0) * x.dim(1);
  }

  /// The kernel of a task in the plain layout.
  public static PickKernel of(Gather.Pick op, Task task) {
    return new PickKernel(op, task);
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
    int size = sweep.outPlane();
    float[] y = operands.array(0);
    int yo = operands.offset(0) + unit * size;
    int xo = operands.offset(1) + unit * sweep.inPlane();
    int vo = operands.offset(2) + unit * sweep.inPlane();
    int at = yo;
    for (int od = 0; od < sweep.out()[0]; od++) {
      for (int oh = 0; oh < sweep.out()[1]; oh++) {
        for (int ow = 0; ow < sweep.out()[2]; ow++) {
          y[at++] = operands.array(2)[vo + MaxPoolInputKernel.first(sweep, operands.array(1), xo, od, oh, ow)];
        }
      }
    }
    chain.applyRange(operands, y, operands.offset(0), unit * size, (unit + 1) * size, scratch, CacheLine.FIRST);
  }
}
