package juanji.kernel;

import java.util.Arrays;
import juanji.op.Reduction;
import juanji.tensor.Shape;

/// Computes sums, means and maxima over some axes of chain(x), for x in the plain or a blocked layout.
///
/// In memory, x is seen as outer axes (kept or reduced), then R reduced rows of K kept columns; in a blocked layout the
/// K columns are the lanes of a block, so that padding lanes have sums of their own, which are dropped. A *group* is K
/// results (at most a run of them); an *item* is a stretch of rows that goes into a group. Runs are added up in float
/// accumulators in registers, and these to sums that are kept as a float and what its rounding left.
///
/// x is read once, and the chain is evaluated in the first-level cache. Units are groups; where there are few groups,
/// a group's items are divided into a fixed number of parts, whose sums a second phase joins in order. Short rows that
/// lie behind one another are summed up many at a time instead.
///
/// Used for all reductions.
public final class ReduceKernel implements Kernel {
  private static final int RUN = Chain.RUN;
  private static final int UNIT = 16 * 1024;
  private static final int ITEM = 8 * 1024;
  private static final int PARALLEL = 32;

  private final Chain.Bound chain;
  private final Loops loops;
  private final boolean maximum;
  private final float start;
  private final double factor;

  private final int columns;
  private final int chunks;
  private final int rows;
  private final int rowsPerItem;
  private final int rowBlocks;
  private final Odometer kept;
  private final Odometer reduced;
  private final int items;
  private final int groups;
  private final int parts;
  private final int groupsPerUnit;
  private final boolean shortRows;

  private final int laneStep;
  private final int channels;
  private final boolean foldsLanes;
  private final int lanes;

  /// Some axes of x: their extents, how far one step moves in x and in y, and by how many channels it moves.
  private record Odometer(int[] dims, int[] inputSteps, int[] outputSteps, int[] channelSteps, int count) {
    static Odometer of(int[] dims, int[] inputs, int[] outputs, int[] channels, boolean[] chosen, int end) {
      int n = 0;
      int count = 1;
      int[][] picked = new int[4][end];
      for (int i = 0; i < end; i++) {
        if (chosen[i]) {
          picked[0][n] = dims[i];
          picked[1][n] = inputs[i];
          picked[2][n] = outputs[i];
          picked[3][n] = channels[i];
          count *= dims[i];
          n++;
        }
      }
      return new Odometer(Arrays.copyOf(picked[0], n), Arrays.copyOf(picked[1], n), Arrays.copyOf(picked[2], n),
          Arrays.copyOf(picked[3], n), count);
    }

    /// Where the flat index leads, with the given steps.
    int at(int flat, int[] steps) {
      int rest = flat;
      int sum = 0;
      for (int i = dims.length - 1; i >= 0; i--) {
        sum += rest % dims[i] * steps[i];
        rest /= dims[i];
      }
      return sum;
    }
  }

  private ReduceKernel(Reduction op, Shape x, Layout layout, Shape y, Chain.Bound chain, Loops loops) {
    this.chain = chain;
    this.loops = loops;
    this.maximum = op instanceof Reduction.Max;
    this.start = (float) op.start();
    this.factor = op instanceof Reduction.Mean ? (double) y.size() / x.size() : 1;
    boolean blocked = !layout.plain();
    int rank = x.rank();
    int[] dims = Arrays.copyOf(x.toArray(), rank + (blocked ? 1 : 0));
    int[] outputs = Arrays.copyOf(y.strides(), dims.length);
    int[] channelSteps = new int[dims.length];
    boolean[] isReduced = new boolean[dims.length];
    for (int axis : op.axes()) {
      isReduced[axis] = true;
    }
    int lane = 1;
    if (blocked) {
      dims[1] = layout.blocks(x);
      dims[rank] = layout.block();
      channelSteps[1] = layout.block();
      lane = isReduced[1] ? 0 : outputs[1];
      outputs[1] *= layout.block();
    }
    this.laneStep = lane;
    this.channels = blocked ? x.dim(1) : 0;
    this.lanes = layout.block();
    this.foldsLanes = blocked && isReduced[1];
    int[] inputs = Shape.of(dims).strides();
    int end = dims.length;
    int width = 1;
    while (end > 0 && !isReduced[end - 1] && (!blocked || end == dims.length)) {
      width *= dims[--end];
    }
    int height = 1;
    while (end > 0 && (isReduced[end - 1] || dims[end - 1] == 1) && (!blocked || end > 2)) {
      height *= dims[--end];
    }
    boolean[] isKept = new boolean[dims.length];
    for (int i = 0; i < end; i++) {
      isKept[i] = !isReduced[i];
    }
    this.columns = width;
    this.rows = height;
    this.chunks = Math.ceilDiv(width, RUN);
    this.kept = Odometer.of(dims, inputs, outputs, channelSteps, isKept, end);
    this.reduced = Odometer.of(dims, inputs, outputs, channelSteps, isReduced, end);
    this.rowsPerItem = Math.max(1, ITEM / Math.max(1, Math.min(width, RUN)));
    this.rowBlocks = Math.ceilDiv(height, rowsPerItem);
    this.items = reduced.count * rowBlocks;
    this.groups = kept.count * chunks;
    long cost = (long) reduced.count * height * Math.min(width, RUN);
    this.parts = groups > 0 && groups < PARALLEL && groups * cost >= 4 * UNIT
        ? Math.clamp(items, 1, Math.ceilDiv(PARALLEL, groups)) : 1;
    this.shortRows = !blocked && columns == 1 && parts == 1 && reduced.count == 1 && rows <= RUN / 2
        && kept.count * (long) rows == x.size();
    this.groupsPerUnit = parts > 1 ? 1 : Math.clamp(UNIT / Math.max(1, cost), 1, UNIT);
  }

