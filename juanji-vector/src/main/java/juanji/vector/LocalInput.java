package juanji.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.LocalContraction;

/// The gradient of a convolution with sets of weights with respect to its input: lanes are samples.
///
/// A tile is four taps of a row times two vectors of samples, summed over the filters and added to dx. A unit is one
/// channel, whose dx of all samples is kept in scratch memory with the samples innermost and put into its planes at the
/// end; dy's filters at a place are brought there first. Memory traffic: the weights once.
///
/// It takes batches of at least half a vector.
final class LocalInput implements Kernel {
  private static final int L = Machine.LANES;

  private final Task task;
  private final LocalPlaces p;
  private final int width;

  LocalInput(Task task, LocalContraction.LocalInput op) {
    this.task = task;
    this.p = new LocalPlaces(op, task.output(), task.inputs().getFirst());
    this.width = Math.ceilDiv(p.samples, L) * L;
  }

  /// Whether a batch fills enough of its vectors.
  static boolean fits(int samples) {
    return samples >= L / 2;
  }

  @Override public String name() {
    return "places 4×" + 2 * L;
  }

  @Override public String reason() {
    return p.size();
  }

  @Override public int units(int phase) {
    return p.channels;
  }

  @Override public int scratch() {
    return (p.inPlane() + p.filters) * width + task.chain().scratch();
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int plane = p.inPlane();
    int dy = plane * width;
    Arrays.fill(scratch, 0, dy + p.filters * width, 0);
    int perChannel = p.taps() * p.filters;
    int place = 0;
    for (int od = 0; od < p.out[0]; od++) {
      for (int oh = 0; oh < p.out[1]; oh++) {
        for (int ow = 0; ow < p.out[2]; ow++) {
          gather(o, place++, scratch, dy);
          int wo = o.offset(2) + (p.set(od, oh, ow) * p.channels + unit) * perChannel;
          place(o.array(2), wo, od, oh, ow, scratch, dy);
        }
      }
    }
    float[] dx = o.array(0);
    for (int n = 0; n < p.samples; n++) {
      int start = (n * p.channels + unit) * plane;
      for (int i = 0; i < plane; i++) {
        dx[o.offset(0) + start + i] = scratch[i * width + n];
      }
      Finish.apply(task.chain(), o, start, plane, scratch, dy + p.filters * width);
    }
  }

  private void gather(Operands o, int place, float[] to, int at) {
    float[] dy = o.array(1);
    int plane = p.outPlane();
    for (int n = 0; n < p.samples; n++) {
      int from = o.offset(1) + n * p.filters * plane + place;
      for (int k = 0; k < p.filters; k++) {
        to[at + k * width + n] = dy[from + k * plane];
      }
    }
  }

  private void place(float[] w, int wo, int od, int oh, int ow, float[] dx, int dy) {
    int left = p.firstTap(2, ow);
    int right = p.endTap(2, ow);
    for (int td = p.firstTap(0, od); td < p.endTap(0, od); td++) {
      for (int th = p.firstTap(1, oh); th < p.endTap(1, oh); th++) {
        int row = (p.cell(0, od, td) * p.in[1] + p.cell(1, oh, th)) * p.in[2];
        int from = wo + (td * p.kernel[1] + th) * p.kernel[2] * p.filters;
        for (int tw = left; tw < right; tw += 4) {
          int count = Math.min(4, right - tw);
          for (int n = 0; n < width; n += 2 * L) {
            int second = n + 2 * L <= width ? L : 0;
            tile(w, from + tw * p.filters, count, dx, dy + n, second, (row + p.cell(2, ow, tw)) * width + n);
          }
        }
      }
    }
  }

  /// Adds the sums over the filters of up to four taps; missing taps repeat the last one and are not added.
  private void tile(float[] w, int wo, int count, float[] dx, int dy, int second, int to) {
    FloatVector a0 = FloatVector.zero(Machine.SPECIES);
    FloatVector a1 = FloatVector.zero(Machine.SPECIES);
    FloatVector b0 = FloatVector.zero(Machine.SPECIES);
    FloatVector b1 = FloatVector.zero(Machine.SPECIES);
    FloatVector c0 = FloatVector.zero(Machine.SPECIES);
    FloatVector c1 = FloatVector.zero(Machine.SPECIES);
    FloatVector d0 = FloatVector.zero(Machine.SPECIES);
    FloatVector d1 = FloatVector.zero(Machine.SPECIES);
    int w1 = wo + Math.min(1, count - 1) * p.filters;
    int w2 = wo + Math.min(2, count - 1) * p.filters;
    int w3 = wo + Math.min(3, count - 1) * p.filters;
    int from = dy;
    for (int k = 0; k < p.filters; k++) {
      FloatVector g0 = FloatVector.fromArray(Machine.SPECIES, dx, from);
      FloatVector g1 = FloatVector.fromArray(Machine.SPECIES, dx, from + second);
      FloatVector v = FloatVector.broadcast(Machine.SPECIES, w[wo + k]);
      a0 = v.fma(g0, a0);
      a1 = v.fma(g1, a1);
      v = FloatVector.broadcast(Machine.SPECIES, w[w1 + k]);
      b0 = v.fma(g0, b0);
      b1 = v.fma(g1, b1);
      v = FloatVector.broadcast(Machine.SPECIES, w[w2 + k]);
      c0 = v.fma(g0, c0);
      c1 = v.fma(g1, c1);
      v = FloatVector.broadcast(Machine.SPECIES, w[w3 + k]);
      d0 = v.fma(g0, d0);
      d1 = v.fma(g1, d1);
      from += width;
    }
    int step = p.dilation[2] * width;
    LocalPlaces.add(a0, a1, dx, to, second);
    if (count > 1) {
      LocalPlaces.add(b0, b1, dx, to + step, second);
    }
    if (count > 2) {
      LocalPlaces.add(c0, c1, dx, to + 2 * step, second);
    }
    if (count > 3) {
      LocalPlaces.add(d0, d1, dx, to + 3 * step, second);
    }
  }
}
