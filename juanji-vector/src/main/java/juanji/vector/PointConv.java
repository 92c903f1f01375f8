package juanji.vector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Convolution with windows of one cell, and its input gradient, on small maps: a product of matrices whose rows are
/// the places of the whole batch.
///
/// A map of 2 × 2 or 7 × 7 places is too small for filters to be worth fetching for it alone: they come from memory
/// more slowly than four pixels are computed. So places are taken across images, in chunks whose channels fit in a good
/// part of the second-level cache; each panel of filters is fetched once per chunk. Phase 0 packs the filters as
/// [panel][channel][vectors · L], phase 1 gathers a chunk as [channel block][place][L] and computes it by the register
/// tiles. Steps between places are taken while gathering.
///
/// Memory traffic: source and target once, the filters once per chunk.
final class PointConv implements Kernel {
  private static final int L = Machine.LANES;
  /// Channels per pass: their filters for two blocks stay in the first-level cache while a chunk's places pass.
  private static final int SEGMENT = 256;
  /// The largest map: the rows of larger ones make stripes that are worth their filters.
  private static final int MOST_PLACES = 1024;
  /// The most places of a batch, for which tables are kept.
  private static final int MOST_ALL = 1 << 17;

  private final Task task;
  private final FilterPack pack;
  private final int channels;
  private final int sourceBlocks;
  private final int targetBlocks;
  private final int sourcePlane;
  private final int places;
  private final int all;
  private final int chunks;
  private final int chunkPlaces;
  private final int ranges;
  private final int blockStride;
  private final boolean neighbours;
  private final int[] offsets;
  private final int[] gathered;
  private final int[] sources;
  private final int[] targets;

  /// @param backward whether this is the input gradient of the convolution with this window
  PointConv(Task task, Window window, boolean backward) {
    this.task = task;
    Shape s = task.inputs().get(0);
    Shape y = task.output();
    Shape x = backward ? y : s;
    int images = s.dim(0);
    this.channels = s.dim(1);
    this.sourceBlocks = Math.ceilDiv(channels, L);
    this.targetBlocks = Math.ceilDiv(y.dim(1), L);
    this.sourcePlane = (int) s.size(2) * L;
    this.places = (int) y.size(2);
    this.all = images * places;
    List<AxisPlan> axes = Sweep.axes(window, x.slice(2, x.rank()), backward);
    Sweep sweep = new Sweep(axes, L, sourceBlocks, false, Integer.MAX_VALUE, images);
    this.pack = new FilterPack(sweep, task.inputs().get(1), 1, backward, false, channels, y.dim(1));
    int tile = Spacing.BLOCK.pixels(2);
    int most = Math.max(tile, Machine.GATHER / (sourceBlocks * L) / tile * tile);
    this.chunkPlaces = Math.ceilDiv(Math.ceilDiv(all, Math.ceilDiv(all, most)), tile) * tile;
    this.chunks = Math.ceilDiv(all, chunkPlaces);
    this.ranges = Math.clamp(Math.ceilDiv(Machine.UNITS, chunks), 1, pack.panels().size());
    this.blockStride = Machine.apart(chunkPlaces * L);
    this.neighbours = s.size(2) == places;
    this.offsets = new int[channels];
    Arrays.setAll(offsets, c -> c / L * blockStride + c % L);
    this.gathered = new int[all];
    Arrays.setAll(gathered, p -> p * L);
    this.sources = Sweep.cells(axes);
    this.targets = new int[all];
    Arrays.setAll(targets, p -> (p / places * targetBlocks * places + p % places) * L);
  }

  /// Whether the window has one cell that stays inside, and the maps are small. Between places there may be steps, but
  /// not in an input gradient, which leaves the places between them empty.
  static boolean fits(Window window, int groups, Shape source, Shape target, boolean backward) {
    long all = target.dim(0) * target.size(2);
    Shape x = backward ? target : source;
    return groups == 1 && window.taps() == 1 && target.size(2) <= MOST_PLACES && all > 0 && all <= MOST_ALL
        && Sweep.axes(window, x.slice(2, x.rank()), backward).stream()
            .allMatch(a -> a.inside() && a.residues().size() == 1);
  }

