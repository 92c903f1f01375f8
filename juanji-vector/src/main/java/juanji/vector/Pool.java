package juanji.vector;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.op.Windowed.Divisor;
import juanji.tensor.Shape;

/// Pooling and its gradients on blocked tensors, where a vector holds one pixel of a block of channels, and on plain
/// ones whose last axis is a vector along which the window stands still.
///
/// It wins whenever there are enough channels to fill a block. A unit is a block of an image's channels, or one channel
/// of a vector of images. Memory traffic: input and output once.
final class Pool implements Kernel {
  private static final int L = Machine.LANES;
  /// The largest plane, in floats, that a prologue is applied to: it stays in the second-level cache.
  private static final int MOST_THROUGH = 64 * 1024;

  private final Task task;
  private final Windowed op;
  private final Divisor divisor;
  private final int units;
  private final Span depth;
  private final Span height;
  private final Span width;
  private final int wide;
  private final int narrow;
  private final MaxRow rows;
  private final Through source;

  /// The cells that a window covers along one axis.
  ///
  /// @param in cells of the axis
  /// @param out positions of the window
  /// @param start the cell under tap 0 of each position, perhaps outside
  /// @param low the first tap of each position that lies inside
  /// @param high the first tap of each position that lies behind the input
  /// @param counted the taps of each position that lie in the input or its padding
  record Span(int in, int out, int dilation, int kernel, int[] start, int[] low, int[] high, int[] counted) {
    static Span of(Axis axis, int in) {
      Axis.Placed placed = axis.over(in);
      int[] start = IntStream.range(0, placed.out()).map(p -> p * axis.stride() - placed.before()).toArray();
      int[] low = IntStream.of(start).map(s -> s >= 0 ? 0 : Math.ceilDiv(-s, axis.dilation())).toArray();
      int[] high = IntStream.of(start)
          .map(s -> Math.clamp(Math.ceilDiv(in - s, axis.dilation()), 0, axis.kernel())).toArray();
      int[] counted = IntStream.range(0, placed.out()).map(p -> axis.counted(placed, p)).toArray();
      return new Span(in, placed.out(), axis.dilation(), axis.kernel(), start, low, high, counted);
    }

    /// The taps inside at a position.
    int inside(int position) {
      return high[position] - low[position];
    }
  }

  /// The kernel of a pooling or of its gradient.
  static Kernel of(Task task, Windowed op) {
    return PairPool.fits(task, op) ? new PairPool(task, op) : new Pool(task, op);
  }

  /// The axes that the window moves along.
  static List<Axis> axes(Task task, Windowed op) {
    return (task.layout().plain() ? LaneConv.across(op.window()) : op.window()).axes();
  }

  private Pool(Task task, Windowed op) {
    this.task = task;
    this.op = op;
    Shape x = switch (op) {
      case Windowed.MaxPool _, Windowed.MaxPoolInput _, Windowed.AvgPool _ -> task.inputs().getFirst();
      case Windowed.AvgPoolInput _ -> task.output();
    };
    this.divisor = switch (op) {
      case Windowed.MaxPool _, Windowed.MaxPoolInput _ -> Divisor.NONE;
      case Windowed.AvgPool(Window _, Divisor d) -> d;
      case Windowed.AvgPoolInput(Window _, Divisor d, Shape _) -> d;
    };
    boolean blocked = !task.layout().plain();
    List<Axis> axes = axes(task, op);
    int missing = 3 - axes.size();
    Span[] spans = new Span[3];
    for (int i = 0; i < 3; i++) {
      spans[i] = i < missing ? Span.of(Axis.of(1), 1) : Span.of(axes.get(i - missing), x.dim(2 + i - missing));
    }
    this.depth = spans[0];
    this.height = spans[1];
    this.width = spans[2];
    this.units = x.dim(0) * (blocked ? Math.ceilDiv(x.dim(1), L) : x.dim(1));
    this.rows = op instanceof Windowed.MaxPool && width.kernel() > 1 ? new MaxRow(depth, height, width) : null;
    this.source = new Through(task);
    this.wide = depth.in() * height.in() * width.in() * L;
    this.narrow = depth.out() * height.out() * width.out() * L;
  }

