package juanji.kernel;

import java.util.Arrays;
import juanji.op.Contraction;
import juanji.tensor.Shape;

/// Computes a convolution's input gradient, which is a transposed convolution, row by row in the plain layout: for each
/// row of x and each tap, x[row] += Σ over four filters of w · y[row], shifted by the tap and spread by the stride.
///
/// A unit is one sample's plane of one channel. A row of x stays in the first-level cache while the rows of all filters
/// pass; y is read once per channel, w once per sample. The chain is applied to each plane when it is complete.
///
/// Used for every transposed convolution and input gradient that no other provider takes.
public final class RowConvInputKernel implements Kernel {
  private final Sweep sweep;
  private final Chain.Bound chain;
  private final int samples;
  private final int channels;
  private final int filters;
  private final int groupChannels;
  private final int groupFilters;

  private RowConvInputKernel(Contraction.ConvInput op, Task task) {
    Shape y = task.inputs().get(0);
    this.sweep = Sweep.of(op.window(), op.spatial());
    this.chain = task.chain();
    this.samples = y.dim(0);
    this.channels = task.output().dim(1);
    this.filters = y.dim(1);
    this.groupChannels = channels / op.groups();
    this.groupFilters = filters / op.groups();
  }

  /// The kernel of an input gradient in the plain layout.
  public static RowConvInputKernel of(Contraction.ConvInput op, Task task) {
    return new RowConvInputKernel(op, task);
  }

  @Override public String name() {
    return "rows";
  }

  @Override public String reason() {
    return "rows of " + sweep.in()[2] + ", " + sweep.taps() + (sweep.taps() == 1 ? " tap" : " taps");
  }

  @Override public int units(int phase) {
    return samples * channels;
  }

  @Override public int scratch() {
    return chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int n = unit / channels;
    int c = unit % channels;
    int size = sweep.inPlane();
    float[] x = operands.array(0);
    int xo = operands.offset(0) + unit * size;
    Arrays.fill(x, xo, xo + size, 0);
    int k = c / groupChannels * groupFilters;
    int yo = operands.offset(1) + (n * filters + k) * sweep.outPlane();
    int wo = operands.offset(2) + (k * groupChannels + c % groupChannels) * sweep.taps();
    for (int id = 0; id < sweep.in()[0]; id++) {
      for (int ih = 0; ih < sweep.in()[1]; ih++) {
        row(operands, xo, yo, wo, id, ih);
      }
    }
    chain.applyRange(operands, x, operands.offset(0), unit * size, (unit + 1) * size, scratch, CacheLine.FIRST);
  }

  private void row(Operands operands, int xo, int yo, int wo, int id, int ih) {
    int xRow = xo + (id * sweep.in()[1] + ih) * sweep.in()[2];
    for (int first = 0; first < sweep.out()[2]; first += Rows.CHUNK) {
      int last = Math.min(sweep.out()[2], first + Rows.CHUNK);
      for (int td = 0; td < sweep.kernel()[0]; td++) {
        int od = sweep.position(0, td, id);
        for (int th = 0; od >= 0 && th < sweep.kernel()[1]; th++) {
          int oh = sweep.position(1, th, ih);
          if (oh >= 0) {
            int yRow = yo + (od * sweep.out()[1] + oh) * sweep.out()[2];
            taps(operands, xRow, yRow, wo + (td * sweep.kernel()[1] + th) * sweep.kernel()[2], first, last);
          }
        }
      }
    }
  }

  private void taps(Operands operands, int xRow, int yRow, int wo, int first, int last) {
    int stride = sweep.stride()[2];
    for (int t = 0; t < sweep.kernel()[2]; t++) {
      int from = Math.max(first, sweep.from(2, t));
      int to = Math.min(last, sweep.to(2, t));
      if (from < to) {
        Rows.combine(operands.array(0), xRow + from * stride + sweep.shift(2, t), stride, operands.array(1),
            yRow + from, 1, sweep.outPlane(), operands.array(2), wo + t, groupChannels * sweep.taps(), groupFilters,
            to - from);
      }
    }
  }
}
