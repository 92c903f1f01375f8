package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// The filter gradient of a 1×1 convolution without padding: dw = dyᵀ · x, a product of matrices over all pixels.
///
/// A unit is a chunk of the pixels, a chunk of x's channels and a group of panels of filters. It copies both for some
/// pixels to [pixel][channel], so that the channels of a tile are neighbours across blocks and rows do not crowd each
/// other out of the first-level cache, and adds the products to [panel][channel][vectors · L]. The pixels are cut into
/// a number of chunks that depends on the shapes alone; the last phase adds the chunks in order and writes the filters.
/// If there is one chunk, a unit keeps its sums in scratch memory and writes its filters itself.
/// Memory traffic: x once per group of panels, dy once per chunk of channels. Windows of more taps are computed by
/// [DirectFilter].
final class PointFilter implements Kernel {
  private static final int L = Machine.LANES;
  /// Pixels whose channels are copied at a time, so that a tile's operands stay in the first-level cache.
  private static final int PIXELS = 160;
  private static final int CHANNELS = 128;
  /// Panels per group: the copies of x's pixels serve them all, while their sums stay in the second-level cache.
  private static final int GROUP = Math.max(1, 128 / L);

  private final Task task;
  private final int images;
  private final int channels;
  private final int filters;
  private final int sourcePixels;
  private final int targetPixels;
  private final int[] source;
  private final int ranges;
  private final int rangeChannels;
  private final int rowStride;
  private final List<Panel> panels = new ArrayList<>();
  private final int groups;
  private final int chunks;
  private final int[] offsets;
  private final int[] places;
  private final int[][] sums;
  private final FilterRows rows;

  /// One or two blocks of filters.
  ///
  /// @param block the first block
  /// @param count the filters that are not padding
  /// @param sums where its sums begin in a chunk's
  record Panel(int block, int vectors, int count, int sums) {
  }

  PointFilter(Task task, Window window) {
    this.task = task;
    Shape x = task.inputs().get(0);
    Shape dy = task.inputs().get(1);
    this.images = x.dim(0);
    this.channels = x.dim(1);
    this.filters = dy.dim(1);
    this.sourcePixels = (int) x.size(2);
    this.targetPixels = (int) dy.size(2);
    this.source = Sweep.cells(Sweep.axes(window, x.slice(2, x.rank()), false));
    this.ranges = Math.ceilDiv(channels, CHANNELS);
    this.rangeChannels = Math.ceilDiv(Math.ceilDiv(channels, ranges), L) * L;
    this.rowStride = Machine.apart(rangeChannels);
    int at = 0;
    for (int from = 0; from < filters;) {
      int vectors = filters - from <= L ? 1 : 2;
      int count = Math.min(vectors * L, filters - from);
      panels.add(new Panel(from / L, vectors, count, at));
      at = Math.addExact(at, channels * vectors * L);
      from += count;
    }
    this.groups = Math.ceilDiv(panels.size(), GROUP);
    this.chunks = Math.clamp(Math.ceilDiv(Machine.UNITS, ranges * groups), 1,
        Math.max(1, Math.ceilDiv(images * targetPixels, PIXELS)));
    this.offsets = new int[PIXELS];
    Arrays.setAll(offsets, p -> p * rowStride);
    this.places = multiples(1);
    this.sums = new int[][] {multiples(L), multiples(2 * L)};
    this.rows = new FilterRows(task, channels, 1, CacheLine.FIRST);
  }

  /// Whether this kernel does the filter gradients of convolutions with a window over x's spatial extents.
  static boolean fits(Window window, int groups, Shape spatial) {
    return groups == 1 && window.taps() == 1
        && Sweep.axes(window, spatial, false).stream().allMatch(AxisPlan::inside);
  }

  private int[] multiples(int step) {
    int[] result = new int[rangeChannels];
    Arrays.setAll(result, i -> i * step);
    return result;
  }

  @Override public String name() {
    return "1×1 filter " + Spacing.ONE.pixels(2) + "×" + 2 * L;
  }

  @Override public String reason() {
    return channels + " channels, " + filters + " filters, " + chunks + (chunks == 1 ? " chunk" : " chunks")
        + " of the batch";
  }

  @Override public int phases() {
    return alone() ? 1 : 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? chunks * ranges * groups : panels.size();
  }

  /// Whether a unit's sums are all there are.
  private boolean alone() {
    return chunks == 1;
  }

  @Override public int scratch() {
    return sumsBegin() - CacheLine.FIRST + (alone() ? GROUP * groupSums() : 0);
  }

  /// Where a unit's own sums begin in scratch memory.
  private int sumsBegin() {
    return CacheLine.FIRST
        + Math.ceilDiv(Math.max(PIXELS * (rowStride + 2 * L), rows.scratch()), Machine.LINE) * Machine.LINE;
  }

  /// Floats of a unit's own sums with a panel.
  private int groupSums() {
    return rangeChannels * 2 * L;
  }

  @Override public boolean overwrites(int operand) {
    return Finish.overwrites(task, operand);
  }

  private int chunkLength() {
    Panel last = panels.getLast();
    return last.sums() + channels * last.vectors() * L;
  }

