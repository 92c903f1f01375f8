package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Axis;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Pooling of plain maps by windows of 2 × 2 that lie side by side, where channels are too few for blocks: a vector
/// holds neighbouring cells of a row.
///
/// First the two rows under each row of windows are joined, then neighbouring cells, over the ends of rows. A unit is
/// one channel of an image. Memory traffic: input and output once.
final class RowPool implements Kernel {
  private static final int L = Machine.LANES;
  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(Machine.SPECIES, i -> 2 * i % L);
  private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(Machine.SPECIES, i -> 2 * i % L + 1);
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(Machine.SPECIES, -1L << L / 2 & (1L << L) - 1);

  private final Task task;
  private final boolean largest;
  private final float factor;
  private final int planes;
  private final int height;
  private final int width;

  RowPool(Task task, Windowed op) {
    this.task = task;
    this.largest = op instanceof Windowed.MaxPool;
    this.factor = op instanceof Windowed.AvgPool(Window _, Windowed.Divisor d) && d != Windowed.Divisor.NONE
        ? 0.25f : 1;
    Shape y = task.output();
    this.planes = y.dim(0) * y.dim(1);
    this.height = y.dim(2);
    this.width = y.dim(3);
  }

  /// Whether a pooling is of this kind.
  static boolean fits(Windowed op, Shape x, Shape y) {
    Axis two = Axis.of(2).withStride(2);
    return (op instanceof Windowed.MaxPool || op instanceof Windowed.AvgPool) && op.window().rank() == 2
        && op.window().axes().stream().allMatch(a -> a.withCeiling(false).withPadding(Padding.VALID).equals(two))
        && x.dim(3) == 2 * y.dim(3) && x.dim(2) / 2 == y.dim(2)
        && op.window().over(x.slice(2, 4)).stream().allMatch(p -> p.before() == 0)
        && x.dim(3) >= L && y.size(2) >= L;
  }

  @Override public String name() {
    return "rows of " + L;
  }

  @Override public String reason() {
    return "2 × 2 windows, " + task.output().dim(1) + " channels";
  }

  @Override public int units(int phase) {
    return planes;
  }

  @Override public int scratch() {
    return height * 2 * width + task.chain().scratch();
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int wide = 2 * width;
    int plane = height * width;
    float[] x = o.array(1);
    int xo = o.offset(1) + unit * task.inputs().getFirst().dim(2) * wide;
    for (int row = 0; row < height; row++) {
      joinRows(x, xo + row * 2 * wide, wide, scratch, CacheLine.FIRST + row * wide);
    }
    int yo = o.offset(0) + unit * plane;
    for (int i = 0; i < plane; i += L) {
      // The last vector goes back to be whole.
      int at = Math.min(i, plane - L);
      joinPairs(scratch, CacheLine.FIRST + 2 * at, o.array(0), yo + at);
    }
    Finish.apply(task.chain(), o, unit * plane, plane, scratch, CacheLine.FIRST + height * wide);
  }

  private void joinRows(float[] x, int from, int wide, float[] to, int out) {
    for (int i = 0; i < wide; i += L) {
      int at = Math.min(i, wide - L);
      FloatVector a = FloatVector.fromArray(Machine.SPECIES, x, from + at);
      FloatVector b = FloatVector.fromArray(Machine.SPECIES, x, from + wide + at);
      join(a, b).intoArray(to, out + at);
    }
  }

  private void joinPairs(float[] x, int from, float[] y, int to) {
    FloatVector a = FloatVector.fromArray(Machine.SPECIES, x, from);
    FloatVector b = FloatVector.fromArray(Machine.SPECIES, x, from + L);
    FloatVector even = a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER);
    FloatVector odd = a.rearrange(ODD).blend(b.rearrange(ODD), UPPER);
    (largest ? even.max(odd) : even.add(odd).mul(factor)).intoArray(y, to);
  }

  private FloatVector join(FloatVector a, FloatVector b) {
    return largest ? a.max(b) : a.add(b);
  }
}
