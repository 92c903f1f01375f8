package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Convolution with step 1 and its input gradient by Winograd's minimal filtering.
///
/// It wins where there are enough channels on both sides that the transforms, which grow with the channels, cost
/// little beside the products, which grow with their square. Phase 0 transforms the filters. Then each block of tiles
/// is transformed to [frequency][channel block][tile][L], multiplied, for each frequency by itself, by the register
/// tiles of [DirectConv] (a tile's "pixels" are tiles of the map), and transformed back. Blocks are so large that the
/// filters, which each block reads once, come fast enough from the third-level cache, and the transformed data stays
/// in the second. Where there are few blocks, the tiles are transformed in a phase of their own, so that threads can
/// share a block's filters.
///
/// Memory traffic: source and target once, the transformed filters once per block. Source: Lavin and Gray, *Fast
/// algorithms for convolutional neural networks*, 2016.
final class WinogradConv implements Kernel {
  private static final int L = Machine.LANES;
  /// Source channels per pass over a block's sums.
  private static final int SEGMENT = 512;
  /// Tiles per block, at most: a compromise between how often the filters are read and the second-level cache.
  private static final int BLOCK = 28;
  /// Floats of products that are made before they are transformed back.
  private static final int PRODUCTS = 64 * 1024;

  private final Task task;
  private final ConvChoice choice;
  private final Winograd algorithm;
  private final WinogradPack pack;
  private final WinogradStrip strip;
  private final AxisPlan height;
  private final AxisPlan width;
  private final int images;
  private final int channels;
  private final int sourceBlocks;
  private final int targetBlocks;
  private final int tilesHigh;
  private final int tilesWide;
  private final int stripBlocks;
  private final int columnRanges;
  private final int most;
  private final int tileStride;
  private final int group;
  private final boolean shared;
  private final int[] offsets;
  private final int[] places;
  private final int[] targets1;
  private final int[] targets2;
  private final int[][][] cuts;

  /// @param backward whether this is the input gradient of the convolution with this window
  WinogradConv(Task task, ConvChoice choice, Window window, boolean backward) {
    this.task = task;
    this.choice = choice;
    this.algorithm = choice.algorithm();
    Shape s = task.inputs().get(0);
    Shape x = backward ? task.output() : s;
    List<AxisPlan> axes = Sweep.axes(window, x.slice(2, 4), backward);
    this.height = axes.get(1);
    this.width = axes.get(2);
    this.images = s.dim(0);
    this.channels = s.dim(1);
    this.sourceBlocks = Math.ceilDiv(channels, L);
    this.targetBlocks = Math.ceilDiv(task.output().dim(1), L);
    this.pack = new WinogradPack(algorithm, task.inputs().get(1), backward);
    this.strip = WinogradStrip.ofCells(algorithm, algorithm.results(), height.source(), width.source());
    this.tilesHigh = algorithm.tiles(height.target());
    this.tilesWide = algorithm.tiles(width.target());
    int wanted = blockTiles(images * tilesHigh * tilesWide);
    this.columnRanges = Math.ceilDiv(tilesWide, wanted);
    int strips = images * tilesHigh;
    this.stripBlocks = Math.ceilDiv(strips, Math.max(1, wanted / tilesWide));
    int stripsPerBlock = stripBlocks == 0 ? 0 : Math.ceilDiv(strips, stripBlocks);
    this.most = stripsPerBlock * Math.ceilDiv(tilesWide, columnRanges);
    this.tileStride = most | 1;
    this.shared = stripBlocks * columnRanges < Machine.UNITS;
    this.group = Math.clamp(PRODUCTS / Math.max(1, algorithm.frequencies() * most * 2 * L), 1, pack.panels().size());
    this.offsets = new int[channels];
    Arrays.setAll(offsets, c -> c / L * algorithm.frequencies() * tileStride * L + c % L);
    this.places = multiples(L);
    this.targets1 = multiples(L);
    this.targets2 = multiples(2 * L);
    this.cuts = new int[2][most + 1][];
    for (int vectors = 1; vectors <= 2; vectors++) {
      for (int t = 1; t <= most; t++) {
        List<Integer> tiles = new ArrayList<>();
        Spacing.BLOCK.cut(0, t, vectors, false, tiles);
        cuts[vectors - 1][t] = Spacing.runs(tiles);
      }
    }
  }

  /// The most tiles per block, where there are so many in all.
  static int blockTiles(int all) {
    return all <= BLOCK * 3 / 2 ? Math.max(1, all) : BLOCK;
  }

