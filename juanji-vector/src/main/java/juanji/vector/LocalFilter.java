package juanji.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.LocalContraction;

/// The gradient of a convolution with sets of weights with respect to these: lanes are filters.
///
/// A tile is four taps of a row times two vectors of filters, summed over the samples and added to dw. A unit is one
/// set: dy's filters at a place are brought together in scratch memory first. Memory traffic: dw once per place of its
/// set.
///
/// It takes filters that are whole vectors.
final class LocalFilter implements Kernel {
  private static final int L = Machine.LANES;

  private final Task task;
  private final LocalPlaces p;

  LocalFilter(Task task, LocalContraction.LocalFilter op) {
    this.task = task;
    this.p = new LocalPlaces(op, task.inputs().get(0), task.inputs().get(1));
  }

  @Override public String name() {
    return "places 4×" + 2 * L;
  }

  @Override public String reason() {
    return p.size();
  }

  @Override public int units(int phase) {
    return p.sets();
  }

  @Override public int scratch() {
    return p.samples * p.filters + task.chain().scratch();
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int size = p.channels * p.taps() * p.filters;
    int wo = o.offset(0) + unit * size;
    float[] dw = o.array(0);
    Arrays.fill(dw, wo, wo + size, 0);
    for (int od = unit / p.tiles[2] / p.tiles[1]; od < p.out[0]; od += p.tiles[0]) {
      for (int oh = unit / p.tiles[2] % p.tiles[1]; oh < p.out[1]; oh += p.tiles[1]) {
        for (int ow = unit % p.tiles[2]; ow < p.out[2]; ow += p.tiles[2]) {
          p.gather(o, 2, (od * p.out[1] + oh) * p.out[2] + ow, scratch);
          place(o, dw, wo, od, oh, ow, scratch);
        }
      }
    }
    Finish.apply(task.chain(), o, unit * size, size, scratch, p.samples * p.filters);
  }

  private void place(Operands o, float[] dw, int wo, int od, int oh, int ow, float[] dy) {
    int left = p.firstTap(2, ow);
    int right = p.endTap(2, ow);
    for (int c = 0; c < p.channels; c++) {
      for (int td = p.firstTap(0, od); td < p.endTap(0, od); td++) {
        for (int th = p.firstTap(1, oh); th < p.endTap(1, oh); th++) {
          int row = o.offset(1) + ((c * p.in[0] + p.cell(0, od, td)) * p.in[1] + p.cell(1, oh, th)) * p.in[2];
          int to = wo + ((c * p.kernel[0] + td) * p.kernel[1] + th) * p.kernel[2] * p.filters;
          for (int tw = left; tw < right; tw += 4) {
            int count = Math.min(4, right - tw);
            for (int k = 0; k < p.filters; k += 2 * L) {
              int second = k + 2 * L <= p.filters ? L : 0;
              tile(o.array(1), row + p.cell(2, ow, tw), count, dy, k, second, dw, to + tw * p.filters + k);
            }
          }
        }
      }
    }
  }

  /// Adds the sums over the samples of up to four taps; missing taps repeat the last one and are not stored.
  private void tile(float[] x, int at, int count, float[] dy, int k, int second, float[] dw,
      int to) {
    FloatVector a0 = FloatVector.zero(Machine.SPECIES);
    FloatVector a1 = FloatVector.zero(Machine.SPECIES);
    FloatVector b0 = FloatVector.zero(Machine.SPECIES);
    FloatVector b1 = FloatVector.zero(Machine.SPECIES);
    FloatVector c0 = FloatVector.zero(Machine.SPECIES);
    FloatVector c1 = FloatVector.zero(Machine.SPECIES);
    FloatVector d0 = FloatVector.zero(Machine.SPECIES);
    FloatVector d1 = FloatVector.zero(Machine.SPECIES);
    int step = p.dilation[2];
    int x1 = Math.min(1, count - 1) * step;
    int x2 = Math.min(2, count - 1) * step;
    int x3 = Math.min(3, count - 1) * step;
    int perSample = p.channels * p.inPlane();
    int filters = p.filters;
    int from = at;
    for (int n = 0; n < p.samples; n++) {
      FloatVector g0 = FloatVector.fromArray(Machine.SPECIES, dy, n * filters + k);
      FloatVector g1 = FloatVector.fromArray(Machine.SPECIES, dy, n * filters + k + second);
      FloatVector v = FloatVector.broadcast(Machine.SPECIES, x[from]);
      a0 = v.fma(g0, a0);
      a1 = v.fma(g1, a1);
      v = FloatVector.broadcast(Machine.SPECIES, x[from + x1]);
      b0 = v.fma(g0, b0);
      b1 = v.fma(g1, b1);
      v = FloatVector.broadcast(Machine.SPECIES, x[from + x2]);
      c0 = v.fma(g0, c0);
      c1 = v.fma(g1, c1);
      v = FloatVector.broadcast(Machine.SPECIES, x[from + x3]);
      d0 = v.fma(g0, d0);
      d1 = v.fma(g1, d1);
      from += perSample;
    }
    LocalPlaces.add(a0, a1, dw, to, second);
    if (count > 1) {
      LocalPlaces.add(b0, b1, dw, to + filters, second);
    }
    if (count > 2) {
      LocalPlaces.add(c0, c1, dw, to + 2 * filters, second);
    }
    if (count > 3) {
      LocalPlaces.add(d0, d1, dw, to + 3 * filters, second);
    }
  }
}
