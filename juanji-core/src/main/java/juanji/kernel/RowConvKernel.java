package juanji.kernel;

import java.util.Arrays;
import juanji.op.Contraction;
import juanji.tensor.Shape;

/// Computes a convolution row by row in the plain layout: for each row of y and each tap,
/// y[row] += Σ over four channels of w · x[row], shifted by the tap.
///
/// A unit is one sample's plane of one filter. A row of y stays in the first-level cache while the rows of all channels
/// pass; x is read once per filter, w once per sample. The chain is applied to each plane when it is complete.
///
/// Used for every convolution that no other provider takes: any number of axes, groups, dilation, stride and padding.
public final class RowConvKernel implements Kernel {
  private final Sweep sweep;
  private final Chain.Bound chain;
  private final int samples;
  private final int channels;
  private final int filters;
  private final int groupChannels;
  private final int groupFilters;

  private RowConvKernel(Contraction.Conv op, Task task) {
    Shape x = task.inputs().get(0);
    this.sweep = Sweep.of(op.window(), x.slice(2, x.rank()));
    this.chain = task.chain();
    this.samples = x.dim(0);
    this.channels = x.dim(1);
    this.filters = task.output().dim(1);
    this.groupChannels = channels / op.groups();
    this.groupFilters = filters / op.groups();
  }

  /// The kernel of a convolution in the plain layout.
  public static RowConvKernel of(Contraction.Conv op, Task task) {
    return new RowConvKernel(op, task);
  }

  @Override public String name() {
    return "rows";
  }

  @Override public String reason() {
    return "rows of " + sweep.out()[2] + ", " + sweep.taps() + (sweep.taps() == 1 ? " tap" : " taps");
  }

  @Override public int units(int phase) {
    return samples * filters;
  }

  @Override public int scratch() {
    return chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int n = unit / filters;
    int k = unit % filters;
    int size = sweep.outPlane();
    float[] y = operands.array(0);
    int yo = operands.offset(0) + unit * size;
    Arrays.fill(y, yo, yo + size, 0);
    int xo = operands.offset(1) + (n * channels + k / groupFilters * groupChannels) * sweep.inPlane();
    int wo = operands.offset(2) + k * groupChannels * sweep.taps();
    for (int od = 0; od < sweep.out()[0]; od++) {
      for (int oh = 0; oh < sweep.out()[1]; oh++) {
        row(operands, yo, xo, wo, od, oh);
      }
    }
    chain.applyRange(operands, y, operands.offset(0), unit * size, (unit + 1) * size, scratch, CacheLine.FIRST);
  }

  private void row(Operands operands, int yo, int xo, int wo, int od, int oh) {
    int width = sweep.out()[2];
    int yRow = yo + (od * sweep.out()[1] + oh) * width;
    for (int first = 0; first < width; first += Rows.CHUNK) {
      int last = Math.min(width, first + Rows.CHUNK);
      for (int td = sweep.firstTap(0, od); td < sweep.endTap(0, od); td++) {
        int id = od * sweep.stride()[0] + sweep.shift(0, td);
        for (int th = sweep.firstTap(1, oh); th < sweep.endTap(1, oh); th++) {
          int ih = oh * sweep.stride()[1] + sweep.shift(1, th);
          int xRow = xo + (id * sweep.in()[1] + ih) * sweep.in()[2];
          int w = wo + (td * sweep.kernel()[1] + th) * sweep.kernel()[2];
          taps(operands, yRow, xRow, w, first, last);
        }
      }
    }
  }

  private void taps(Operands operands, int yRow, int xRow, int wo, int first, int last) {
    int stride = sweep.stride()[2];
    for (int t = 0; t < sweep.kernel()[2]; t++) {
      int from = Math.max(first, sweep.from(2, t));
      int to = Math.min(last, sweep.to(2, t));
      if (from < to) {
        Rows.combine(operands.array(0), yRow + from, 1, operands.array(1), xRow + from * stride + sweep.shift(2, t),
            stride, sweep.inPlane(), operands.array(2), wo + t, sweep.taps(), groupChannels, to - from);
      }
    }
  }
}
