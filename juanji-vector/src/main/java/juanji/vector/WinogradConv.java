package juanji.vector;

import java.util.Optional;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;

/// Convolution with step 1 and its input gradient by Winograd's minimal filtering.
///
/// It wins where there are enough channels on both sides that the transforms, which grow with the channels, cost
/// little beside the products, which grow with their square. Phase 0 transforms the filters. Then each block of tiles
/// is transformed to [channel block][frequency][tile][L], multiplied, for each frequency by itself, by the register
/// tiles of [DirectConv] (a tile's "pixels" are tiles of the map), and transformed back. One frequency's tiles and
/// filters fit into the second-level cache, and blocks are so large that bringing filters near, once per block, takes
/// less time than their products. A block is computed in place: the products at a frequency overwrite the transformed
/// tiles of the one before it.
///
/// Where there are fewer blocks than threads may want, these steps are phases of their own, whose units are blocks of
/// channels, frequencies and panels, of one block of tiles after the other, so that what they have in common, such as a
/// frequency's filters, is fetched once.
///
/// Memory traffic: source and target once, transformed tiles and their products there and back, the transformed
/// filters once per block. Source: Lavin and Gray, *Fast algorithms for convolutional neural networks*, 2016.
final class WinogradConv implements Kernel {
  private final Task task;
  private final ConvChoice choice;
  private final WinogradTiles tiles;
  private final boolean shared;

  /// @param backward whether this is the input gradient of the convolution with this window
  WinogradConv(Task task, ConvChoice choice, Window window, boolean backward) {
    this.task = task;
    this.choice = choice;
    this.tiles = new WinogradTiles(task, choice.algorithm(), window, backward);
    this.shared = tiles.blocks() < Machine.UNITS;
  }

  @Override public String name() {
    return "winograd " + choice.algorithm() + " " + Spacing.BLOCK.pixels(2) + "×" + 2 * Machine.LANES;
  }

  @Override public String reason() {
    return tiles.channels() + " → " + task.output().dim(1) + " channels, blocks of " + tiles.most() + " tiles, "
        + choice;
  }

  @Override public boolean readsThrough() {
    return Through.fits(task);
  }

  @Override public int phases() {
    return shared ? 4 : 2;
  }

  @Override public int units(int phase) {
    int blocks = tiles.blocks();
    return switch (phase) {
      case 0 -> tiles.panels().size();
      case 1 -> shared ? blocks * tiles.sourceBlocks() : blocks;
      case 2 -> blocks * tiles.frequencies();
      default -> blocks * tiles.panels().size();
    };
  }

  /// The distance between the frequencies of a block that is computed in place.
  private int slot() {
    return Math.max(tiles.transformed(), tiles.products());
  }

  /// Floats of a block's transformed tiles, which its products overwrite.
  private int perBlock() {
    return tiles.frequencies() * slot();
  }

  @Override public int scratch() {
    return Math.max(tiles.pack().scratch(),
        (shared ? 0 : perBlock()) + slot() + tiles.scratch() + task.chain().scratch());
  }

  @Override public Optional<Packing> packing() {
    return Optional.of(new Packing(2, tiles.pack().length()));
  }

  @Override public long workspace() {
    return shared ? (long) tiles.blocks() * perBlock() : 0;
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int packed = task.operands();
    if (phase == 0) {
      tiles.pack().pack(unit, o.array(2), o.offset(2), o.array(packed), o.offset(packed), scratch);
    } else if (shared) {
      int blocks = tiles.blocks();
      step(o, phase, unit % blocks, unit / blocks, scratch);
    } else {
      whole(o, unit, scratch);
    }
  }

  /// Computes a block of tiles in scratch memory. The products at a frequency go where the transformed tiles of the one
  /// before it were.
  private void whole(Operands o, int block, float[] scratch) {
    int packed = task.operands();
    int slot = slot();
    int rest = CacheLine.FIRST + slot + perBlock();
    tiles.transform(o, block, 0, tiles.sourceBlocks(), scratch, CacheLine.FIRST + slot, slot, scratch, rest);
    for (int f = 0; f < tiles.frequencies(); f++) {
      tiles.multiply(f, tiles.tiles(block), scratch, CacheLine.FIRST + (f + 1) * slot, o.array(packed),
          o.offset(packed), scratch, CacheLine.FIRST + f * slot);
    }
    for (WinogradPack.Panel panel : tiles.panels()) {
      tiles.results(o, block, panel, scratch, CacheLine.FIRST + tiles.products(panel), slot, scratch, rest);
    }
  }

  /// Computes a part of one step for a block of tiles in the workspace. The products at a frequency are made in scratch
  /// memory and then copied over the transformed tiles: these are in the cache, other places would not be.
  private void step(Operands o, int phase, int block, int part, float[] scratch) {
    int packed = task.operands();
    float[] v = o.array(packed + 1);
    int vo = o.offset(packed + 1) + block * perBlock();
    int slot = slot();
    if (phase == 1) {
      tiles.transform(o, block, part, part + 1, v, vo, slot, scratch, CacheLine.FIRST);
    } else if (phase == 2) {
      // Half of these were made by another thread, and are in its caches.
      scratch[CacheLine.FIRST] = Near.bring(v, vo + part * slot, tiles.transformed());
      tiles.multiply(part, tiles.tiles(block), v, vo + part * slot, o.array(packed), o.offset(packed), scratch,
          CacheLine.FIRST);
      System.arraycopy(scratch, CacheLine.FIRST, v, vo + part * slot, tiles.products());
    } else {
      WinogradPack.Panel panel = tiles.panels().get(part);
      tiles.results(o, block, panel, v, vo + tiles.products(panel), slot, scratch, CacheLine.FIRST);
    }
  }
}
