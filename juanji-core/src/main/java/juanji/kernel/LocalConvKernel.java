package juanji.kernel;

import java.util.Arrays;
import juanji.op.LocalContraction;
import juanji.tensor.Shape;

/// Computes a convolution with sets of weights in the plain layout, place by place: for each sample and tap,
/// y[filters] += Σ over the taps of a row of x · w[filters].
///
/// A unit is one row of places. The weights of a place, C · taps · K, are read from memory once for all samples and
/// stay in the second-level cache; x is read once per tap, from the cache but for the first time. The filters of a
/// place are summed in scratch memory, where they are neighbours, and put into the planes of y when they are complete.
///
/// Used for every such convolution that no other provider takes.
public final class LocalConvKernel implements Kernel {
  private final LocalPlaces places;
  private final Chain.Bound chain;

  private LocalConvKernel(LocalPlaces places, Chain.Bound chain) {
    this.places = places;
    this.chain = chain;
  }

  /// The kernel of a task in the plain layout.
  public static LocalConvKernel of(LocalContraction.LocalConv op, Task task) {
    Shape y = task.output();
    return new LocalConvKernel(LocalPlaces.of(op, task.inputs().getFirst(), y.dim(1)), task.chain());
  }

  @Override public String name() {
    return "places";
  }

  @Override public String reason() {
    return places.sets() + (places.sets() == 1 ? " set, " : " sets, ") + places.size();
  }

  @Override public int units(int phase) {
    return places.samples() == 0 ? 0 : places.sweep().out()[0] * places.sweep().out()[1];
  }

  @Override public int scratch() {
    return places.filters() + chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    Sweep sweep = places.sweep();
    int od = unit / sweep.out()[1];
    int oh = unit % sweep.out()[1];
    int width = sweep.out()[2];
    int filters = places.filters();
    float[] y = operands.array(0);
    for (int ow = 0; ow < width; ow++) {
      int wo = operands.offset(2) + places.weights(od, oh, ow);
      for (int n = 0; n < places.samples(); n++) {
        Arrays.fill(scratch, 0, filters, 0);
        for (int c = 0; c < places.channels(); c++) {
          int xo = operands.offset(1) + (n * places.channels() + c) * sweep.inPlane();
          add(operands.array(1), xo, operands.array(2), wo + c * sweep.taps() * filters, od, oh, ow, scratch);
        }
        int yo = operands.offset(0) + n * filters * sweep.outPlane() + unit * width + ow;
        for (int k = 0; k < filters; k++) {
          y[yo + k * sweep.outPlane()] = scratch[k];
        }
      }
    }
    for (int plane = 0; plane < places.samples() * filters; plane++) {
      int at = plane * sweep.outPlane() + unit * width;
      chain.applyRange(operands, y, operands.offset(0), at, at + width, scratch, filters);
    }
  }

  /// Adds the products of one channel at one place.
  private void add(float[] x, int xo, float[] w, int wo, int od, int oh, int ow, float[] sums) {
    Sweep sweep = places.sweep();
    int filters = places.filters();
    int left = sweep.firstTap(2, ow);
    int terms = sweep.endTap(2, ow) - left;
    for (int td = sweep.firstTap(0, od); td < sweep.endTap(0, od); td++) {
      int id = od * sweep.stride()[0] + sweep.shift(0, td);
      for (int th = sweep.firstTap(1, oh); th < sweep.endTap(1, oh); th++) {
        int ih = oh * sweep.stride()[1] + sweep.shift(1, th);
        int at = xo + (id * sweep.in()[1] + ih) * sweep.in()[2] + ow * sweep.stride()[2] + sweep.shift(2, left);
        int from = wo + ((td * sweep.kernel()[1] + th) * sweep.kernel()[2] + left) * filters;
        Rows.combine(sums, 0, 1, w, from, 1, filters, x, at, sweep.dilation()[2], terms, filters);
      }
    }
  }
}
