package juanji.vector;

import java.util.Arrays;
import jdk.incubator.vector.VectorShuffle;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// The filter gradient of convolution in groups of few channels with windows of nine taps.
///
/// The nine sums of a block of channels stay in registers while the pixels of a stripe pass. Where there are few blocks
/// of channels, the batch is cut into a number of chunks that depends on the shapes alone; the last phase adds the
/// chunks in order and writes the filters. Memory traffic: x and dy once. Any other window is computed by
/// [GroupFilter].
final class NineTapFilter implements Kernel {
  private static final int L = Machine.LANES;
  /// Pixels per stripe: the copy of x and dy stay in the first-level cache.
  private static final int PIXELS = 3072 / L;

  private final Task task;
  private final Sweep sweep;
  private final Sweep.Part part;
  private final int images;
  private final int channels;
  private final int blocks;
  private final GroupLanes lanes;
  private final int cells;
  private final int step;
  private final int chunks;

  NineTapFilter(Task task, Window window, int groups) {
    this.task = task;
    Shape x = task.inputs().get(0);
    this.images = x.dim(0);
    this.channels = x.dim(1);
    this.blocks = Math.ceilDiv(channels, L);
    this.lanes = GroupLanes.of(groups, channels);
    this.cells = 9 * lanes.width();
    this.sweep = new Sweep(Sweep.axes(window, x.slice(2, x.rank()), false), L, 1, true, PIXELS, images);
    this.part = sweep.parts().getFirst().getFirst();
    this.step = window.axes().getLast().stride();
    this.chunks = Math.clamp(Math.ceilDiv(Machine.UNITS, blocks), 1, Math.max(1, images));
  }

  @Override public String name() {
    return (lanes.width() == 1 ? "depthwise filter 9×" : "filter of small groups 9×") + L;
  }

  @Override public String reason() {
    return lanes.label() + channels + " channels, " + chunks + (chunks == 1 ? " chunk" : " chunks") + " of the batch";
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? blocks * chunks : blocks;
  }

  @Override public int scratch() {
    return Math.max(sweep.gathered(), GroupLanes.scratch(task, cells));
  }

  @Override public boolean overwrites(int operand) {
    return Finish.overwrites(task, operand);
  }

  @Override public long workspace() {
    return (long) chunks * blocks * cells * L;
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      accumulate(o, unit / blocks, unit % blocks, scratch);
    } else {
      lanes.finish(task, o, unit, chunks, cells, scratch);
    }
  }

  private void accumulate(Operands o, int chunk, int block, float[] scratch) {
    float[] sums = o.array(task.operands());
    int so = o.offset(task.operands()) + (chunk * blocks + block) * cells * L;
    Arrays.fill(sums, so, so + cells * L, 0);
    int last = (int) ((long) images * (chunk + 1) / chunks);
    for (int image = (int) ((long) images * chunk / chunks); image < last; image++) {
      int plane = image * blocks + block;
      int from = o.offset(1) + plane * sweep.sourcePlane();
      for (int stripe = 0; stripe < sweep.stripes(); stripe++) {
        float[] x = o.array(1);
        int xo = from + sweep.origin(0, stripe);
        if (!sweep.inPlace()) {
          sweep.gather(x, from, 1, 0, stripe, scratch, CacheLine.FIRST);
          x = scratch;
          xo = CacheLine.FIRST;
        }
        int rows = sweep.rows(part.height(), stripe);
        int dyo = o.offset(2)
            + (plane * sweep.targetHeight() + sweep.firstRow(stripe)) * sweep.targetWidth() * L;
        for (int j = 0; j < lanes.width(); j++) {
          taps(x, xo, rows, o.array(2), dyo, sums, so + j * 9 * L, lanes.own().get(j));
        }
      }
    }
  }

  /// Adds to nine sums, those of one channel of each group, what some rows contribute.
  private void taps(float[] x, int xo, int rows, float[] dy, int dyo, float[] sums, int so, VectorShuffle<Float> own) {
    int[] shifts = part.shifts();
    int columns = sweep.targetWidth();
    boolean alone = lanes.width() == 1;
    if (NineTapConv.sliding(shifts, step)) {
      int xFrom = xo + shifts[0];
      int rowGap = shifts[3] - shifts[0];
      if (alone) {
        NineTaps.slidingFilter(x, xFrom, rowGap, sweep.rowStep(), rows, columns, dy, dyo, sums, so, L);
      } else {
        NineTaps.slidingGroupFilter(x, xFrom, rowGap, sweep.rowStep(), rows, columns, dy, dyo, sums, so, L, own);
      }
    } else if (alone) {
      NineTaps.jumpingFilter(x, xo, shifts, step * L, sweep.rowStep(), rows, columns, dy, dyo, sums, so, L);
    } else {
      NineTaps.jumpingGroupFilter(x, xo, shifts, step * L, sweep.rowStep(), rows, columns, dy, dyo, sums, so, L, own);
    }
  }
}
