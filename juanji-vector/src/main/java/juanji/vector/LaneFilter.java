package juanji.vector;

import java.util.Arrays;
import java.util.List;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Contraction.ConvFilter;
import juanji.op.Window;
import juanji.tensor.Shape;

/// The filter gradient of the convolutions that [LaneConv] computes: each filter and tap has a vector of sums, one per
/// lane, over all pixels.
///
/// Phase 0 computes the sums of parts of the batch, tiles of 2 filters × 5 taps in registers over a stripe; phase 1
/// adds the parts and the lanes in order. Memory traffic: x once per stripe, y once per stripe from the first-level
/// cache for each five taps.
final class LaneFilter implements Kernel {
  private static final int L = Machine.LANES;
  /// Taps of a tile: those of a row of five cells, or three anywhere.
  private static final int NEIGHBOURS = 5;
  private static final int TAPS = 3;
  private static final int MOST_PARTS = 8;

  private final Task task;
  private final Sweep sweep;
  private final Sweep.Part pixels;
  private final int images;
  private final int channels;
  private final int filters;
  private final int[] offsets;
  private final int terms;
  private final int together;
  private final int parts;
  private final String reason;

  LaneFilter(Task task, ConvFilter op) {
    this.task = task;
    Shape x = task.inputs().get(0);
    this.images = x.dim(0);
    this.channels = x.dim(1);
    this.filters = task.inputs().get(1).dim(1);
    Window window = LaneConv.across(op.window());
    this.sweep = new Sweep(Sweep.axes(window, x.slice(2, x.rank() - 1), false), L, channels, false, Integer.MAX_VALUE,
        images);
    this.pixels = sweep.parts().getFirst().getFirst();
    int[] shifts = pixels.shifts();
    this.terms = channels * shifts.length;
    this.together = window.axes().getLast().kernel() == NEIGHBOURS && window.axes().getLast().dilation() == 1
        && window.rank() > 1 ? NEIGHBOURS : TAPS;
    // The last tile's taps may be fewer than three: then it computes one of them again, to no end.
    this.offsets = new int[Math.ceilDiv(terms, together) * together];
    for (int t = 0; t < offsets.length; t++) {
      int term = Math.min(t, terms - 1);
      offsets[t] = term / shifts.length * sweep.blockStride() + shifts[term % shifts.length];
    }
    this.parts = Math.clamp(images, 1, MOST_PARTS);
    this.reason = channels + " × " + shifts.length + " cells, " + filters + " filters, " + parts
        + (parts == 1 ? " part" : " parts") + " of the batch";
  }

  @Override public String name() {
    return "filter lanes 2×" + together;
  }

  @Override public String reason() {
    return reason;
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? parts : filters;
  }

  @Override public int scratch() {
    return Math.max(sweep.gathered() * channels, terms + task.chain().scratch());
  }

  @Override public boolean overwrites(int operand) {
    return Finish.overwrites(task, operand);
  }

  /// Floats of one part's sums.
  private int part() {
    return filters * offsets.length * L;
  }

  @Override public long workspace() {
    return (long) parts * part();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      sum(operands, unit, scratch);
    } else {
      join(operands, unit, scratch);
    }
  }

  private void sum(Operands operands, int part, float[] scratch) {
    float[] sums = operands.array(task.operands());
    int so = operands.offset(task.operands()) + part * part();
    Arrays.fill(sums, so, so + part(), 0);
    for (int image = images * part / parts; image < images * (part + 1) / parts; image++) {
      for (int stripe = 0; stripe < sweep.stripes(); stripe++) {
        float[] x = operands.array(1);
        int image0 = operands.offset(1) + image * channels * sweep.sourcePlane();
        int xo = image0 + sweep.origin(0, stripe);
        if (!sweep.inPlace()) {
          sweep.gather(x, image0, channels, 0, stripe, scratch, CacheLine.FIRST);
          x = scratch;
          xo = CacheLine.FIRST;
        }
        stripe(operands, image, stripe, x, xo, sums, so);
      }
    }
  }

  private void stripe(Operands operands, int image, int stripe, float[] x, int xo, float[] sums, int so) {
    float[] z = operands.array(2);
    int plane = sweep.targetHeight() * sweep.targetWidth() * L;
    int zo = operands.offset(2) + image * filters * plane + sweep.firstRow(stripe) * sweep.targetWidth() * L;
    int count = sweep.rows(pixels.height(), stripe) * sweep.targetWidth();
    int row = offsets.length * L;
    int[] places = pixels.places();
    for (int f = 0; f < filters; f += 2) {
      boolean alone = f + 1 == filters;
      int next = alone ? 0 : plane;
      for (int t = 0; t < offsets.length; t += together) {
        int at = so + f * row + t * L;
        if (together == NEIGHBOURS) {
          LaneTiles.fiveTaps(x, xo + offsets[t], places, count, z, zo + f * plane, next, sums, at, alone ? 0 : row);
        } else {
          LaneTiles.threeTaps(x, xo + offsets[t], xo + offsets[t + 1], xo + offsets[t + 2], places, count, z,
              zo + f * plane, next, sums, at, alone ? 0 : row);
        }
      }
    }
  }

  private void join(Operands operands, int filter, float[] scratch) {
    float[] sums = operands.array(task.operands());
    int so = operands.offset(task.operands()) + filter * offsets.length * L;
    for (int t = 0; t < terms; t++) {
      double total = 0;
      for (int part = 0; part < parts; part++) {
        int at = so + part * part() + t * L;
        for (int lane = 0; lane < L; lane++) {
          total += sums[at + lane];
        }
      }
      scratch[CacheLine.FIRST + t] = (float) total;
    }
    Finish.write(task.chain(), operands, filter * terms, terms, scratch, CacheLine.FIRST, CacheLine.FIRST + terms);
  }

  /// Whether a filter gradient is of this kind.
  static boolean fits(ConvFilter op, List<Shape> inputs) {
    return LaneConv.fits(op.window(), op.groups(), inputs.get(0), inputs.get(1));
  }
}
