package juanji.vector;

import java.util.Arrays;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// The filter gradient of depthwise convolution with windows of nine taps.
///
/// The nine sums of a block of channels stay in registers while the pixels of a stripe pass. Where there are few blocks
/// of channels, the batch is cut into a number of chunks that depends on the shapes alone; the last phase adds the
/// chunks in order and writes the filters. Memory traffic: x and dy once. Any other window is computed by
/// [DirectFilter], lane by lane.
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
  private final int step;
  private final int chunks;

  NineTapFilter(Task task, Window window) {
    this.task = task;
    Shape x = task.inputs().get(0);
    this.images = x.dim(0);
    this.channels = x.dim(1);
    this.blocks = Math.ceilDiv(channels, L);
    this.sweep = new Sweep(Sweep.axes(window, x.slice(2, x.rank()), false), L, 1, true, PIXELS, images);
    this.part = sweep.parts().getFirst().getFirst();
    this.step = window.axes().getLast().stride();
    this.chunks = Math.clamp(Math.ceilDiv(Machine.UNITS, blocks), 1, Math.max(1, images));
  }

  @Override public String name() {
    return "depthwise filter 9×" + L;
  }

  @Override public String reason() {
    return channels + " channels, " + chunks + (chunks == 1 ? " chunk" : " chunks") + " of the batch";
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? blocks * chunks : blocks;
  }

  @Override public int scratch() {
    return Math.max(sweep.gathered(), task.chain().scratch());
  }

  @Override public long workspace() {
    return (long) chunks * blocks * 9 * L;
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      accumulate(o, unit / blocks, unit % blocks, scratch);
    } else {
      finish(o, unit, scratch);
    }
  }

  private void accumulate(Operands o, int chunk, int block, float[] scratch) {
    float[] sums = o.array(task.operands());
    int so = o.offset(task.operands()) + (chunk * blocks + block) * 9 * L;
    Arrays.fill(sums, so, so + 9 * L, 0);
    int last = (int) ((long) images * (chunk + 1) / chunks);
    for (int image = (int) ((long) images * chunk / chunks); image < last; image++) {
      int plane = image * blocks + block;
      int from = o.offset(1) + plane * sweep.sourcePlane();
      for (int stripe = 0; stripe < sweep.stripes(); stripe++) {
        float[] x = o.array(1);
        int xo = from + sweep.origin(0, stripe);
        if (!sweep.inPlace()) {
          sweep.gather(x, from, 1, 0, stripe, scratch, 0);
          x = scratch;
          xo = 0;
        }
        int rows = sweep.rows(part.height(), stripe);
        int dyo = o.offset(2)
            + (plane * sweep.targetHeight() + sweep.firstRow(stripe)) * sweep.targetWidth() * L;
        int[] shifts = part.shifts();
        if (NineTapConv.sliding(shifts, step)) {
          NineTaps.slidingFilter(x, xo + shifts[0], shifts[3] - shifts[0], sweep.rowStep(), rows, sweep.targetWidth(),
              o.array(2), dyo, sums, so, L);
        } else {
          NineTaps.jumpingFilter(x, xo, shifts, step * L, sweep.rowStep(), rows, sweep.targetWidth(), o.array(2), dyo,
              sums, so, L);
        }
      }
    }
  }

  private void finish(Operands o, int block, float[] scratch) {
    float[] sums = o.array(task.operands());
    int so = o.offset(task.operands()) + block * 9 * L;
    for (int chunk = 1; chunk < chunks; chunk++) {
      for (int i = 0; i < 9 * L; i++) {
        sums[so + i] += sums[so + chunk * blocks * 9 * L + i];
      }
    }
    int count = Math.min(L, channels - block * L);
    float[] w = o.array(0);
    int out = block * L * 9;
    for (int c = 0; c < count; c++) {
      for (int tap = 0; tap < 9; tap++) {
        w[o.offset(0) + out + c * 9 + tap] = sums[so + tap * L + c];
      }
    }
    Finish.apply(task.chain(), o, out, count * 9, scratch, 0);
  }
}
