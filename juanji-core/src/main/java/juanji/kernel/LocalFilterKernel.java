package juanji.kernel;

import java.util.Arrays;
import juanji.op.LocalContraction;
import juanji.tensor.Shape;

/// Computes the gradient of a convolution with sets of weights with respect to these, in the plain layout: for each
/// place of a set and each tap, dw[filters] += Σ over the samples of x · dy[filters].
///
/// A unit is one channel of one set. dw is written once per place of the set; dy's filters at a place are brought
/// together in scratch memory first.
///
/// Used for every such gradient that no other provider takes.
public final class LocalFilterKernel implements Kernel {
  private final LocalPlaces places;
  private final Chain.Bound chain;

  private LocalFilterKernel(LocalPlaces places, Chain.Bound chain) {
    this.places = places;
    this.chain = chain;
  }

  /// The kernel of a task in the plain layout.
  public static LocalFilterKernel of(LocalContraction.LocalFilter op, Task task) {
    Shape y = task.inputs().get(1);
    return new LocalFilterKernel(LocalPlaces.of(op, task.inputs().getFirst(), y.dim(1)), task.chain());
  }

  @Override public String name() {
    return "places";
  }

  @Override public String reason() {
    return places.sets() + (places.sets() == 1 ? " set, " : " sets, ") + places.size();
  }

  @Override public int units(int phase) {
    return places.sets() * places.channels();
  }

  @Override public int scratch() {
    return places.samples() * places.filters() + chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    Sweep sweep = places.sweep();
    int[] tiles = places.tiles();
    int[] out = sweep.out();
    int size = sweep.taps() * places.filters();
    int set = unit / places.channels();
    int xo = operands.offset(1) + unit % places.channels() * sweep.inPlane();
    float[] dw = operands.array(0);
    int wo = operands.offset(0) + unit * size;
    Arrays.fill(dw, wo, wo + size, 0);
    for (int od = set / tiles[2] / tiles[1]; od < out[0]; od += tiles[0]) {
      for (int oh = set / tiles[2] % tiles[1]; oh < out[1]; oh += tiles[1]) {
        for (int ow = set % tiles[2]; ow < out[2]; ow += tiles[2]) {
          places.gather(operands.array(2), operands.offset(2), (od * out[1] + oh) * out[2] + ow, scratch, 0);
          place(dw, wo, operands.array(1), xo, od, oh, ow, scratch);
        }
      }
    }
    chain.applyRange(operands, dw, operands.offset(0), unit * size, (unit + 1) * size, scratch,
        places.samples() * places.filters());
  }

  private void place(float[] dw, int wo, float[] x, int xo, int od, int oh, int ow, float[] dy) {
    Sweep sweep = places.sweep();
    int filters = places.filters();
    int perSample = places.channels() * sweep.inPlane();
    for (int td = sweep.firstTap(0, od); td < sweep.endTap(0, od); td++) {
      int id = od * sweep.stride()[0] + sweep.shift(0, td);
      for (int th = sweep.firstTap(1, oh); th < sweep.endTap(1, oh); th++) {
        int ih = oh * sweep.stride()[1] + sweep.shift(1, th);
        for (int tw = sweep.firstTap(2, ow); tw < sweep.endTap(2, ow); tw++) {
          int at = xo + (id * sweep.in()[1] + ih) * sweep.in()[2] + ow * sweep.stride()[2] + sweep.shift(2, tw);
          int to = wo + ((td * sweep.kernel()[1] + th) * sweep.kernel()[2] + tw) * filters;
          Rows.combine(dw, to, 1, dy, 0, 1, filters, x, at, perSample, places.samples(), filters);
        }
      }
    }
  }
}