  @Override public String name() {
    int vectors = pack.panels().getFirst().vectors();
    return "1×1 " + Spacing.BLOCK.pixels(vectors) + "×" + vectors * L;
  }

  @Override public String reason() {
    return channels + " → " + task.output().dim(1) + " channels, chunks of " + Math.min(chunkPlaces, all) + " places";
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? pack.panels().size() : chunks * ranges;
  }

  private int gatheredLength() {
    return sourceBlocks * blockStride;
  }

  @Override public int scratch() {
    return gatheredLength() + task.chain().scratch();
  }

  @Override public Optional<Packing> packing() {
    return Optional.of(new Packing(2, pack.length()));
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int packed = task.operands();
    if (phase == 0) {
      pack.pack(unit, o.array(2), o.offset(2), o.array(packed), o.offset(packed));
      return;
    }
    int first = unit / ranges * chunkPlaces;
    int last = Math.min(all, first + chunkPlaces);
    gather(o, first, last, scratch);
    int range = unit % ranges;
    for (int p = firstPanel(range); p < firstPanel(range + 1); p++) {
      FilterPack.Panel panel = pack.panels().get(p);
      multiply(o, panel, first, last - first, scratch);
      for (int v = 0; v < panel.vectors(); v++) {
        finish(o, panel.block() + v, first, last, scratch);
      }
    }
  }

  private int firstPanel(int range) {
    return (int) ((long) pack.panels().size() * range / ranges);
  }

  /// Copies the places from `first` to `last` of all channels, image by image.
  private void gather(Operands o, int first, int last, float[] scratch) {
    float[] x = o.array(1);
    for (int at = first; at < last;) {
      int image = at / places;
      int end = Math.min(last, (image + 1) * places);
      for (int b = 0; b < sourceBlocks; b++) {
        int plane = o.offset(1) + (image * sourceBlocks + b) * sourcePlane;
        int to = b * blockStride + (at - first) * L;
        if (neighbours) {
          copy(x, plane + (at - image * places) * L, scratch, to, (end - at) * L);
        } else {
          for (int p = at; p < end; p++) {
            FloatVector.fromArray(Machine.SPECIES, x, plane + sources[p - image * places])
                .intoArray(scratch, to + (p - at) * L);
          }
        }
      }
      at = end;
    }
  }

  /// Copies whole vectors: for so few, a call of the system's copy costs more.
  private static void copy(float[] x, int from, float[] to, int at, int length) {
    for (int i = 0; i < length; i += L) {
      FloatVector.fromArray(Machine.SPECIES, x, from + i).intoArray(to, at + i);
    }
  }

  private void multiply(Operands o, FilterPack.Panel panel, int first, int count, float[] scratch) {
    float[] w = o.array(task.operands());
    int wo = o.offset(task.operands()) + panel.offset();
    int vectors = panel.vectors();
    int most = Spacing.BLOCK.pixels(vectors);
    int yo = o.offset(0) + panel.block() * places * L;
    int segments = Math.ceilDiv(channels, SEGMENT);
    for (int s = 0; s < segments; s++) {
      int from = (int) ((long) channels * s / segments);
      int to = (int) ((long) channels * (s + 1) / segments);
      int at = wo + from * vectors * L;
      Tiles.run(Spacing.BLOCK, vectors, most, from, to, offsets, scratch, -first * L, gathered, w, at, o.array(0), yo,
          targets, first, count / most, places * L, s > 0);
      if (count % most > 0) {
        Tiles.run(Spacing.BLOCK, vectors, count % most, from, to, offsets, scratch, -first * L, gathered, w, at,
            o.array(0), yo, targets, first + count - count % most, 1, places * L, s > 0);
      }
    }
  }

  /// Applies the chain to a block of target channels, image by image.
  private void finish(Operands o, int block, int first, int last, float[] scratch) {
    if (task.chain().isEmpty()) {
      return;
    }
    for (int at = first; at < last;) {
      int image = at / places;
      int end = Math.min(last, (image + 1) * places);
      Finish.apply(task.chain(), o, ((image * targetBlocks + block) * places + at - image * places) * L,
          (end - at) * L, scratch, gatheredLength());
      at = end;
    }
  }
}