  @Override public long workspace() {
    return alone() ? 0 : (long) chunks * chunkLength();
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      accumulate(o, unit / groups / ranges, unit / groups % ranges, unit % groups * GROUP, scratch);
    } else {
      Panel panel = panels.get(unit);
      finish(o, panel, 0, channels, o.array(task.operands()), o.offset(task.operands()) + panel.sums(), scratch);
    }
  }

  private void accumulate(Operands o, int chunk, int range, int firstPanel, float[] scratch) {
    long all = (long) images * targetPixels;
    int begin = (int) (all * chunk / chunks);
    int end = (int) (all * (chunk + 1) / chunks);
    int firstChannel = range * rangeChannels;
    int count = Math.min(rangeChannels, channels - firstChannel);
    int lastPanel = Math.min(panels.size(), firstPanel + GROUP);
    float[] memory = alone() ? scratch : o.array(task.operands());
    int base = alone() ? 0 : o.offset(task.operands()) + chunk * chunkLength();
    for (int from = begin; from < end; from += PIXELS) {
      int pixels = Math.min(PIXELS, end - from);
      copyCells(o, from, pixels, firstChannel, count, scratch);
      int at = CacheLine.FIRST + PIXELS * rowStride;
      for (int p = firstPanel; p < lastPanel; p++) {
        Panel panel = panels.get(p);
        copyGradient(o, from, pixels, panel, scratch, at);
        int out = alone() ? sumsBegin() + (p - firstPanel) * groupSums()
            : base + panel.sums() + firstChannel * panel.vectors() * L;
        products(panel, count, pixels, scratch, at, memory, out, from > begin);
      }
    }
    for (int p = firstPanel; p < lastPanel && alone(); p++) {
      finish(o, panels.get(p), firstChannel, count, scratch, sumsBegin() + (p - firstPanel) * groupSums(), scratch);
    }
  }

  private void products(Panel panel, int count, int pixels, float[] scratch, int at, float[] memory, int out,
      boolean add) {
    int vectors = panel.vectors();
    int most = Spacing.ONE.pixels(vectors);
    int[] targets = sums[vectors - 1];
    Tiles.run(Spacing.ONE, vectors, most, 0, pixels, offsets, scratch, CacheLine.FIRST, places, scratch, at, memory,
        out, targets, 0, count / most, L, add);
    if (count % most > 0) {
      Tiles.run(Spacing.ONE, vectors, count % most, 0, pixels, offsets, scratch, CacheLine.FIRST, places, scratch, at,
          memory, out, targets, count - count % most, 1, L, add);
    }
  }

  /// Copies some pixels of a range of x's channels.
  private void copyCells(Operands o, int from, int pixels, int firstChannel, int count, float[] to) {
    float[] x = o.array(1);
    int blocks = Math.ceilDiv(channels, L);
    int wanted = Math.ceilDiv(count, L);
    int step = sourcePixels * L;
    for (int p = 0; p < pixels;) {
      int image = (from + p) / targetPixels;
      int pixel = (from + p) % targetPixels;
      int run = Math.min(pixels - p, targetPixels - pixel);
      int first = o.offset(1) + (image * blocks + firstChannel / L) * step;
      for (int i = 0; i < run; i++) {
        copyPixel(x, first + source[pixel + i], step, wanted, to,
            CacheLine.FIRST + (p + i) * rowStride);
      }
      p += run;
    }
  }

  private static void copyPixel(float[] x, int from, int step, int blocks, float[] to, int at) {
    for (int b = 0; b < blocks; b++) {
      FloatVector.fromArray(Machine.SPECIES, x, from + b * step).intoArray(to, at + b * L);
    }
  }

  /// Copies some pixels of a panel's filters of dy.
  private void copyGradient(Operands o, int from, int pixels, Panel panel, float[] to, int at) {
    float[] dy = o.array(2);
    int blocks = Math.ceilDiv(filters, L);
    int width = panel.vectors() * L;
    for (int v = 0; v < panel.vectors(); v++) {
      for (int p = 0; p < pixels;) {
        int image = (from + p) / targetPixels;
        int pixel = (from + p) % targetPixels;
        int run = Math.min(pixels - p, targetPixels - pixel);
        int plane = o.offset(2) + ((image * blocks + panel.block() + v) * targetPixels + pixel) * L;
        int out = at + p * width + v * L;
        for (int i = 0; i < run; i++) {
          FloatVector.fromArray(Machine.SPECIES, dy, plane + i * L).intoArray(to, out + i * width);
        }
        p += run;
      }
    }
  }

  /// Adds the chunks in order and writes a panel's filters for some channels.
  ///
  /// @param from where the sums of the first of these channels begin
  private void finish(Operands o, Panel panel, int firstChannel, int channelCount, float[] sums, int from,
      float[] scratch) {
    int width = panel.vectors() * L;
    for (int first = 0; first < channelCount; first += rows.together()) {
      int count = Math.min(rows.together(), channelCount - first);
      int at = from + first * width;
      if (images == 0) {
        Arrays.fill(sums, at, at + count * width, 0);
      }
      FilterRows.join(sums, at, count * width, chunks, chunkLength());
      rows.turn(0, panel.count(), 0, count, sums, at, width, scratch);
      rows.write(o, panel.block() * L, panel.count(), firstChannel + first, count, scratch);
    }
  }
}
