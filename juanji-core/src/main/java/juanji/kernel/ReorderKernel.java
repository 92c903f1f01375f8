package juanji.kernel;

import java.util.Arrays;
import juanji.tensor.Shape;

/// Copies a tensor from one layout to another; padding lanes of a blocked result become 0.
///
/// Each element is read and written once. A unit is one sample's block of channels. On the blocked side the walk is
/// strided by the block, on the plain side it is contiguous.
///
/// Used where a plan places neighbouring steps in different layouts.
public final class ReorderKernel implements Kernel {
  private final Layout from;
  private final Layout to;
  private final int block;
  private final int samples;
  private final int channels;
  private final int blocks;
  private final int plane;

  private ReorderKernel(Shape shape, Layout from, Layout to, int block) {
    this.from = from;
    this.to = to;
    this.block = block;
    this.samples = shape.dim(0);
    this.channels = shape.dim(1);
    this.blocks = Math.ceilDiv(channels, block);
    this.plane = (int) shape.size(2);
  }

  /// The kernel that copies operand 1, a tensor of the given shape in layout `from`, to operand 0 in layout `to`.
  ///
  /// @throws IllegalArgumentException if neither layout is plain or the rank is below 3
  public static ReorderKernel of(Shape shape, Layout from, Layout to) {
    if (from.plain() == to.plain() || shape.rank() < 3) {
      throw new IllegalArgumentException("a reorder of " + shape + " from " + from + " to " + to + " does not exist.\n"
          + "  C1: the rank is 3 or more and exactly one layout is plain.\n"
          + "  Go by way of the plain layout.");
    }
    return new ReorderKernel(shape, from, to, Math.max(from.block(), to.block()));
  }

  @Override public String name() {
    return "reorder";
  }

  @Override public String reason() {
    return from + " to " + to;
  }

  @Override public int units(int phase) {
    return samples * blocks;
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    float[] x = operands.array(1);
    float[] y = operands.array(0);
    int n = unit / blocks;
    int first = unit % blocks * block;
    int lanes = Math.min(block, channels - first);
    int plain = (n * channels + first) * plane;
    int packed = unit * plane * block;
    if (from.plain()) {
      int xo = operands.offset(1) + plain;
      int yo = operands.offset(0) + packed;
      for (int l = 0; l < lanes; l++) {
        spread(y, yo + l, x, xo + l * plane);
      }
      if (lanes < block) {
        for (int p = 0; p < plane; p++) {
          Arrays.fill(y, yo + p * block + lanes, yo + (p + 1) * block, 0);
        }
      }
    } else {
      int xo = operands.offset(1) + packed;
      int yo = operands.offset(0) + plain;
      for (int l = 0; l < lanes; l++) {
        gather(y, yo + l * plane, x, xo + l);
      }
    }
  }

  private void spread(float[] y, int yo, float[] x, int xo) {
    for (int p = 0; p < plane; p++) {
      y[yo + p * block] = x[xo + p];
    }
  }

  private void gather(float[] y, int yo, float[] x, int xo) {
    for (int p = 0; p < plane; p++) {
      y[yo + p] = x[xo + p * block];
    }
  }
}
