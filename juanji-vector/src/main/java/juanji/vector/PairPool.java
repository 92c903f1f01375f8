package juanji.vector;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Axis;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Pooling by maximum, and its gradient, with the windows of most networks: 2 × 2 cells side by side, all inside.
///
/// Each cell belongs to one window, so that a gradient writes each once, without branches. Rows are taken a few at a
/// time: what a prologue makes of these stays in the first-level cache. Units and memory traffic are those of [Pool].
final class PairPool implements Kernel {
  private static final int L = Machine.LANES;
  /// Floats that a prologue makes at a time.
  private static final int STRIPE = 4 * 1024;

  private final Task task;
  private final Windowed op;
  private final boolean gradient;
  private final Through source;
  private final int units;
  private final int layers;
  private final int height;
  private final int width;
  private final int rows;
  private final int columns;

  PairPool(Task task, Windowed op) {
    this.task = task;
    this.op = op;
    this.gradient = op instanceof Windowed.MaxPoolInput;
    this.source = new Through(task);
    Shape x = task.inputs().getFirst();
    List<Axis> axes = Pool.axes(task, op);
    int last = axes.size() - 1;
    this.units = x.dim(0) * (task.layout().plain() ? x.dim(1) : Math.ceilDiv(x.dim(1), L));
    this.layers = last == 2 ? x.dim(2) : 1;
    this.height = x.dim(1 + last);
    this.width = x.dim(2 + last);
    this.rows = axes.get(last - 1).over(height).out();
    this.columns = axes.get(last).over(width).out();
  }

  static boolean fits(Task task, Windowed op) {
    if (!(op instanceof Windowed.MaxPool || op instanceof Windowed.MaxPoolInput)) {
      return false;
    }
    Shape x = task.inputs().getFirst();
    List<Axis> axes = Pool.axes(task, op);
    int last = axes.size() - 1;
    return last >= 1 && pair(axes.get(last), x.dim(2 + last)) && pair(axes.get(last - 1), x.dim(1 + last))
        && (last == 1 || axes.getFirst().kernel() == 1 && axes.getFirst().over(x.dim(2)).out() == x.dim(2));
  }

  private static boolean pair(Axis axis, int cells) {
    Axis.Placed placed = axis.over(cells);
    return axis.kernel() == 2 && axis.stride() == 2 && axis.dilation() == 1 && placed.before() == 0
        && 2 * placed.out() <= cells;
  }

  @Override public String name() {
    return "pairs in blocks of " + L;
  }

  @Override public String reason() {
    return op.window().kernel() + " windows, " + task.output().dim(1) + " channels";
  }

  @Override public int units(int phase) {
    return units;
  }

  @Override public boolean readsThrough() {
    return Through.fits(task);
  }

  /// How many rows of windows are taken at a time.
  private int together() {
    return source.none() ? rows : Math.clamp(STRIPE / (2L * width * L), 1, Math.max(1, rows));
  }

  /// Floats of scratch before those for what the task sees of a few rows.
  private int ownScratch() {
    return Math.ceilDiv(task.chain().scratch(), Machine.LINE) * Machine.LINE;
  }

  @Override public int scratch() {
    return ownScratch() + source.scratch(2 * together() * width * L);
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int wide = layers * height * width * L;
    int narrow = layers * rows * columns * L;
    if (gradient && (2 * columns < width || 2 * rows < height)) {
      // Cells that no window sees.
      Arrays.fill(o.array(0), o.offset(0) + unit * wide, o.offset(0) + (unit + 1) * wide, 0);
    }
    for (int d = 0; d < layers; d++) {
      for (int first = 0; first < rows; first += together()) {
        int last = Math.min(rows, first + together());
        int cells = unit * wide + (d * height + 2 * first) * width * L;
        stripe(o, cells, unit * narrow + (d * rows + first) * columns * L, last - first, scratch);
      }
    }
    int length = gradient ? wide : narrow;
    Finish.apply(task.chain(), o, unit * length, length, scratch, CacheLine.FIRST);
  }

  /// Takes some rows of windows.
  ///
  /// @param cells where the first one's cells begin in the tensor
  /// @param windows where the first one's maxima begin in theirs
  private void stripe(Operands o, int cells, int windows, int count, float[] scratch) {
    int row = width * L;
    float[] x = o.array(1);
    int from = o.offset(1) + cells;
    if (!source.none()) {
      x = scratch;
      from = CacheLine.FIRST + ownScratch();
      source.run(o, cells, cells + 2 * count * row, scratch, from);
    }
    for (int i = 0; i < count; i++) {
      int maxima = windows + i * columns * L;
      if (gradient) {
        toLargest(x, from + 2 * i * row, o.array(2), o.offset(2) + maxima, o.array(0),
            o.offset(0) + cells + 2 * i * row, row, columns);
      } else {
        largest(x, from + 2 * i * row, row, o.array(0), o.offset(0) + maxima, columns);
      }
    }
  }

  private static void largest(float[] x, int xo, int row, float[] y, int yo, int count) {
    for (int w = 0; w < count; w++) {
      int at = xo + w * 2 * L;
      FloatVector.fromArray(Machine.SPECIES, x, at).max(FloatVector.fromArray(Machine.SPECIES, x, at + L))
          .max(FloatVector.fromArray(Machine.SPECIES, x, at + row)
              .max(FloatVector.fromArray(Machine.SPECIES, x, at + row + L)))
          .intoArray(y, yo + w * L);
    }
  }

  private static void toLargest(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int row, int count) {
    FloatVector none = FloatVector.zero(Machine.SPECIES);
    for (int w = 0; w < count; w++) {
      int at = w * 2 * L;
      FloatVector a = FloatVector.fromArray(Machine.SPECIES, x, xo + at);
      FloatVector b = FloatVector.fromArray(Machine.SPECIES, x, xo + at + L);
      FloatVector c = FloatVector.fromArray(Machine.SPECIES, x, xo + at + row);
      FloatVector e = FloatVector.fromArray(Machine.SPECIES, x, xo + at + row + L);
      FloatVector g = FloatVector.fromArray(Machine.SPECIES, dy, dyo + w * L);
      // The first of equal cells wins: a later one must be larger.
      VectorMask<Float> second = b.compare(VectorOperators.GT, a);
      FloatVector upper = a.blend(b, second);
      VectorMask<Float> fourth = e.compare(VectorOperators.GT, c);
      FloatVector lower = c.blend(e, fourth);
      VectorMask<Float> below = lower.compare(VectorOperators.GT, upper);
      FloatVector above = g.blend(none, below);
      FloatVector under = none.blend(g, below);
      above.blend(none, second).intoArray(dx, dxo + at);
      none.blend(above, second).intoArray(dx, dxo + at + L);
      under.blend(none, fourth).intoArray(dx, dxo + at + row);
      none.blend(under, fourth).intoArray(dx, dxo + at + row + L);
    }
  }
}
