package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// The tiles of a convolution by minimal filtering, in blocks: the way there, from maps to
/// [frequency][channel block][tile][L], and the way back with the task's chain. A block's tiles are the "pixels" of the
/// register tiles that multiply them, for each frequency by itself.
final class WinogradTiles {
  private static final int L = Machine.LANES;
  /// Tiles per block. Filters come from far once per block: with 28 tiles, 16 GB/s at the speed of products, with 112
  /// a quarter of that.
  private static final int FEWEST = 28;
  private static final int MOST = 112;
  /// Floats of a block's transformed tiles and products, unless it has the fewest tiles.
  private static final int MOST_FLOATS = 4 * 1024 * 1024;
  /// Source channels per pass over a block's sums.
  private static final int SEGMENT = 512;

  private final Task task;
  private final Winograd algorithm;
  private final WinogradPack pack;
  private final WinogradStrip strip;
  private final Through source;
  private final WinogradBack back;
  private final AxisPlan height;
  private final AxisPlan width;
  private final int images;
  private final int sourceBlocks;
  private final int targetBlocks;
  private final int tilesHigh;
  private final int tilesWide;
  private final int stripBlocks;
  private final int columnRanges;
  private final int most;
  private final int tileStride;
  private final int[] offsets;
  private final int[] places;
  private final int[] targets1;
  private final int[] targets2;
  private final int[][][] cuts;