  /// The kernel of a task whose operation is a reduction.
  public static ReduceKernel of(Reduction op, Task task, Loops loops) {
    return new ReduceKernel(op, task.inputs().getFirst(), task.layouts().getFirst(), task.output(), task.chain(),
        loops);
  }

  @Override public String name() {
    return "reduce";
  }

  @Override public String reason() {
    return groups + (groups == 1 ? " group of " : " groups of ") + Math.min(columns, RUN)
        + (parts > 1 ? " in " + parts + " parts" : "");
  }

  @Override public int phases() {
    return parts > 1 ? 2 : 1;
  }

  @Override public int units(int phase) {
    return phase == 1 ? groups : parts > 1 ? groups * parts : Math.ceilDiv(groups, groupsPerUnit);
  }

  @Override public int scratch() {
    return 4 * RUN + chain.scratch();
  }

  @Override public long workspace() {
    return parts > 1 ? (long) groups * parts * pair() : 0;
  }

  /// Floats of a group's sums and remainders.
  private int pair() {
    return 2 * Math.min(columns, RUN);
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    if (parts == 1) {
      int last = Math.min(groups, (unit + 1) * groupsPerUnit);
      if (shortRows) {
        summarize(operands, unit * groupsPerUnit, last, scratch);
        return;
      }
      for (int group = unit * groupsPerUnit; group < last; group++) {
        clear(scratch, 0);
        accumulate(operands, group, 0, items, scratch, 0, scratch);
        write(operands, group, scratch, 0);
      }
      return;
    }
    int workspace = 2 + chain.operands();
    float[] sums = operands.array(workspace);
    int so = operands.offset(workspace);
    if (phase == 0) {
      int part = unit % parts;
      int at = so + unit * pair();
      clear(sums, at);
      accumulate(operands, unit / parts, (int) ((long) items * part / parts), (int) ((long) items * (part + 1) / parts),
          sums, at, scratch);
    } else {
      int half = pair() / 2;
      int at = so + unit * parts * pair();
      clear(scratch, 0);
      for (int part = 0; part < parts; part++) {
        for (int k = 0; k < half; k++) {
          int from = at + part * pair() + k;
          join(scratch, k, total(sums, from));
        }
      }
      write(operands, unit, scratch, 0);
    }
  }

  /// Reduces short rows that lie behind one another, several at a time.
  private void summarize(Operands operands, int first, int last, float[] scratch) {
    float[] x = chain.isEmpty() ? operands.array(1) : scratch;
    float[] y = operands.array(0);
    int together = RUN / rows;
    for (int row = first; row < last; row += together) {
      int count = Math.min(together, last - row);
      int yo = operands.offset(0) + row;
      loops.summarize(y, yo, x, load(operands, row * rows, count * rows, scratch), count, rows, maximum);
      for (int i = yo; i < yo + count && factor != 1; i++) {
        y[i] = (float) (y[i] * factor);
      }
    }
  }

