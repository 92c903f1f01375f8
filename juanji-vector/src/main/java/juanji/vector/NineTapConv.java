package juanji.vector;

import java.util.Optional;
import jdk.incubator.vector.VectorShuffle;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Convolution in groups of few channels with windows of nine taps, and its input gradient with step 1: depthwise
/// convolution, or ResNeXt's.
///
/// There are so few multiplications per number read that reading bounds: the nine filters of a block of channels stay
/// in registers, and the pixels pass from the first-level cache, once for each channel of a group. A unit is a stripe
/// of rows of one block of channels, copied to scratch memory with zeros around it unless there are none. Memory
/// traffic: source and target once. Any other window is computed by [GroupConv].
final class NineTapConv implements Kernel {
  /// Pixels per stripe: the copy stays in the first-level cache.
  private static final int PIXELS = 6144 / Machine.LANES;

  private final Task task;
  private final Sweep sweep;
  private final Sweep.Part part;
  private final FilterPack pack;
  private final GroupLanes lanes;
  private final int images;
  private final int blocks;
  private final int step;
  private final int halves;

  /// @param backward whether this is the input gradient of the convolution with this window
  NineTapConv(Task task, Window window, int groups, boolean backward) {
    this.task = task;
    Shape s = task.inputs().get(0);
    Shape x = backward ? task.output() : s;
    int channels = s.dim(1);
    this.lanes = GroupLanes.of(groups, channels);
    this.images = s.dim(0);
    this.blocks = Math.ceilDiv(channels, Machine.LANES);
    this.sweep = new Sweep(Sweep.axes(window, x.slice(2, x.rank()), backward), Machine.LANES, 1, true, PIXELS, images);
    this.part = sweep.parts().getFirst().getFirst();
    this.pack = new FilterPack(sweep, task.inputs().get(1), groups, backward, true, channels, channels,
        GroupPanels.of(true, groups, channels, channels, Machine.LANES));
    this.halves = sweep.stripes() % 2 == 0 && images == 1 ? 2 : 1;
    this.step = window.axes().getLast().stride();
  }

  /// Whether this kernel does convolutions of such groups, or input gradients, with a window.
  static boolean fits(Window window, boolean backward) {
    return window.rank() == 2 && window.axes().stream().allMatch(a -> a.kernel() == 3)
        && window.axes().stream().allMatch(a -> a.stride() <= (backward ? 1 : 2))
        && window.axes().getFirst().stride() == window.axes().getLast().stride();
  }

  /// Whether the columns of a window are neighbours and windows move by one.
  static boolean sliding(int[] shifts, int step) {
    return step == 1 && Math.abs(shifts[1] - shifts[0]) == Machine.LANES && (shifts[3] - shifts[0]) % Machine.LANES == 0
        && shifts[2] - shifts[0] == 2 * (shifts[1] - shifts[0]);
  }

  @Override public String name() {
    return (lanes.width() == 1 ? "depthwise 9×" : "small groups 9×") + Machine.LANES;
  }

  @Override public String reason() {
    return lanes.label() + task.inputs().getFirst().dim(1) + " channels, " + sweep.label();
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? blocks : images * blocks * sweep.stripes();
  }

  @Override public boolean overwrites(int operand) {
    return operand == 1 && sweep.stripes() == 1 && !sweep.inPlace();
  }

  @Override public int scratch() {
    return sweep.gathered() + task.chain().scratch();
  }

  @Override public Optional<Packing> packing() {
    return Optional.of(new Packing(2, pack.length()));
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    float[] w = o.array(task.operands());
    int wo = o.offset(task.operands());
    if (phase == 0) {
      pack.pack(unit, o.array(2), o.offset(2), w, wo);
      return;
    }
    // One half of an image after the other: the kernels around this one share out places, too, and so find them in
    // their own caches.
    int each = sweep.stripes() / halves;
    int stripe = unit / each / blocks % halves * each + unit % each;
    int plane = unit / each / blocks / halves * blocks + unit / each % blocks;
    int from = o.offset(1) + plane * sweep.sourcePlane();
    float[] x = o.array(1);
    int xo = from + sweep.origin(0, stripe);
    if (!sweep.inPlace()) {
      sweep.gather(x, from, 1, 0, stripe, scratch, CacheLine.FIRST);
      x = scratch;
      xo = CacheLine.FIRST;
    }
    int row = sweep.targetWidth() * Machine.LANES;
    int first = (plane * sweep.targetHeight() + sweep.firstRow(stripe)) * row;
    int rows = sweep.rows(part.height(), stripe);
    int filters = wo + pack.panels().get(plane % blocks).offset();
    float[] y = o.array(0);
    int yo = o.offset(0) + first;
    for (int j = 0; j < lanes.width(); j++) {
      taps(x, xo, rows, w, filters + j * 9 * Machine.LANES, y, yo, j);
    }
    Finish.apply(task.chain(), o, first, rows * row, scratch,
        CacheLine.FIRST + sweep.gathered());
  }

  /// Adds what the groups' channel j contributes to some rows of a block of channels.
  private void taps(float[] x, int xo, int rows, float[] w, int filters, float[] y, int yo, int j) {
    int[] shifts = part.shifts();
    int columns = sweep.targetWidth();
    VectorShuffle<Float> own = lanes.own().get(j);
    if (sliding(shifts, step)) {
      // Backwards the window is turned around, in both directions.
      boolean turned = shifts[8] < shifts[0];
      int xFrom = xo + shifts[turned ? 8 : 0];
      int rowGap = Math.abs(shifts[3] - shifts[0]);
      int wFrom = turned ? filters + 8 * Machine.LANES : filters;
      int wStep = turned ? -Machine.LANES : Machine.LANES;
      if (lanes.width() == 1) {
        NineTaps.slidingConv(x, xFrom, rowGap, sweep.rowStep(), rows, columns, w, wFrom, wStep, y, yo);
      } else {
        NineTaps.slidingGroupConv(x, xFrom, rowGap, sweep.rowStep(), rows, columns, w, wFrom, wStep, y, yo, own, j > 0);
      }
    } else if (lanes.width() == 1) {
      NineTaps.jumpingConv(x, xo, shifts, step * Machine.LANES, sweep.rowStep(), rows, columns, w, filters,
          Machine.LANES, y, yo);
    } else {
      NineTaps.jumpingGroupConv(x, xo, shifts, step * Machine.LANES, sweep.rowStep(), rows, columns, w, filters,
          Machine.LANES, y, yo, own, j > 0);
    }
  }
}
