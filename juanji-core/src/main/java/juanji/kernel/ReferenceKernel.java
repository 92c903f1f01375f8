package juanji.kernel;

import java.util.ArrayList;
import java.util.List;

/// Computes an operation by its own definition: inputs are widened to double, the result is rounded to float.
///
/// One unit, and new arrays for every run: the one kernel that allocates, since a definition does. Used for operations
/// that no kernel knows: those of users, and composites that a plan has not expanded.
public final class ReferenceKernel implements Kernel {
  private final Task task;

  private ReferenceKernel(Task task) {
    this.task = task;
  }

  /// The kernel of a task in the plain layout.
  public static ReferenceKernel of(Task task) {
    return new ReferenceKernel(task);
  }

  @Override public String name() {
    return "reference";
  }

  @Override public String reason() {
    return "by definition";
  }

  @Override public int units(int phase) {
    return 1;
  }

  @Override public int scratch() {
    return task.chain().scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    List<double[]> inputs = new ArrayList<>();
    for (int i = 0; i < task.inputs().size(); i++) {
      float[] x = operands.array(1 + i);
      int xo = operands.offset(1 + i);
      double[] wide = new double[task.inputs().get(i).length()];
      for (int j = 0; j < wide.length; j++) {
        wide[j] = x[xo + j];
      }
      inputs.add(wide);
    }
    double[] result = task.op().reference(task.inputs(), inputs);
    float[] y = operands.array(0);
    int yo = operands.offset(0);
    for (int j = 0; j < result.length; j++) {
      y[yo + j] = (float) result[j];
    }
    task.chain().applyRange(operands, y, yo, 0, result.length, scratch, CacheLine.FIRST);
  }
}
