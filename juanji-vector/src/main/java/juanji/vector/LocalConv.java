package juanji.vector;

import jdk.incubator.vector.FloatVector;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.LocalContraction;

/// A convolution with sets of weights, place by place: lanes are filters, which lie innermost in the weights.
///
/// A tile is four samples times two vectors of filters: each tap loads two vectors of weights and four numbers of x for
/// eight products. A unit is a row of places. Memory traffic: the weights once, from memory; the other samples of a
/// place find them in the second-level cache.
///
/// It takes filters that are whole vectors.
final class LocalConv implements Kernel {
  private static final int L = Machine.LANES;

  private final Task task;
  private final LocalPlaces p;

  LocalConv(Task task, LocalContraction.LocalConv op) {
    this.task = task;
    this.p = new LocalPlaces(op, task.inputs().getFirst(), task.output());
  }

  @Override public String name() {
    return "places 4×" + 2 * L;
  }

  @Override public String reason() {
    return p.size();
  }

  @Override public int units(int phase) {
    return p.out[0] * p.out[1];
  }

  @Override public int scratch() {
    return 8 * L + task.chain().scratch();
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int od = unit / p.out[1];
    int oh = unit % p.out[1];
    int perSample = p.channels * p.inPlane();
    int perSet = p.channels * p.taps() * p.filters;
    for (int ow = 0; ow < p.out[2]; ow++) {
      int wo = o.offset(2) + p.set(od, oh, ow) * perSet;
      int place = unit * p.out[2] + ow;
      for (int k = 0; k < p.filters; k += 2 * L) {
        boolean two = k + 2 * L <= p.filters;
        for (int n = 0; n < p.samples; n += 4) {
          int count = Math.min(4, p.samples - n);
          tile(o.array(1), o.offset(1) + n * perSample, perSample, count, o.array(2), wo + k, two ? L : 0, od, oh, ow,
              scratch);
          store(o, n, count, k, two ? 2 * L : L, place, scratch);
        }
      }
    }
    for (int plane = 0; plane < p.samples * p.filters; plane++) {
      Finish.apply(task.chain(), o, plane * p.outPlane() + unit * p.out[2], p.out[2], scratch, 8 * L);
    }
  }

  private void store(Operands o, int n, int count, int k, int width, int place, float[] sums) {
    float[] y = o.array(0);
    int plane = p.outPlane();
    for (int s = 0; s < count; s++) {
      int at = o.offset(0) + ((n + s) * p.filters + k) * plane + place;
      for (int i = 0; i < width; i++) {
        y[at + i * plane] = sums[s * 2 * L + i];
      }
    }
  }

  /// The sums of up to four samples and two vectors of filters at one place; missing samples repeat the last one, a
  /// missing vector the first.
  private void tile(float[] x, int x0, int perSample, int count, float[] w, int wo, int second, int od, int oh, int ow,
      float[] sums) {
    FloatVector a0 = FloatVector.zero(Machine.SPECIES);
    FloatVector a1 = FloatVector.zero(Machine.SPECIES);
    FloatVector b0 = FloatVector.zero(Machine.SPECIES);
    FloatVector b1 = FloatVector.zero(Machine.SPECIES);
    FloatVector c0 = FloatVector.zero(Machine.SPECIES);
    FloatVector c1 = FloatVector.zero(Machine.SPECIES);
    FloatVector d0 = FloatVector.zero(Machine.SPECIES);
    FloatVector d1 = FloatVector.zero(Machine.SPECIES);
    int x1 = Math.min(1, count - 1) * perSample;
    int x2 = Math.min(2, count - 1) * perSample;
    int x3 = Math.min(3, count - 1) * perSample;
    int left = p.firstTap(2, ow);
    int right = p.endTap(2, ow);
    int top = p.firstTap(1, oh);
    int bottom = p.endTap(1, oh);
    int front = p.firstTap(0, od);
    int back = p.endTap(0, od);
    int dilation = p.dilation[2];
    int filters = p.filters;
    for (int c = 0; c < p.channels; c++) {
      for (int td = front; td < back; td++) {
        for (int th = top; th < bottom; th++) {
          int at = x0 + ((c * p.in[0] + p.cell(0, od, td)) * p.in[1] + p.cell(1, oh, th)) * p.in[2]
              + p.cell(2, ow, left);
          int from = wo + (((c * p.kernel[0] + td) * p.kernel[1] + th) * p.kernel[2] + left) * filters;
          for (int tw = left; tw < right; tw++) {
            FloatVector w0 = FloatVector.fromArray(Machine.SPECIES, w, from);
            FloatVector w1 = FloatVector.fromArray(Machine.SPECIES, w, from + second);
            FloatVector v = FloatVector.broadcast(Machine.SPECIES, x[at]);
            a0 = v.fma(w0, a0);
            a1 = v.fma(w1, a1);
            v = FloatVector.broadcast(Machine.SPECIES, x[at + x1]);
            b0 = v.fma(w0, b0);
            b1 = v.fma(w1, b1);
            v = FloatVector.broadcast(Machine.SPECIES, x[at + x2]);
            c0 = v.fma(w0, c0);
            c1 = v.fma(w1, c1);
            v = FloatVector.broadcast(Machine.SPECIES, x[at + x3]);
            d0 = v.fma(w0, d0);
            d1 = v.fma(w1, d1);
            at += dilation;
            from += filters;
          }
        }
      }
    }
    a0.intoArray(sums, 0);
    a1.intoArray(sums, L);
    b0.intoArray(sums, 2 * L);
    b1.intoArray(sums, 3 * L);
    c0.intoArray(sums, 4 * L);
    c1.intoArray(sums, 5 * L);
    d0.intoArray(sums, 6 * L);
    d1.intoArray(sums, 7 * L);
  }
}
