package juanji.kernel;

import java.util.Arrays;
import juanji.op.LocalContraction;
import juanji.tensor.Shape;

/// Computes the gradient of a convolution with sets of weights with respect to its input, in the plain layout: at each
/// place, each tap of each sample gets the product of its weights and the filters' dy.
///
/// A unit is one channel of all samples, so that the weights are read once from memory; dy's filters at a place are
/// brought together in scratch memory first. dx is touched once per place and tap.
///
/// Used for every such gradient that no other provider takes.
public final class LocalInputKernel implements Kernel {
  private final LocalPlaces places;
  private final Chain.Bound chain;

  private LocalInputKernel(LocalPlaces places, Chain.Bound chain) {
    this.places = places;
    this.chain = chain;
  }

  /// The kernel of a task in the plain layout.
  public static LocalInputKernel of(LocalContraction.LocalInput op, Task task) {
    Shape y = task.inputs().getFirst();
    return new LocalInputKernel(LocalPlaces.of(op, task.output(), y.dim(1)), task.chain());
  }

  @Override public String name() {
    return "places";
  }

  @Override public String reason() {
    return places.sets() + (places.sets() == 1 ? " set, " : " sets, ") + places.size();
  }

  @Override public int units(int phase) {
    return places.samples() == 0 ? 0 : places.channels();
  }

  @Override public int scratch() {
    return places.samples() * places.filters() + chain.scratch();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    Sweep sweep = places.sweep();
    int size = sweep.inPlane();
    float[] dx = operands.array(0);
    for (int n = 0; n < places.samples(); n++) {
      int at = operands.offset(0) + (n * places.channels() + unit) * size;
      Arrays.fill(dx, at, at + size, 0);
    }
    int place = 0;
    for (int od = 0; od < sweep.out()[0]; od++) {
      for (int oh = 0; oh < sweep.out()[1]; oh++) {
        for (int ow = 0; ow < sweep.out()[2]; ow++) {
          places.gather(operands.array(1), operands.offset(1), place++, scratch, 0);
          int wo = operands.offset(2) + places.weights(od, oh, ow) + unit * sweep.taps() * places.filters();
          place(dx, operands.offset(0) + unit * size, operands.array(2), wo, od, oh, ow, scratch);
        }
      }
    }
    for (int n = 0; n < places.samples(); n++) {
      int at = (n * places.channels() + unit) * size;
      chain.applyRange(operands, dx, operands.offset(0), at, at + size, scratch, places.samples() * places.filters());
    }
  }

  private void place(float[] dx, int xo, float[] w, int wo, int od, int oh, int ow, float[] dy) {
    Sweep sweep = places.sweep();
    int filters = places.filters();
    int perSample = places.channels() * sweep.inPlane();
    for (int td = sweep.firstTap(0, od); td < sweep.endTap(0, od); td++) {
      int id = od * sweep.stride()[0] + sweep.shift(0, td);
      for (int th = sweep.firstTap(1, oh); th < sweep.endTap(1, oh); th++) {
        int ih = oh * sweep.stride()[1] + sweep.shift(1, th);
        for (int tw = sweep.firstTap(2, ow); tw < sweep.endTap(2, ow); tw++) {
          int at = xo + (id * sweep.in()[1] + ih) * sweep.in()[2] + ow * sweep.stride()[2] + sweep.shift(2, tw);
          int from = wo + ((td * sweep.kernel()[1] + th) * sweep.kernel()[2] + tw) * filters;
          for (int n = 0; n < places.samples(); n++) {
            dx[at + n * perSample] += Rows.dot(w, from, 1, dy, n * filters, filters);
          }
        }
      }
    }
  }
}