  private int[] multiples(int step) {
    int[] result = new int[most];
    Arrays.setAll(result, i -> i * step);
    return result;
  }

  @Override public String name() {
    return "winograd " + algorithm + " " + Spacing.BLOCK.pixels(2) + "×" + 2 * L;
  }

  @Override public String reason() {
    return channels + " → " + task.output().dim(1) + " channels, blocks of " + most + " tiles, " + choice;
  }

  @Override public int phases() {
    return shared ? 3 : 2;
  }

  @Override public int units(int phase) {
    int blocks = stripBlocks * columnRanges;
    int groups = Math.ceilDiv(pack.panels().size(), group);
    return phase == 0 ? pack.panels().size() : !shared ? blocks : phase == 1 ? blocks * sourceBlocks : blocks * groups;
  }

  private int transformed() {
    return algorithm.frequencies() * sourceBlocks * tileStride * L;
  }

  private int products() {
    return group * algorithm.frequencies() * most * 2 * L;
  }

  /// The scratch memory behind the transformed tiles and the products.
  private int strips() {
    int perRow = Math.ceilDiv(tilesWide, columnRanges);
    return Math.max(strip.scratch(perRow),
        (algorithm.cells() + algorithm.results()) * perRow * algorithm.results() * L);
  }

  @Override public int scratch() {
    return Math.max(pack.scratch(),
        (shared ? 0 : transformed()) + products() + strips() + task.chain().scratch());
  }

  @Override public Optional<Packing> packing() {
    return Optional.of(new Packing(2, pack.length()));
  }

  @Override public long workspace() {
    return shared ? (long) stripBlocks * columnRanges * transformed() : 0;
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int packed = task.operands();
    if (phase == 0) {
      pack.pack(unit, o.array(2), o.offset(2), o.array(packed), o.offset(packed), scratch);
    } else if (!shared) {
      transform(o, unit, 0, sourceBlocks, scratch, 0, scratch, transformed());
      for (int from = 0; from < pack.panels().size(); from += group) {
        multiply(o, unit, from, scratch, 0, scratch, transformed());
      }
    } else if (phase == 1) {
      int block = unit / sourceBlocks;
      int channel = unit % sourceBlocks;
      transform(o, block, channel, channel + 1, o.array(packed + 1), o.offset(packed + 1) + block * transformed(),
          scratch, 0);
    } else {
      // Blocks that need the same filters follow each other.
      int block = unit % (stripBlocks * columnRanges);
      multiply(o, block, unit / (stripBlocks * columnRanges) * group, o.array(packed + 1),
          o.offset(packed + 1) + block * transformed(), scratch, 0);
    }
  }

  private int firstStrip(int stripBlock) {
    return (int) ((long) images * tilesHigh * stripBlock / stripBlocks);
  }

  private int firstColumn(int range) {
    return (int) ((long) tilesWide * range / columnRanges);
  }

  /// Transforms the cells under a block of tiles for some blocks of channels.
  private void transform(Operands o, int block, int firstChannel, int lastChannel, float[] v, int vo, float[] scratch,
      int at) {
    int range = block % columnRanges;
    int columns = firstColumn(range + 1) - firstColumn(range);
    int frequencyStride = tileStride * L;
    int plane = height.source() * width.source() * L;
    int m = algorithm.results();
    int first = firstStrip(block / columnRanges);
    int last = firstStrip(block / columnRanges + 1);
    for (int c = firstChannel; c < lastChannel; c++) {
      for (int s = first; s < last; s++) {
        strip.run(o.array(1), o.offset(1) + (s / tilesHigh * sourceBlocks + c) * plane,
            s % tilesHigh * m + height.low(), firstColumn(range) * m + width.low(), columns, scratch, at, v,
            vo + c * algorithm.frequencies() * frequencyStride + (s - first) * columns * L, frequencyStride, L);
      }
    }
  }