  @Override public String name() {
    return "blocks of " + L;
  }

  @Override public String reason() {
    return op.window().kernel() + " windows, " + task.output().dim(1) + " channels";
  }

  @Override public int units(int phase) {
    return units;
  }

  @Override public boolean readsThrough() {
    return !(op instanceof Windowed.AvgPoolInput) && wide <= MOST_THROUGH && Through.fits(task);
  }

  private int rowScratch() {
    return rows == null ? 0 : rows.scratch();
  }

  /// Floats of scratch before those for what the task sees of a plane.
  private int ownScratch() {
    return Math.ceilDiv(rowScratch() + task.chain().scratch(), Machine.LINE) * Machine.LINE;
  }

  @Override public int scratch() {
    return ownScratch() + source.scratch(wide);
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    plane(o, unit, scratch);
    int length = op instanceof Windowed.MaxPool || op instanceof Windowed.AvgPool ? narrow : wide;
    Finish.apply(task.chain(), o, unit * length, length, scratch, rowScratch());
  }

  private void plane(Operands o, int unit, float[] scratch) {
    float[] y = o.array(0);
    float[] x = source.none() ? o.array(1) : scratch;
    int plane = o.offset(1) + unit * wide;
    if (!source.none()) {
      plane = CacheLine.FIRST + ownScratch();
      source.run(o, unit * wide, (unit + 1) * wide, scratch, plane);
    }
    switch (op) {
      case Windowed.MaxPool _ -> largest(x, plane, y, o.offset(0) + unit * narrow, scratch);
      case Windowed.AvgPool _ -> sums(x, plane, y, o.offset(0) + unit * narrow);
      case Windowed.MaxPoolInput _ ->
          toLargest(x, plane, o.array(2), o.offset(2) + unit * narrow, y, o.offset(0) + unit * wide);
      case Windowed.AvgPoolInput _ ->
          spread(o.array(1), o.offset(1) + unit * narrow, y, o.offset(0) + unit * wide);
    }
  }

  private int cell(int d, int h, int w) {
    return ((d * height.in() + h) * width.in() + w) * L;
  }

  private float scale(int d, int h, int w) {
    return switch (divisor) {
      case NONE -> 1;
      case WINDOW -> 1f / (depth.counted()[d] * height.counted()[h] * width.counted()[w]);
      case INSIDE -> 1f / (depth.inside(d) * height.inside(h) * width.inside(w));
    };
  }

  private void largest(float[] x, int xo, float[] y, int yo, float[] scratch) {
    int at = yo;
    for (int d = 0; d < depth.out(); d++) {
      for (int h = 0; h < height.out(); h++) {
        if (rows != null) {
          rows.run(x, xo, d, h, scratch, y, at);
        } else {
          for (int w = 0; w < width.out(); w++) {
            largest(x, xo, d, h, w, y, at + w * L);
          }
        }
        at += width.out() * L;
      }
    }
  }

  private void sums(float[] x, int xo, float[] y, int yo) {
    int at = yo;
    for (int d = 0; d < depth.out(); d++) {
      for (int h = 0; h < height.out(); h++) {
        for (int w = 0; w < width.out(); w++) {
          sum(x, xo, d, h, w, y, at);
          at += L;
        }
      }
    }
  }

  private void largest(float[] x, int xo, int d, int h, int w, float[] y, int at) {
    FloatVector best = FloatVector.broadcast(Machine.SPECIES, Float.NEGATIVE_INFINITY);
    int step = width.dilation() * L;
    for (int i = depth.low()[d]; i < depth.high()[d]; i++) {
      for (int j = height.low()[h]; j < height.high()[h]; j++) {
        int row = xo + cell(depth.start()[d] + i * depth.dilation(), height.start()[h] + j * height.dilation(),
            width.start()[w]);
        for (int k = width.low()[w]; k < width.high()[w]; k++) {
          best = best.max(FloatVector.fromArray(Machine.SPECIES, x, row + k * step));
        }
      }
    }
    best.intoArray(y, at);
  }

