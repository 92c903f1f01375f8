package juanji.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;
import juanji.vector.WinogradSums.Panel;

/// [WinogradFilter] where there are so few pairs of channels that each of some parts of the batch can have sums of its
/// own: threads hand nothing to each other but these sums.
///
/// In phase 0 a unit takes a part of the batch, some tiles at a time: it transforms them to
/// [frequency][tile][channel], those of dy to [frequency][panel][tile][vectors · L], and adds their products to the
/// part's sums. In phase 1 a unit adds the sums of all parts, in their order, for one panel and a few channels, and
/// transforms them back. With 64 × 64 channels the sums at all frequencies, 36 times 16 KB, stay in the second-level
/// cache, with the transformed tiles that are added to them; with 128 × 128 channels a part's tiles are added at once.
///
/// Memory traffic: x, dy and the filters once, the sums once per part.
final class WinogradFilterParts implements Kernel {
  private static final int L = Machine.LANES;
  /// Floats of sums and of transformed tiles that stay in the second-level cache.
  private static final int NEAR = 24 * 1024 * L;
  /// The most tiles that are transformed at a time, and the fewest that are worth the calls.
  private static final int MOST_TILES = 64;
  private static final int LEAST_TILES = 32;
  /// Where the sums do not stay near: the most parts, the floats of the sums of all of them that are worth their way to
  /// the third-level cache and back, and the tiles that are transformed at a time.
  private static final int FAR_PARTS = 4;
  private static final int FAR = 5 * 512 * 1024;
  private static final int FAR_TILES = 128;
  /// Tiles of the batch that are worth the parts.
  private static final int ALL_TILES = 512;
  /// Tiles per part that are worth sums of their own.
  private static final int PART_TILES = 128;
  /// Channels whose sums are transformed back together.
  private static final int CHUNK = Math.max(L, Machine.LINE);

  private final Task task;
  private final ConvChoice choice;
  private final Winograd algorithm;
  private final WinogradFilterStrips strips;
  private final int channels;
  private final int filters;
  private final int tilesWide;
  private final int parts;
  private final int most;
  private final int row;
  private final WinogradSums sums;
  private final int partSums;
  private final int cellsFrequency;
  private final int tapsFrequency;
  private final int[] offsets;

  WinogradFilterParts(Task task, ConvChoice choice, Window window) {
    this.task = task;
    this.choice = choice;
    this.algorithm = choice.algorithm();
    this.strips = new WinogradFilterStrips(task, algorithm, window);
    this.channels = strips.channels();
    this.filters = strips.filters();
    this.tilesWide = strips.tiles();
    this.row = padded(channels);
    int tiles = tiles(algorithm, channels, filters);
    this.parts = Math.clamp((long) strips.count() * tilesWide / PART_TILES, 1,
        tiles > MOST_TILES ? FAR_PARTS : Machine.UNITS);
    this.most = Math.max(1, tiles / tilesWide) * tilesWide;
    this.sums = new WinogradSums(task, algorithm);
    this.partSums = Machine.apart(sums.length());
    this.cellsFrequency = Machine.apart(most * row);
    this.tapsFrequency = Machine.apart(most * Math.ceilDiv(filters, L) * L);
    this.offsets = new int[most];
    Arrays.setAll(offsets, t -> t * row);
  }

  /// Whether it is better than [WinogradFilter].
  static boolean pays(Winograd algorithm, Shape x, Shape dy) {
    int step = algorithm.taps();
    int tiles = tiles(algorithm, x.dim(1), dy.dim(1));
    int wide = Math.ceilDiv(dy.dim(3), step);
    long all = (long) dy.dim(0) * Math.ceilDiv(dy.dim(2), step) * wide;
    return tiles >= LEAST_TILES && wide <= tiles && all >= ALL_TILES;
  }

  /// The tiles that are transformed at a time: those that find room beside the sums, if there is room.
  private static int tiles(Winograd algorithm, int channels, int filters) {
    long frequencies = algorithm.frequencies();
    long left = NEAR - frequencies * channels * filters;
    int near = Math.clamp(left / (frequencies * (padded(channels) + padded(filters))), 0, MOST_TILES);
    return near < LEAST_TILES && frequencies * channels * filters * FAR_PARTS <= FAR ? FAR_TILES : near;
  }

  private static int padded(int channels) {
    return Math.ceilDiv(channels, CHUNK) * CHUNK;
  }

  @Override public String name() {
    return "winograd filter " + algorithm + " parts " + Spacing.ONE.pixels(2) + "×" + 2 * L;
  }

  @Override public String reason() {
    return channels + " channels, " + filters + " filters, " + parts + (parts == 1 ? " part" : " parts")
        + " of the batch, " + choice;
  }

