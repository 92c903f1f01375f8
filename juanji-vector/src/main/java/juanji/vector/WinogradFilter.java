package juanji.vector;

import java.util.Arrays;
import java.util.List;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.vector.WinogradSums.Panel;

/// The filter gradient of a convolution with step 1 by Winograd's minimal filtering.
///
/// Here the results are the filter's cells and the taps are tiles of dy: with F(3 × 3, 4 × 4), 36 products per tile of
/// 4 × 4 pixels and pair of channels do the work of 144. It wins where there are many channels on both sides and many
/// pixels. The tiles of the batch are taken in parts. For each part, one phase transforms x to
/// [frequency][chunk of channels][tile][channel] and dy to [frequency][panel][tile][vectors · L], and the next adds
/// the products, summed over the part's tiles, to [panel][frequency][channel][vectors · L]; the last phase transforms
/// these sums back. If there is one part, and enough of panels and chunks for the threads, a unit does both for one
/// panel and one chunk, and the sums never leave the second-level cache. Sums run over the tiles in order, whatever the
/// number of threads.
///
/// Memory traffic: x and dy once, their transforms once for each group of the other's channels, the sums of several
/// parts once per part.
/// Source: Lavin and Gray, *Fast algorithms for convolutional neural networks*, 2016.
final class WinogradFilter implements Kernel {
  private static final int L = Machine.LANES;
  /// Channels of x whose products with a group of panels are computed together: both stay in the second-level cache.
  private static final int CHUNK = 64;
  /// Panels per group.
  private static final int GROUP = Math.max(1, 32 / L);
  /// Floats of transformed tiles per part: they stay in a small share of the third-level cache, and are there from the
  /// part before.
  private static final int PART = 1024 * 1024;
  private static final int FEWEST_TILES = 64;
  private static final int MOST_TILES = 512;

  private final Task task;
  private final ConvChoice choice;
  private final Winograd algorithm;
  private final WinogradFilterStrips strips;
  private final int channels;
  private final int filters;
  private final int sourceBlocks;
  private final int tilesWide;
  private final int parts;
  private final int mostTiles;
  private final int chunks;
  private final int chunkChannels;
  private final int rowStride;
  private final WinogradSums sums;
  private final List<Panel> panels;
  private final int groups;
  private final boolean near;
  private final int cellsFrequency;
  private final int tapsFrequency;
  private final int[] offsets;

  WinogradFilter(Task task, ConvChoice choice, Window window) {
    this.task = task;
    this.choice = choice;
    this.algorithm = choice.algorithm();
    this.strips = new WinogradFilterStrips(task, algorithm, window);
    this.channels = strips.channels();
    this.filters = strips.filters();
    this.sourceBlocks = Math.ceilDiv(channels, L);
    this.tilesWide = strips.tiles();
    this.chunks = Math.ceilDiv(channels, CHUNK);
    int whole = Math.max(L, Machine.LINE);
    this.chunkChannels = Math.ceilDiv(Math.ceilDiv(channels, chunks), whole) * whole;
    this.rowStride = Machine.apart(chunkChannels);
    this.sums = new WinogradSums(task, algorithm);
    this.panels = sums.panels();
    this.groups = Math.ceilDiv(panels.size(), GROUP);
    int perTile = algorithm.frequencies() * (chunks * rowStride + Math.ceilDiv(filters, L) * L);
    int wanted = Math.clamp(PART / perTile, FEWEST_TILES, MOST_TILES);
    this.parts = Math.ceilDiv(strips.count(), Math.max(1, wanted / tilesWide));
    this.near = parts == 1 && chunks * panels.size() >= Machine.UNITS;
    this.mostTiles = parts == 0 ? 0 : Math.ceilDiv(strips.count(), parts) * tilesWide;
    this.cellsFrequency = Machine.apart(chunks * mostTiles * rowStride);
    this.tapsFrequency = Machine.apart(mostTiles * Math.ceilDiv(filters, L) * L);
    this.offsets = new int[mostTiles];
    Arrays.setAll(offsets, t -> t * rowStride);
  }

  @Override public String name() {
    return "winograd filter " + algorithm + " " + Spacing.ONE.pixels(2) + "×" + 2 * L;
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
    return near ? 2 : 2 * parts + 1;
  }

  private int lines() {
    return Math.ceilDiv(sourceBlocks * L, Math.max(L, Machine.LINE));
  }

  @Override public int units(int phase) {
    return near && phase == 1 ? chunks * panels.size() : phase == 2 * parts ? panels.size()
        : phase % 2 == 0 ? lines() + panels.size() : algorithm.frequencies() * chunks * groups;
  }

  @Override public int scratch() {
    return Math.max(strips.scratch(), sums.scratch() + (near ? algorithm.frequencies() * nearFrequency() : 0));
  }

