package juanji.kernel;

import java.util.Arrays;
import juanji.op.ChannelStatistics;
import juanji.tensor.Shape;

/// Computes [ChannelStatistics] of tensors in the plain or a blocked layout.
///
/// A *stripe* is what lies together of one sample: the places of one channel, or those of one block of channels.
/// A unit walks through the stripes of some samples and channels in the order of memory and keeps, for each stripe of
/// channels, one lane per channel of a block (or, in the plain layout, partial sums of one channel side by side) of two
/// sums, each a float and what its rounding left. A second phase joins the units' sums in order.
///
/// Variance: a unit sums x − s and (x − s)² with s the mean of the first stretch that it meets, and units are joined by
/// the formula of Chan, Golub and LeVeque (*Updating formulae and a pairwise algorithm for computing sample variances*,
/// 1979). With k stretches of a length, s is within √k standard deviations of the unit's mean, so that little cancels.
///
/// Memory traffic: each input once.
final class ChannelKernel implements Kernel {
  /// Floats that are summed up in registers before they join a sum with remainder.
  private static final int STRETCH = 4096;
  /// Parts of the batch, and groups of channels if the batch has fewer.
  private static final int PARTS = 16;
  /// Blocks of channels whose sums one unit of the second phase joins.
  private static final int JOINED = 8;

  private final Task task;
  private final Loops loops;
  private final boolean moments;
  private final int batch;
  private final int channels;
  private final int places;
  private final boolean blocked;
  private final int width;
  private final int stripes;
  private final int length;
  private final int parts;
  private final int groups;

  ChannelKernel(ChannelStatistics op, Task task, Loops loops) {
    this.task = task;
    this.loops = loops;
    this.moments = switch (op) {
      case ChannelStatistics.Moments _ -> true;
      case ChannelStatistics.CentredSums _ -> false;
    };
    Shape x = task.inputs().getFirst();
    Layout layout = task.layouts().getFirst();
    this.batch = x.dim(0);
    this.channels = x.dim(1);
    this.places = (int) x.size(2);
    this.blocked = !layout.plain();
    this.width = blocked ? layout.block() : loops.lanes();
    this.stripes = layout.blocks(x);
    this.length = places * (blocked ? width : 1);
    this.parts = Math.min(PARTS, Math.max(1, batch));
    this.groups = Math.clamp(Math.ceilDiv(PARTS, parts), 1, Math.max(1, stripes));
  }

  @Override public String name() {
    return "channels";
  }

  @Override public String reason() {
    return channels + " of " + (long) batch * places + " in " + parts + (parts == 1 ? " part" : " parts");
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? parts * groups : Math.ceilDiv(stripes, JOINED);
  }

  /// Floats of a stripe's sums: what is subtracted, and two sums with their remainders.
  private int record() {
    return 5 * width;
  }

  @Override public long workspace() {
    return (long) parts * stripes * record();
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    float[] sums = operands.array(task.operands());
    int so = operands.offset(task.operands());
    if (phase == 0) {
      int part = unit / groups;
      int group = unit % groups;
      sum(operands, part, (int) ((long) stripes * group / groups), (int) ((long) stripes * (group + 1) / groups), sums,
          so + part * stripes * record());
    } else {
      int end = Math.min(channels, (unit + 1) * JOINED * (blocked ? width : 1));
      for (int channel = unit * JOINED * (blocked ? width : 1); channel < end; channel++) {
        join(operands, channel, sums, so);
      }
    }
  }

  private int firstSample(int part) {
    return (int) ((long) batch * part / parts);
  }

  private void sum(Operands operands, int part, int from, int to, float[] sums, int so) {
    for (int stripe = from; stripe < to && batch > 0; stripe++) {
      begin(operands, firstSample(part), stripe, sums, so + stripe * record());
    }
    for (int sample = firstSample(part); sample < firstSample(part + 1); sample++) {
      for (int stripe = from; stripe < to; stripe++) {
        int at = (sample * stripes + stripe) * length;
        for (int i = 0; i < length; i += STRETCH) {
          add(operands, at + i, Math.min(STRETCH, length - i), sums, so + stripe * record());
        }
      }
    }
  }

  private void add(Operands operands, int at, int n, float[] sums, int so) {
    if (moments) {
      loops.moments(sums, so, width, operands.array(1), operands.offset(1) + at, n);
    } else {
      loops.centred(sums, so, width, operands.array(1), operands.offset(1) + at, operands.array(2),
          operands.offset(2) + at, n);
    }
  }

  /// Clears a stripe's sums and sets what is subtracted.
  private void begin(Operands operands, int sample, int stripe, float[] sums, int so) {
    Arrays.fill(sums, so, so + record(), 0);
    if (!moments) {
      int first = stripe * (blocked ? width : 1);
      for (int lane = 0; lane < width; lane++) {
        int channel = blocked ? first + lane : first;
        sums[so + lane] = channel < channels ? operands.array(3)[operands.offset(3) + channel] : 0;
      }
      return;
    }
    int n = Math.min(STRETCH, length);
    add(operands, (sample * stripes + stripe) * length, n, sums, so);
    for (int lane = 0; lane < width && blocked; lane++) {
      sums[so + lane] = finite((float) (total(sums, so, lane, 1) * width / n));
    }
    if (!blocked) {
      Arrays.fill(sums, so, so + width, finite((float) (lanes(sums, so, 1) / n)));
    }
    Arrays.fill(sums, so + width, so + record(), 0);
  }

  private static float finite(float shift) {
    return Float.isFinite(shift) ? shift : 0;
  }

  /// One lane's sum number 1 or 2. An infinite or undefined sum has no remainder.
  private double total(float[] sums, int so, int lane, int number) {
    float sum = sums[so + (2 * number - 1) * width + lane];
    return Float.isFinite(sum) ? (double) sum + sums[so + 2 * number * width + lane] : sum;
  }

  private double lanes(float[] sums, int so, int number) {
    double sum = 0;
    for (int lane = 0; lane < width; lane++) {
      sum += total(sums, so, lane, number);
    }
    return sum;
  }

  /// Joins the parts' sums of one channel.
  private void join(Operands operands, int channel, float[] sums, int so) {
    int stripe = blocked ? channel / width : channel;
    int lane = blocked ? channel % width : 0;
    double first = 0;
    double second = 0;
    double count = 0;
    for (int part = 0; part < parts; part++) {
      int at = so + (part * stripes + stripe) * record();
      double sum = blocked ? total(sums, at, lane, 1) : lanes(sums, at, 1);
      double other = blocked ? total(sums, at, lane, 2) : lanes(sums, at, 2);
      if (!moments) {
        first += sum;
        second += other;
        continue;
      }
      double n = (double) (firstSample(part + 1) - firstSample(part)) * places;
      double mean = sums[at + lane] + sum / n;
      double distance = mean - first;
      double all = count + n;
      first = part == 0 ? mean : first + distance * n / all;
      second += Math.max(0, other - sum * sum / n) + distance * distance * count * n / all;
      count = all;
    }
    float[] y = operands.array(0);
    y[operands.offset(0) + channel] = (float) first;
    y[operands.offset(0) + channels + channel] = (float) (moments ? second / count : second);
  }
}
