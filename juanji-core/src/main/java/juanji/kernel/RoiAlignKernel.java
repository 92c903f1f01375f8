package juanji.kernel;

import java.util.Arrays;
import juanji.op.Regional;
import juanji.tensor.Shape;

/// Averages bilinear samples in the bins of regions, or spreads the gradients of the bins over the cells that they were
/// sampled from.
///
/// Sampling: a unit is one region; the four weights of a sample are computed once for all channels. Its adjoint: a unit
/// is one channel of all pictures, to which all regions are added in their order.
///
/// Used for RoiAlign and its adjoint.
public final class RoiAlignKernel implements Kernel {
  private final Regional.RoiAlign op;
  private final Chain.Bound chain;
  private final boolean adding;
  private final Shape x;
  private final int regions;

  private RoiAlignKernel(Regional.RoiAlign op, boolean adding, Task task) {
    this.op = op;
    this.chain = task.chain();
    this.adding = adding;
    this.x = task.inputs().getFirst();
    this.regions = task.inputs().get(1).dim(0);
  }

  /// The kernel of the sampling.
  public static RoiAlignKernel of(Regional.RoiAlign op, Task task) {
    return new RoiAlignKernel(op, false, task);
  }

  /// The kernel of its adjoint.
  public static RoiAlignKernel of(Regional.RoiAlignInput op, Task task) {
    return new RoiAlignKernel(op.forward(), true, task);
  }

  @Override public String name() {
    return "samples";
  }

  @Override public String reason() {
    return regions + " regions in " + op.height() + " × " + op.width() + " bins";
  }

  @Override public int units(int phase) {
    return adding ? x.size() == 0 ? 0 : x.dim(1) : regions;
  }

  @Override public int scratch() {
    return chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int channels = x.dim(1);
    float[] to = operands.array(0);
    if (!adding) {
      int size = channels * op.height() * op.width();
      int at = operands.offset(0) + unit * size;
      Arrays.fill(to, at, at + size, 0);
      region(operands, unit, 0, channels);
      chain.applyRange(operands, to, operands.offset(0), unit * size, (unit + 1) * size, scratch, CacheLine.FIRST);
      return;
    }
    int plane = (int) x.size(2);
    for (int n = 0; n < x.dim(0); n++) {
      int at = operands.offset(0) + (n * channels + unit) * plane;
      Arrays.fill(to, at, at + plane, 0);
    }
    for (int r = 0; r < regions; r++) {
      region(operands, r, unit, unit + 1);
    }
    for (int n = 0; n < x.dim(0); n++) {
      int at = (n * channels + unit) * plane;
      chain.applyRange(operands, to, operands.offset(0), at, at + plane, scratch, CacheLine.FIRST);
    }
  }

  /// All samples of a region, for the channels from `first` to before `last`.
  private void region(Operands operands, int r, int first, int last) {
    float[] table = operands.array(2);
    int row = operands.offset(2) + r * 5;
    int picture = Regional.picture(table[row], x.dim(0));
    if (picture < 0) {
      return;
    }
    int bins = op.height() * op.width();
    double binHeight = op.bin(table[row + 2], table[row + 4], op.height());
    double binWidth = op.bin(table[row + 1], table[row + 3], op.width());
    int rows = op.grid(binHeight, x.dim(2));
    int columns = op.grid(binWidth, x.dim(3));
    for (int bin = 0; bin < bins; bin++) {
      for (int i = 0; i < rows; i++) {
        double h = op.start(table[row + 2]) + (bin / op.width() + (i + 0.5) / rows) * binHeight;
        for (int j = 0; j < columns; j++) {
          double w = op.start(table[row + 1]) + (bin % op.width() + (j + 0.5) / columns) * binWidth;
          if (Regional.RoiAlign.inside(h, x.dim(2)) && Regional.RoiAlign.inside(w, x.dim(3))) {
            sample(operands, (picture * x.dim(1) + first) * x.dim(2) * x.dim(3),
                (r * x.dim(1) + first) * bins + bin, last - first, Regional.RoiAlign.moved(h, x.dim(2)),
                Regional.RoiAlign.moved(w, x.dim(3)), 1.0 / (rows * columns));
          }
        }
      }
    }
  }

  private void sample(Operands operands, int xo, int yo, int channels, double h, double w, double share) {
    int width = x.dim(3);
    int plane = x.dim(2) * width;
    int bins = op.height() * op.width();
    int top = (int) h;
    int left = (int) w;
    int down = top + 1 < x.dim(2) ? width : 0;
    int right = left + 1 < width ? 1 : 0;
    double up = h - top;
    double over = w - left;
    float a = (float) (share * (1 - up) * (1 - over));
    float b = (float) (share * (1 - up) * over);
    float c = (float) (share * up * (1 - over));
    float d = (float) (share * up * over);
    float[] out = operands.array(0);
    int at = xo + top * width + left;
    int bin = yo;
    for (int i = 0; i < channels; i++) {
      if (adding) {
        float dy = operands.array(3)[operands.offset(3) + bin];
        int to = operands.offset(0) + at;
        out[to] += a * dy;
        out[to + right] += b * dy;
        out[to + down] += c * dy;
        out[to + down + right] += d * dy;
      } else {
        float[] in = operands.array(1);
        int from = operands.offset(1) + at;
        out[operands.offset(0) + bin] += a * in[from] + b * in[from + right] + (c * in[from + down]
            + d * in[from + down + right]);
      }
      at += plane;
      bin += bins;
    }
  }
}
