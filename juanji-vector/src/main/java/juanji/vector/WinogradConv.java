package juanji.vector;

import java.util.Optional;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;

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
  /// Floats of products that are made before they are transformed back.
  private static final int PRODUCTS = 64 * 1024;

  private final Task task;
  private final ConvChoice choice;
  private final WinogradTiles tiles;
  private final int group;
  private final boolean shared;

  /// @param backward whether this is the input gradient of the convolution with this window
  WinogradConv(Task task, ConvChoice choice, Window window, boolean backward) {
    this.task = task;
    this.choice = choice;
    this.tiles = new WinogradTiles(task, choice.algorithm(), window, backward);
    this.shared = tiles.blocks() < Machine.UNITS;
    this.group = Math.clamp(PRODUCTS / Math.max(1, tiles.frequencies() * tiles.most() * 2 * L), 1,
        tiles.panels().size());
  }

  @Override public String name() {
    return "winograd " + choice.algorithm() + " " + Spacing.BLOCK.pixels(2) + "×" + 2 * L;
  }

  @Override public String reason() {
    return tiles.channels() + " → " + task.output().dim(1) + " channels, blocks of " + tiles.most() + " tiles, "
        + choice;
  }

  @Override public int phases() {
    return shared ? 3 : 2;
  }

  @Override public int units(int phase) {
    int blocks = tiles.blocks();
    int groups = Math.ceilDiv(tiles.panels().size(), group);
    return phase == 0 ? tiles.panels().size() : !shared ? blocks
        : phase == 1 ? blocks * tiles.sourceBlocks() : blocks * groups;
  }

  private int products() {
    return group * tiles.frequencies() * tiles.most() * 2 * L;
  }

  @Override public int scratch() {
    return Math.max(tiles.pack().scratch(),
        (shared ? 0 : tiles.transformed()) + products() + tiles.scratch() + task.chain().scratch());
  }

  @Override public Optional<Packing> packing() {
    return Optional.of(new Packing(2, tiles.pack().length()));
  }

  @Override public long workspace() {
    return shared ? (long) tiles.blocks() * tiles.transformed() : 0;
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int packed = task.operands();
    int length = tiles.transformed();
    if (phase == 0) {
      tiles.pack().pack(unit, o.array(2), o.offset(2), o.array(packed), o.offset(packed), scratch);
    } else if (!shared) {
      tiles.transform(o, unit, 0, tiles.sourceBlocks(), scratch, 0, scratch, length);
      for (int from = 0; from < tiles.panels().size(); from += group) {
        multiply(o, unit, from, scratch, 0, scratch, length);
      }
    } else if (phase == 1) {
      int block = unit / tiles.sourceBlocks();
      int channel = unit % tiles.sourceBlocks();
      tiles.transform(o, block, channel, channel + 1, o.array(packed + 1), o.offset(packed + 1) + block * length,
          scratch, 0);
    } else {
      // Blocks that need the same filters follow each other.
      int block = unit % tiles.blocks();
      multiply(o, block, unit / tiles.blocks() * group, o.array(packed + 1),
          o.offset(packed + 1) + block * length, scratch, 0);
    }
  }

  /// Multiplies a block of tiles by a group of panels and transforms the products back.
  private void multiply(Operands o, int block, int firstPanel, float[] v, int vo, float[] scratch, int at) {
    int count = tiles.tiles(block);
    int lastPanel = Math.min(tiles.panels().size(), firstPanel + group);
    int frequencies = tiles.frequencies();
    int perPanel = frequencies * tiles.most() * 2 * L;
    float[] u = o.array(task.operands());
    int uo = o.offset(task.operands());
    int segments = Math.ceilDiv(tiles.channels(), SEGMENT);
    for (int f = 0; f < frequencies; f++) {
      for (int p = firstPanel; p < lastPanel; p++) {
        WinogradPack.Panel panel = tiles.panels().get(p);
        int vectors = panel.vectors();
        int out = at + (p - firstPanel) * perPanel + f * count * vectors * L;
        int wo = uo + panel.offset() + f * tiles.channels() * vectors * L;
        for (int s = 0; s < segments; s++) {
          int from = (int) ((long) tiles.channels() * s / segments);
          int to = (int) ((long) tiles.channels() * (s + 1) / segments);
          tiles.multiply(f, vectors, count, from, to, v, vo, u, wo + from * vectors * L, scratch, out, s > 0);
        }
      }
    }
    for (int p = firstPanel; p < lastPanel; p++) {
      WinogradPack.Panel panel = tiles.panels().get(p);
      for (int i = 0; i < panel.vectors(); i++) {
        tiles.results(o, block, panel.block() + i, count, scratch, at + (p - firstPanel) * perPanel + i * L,
            panel.vectors() * L, at + products());
      }
    }
  }
}