  /// Multiplies a block of tiles by a group of panels and transforms the products back.
  private void multiply(Operands o, int block, int firstPanel, float[] v, int vo, float[] scratch, int at) {
    int range = block % columnRanges;
    int columns = firstColumn(range + 1) - firstColumn(range);
    int tiles = (firstStrip(block / columnRanges + 1) - firstStrip(block / columnRanges)) * columns;
    int lastPanel = Math.min(pack.panels().size(), firstPanel + group);
    int frequencies = algorithm.frequencies();
    int perPanel = frequencies * most * 2 * L;
    float[] u = o.array(task.operands());
    int uo = o.offset(task.operands());
    int segments = Math.ceilDiv(channels, SEGMENT);
    for (int f = 0; f < frequencies; f++) {
      for (int p = firstPanel; p < lastPanel; p++) {
        WinogradPack.Panel panel = pack.panels().get(p);
        int vectors = panel.vectors();
        int out = at + (p - firstPanel) * perPanel + f * tiles * vectors * L;
        int wo = uo + panel.offset() + f * channels * vectors * L;
        int[] targets = vectors == 1 ? targets1 : targets2;
        for (int s = 0; s < segments; s++) {
          int from = (int) ((long) channels * s / segments);
          int to = (int) ((long) channels * (s + 1) / segments);
          int[] runs = cuts[vectors - 1][tiles];
          for (int i = 0; i < runs.length; i += 2) {
            Tiles.run(Spacing.BLOCK, vectors, runs[i] & 15, from, to, offsets, v,
                vo + f * tileStride * L, places, u, wo + from * vectors * L, scratch, out, targets,
                runs[i] >> 5, runs[i + 1], L, s > 0);
          }
        }
      }
    }
    for (int p = firstPanel; p < lastPanel; p++) {
      WinogradPack.Panel panel = pack.panels().get(p);
      for (int i = 0; i < panel.vectors(); i++) {
        results(o, block, panel.block() + i, tiles, scratch, at + (p - firstPanel) * perPanel + i * L,
            panel.vectors() * L, at + products());
      }
    }
  }

  /// Transforms the products of a block of tiles back, for one block of target channels, and applies the chain.
  private void results(Operands o, int block, int target, int tiles, float[] scratch, int from, int tileStep, int at) {
    int range = block % columnRanges;
    int firstColumn = firstColumn(range) * algorithm.results();
    int tileColumns = firstColumn(range + 1) - firstColumn(range);
    int columns = Math.min(width.target(), firstColumn + tileColumns * algorithm.results()) - firstColumn;
    int first = firstStrip(block / columnRanges);
    int last = firstStrip(block / columnRanges + 1);
    int row = width.target() * L;
    int chainScratch = at + strips();
    for (int image = first / tilesHigh; image <= (last - 1) / tilesHigh; image++) {
      int begin = Math.max(first, image * tilesHigh);
      int end = Math.min(last, (image + 1) * tilesHigh);
      int plane = (image * targetBlocks + target) * height.target() * row + firstColumn * L;
      for (int s = begin; s < end; s++) {
        int firstRow = (s - image * tilesHigh) * algorithm.results();
        strip(scratch, from + (s - first) * tileColumns * tileStep, tiles * tileStep, tileStep, tileColumns, columns,
            Math.min(algorithm.results(), height.target() - firstRow), o.array(0),
            o.offset(0) + plane + firstRow * row, at);
      }
      int firstRow = (begin - image * tilesHigh) * algorithm.results();
      int lastRow = Math.min(height.target(), (end - image * tilesHigh) * algorithm.results());
      if (columnRanges == 1) {
        Finish.apply(task.chain(), o, plane + firstRow * row, (lastRow - firstRow) * row, scratch, chainScratch);
      } else {
        for (int r = firstRow; r < lastRow; r++) {
          Finish.apply(task.chain(), o, plane + r * row, columns * L, scratch, chainScratch);
        }
      }
    }
  }

  /// Transforms the products of one row of tiles back.
  private void strip(float[] scratch, int from, int frequencyStep, int tileStep, int tiles, int columns, int rows,
      float[] y, int yo, int at) {
    int n = algorithm.cells();
    int m = algorithm.results();
    int wide = tiles * m * L;
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < tiles; t++) {
        WinogradTransform.results(n, m, scratch, from + i * n * frequencyStep + t * tileStep, frequencyStep, scratch,
            at + i * wide + t * m * L, L);
      }
    }
    int row = width.target() * L;
    if (rows == m) {
      for (int c = 0; c < columns; c++) {
        WinogradTransform.results(n, m, scratch, at + c * L, wide, y, yo + c * L, row);
      }
      return;
    }
    int whole = at + n * wide;
    for (int c = 0; c < columns; c++) {
      WinogradTransform.results(n, m, scratch, at + c * L, wide, scratch, whole + c * L, wide);
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(scratch, whole + r * wide, y, yo + r * row, columns * L);
    }
  }
}