  /// @param backward whether this is the input gradient of the convolution with this window
  WinogradTiles(Task task, Winograd algorithm, Window window, boolean backward) {
    this.task = task;
    this.algorithm = algorithm;
    this.pack = new WinogradPack(algorithm, task.inputs().get(1), backward);
    Shape s = task.inputs().get(0);
    Shape x = backward ? task.output() : s;
    List<AxisPlan> axes = Sweep.axes(window, x.slice(2, 4), backward);
    this.height = axes.get(1);
    this.width = axes.get(2);
    this.images = s.dim(0);
    int channels = s.dim(1);
    this.sourceBlocks = Math.ceilDiv(channels, L);
    this.targetBlocks = Math.ceilDiv(task.output().dim(1), L);
    this.strip = WinogradStrip.ofCells(algorithm, algorithm.results(), height.source(), width.source());
    this.source = new Through(task);
    this.back = new WinogradBack(algorithm, width.target() * L);
    this.tilesHigh = algorithm.tiles(height.target());
    this.tilesWide = algorithm.tiles(width.target());
    int wanted = blockTiles(algorithm, images * tilesHigh * tilesWide, channels, task.output().dim(1));
    this.columnRanges = Math.ceilDiv(tilesWide, wanted);
    int strips = images * tilesHigh;
    this.stripBlocks = even(Math.ceilDiv(strips, Math.max(1, wanted / tilesWide)), strips);
    int stripsPerBlock = stripBlocks == 0 ? 0 : Math.ceilDiv(strips, stripBlocks);
    this.most = stripsPerBlock * Math.ceilDiv(tilesWide, columnRanges);
    this.tileStride = most | 1;
    this.offsets = new int[channels];
    Arrays.setAll(offsets, c -> c / L * tileStride * L + c % L);
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

  /// So many blocks that a few threads get the same number of them, where each block is a unit of work.
  private static int even(int blocks, int most) {
    int step = Machine.UNITS / 2;
    return blocks < Machine.UNITS ? blocks : Math.min(most, Math.ceilDiv(blocks, step) * step);
  }

  /// The most tiles per block, where there are so many in all.
  static int blockTiles(Winograd algorithm, int all, int sources, int targets) {
    long frequencies = algorithm.frequencies();
    int most = Math.clamp(MOST_FLOATS / (frequencies * (sources + targets)), FEWEST, MOST);
    return all <= most * 3 / 2 ? Math.max(1, all) : most;
  }

  private int[] multiples(int step) {
    int[] result = new int[most];
    Arrays.setAll(result, i -> i * step);
    return result;
  }

  /// How the filters are transformed.
  WinogradPack pack() {
    return pack;
  }

  /// The filters' panels.
  List<WinogradPack.Panel> panels() {
    return pack.panels();
  }

  /// The products per pair of channels.
  int frequencies() {
    return algorithm.frequencies();
  }

  /// The source's channels.
  int channels() {
    return offsets.length;
  }

  /// The number of blocks.
  int blocks() {
    return stripBlocks * columnRanges;
  }

  /// The tiles of the largest block.
  int most() {
    return most;
  }

  /// The tiles of a block.
  int tiles(int block) {
    int range = block % columnRanges;
    return (firstStrip(block / columnRanges + 1) - firstStrip(block / columnRanges))
        * (firstColumn(range + 1) - firstColumn(range));
  }

  /// Blocks of source channels.
  int sourceBlocks() {
    return sourceBlocks;
  }

  /// The distance between the frequencies of a block of transformed tiles.
  int transformed() {
    return Machine.apart(sourceBlocks * tileStride * L);
  }

  /// The distance between the frequencies of a block's products.
  int products() {
    return Machine.apart(targetBlocks * most * L);
  }

  /// Where a panel's products begin among those of a frequency.
  int products(WinogradPack.Panel panel) {
    return panel.block() * most * L;
  }

  /// Floats of scratch for either way, without the chain's.
  int scratch() {
    int perRow = Math.ceilDiv(tilesWide, columnRanges);
    return Math.max(strip.scratch(perRow) + source.scratch(strip.span() * width.source() * L), back.scratch(perRow));
  }

  private int firstStrip(int stripBlock) {
    return (int) ((long) images * tilesHigh * stripBlock / stripBlocks);
  }

  private int firstColumn(int range) {
    return (int) ((long) tilesWide * range / columnRanges);
  }

  /// Transforms the cells under a block of tiles for some blocks of channels.
  ///
  /// @param vo where frequency 0 begins
  void transform(Operands o, int block, int firstChannel, int lastChannel, float[] v, int vo, int frequencyStride,
      float[] scratch, int at) {
    int range = block % columnRanges;
    int columns = firstColumn(range + 1) - firstColumn(range);
    int m = algorithm.results();
    int first = firstStrip(block / columnRanges);
    int last = firstStrip(block / columnRanges + 1);
    for (int c = firstChannel; c < lastChannel; c++) {
      for (int s = first; s < last; s++) {
        strip.run(o, source, s / tilesHigh * sourceBlocks + c, s % tilesHigh * m + height.low(),
            firstColumn(range) * m + width.low(), columns, scratch, at, v,
            vo + (c * tileStride + (s - first) * columns) * L, frequencyStride, L);
      }
    }
  }

  /// Multiplies a block's tiles at one frequency by the filters of a panel, source channels from `from` to `to` − 1,
  /// and writes or adds the products, [tile][vectors · L].
  ///
  /// @param v where the frequency's transformed tiles begin, at `vo`
  /// @param uo where the filter of channel `from` is
  void multiply(int vectors, int tiles, int from, int to, float[] v, int vo, float[] u, int uo, float[] products,
      int out, boolean add) {
    int[] runs = cuts[vectors - 1][tiles];
    for (int i = 0; i < runs.length; i += 2) {
      Tiles.run(Spacing.BLOCK, vectors, runs[i] & 15, from, to, offsets, v, vo, places, u, uo, products, out,
          vectors == 1 ? targets1 : targets2, runs[i] >> 5, runs[i + 1], L, add);
    }
  }

  /// Multiplies a block's tiles at one frequency by all filters and writes the products, for each panel
  /// [tile][vectors · L].
  ///
  /// @param v where the frequency's transformed tiles begin, at `vo`
  /// @param u where the transformed filters begin, at `uo`
  /// @param out where the frequency's products begin
  void multiply(int frequency, int tiles, float[] v, int vo, float[] u, int uo, float[] products, int out) {
    int segments = Math.ceilDiv(channels(), SEGMENT);
    for (WinogradPack.Panel panel : panels()) {
      int wide = panel.vectors() * L;
      int to = out + products(panel);
      int filters = uo + panel.offset() + frequency * channels() * wide;
      for (int s = 0; s < segments; s++) {
        int first = (int) ((long) channels() * s / segments);
        int last = (int) ((long) channels() * (s + 1) / segments);
        multiply(panel.vectors(), tiles, first, last, v, vo, u, filters + first * wide, products, to, s > 0);
      }
    }
  }

  /// Transforms a panel's products with a block of tiles back and applies the chain.
  ///
  /// @param products where the panel's products at frequency 0 begin, at `from`
  /// @param at scratch memory, [#scratch] floats and then the chain's
  void results(Operands o, int block, WinogradPack.Panel panel, float[] products, int from, int frequencyStep,
      float[] scratch, int at) {
    for (int i = 0; i < panel.vectors(); i++) {
      results(o, block, panel.block() + i, products, from + i * L, frequencyStep, panel.vectors() * L, scratch, at);
    }
  }

  private void results(Operands o, int block, int target, float[] products, int from, int frequencyStep, int tileStep,
      float[] scratch, int at) {
    int range = block % columnRanges;
    int firstColumn = firstColumn(range) * algorithm.results();
    int tileColumns = firstColumn(range + 1) - firstColumn(range);
    int columns = Math.min(width.target(), firstColumn + tileColumns * algorithm.results()) - firstColumn;
    int first = firstStrip(block / columnRanges);
    int last = firstStrip(block / columnRanges + 1);
    int row = width.target() * L;
    int chainScratch = at + scratch();
    for (int image = first / tilesHigh; image <= (last - 1) / tilesHigh; image++) {
      int begin = Math.max(first, image * tilesHigh);
      int end = Math.min(last, (image + 1) * tilesHigh);
      int plane = (image * targetBlocks + target) * height.target() * row + firstColumn * L;
      for (int s = begin; s < end; s++) {
        int firstRow = (s - image * tilesHigh) * algorithm.results();
        back.run(products, from + (s - first) * tileColumns * tileStep, frequencyStep, tileStep, tileColumns,
            columns, Math.min(algorithm.results(), height.target() - firstRow), o.array(0),
            o.offset(0) + plane + firstRow * row, scratch, at);
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
}
