package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Contraction.ConvFilter;
import juanji.tensor.Shape;

/// The filter gradient of convolution in groups of few channels, such as depthwise convolution or ResNeXt's.
///
/// The register tiles of [GroupConv] with exchanged roles: a tile's "pixels" are filter cells (channel of the group and
/// tap), the sums run over a stripe's pixels. The stripes of a block of channels are cut into a number of chunks that
/// depends on the shapes alone; the last phase adds the chunks in order and writes the filters. Memory traffic: x and
/// dy once. Windows of nine taps have a kernel of their own, [NineTapFilter].
final class GroupFilter implements Kernel {
  private static final int L = Machine.LANES;
  /// Pixels per stripe: the planes of x that a tile reads and dy stay in the first-level cache.
  private static final int PIXELS = 2048 / L;

  private final Task task;
  private final Sweep sweep;
  private final Sweep.Part part;
  private final GroupLanes lanes;
  private final int images;
  private final int channels;
  private final int blocks;
  private final int[] cells;
  private final int[] places;
  private final int[] tiles;
  private final int chunks;

  GroupFilter(Task task, ConvFilter op) {
    this.task = task;
    Shape x = task.inputs().get(0);
    this.images = x.dim(0);
    this.channels = x.dim(1);
    this.lanes = GroupLanes.of(op.groups(), channels);
    this.blocks = Math.ceilDiv(channels, L);
    this.sweep = new Sweep(Sweep.axes(op.window(), x.slice(2, x.rank()), false), L, lanes.width(), true, PIXELS,
        images);
    this.part = sweep.parts().getFirst().getFirst();
    int taps = op.window().taps();
    this.cells = new int[lanes.width() * taps];
    Arrays.setAll(cells, i -> i / taps * sweep.blockStride() + part.shifts()[i % taps]);
    this.places = new int[cells.length];
    Arrays.setAll(places, i -> i * L);
    List<Integer> cut = new ArrayList<>();
    Spacing.LANES_TABLE.cut(0, cells.length, 1, false, cut);
    this.tiles = Spacing.runs(cut);
    this.chunks = Math.clamp(Math.ceilDiv(Machine.UNITS, blocks), 1, Math.max(1, stripes()));
  }

  /// The stripes of a block of channels, all images together.
  private int stripes() {
    return images * sweep.targetDepth() * sweep.stripes();
  }

  @Override public String name() {
    return (lanes.width() == 1 ? "depthwise filter " : "filter of small groups ")
        + Spacing.LANES_TABLE.pixels(1) + "×" + L;
  }

  @Override public String reason() {
    return lanes.label() + channels + " channels, " + chunks
        + (chunks == 1 ? " chunk" : " chunks") + " of the batch";
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? blocks * chunks : blocks;
  }

  @Override public int scratch() {
    return Math.max(sweep.gathered() * lanes.width(), GroupLanes.scratch(task, cells.length));
  }

  @Override public boolean overwrites(int operand) {
    return Finish.overwrites(task, operand);
  }

  @Override public long workspace() {
    return (long) chunks * blocks * cells.length * L;
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      accumulate(o, unit / blocks, unit % blocks, scratch);
    } else {
      lanes.finish(task, o, unit, chunks, cells.length, scratch);
    }
  }

  private void accumulate(Operands o, int chunk, int block, float[] scratch) {
    float[] sums = o.array(task.operands());
    int so = o.offset(task.operands()) + (chunk * blocks + block) * cells.length * L;
    int begin = (int) ((long) stripes() * chunk / chunks);
    int end = (int) ((long) stripes() * (chunk + 1) / chunks);
    if (begin == end) {
      Arrays.fill(sums, so, so + cells.length * L, 0);
    }
    for (int i = begin; i < end; i++) {
      int stripe = i % sweep.stripes();
      int depth = i / sweep.stripes() % sweep.targetDepth();
      int plane = i / sweep.stripes() / sweep.targetDepth() * blocks + block;
      int from = o.offset(1) + plane * sweep.sourcePlane();
      float[] x = o.array(1);
      int xo = from + sweep.origin(depth, stripe);
      if (!sweep.inPlace()) {
        sweep.gather(x, from, 1, depth, stripe, scratch, CacheLine.FIRST);
        lanes.spread(scratch, CacheLine.FIRST, sweep.filled(), sweep.blockStride());
        x = scratch;
        xo = CacheLine.FIRST;
      }
      int pixels = sweep.rows(part.height(), stripe) * sweep.targetWidth();
      int dyo = o.offset(2) + ((plane * sweep.targetDepth() + depth) * sweep.targetHeight() + sweep.firstRow(stripe))
          * sweep.targetWidth() * L;
      for (int j = 0; j < tiles.length; j += 2) {
        Tiles.run(Spacing.LANES_TABLE, 1, tiles[j] & 15, 0, pixels, part.places(), x, xo, cells, o.array(2), dyo, sums,
            so, places, tiles[j] >> 5, tiles[j + 1], 0, i > begin);
      }
    }
  }
}