  private void sum(float[] x, int xo, int d, int h, int w, float[] y, int at) {
    FloatVector sum = FloatVector.zero(Machine.SPECIES);
    int step = width.dilation() * L;
    for (int i = depth.low()[d]; i < depth.high()[d]; i++) {
      for (int j = height.low()[h]; j < height.high()[h]; j++) {
        int row = xo + cell(depth.start()[d] + i * depth.dilation(), height.start()[h] + j * height.dilation(),
            width.start()[w]);
        for (int k = width.low()[w]; k < width.high()[w]; k++) {
          sum = sum.add(FloatVector.fromArray(Machine.SPECIES, x, row + k * step));
        }
      }
    }
    sum.mul(scale(d, h, w)).intoArray(y, at);
  }

  private void toLargest(float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    Arrays.fill(dx, dxo, dxo + wide, 0);
    int at = dyo;
    for (int d = 0; d < depth.out(); d++) {
      for (int h = 0; h < height.out(); h++) {
        for (int w = 0; w < width.out(); w++) {
          toFirst(x, xo, d, h, w, dy, at, dx, dxo);
          at += L;
        }
      }
    }
  }

  /// Adds a window's gradient to the first of its largest cells, lane by lane.
  private void toFirst(float[] x, int xo, int d, int h, int w, float[] dy, int dyo, float[] dx, int dxo) {
    int origin = cell(depth.start()[d] + depth.low()[d] * depth.dilation(),
        height.start()[h] + height.low()[h] * height.dilation(), width.start()[w] + width.low()[w] * width.dilation());
    int deep = depth.inside(d);
    int high = height.inside(h);
    int broad = width.inside(w);
    int depthStep = depth.dilation() * height.in() * width.in() * L;
    int heightStep = height.dilation() * width.in() * L;
    int widthStep = width.dilation() * L;
    FloatVector best = FloatVector.fromArray(Machine.SPECIES, x, xo + origin);
    FloatVector place = FloatVector.zero(Machine.SPECIES);
    int number = 0;
    for (int i = 0; i < deep; i++) {
      for (int j = 0; j < high; j++) {
        for (int k = 0; k < broad; k++) {
          FloatVector v = FloatVector.fromArray(Machine.SPECIES, x,
              xo + origin + i * depthStep + j * heightStep + k * widthStep);
          VectorMask<Float> larger = v.compare(VectorOperators.GT, best);
          best = best.blend(v, larger);
          place = place.blend((float) number, larger);
          number++;
        }
      }
    }
    number = 0;
    FloatVector none = FloatVector.zero(Machine.SPECIES);
    FloatVector gradient = FloatVector.fromArray(Machine.SPECIES, dy, dyo);
    for (int i = 0; i < deep; i++) {
      for (int j = 0; j < high; j++) {
        for (int k = 0; k < broad; k++) {
          int to = dxo + origin + i * depthStep + j * heightStep + k * widthStep;
          FloatVector part = none.blend(gradient, place.compare(VectorOperators.EQ, (float) number));
          FloatVector.fromArray(Machine.SPECIES, dx, to).add(part).intoArray(dx, to);
          number++;
        }
      }
    }
  }

  private void spread(float[] dy, int dyo, float[] dx, int dxo) {
    Arrays.fill(dx, dxo, dxo + wide, 0);
    int at = dyo;
    int step = width.dilation() * L;
    for (int d = 0; d < depth.out(); d++) {
      for (int h = 0; h < height.out(); h++) {
        for (int w = 0; w < width.out(); w++) {
          FloatVector part = FloatVector.fromArray(Machine.SPECIES, dy, at).mul(scale(d, h, w));
          for (int i = depth.low()[d]; i < depth.high()[d]; i++) {
            for (int j = height.low()[h]; j < height.high()[h]; j++) {
              int row = dxo + cell(depth.start()[d] + i * depth.dilation(),
                  height.start()[h] + j * height.dilation(), width.start()[w]);
              for (int k = width.low()[w]; k < width.high()[w]; k++) {
                FloatVector.fromArray(Machine.SPECIES, dx, row + k * step).add(part).intoArray(dx, row + k * step);
              }
            }
          }
          at += L;
        }
      }
    }
  }
}
