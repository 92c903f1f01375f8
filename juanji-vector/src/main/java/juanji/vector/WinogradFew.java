package juanji.vector;

import java.util.Optional;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// [WinogradConv] where there are few tiles for many filters that change from run to run, as in the last layers of a
/// network in training: 512 → 512 channels on 4 × 4 have 38 MB of transformed filters for 32 tiles.
///
/// There the transformed filters are never written to memory: phase 0 transforms all tiles; then a unit takes a group
/// of panels through the source channels in segments, transforms a segment's filters in the second-level cache and
/// multiplies all tiles by them at once.
///
/// Memory traffic: source, target and filters once, the transformed tiles once per group.
final class WinogradFew implements Kernel {
  private static final int L = Machine.LANES;
  /// Floats of transformed filters from which on it pays not to write them.
  private static final long LEAST_FILTERS = 256 * 1024;
  /// Tiles up to which all of a segment's stay in the second-level cache.
  private static final int MOST_TILES = 8 * L;
  /// Floats of a segment's transformed tiles and filters, and the fewest channels that are worth the calls.
  private static final int SEGMENT = 128 * 1024;
  private static final int LEAST_CHANNELS = 48;

  private final Task task;
  private final ConvChoice choice;
  private final WinogradTiles tiles;
  private final int group;
  private final int segments;

  /// @param backward whether this is the input gradient of the convolution with this window
  WinogradFew(Task task, ConvChoice choice, Window window, boolean backward) {
    this.task = task;
    this.choice = choice;
    this.tiles = new WinogradTiles(task, choice.algorithm(), window, backward);
    this.group = Math.max(1, tiles.panels().size() / Machine.UNITS);
    int perChannel = tiles.frequencies() * (tiles.blocks() * tiles.most() + 2 * L);
    int most = Math.max(LEAST_CHANNELS, SEGMENT / perChannel);
    this.segments = Math.min(tiles.sourceBlocks(), Math.ceilDiv(tiles.channels(), most));
  }

  /// Whether it is better than [WinogradConv].
  ///
  /// @param fixed whether the filters stay, so that they are transformed once
  static boolean pays(Winograd algorithm, Shape source, Shape target, boolean fixed) {
    long filters = (long) source.dim(1) * target.dim(1) * algorithm.frequencies();
    long count = (long) source.dim(0) * algorithm.tiles(target.dim(2)) * algorithm.tiles(target.dim(3));
    return !fixed && filters >= LEAST_FILTERS && count <= MOST_TILES;
  }

  @Override public String name() {
    return "winograd " + choice.algorithm() + " few " + Spacing.BLOCK.pixels(2) + "×" + 2 * L;
  }

  @Override public String reason() {
    return tiles.channels() + " → " + task.output().dim(1) + " channels, " + segments
        + (segments == 1 ? " segment" : " segments") + " of filters transformed in the cache, " + choice;
  }

  @Override public boolean readsThrough() {
    return Through.fits(task);
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? tiles.blocks() * tiles.sourceBlocks() : Math.ceilDiv(tiles.panels().size(), group);
  }

  private int firstChannel(int segment) {
    return Math.min(tiles.channels(), (int) ((long) tiles.sourceBlocks() * segment / segments) * L);
  }

  private int filters() {
    return tiles.frequencies() * Math.ceilDiv(tiles.sourceBlocks(), segments) * L * 2 * L;
  }

  /// Floats of a block of transformed tiles.
  private int block() {
    return tiles.frequencies() * tiles.transformed();
  }

  private int perBlock() {
    return tiles.frequencies() * tiles.most() * 2 * L;
  }

  /// Where the transformed filters, the sums and the memory for the way back begin in scratch memory.
  private int begin() {
    return CacheLine.FIRST + tiles.pack().someScratch();
  }

  private int sums() {
    return begin() + filters();
  }

  private int back() {
    return sums() + group * tiles.blocks() * perBlock();
  }

  @Override public int scratch() {
    return back() - CacheLine.FIRST + tiles.scratch() + task.chain().scratch();
  }

  @Override public long workspace() {
    return (long) tiles.blocks() * block();
  }

  @Override public Optional<Packing> packing() {
    return Optional.empty();
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    float[] v = o.array(task.operands());
    int vo = o.offset(task.operands());
    if (phase == 0) {
      int block = unit / tiles.sourceBlocks();
      int channel = unit % tiles.sourceBlocks();
      tiles.transform(o, block, channel, channel + 1, v, vo + block * block(), tiles.transformed(), scratch,
          CacheLine.FIRST);
      return;
    }
    int first = unit * group;
    int last = Math.min(tiles.panels().size(), first + group);
    for (int s = 0; s < segments; s++) {
      for (int p = first; p < last; p++) {
        multiply(o, tiles.panels().get(p), s, v, vo, scratch, sums() + (p - first) * tiles.blocks() * perBlock());
      }
    }
    for (int p = first; p < last; p++) {
      WinogradPack.Panel panel = tiles.panels().get(p);
      for (int block = 0; block < tiles.blocks(); block++) {
        int products = sums() + ((p - first) * tiles.blocks() + block) * perBlock();
        tiles.results(o, block, panel, scratch, products, tiles.tiles(block) * panel.vectors() * L, scratch, back());
      }
    }
  }

  /// Transforms a segment's filters of a panel and adds their products with all tiles to what begins at `out`.
  private void multiply(Operands o, WinogradPack.Panel panel, int segment, float[] v, int vo, float[] scratch,
      int out) {
    int from = firstChannel(segment);
    int to = firstChannel(segment + 1);
    int width = panel.vectors() * L;
    int filters = begin();
    tiles.pack().some(panel, from, to, o.array(2), o.offset(2), scratch, filters);
    for (int f = 0; f < tiles.frequencies(); f++) {
      for (int block = 0; block < tiles.blocks(); block++) {
        int count = tiles.tiles(block);
        tiles.multiply(panel.vectors(), count, from, to, v, vo + block * block() + f * tiles.transformed(), scratch,
            filters + f * (to - from) * width, scratch, out + block * perBlock() + f * count * width, segment > 0);
      }
    }
  }
}