  /// The distance between the frequencies of a panel's sums with a chunk of channels.
  private int nearFrequency() {
    return Machine.apart(chunkChannels * 2 * L);
  }

  private int cellsLength() {
    return algorithm.frequencies() * cellsFrequency;
  }

  private int sumsBegin() {
    return cellsLength() + algorithm.frequencies() * tapsFrequency;
  }

  @Override public long workspace() {
    return (long) sumsBegin() + (near ? 0 : sums.length());
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    if (near && phase == 1) {
      all(o, unit / panels.size(), panels.get(unit % panels.size()), scratch);
    } else if (phase == 2 * parts) {
      finish(o, panels.get(unit), scratch);
    } else if (phase % 2 == 1) {
      accumulate(o, phase / 2, unit);
    } else if (unit < lines()) {
      transformCells(o, phase / 2, unit, scratch);
    } else {
      transformTaps(o, phase / 2, panels.get(unit - lines()), scratch);
    }
  }

  private int firstStrip(int part) {
    return (int) ((long) strips.count() * part / parts);
  }

  /// Transforms the blocks of channels that share cache lines, strip by strip, so that each line is written at once.
  private void transformCells(Operands o, int part, int line, float[] scratch) {
    int first = firstStrip(part);
    int perLine = Math.max(1, Machine.LINE / L);
    for (int s = first; s < firstStrip(part + 1); s++) {
      for (int block = line * perLine; block < Math.min(sourceBlocks, (line + 1) * perLine); block++) {
        int chunk = block * L / chunkChannels;
        int to = o.offset(task.operands()) + chunk * mostTiles * rowStride + block * L % chunkChannels;
        strips.cells(o, s, block, scratch, o.array(task.operands()), to + (s - first) * tilesWide * rowStride,
            cellsFrequency, rowStride);
      }
    }
  }

  private void transformTaps(Operands o, int part, Panel panel, float[] scratch) {
    int tileStep = panel.width();
    int first = firstStrip(part);
    for (int s = first; s < firstStrip(part + 1); s++) {
      for (int v = 0; v < panel.vectors(); v++) {
        int to = o.offset(task.operands()) + cellsLength() + panel.dy() * mostTiles + v * L;
        strips.taps(o, s, panel.block() + v, scratch, o.array(task.operands()),
            to + (s - first) * tilesWide * tileStep, tapsFrequency, tileStep);
      }
    }
  }

  /// Computes the filters between a chunk of channels and a panel.
  private void all(Operands o, int chunk, Panel panel, float[] scratch) {
    int firstChannel = chunk * chunkChannels;
    int kept = CacheLine.FIRST + sums.scratch();
    for (int f = 0; f < algorithm.frequencies(); f++) {
      products(o, 0, f, chunk, panel, scratch, kept + f * nearFrequency());
    }
    int count = Math.min(chunkChannels, channels - firstChannel);
    sums.finish(o, panel, firstChannel, count, scratch, kept, nearFrequency(), scratch);
  }

  /// Adds one frequency's products of a chunk of channels and a group of panels, summed over the tiles of a part.
  private void accumulate(Operands o, int part, int unit) {
    int chunk = unit / groups % chunks;
    int frequency = unit / groups / chunks;
    int begin = o.offset(task.operands()) + sumsBegin();
    int first = unit % groups * GROUP;
    for (int p = first; p < Math.min(panels.size(), first + GROUP); p++) {
      Panel panel = panels.get(p);
      products(o, part, frequency, chunk, panel, o.array(task.operands()), begin + panel.sums()
          + frequency * sums.frequency(panel.vectors()) + chunk * chunkChannels * panel.width());
    }
  }

  /// Computes one frequency's products of a chunk of channels and a panel, summed over the tiles of a part, or adds
  /// them to those of earlier parts: [channel][vectors · L].
  private void products(Operands o, int part, int frequency, int chunk, Panel panel, float[] to, int out) {
    float[] memory = o.array(task.operands());
    int base = o.offset(task.operands());
    int tiles = (firstStrip(part + 1) - firstStrip(part)) * tilesWide;
    int count = Math.min(chunkChannels, channels - chunk * chunkChannels);
    sums.multiply(panel, count, tiles, offsets, memory,
        base + frequency * cellsFrequency + chunk * mostTiles * rowStride,
        base + cellsLength() + frequency * tapsFrequency + panel.dy() * mostTiles, to, out, part > 0);
  }

  /// Transforms a panel's sums back and writes its filters.
  private void finish(Operands o, Panel panel, float[] scratch) {
    if (parts == 0) {
      sums.finishEmpty(o, panel, scratch);
    } else {
      sums.finish(o, panel, 0, channels, o.array(task.operands()),
          o.offset(task.operands()) + sumsBegin() + panel.sums(), sums.frequency(panel.vectors()), scratch);
    }
  }
}