  private void clear(float[] sums, int at) {
    int half = pair() / 2;
    Arrays.fill(sums, at, at + half, start);
    Arrays.fill(sums, at + half, at + 2 * half, 0);
  }

  /// Adds to (or takes the maximum with) a sum that is kept as a float and its remainder.
  private void join(float[] sums, int at, double value) {
    int half = pair() / 2;
    if (maximum) {
      sums[at] = Math.max(sums[at], (float) value);
    } else {
      double sum = total(sums, at) + value;
      float rounded = (float) sum;
      sums[at] = rounded;
      // An infinite or undefined sum has no remainder.
      sums[at + half] = Float.isFinite(rounded) ? (float) (sum - rounded) : 0;
    }
  }

  /// A sum with its remainder, which an infinite or undefined one has not.
  private double total(float[] sums, int at) {
    return Float.isFinite(sums[at]) ? sums[at] + (double) sums[at + pair() / 2] : sums[at];
  }

  /// Joins some items of a group into its sums.
  private void accumulate(Operands operands, int group, int firstItem, int lastItem, float[] sums, int so,
      float[] scratch) {
    int outer = group / chunks;
    int column = group % chunks * RUN;
    int width = Math.min(RUN, columns - column);
    int base = kept.at(outer, kept.inputSteps) + column;
    for (int item = firstItem; item < lastItem; item++) {
      int across = item / rowBlocks;
      int row = item % rowBlocks * rowsPerItem;
      int height = Math.min(rowsPerItem, rows - row);
      int from = base + reduced.at(across, reduced.inputSteps) + row * columns;
      int valid = foldsLanes ? Math.min(lanes, channels - reduced.at(across, reduced.channelSteps)) : width;
      if (chunks > 1) {
        sumRows(operands, from, height, width, sums, so, scratch);
      } else {
        sumStretch(operands, from, height * width, width, valid, sums, so, scratch);
      }
    }
  }

  /// Rows that are parts of longer ones.
  private void sumRows(Operands operands, int from, int height, int width, float[] sums, int so, float[] scratch) {
    for (int r = 0; r < height; r++) {
      gather(operands, from + r * columns, width, width, sums, so, scratch);
    }
  }

  /// Whole rows, one after the other in memory.
  private void sumStretch(Operands operands, int from, int length, int width, int valid, float[] sums, int so,
      float[] scratch) {
    int wide = RUN / width * width;
    float[] lanewise = foldsLanes ? scratch : sums;
    int lo = foldsLanes ? 2 * RUN : so;
    if (foldsLanes) {
      clear(scratch, lo);
    }
    for (int at = 0; at < length; at += wide) {
      gather(operands, from + at, Math.min(wide, length - at), width, lanewise, lo, scratch);
    }
    for (int k = 0; k < valid && foldsLanes; k++) {
      join(sums, so, total(scratch, lo + k));
    }
  }

  /// Evaluates the chain for a run of x, unless it is empty; says where the values lie.
  private int load(Operands operands, int from, int n, float[] scratch) {
    if (chain.isEmpty()) {
      return operands.offset(1) + from;
    }
    int to = 3 * RUN;
    chain.evaluateRange(operands, scratch, to - from, operands.array(1), operands.offset(1), from, from + n, scratch,
        4 * RUN);
    return to;
  }

  /// Adds a run of x, rows of `width`, to the sums.
  private void gather(Operands operands, int from, int n, int width, float[] sums, int so, float[] scratch) {
    float[] x = chain.isEmpty() ? operands.array(1) : scratch;
    int xo = load(operands, from, n, scratch);
    if (maximum) {
      loops.maximize(sums, so, x, xo, n, width);
    } else {
      loops.sum(sums, so, so + pair() / 2, x, xo, n, width);
    }
  }

  /// Stores a group's results.
  private void write(Operands operands, int group, float[] sums, int so) {
    int outer = group / chunks;
    int column = group % chunks * RUN;
    float[] y = operands.array(0);
    int yo = operands.offset(0) + kept.at(outer, kept.outputSteps) + column * laneStep;
    int results = foldsLanes ? 1 : channels > 0 ? Math.min(lanes, channels - kept.at(outer, kept.channelSteps))
        : Math.min(RUN, columns - column);
    for (int k = 0; k < results; k++) {
      y[yo + k * laneStep] = (float) (total(sums, so + k) * factor);
    }
  }
}