  @Override public boolean overwrites(int operand) {
    return Finish.overwrites(task, operand);
  }

  @Override public boolean readsThrough() {
    return Through.fits(task);
  }

  @Override public int phases() {
    return 2;
  }

  private int chunks() {
    return Math.ceilDiv(channels, CHUNK);
  }

  @Override public int units(int phase) {
    return phase == 0 ? parts : sums.panels().size() * chunks();
  }

  /// Where the transformed cells begin in scratch memory.
  private int cellsBegin() {
    return CacheLine.FIRST + Math.ceilDiv(strips.scratch(), Machine.LINE) * Machine.LINE;
  }

  private int tapsBegin() {
    return cellsBegin() + algorithm.frequencies() * cellsFrequency;
  }

  /// Where the sums of all parts begin in scratch memory.
  private int totalBegin() {
    return CacheLine.FIRST + Math.ceilDiv(sums.scratch(), Machine.LINE) * Machine.LINE;
  }

  private int totalFrequency() {
    return Machine.apart(CHUNK * 2 * L);
  }

  @Override public int scratch() {
    return Math.max(tapsBegin() + algorithm.frequencies() * tapsFrequency,
        totalBegin() + algorithm.frequencies() * totalFrequency()) - CacheLine.FIRST;
  }

  @Override public long workspace() {
    return (long) parts * partSums;
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      part(o, unit, scratch);
    } else {
      finish(o, sums.panels().get(unit / chunks()), unit % chunks() * CHUNK, scratch);
    }
  }

  private void part(Operands o, int part, float[] scratch) {
    int first = (int) ((long) strips.count() * part / parts);
    int count = (int) ((long) strips.count() * (part + 1) / parts) - first;
    int to = o.offset(task.operands()) + part * partSums;
    int blocks = Math.ceilDiv(count * tilesWide, most);
    if (blocks == 0) {
      Arrays.fill(o.array(task.operands()), to, to + sums.length(), 0);
    }
    for (int b = 0; b < blocks; b++) {
      int begin = first + (int) ((long) count * b / blocks);
      int end = first + (int) ((long) count * (b + 1) / blocks);
      transformCells(o, begin, end, scratch);
      transformTaps(o, begin, end, scratch);
      for (int f = 0; f < algorithm.frequencies(); f++) {
        for (Panel panel : sums.panels()) {
          sums.multiply(panel, channels, (end - begin) * tilesWide, offsets, scratch, cellsBegin() + f * cellsFrequency,
              tapsBegin() + f * tapsFrequency + panel.dy() * most, o.array(task.operands()),
              to + panel.sums() + f * sums.frequency(panel.vectors()), b > 0);
        }
      }
    }
  }

  private void transformCells(Operands o, int begin, int end, float[] scratch) {
    int to = cellsBegin();
    for (int s = begin; s < end; s++) {
      for (int b = 0; b < Math.ceilDiv(channels, L); b++) {
        strips.cells(o, s, b, scratch, scratch, to + (s - begin) * tilesWide * row + b * L, cellsFrequency, row);
      }
    }
  }

  private void transformTaps(Operands o, int begin, int end, float[] scratch) {
    for (int s = begin; s < end; s++) {
      for (Panel panel : sums.panels()) {
        int to = tapsBegin() + panel.dy() * most + (s - begin) * tilesWide * panel.width();
        for (int v = 0; v < panel.vectors(); v++) {
          strips.taps(o, s, panel.block() + v, scratch, scratch, to + v * L, tapsFrequency, panel.width());
        }
      }
    }
  }

  /// Adds the parts' sums of a panel and some channels and writes their filters.
  private void finish(Operands o, Panel panel, int firstChannel, float[] scratch) {
    int count = Math.min(CHUNK, channels - firstChannel);
    int width = panel.width();
    int from = o.offset(task.operands()) + panel.sums() + firstChannel * width;
    for (int f = 0; f < algorithm.frequencies(); f++) {
      total(o.array(task.operands()), from + f * sums.frequency(panel.vectors()), count * width, scratch,
          totalBegin() + f * totalFrequency());
    }
    sums.finish(o, panel, firstChannel, count, scratch, totalBegin(), totalFrequency(), scratch);
  }

  private void total(float[] x, int from, int length, float[] y, int to) {
    for (int i = 0; i < length; i += L) {
      FloatVector sum = FloatVector.fromArray(Machine.SPECIES, x, from + i);
      for (int p = 1; p < parts; p++) {
        sum = sum.add(FloatVector.fromArray(Machine.SPECIES, x, from + p * partSums + i));
      }
      sum.intoArray(y, to + i);
    }
  }
}
