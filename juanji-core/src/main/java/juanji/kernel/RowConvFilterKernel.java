package juanji.kernel;

import java.util.Arrays;
import juanji.op.Contraction;
import juanji.tensor.Shape;

/// Computes a convolution's filter gradient in the plain layout: for each filter, channel and tap, the products of x's
/// and y's rows are added up in one row of accumulators, four rows at a time, whose sum is the result.
///
/// A unit is one filter and up to eight of its channels. Per unit, y's planes of the filter and x's planes of the
/// channels are read once per tap, mostly from the second-level cache.
///
/// Used for every filter gradient that no other provider takes.
public final class RowConvFilterKernel implements Kernel {
  private static final int CHANNELS = 8;
  private static final int WIDTH = Chain.RUN;

  private final Sweep sweep;
  private final Chain.Bound chain;
  private final int samples;
  private final int channels;
  private final int filters;
  private final int groupChannels;
  private final int groupFilters;
  private final int blocks;

  private RowConvFilterKernel(Contraction.ConvFilter op, Task task) {
    Shape x = task.inputs().get(0);
    this.sweep = Sweep.of(op.window(), x.slice(2, x.rank()));
    this.chain = task.chain();
    this.samples = x.dim(0);
    this.channels = x.dim(1);
    this.filters = task.output().dim(0);
    this.groupChannels = channels / op.groups();
    this.groupFilters = filters / op.groups();
    this.blocks = Math.ceilDiv(groupChannels, CHANNELS);
  }

  /// The kernel of a filter gradient in the plain layout.
  public static RowConvFilterKernel of(Contraction.ConvFilter op, Task task) {
    return new RowConvFilterKernel(op, task);
  }

  @Override public String name() {
    return "rows";
  }

  @Override public String reason() {
    return "rows of " + sweep.out()[2] + ", " + sweep.taps() + (sweep.taps() == 1 ? " tap" : " taps");
  }

  @Override public int units(int phase) {
    return filters * blocks;
  }

  @Override public int scratch() {
    return WIDTH + chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int k = unit / blocks;
    int first = unit % blocks * CHANNELS;
    int last = Math.min(groupChannels, first + CHANNELS);
    int taps = sweep.taps();
    float[] w = operands.array(0);
    for (int c = first; c < last; c++) {
      int xo = operands.offset(1) + (k / groupFilters * groupChannels + c) * sweep.inPlane();
      int yo = operands.offset(2) + k * sweep.outPlane();
      int at = operands.offset(0) + (k * groupChannels + c) * taps;
      for (int t = 0; t < taps; t++) {
        w[at + t] = tap(operands, xo, yo, t, scratch);
      }
    }
    chain.applyRange(operands, w, operands.offset(0), (k * groupChannels + first) * taps,
        (k * groupChannels + last) * taps, scratch, WIDTH);
  }

  private float tap(Operands operands, int xo, int yo, int t, float[] scratch) {
    int tw = t % sweep.kernel()[2];
    int th = t / sweep.kernel()[2] % sweep.kernel()[1];
    int td = t / sweep.kernel()[2] / sweep.kernel()[1];
    int from = sweep.from(2, tw);
    int length = sweep.to(2, tw) - from;
    int wide = Math.min(WIDTH, length);
    if (wide == 0) {
      return 0;
    }
    Arrays.fill(scratch, 0, wide, 0);
    int stride = sweep.stride()[2];
    int top = sweep.from(1, th);
    int terms = sweep.to(1, th) - top;
    int ih = top * sweep.stride()[1] + sweep.shift(1, th);
    int xRow = sweep.stride()[1] * sweep.in()[2];
    int end = sweep.to(0, td);
    for (int n = 0; n < samples; n++) {
      for (int od = sweep.from(0, td); od < end; od++) {
        int id = od * sweep.stride()[0] + sweep.shift(0, td);
        int x = xo + n * channels * sweep.inPlane() + (id * sweep.in()[1] + ih) * sweep.in()[2] + from * stride
            + sweep.shift(2, tw);
        int y = yo + n * filters * sweep.outPlane() + (od * sweep.out()[1] + top) * sweep.out()[2] + from;
        for (int i = 0; i < length; i += wide) {
          Rows.products(scratch, 0, operands.array(1), x + i * stride, stride, xRow, operands.array(2), y + i,
              sweep.out()[2], terms, Math.min(wide, length - i));
        }
      }
    }
    double sum = 0;
    for (int i = 0; i < wide; i++) {
      sum += scratch[i];
    }
    return (float) sum;
  }
}
