package juanji.vector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Convolution in groups of few channels, such as depthwise convolution or ResNeXt's, and its input gradient.
///
/// The register tiles work lane by lane: a tap's filters are a vector, and so are its numbers, which [GroupLanes]
/// spreads first so that each lane finds its own group's. A unit is a stripe of rows of one block of channels. Memory
/// traffic: source and target once. Windows of nine taps have a kernel of their own, [NineTapConv].
final class GroupConv implements Kernel {
  private static final int L = Machine.LANES;
  /// Taps per pass: their filters stay in the first-level cache while a stripe's pixels pass.
  private static final int SEGMENT = 4608 / L;

  private final Task task;
  private final Sweep sweep;
  private final FilterPack pack;
  private final GroupLanes lanes;
  private final int images;
  private final int blocks;
  private final int[][][] offsets;

  /// @param backward whether this is the input gradient of the convolution with this window
  GroupConv(Task task, Window window, int groups, boolean backward) {
    this.task = task;
    Shape s = task.inputs().get(0);
    Shape x = backward ? task.output() : s;
    int channels = s.dim(1);
    this.lanes = GroupLanes.of(groups, channels);
    this.images = s.dim(0);
    this.blocks = Math.ceilDiv(channels, L);
    this.sweep = new Sweep(Sweep.axes(window, x.slice(2, x.rank()), backward), L, lanes.width(), true,
        Integer.MAX_VALUE, images);
    this.pack = new FilterPack(sweep, task.inputs().get(1), groups, backward, true, channels, channels,
        GroupPanels.of(true, groups, channels, channels, L));
    this.offsets = sweep.parts().stream().map(parts -> parts.stream().map(this::offsets).toArray(int[][]::new))
        .toArray(int[][][]::new);
  }

  /// Where each tap's numbers lie, the group's channels outermost.
  private int[] offsets(Sweep.Part part) {
    int taps = part.taps().length;
    int[] off = new int[lanes.width() * taps];
    Arrays.setAll(off, i -> i / taps * sweep.blockStride() + part.shifts()[i % taps]);
    return off;
  }

  @Override public String name() {
    return (lanes.width() == 1 ? "depthwise " : "small groups ")
        + sweep.parts().getFirst().getFirst().spacing().pixels(1) + "×" + L;
  }

  @Override public String reason() {
    return lanes.label() + task.inputs().getFirst().dim(1) + " channels, " + sweep.label();
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? blocks : images * blocks * sweep.targetDepth() * sweep.stripes();
  }

  @Override public int scratch() {
    return gathered() + task.chain().scratch();
  }

  private int gathered() {
    return sweep.gathered() * lanes.width();
  }

  @Override public Optional<Packing> packing() {
    // A kernel that sees nothing but padding has no filters to pack, but still the operand.
    return Optional.of(new Packing(2, Math.max(1, pack.length())));
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      pack.pack(unit, o.array(2), o.offset(2), o.array(task.operands()), o.offset(task.operands()));
    } else {
      compute(o, unit, scratch);
    }
  }

  private void compute(Operands o, int unit, float[] scratch) {
    int stripe = unit % sweep.stripes();
    int depth = unit / sweep.stripes() % sweep.targetDepth();
    int plane = unit / sweep.stripes() / sweep.targetDepth();
    int from = o.offset(1) + plane * sweep.sourcePlane();
    float[] x = o.array(1);
    int xo = from + sweep.origin(depth, stripe);
    if (!sweep.inPlace()) {
      sweep.gather(x, from, 1, depth, stripe, scratch, CacheLine.FIRST);
      lanes.spread(scratch, CacheLine.FIRST, sweep.filled(), sweep.blockStride());
      x = scratch;
      xo = CacheLine.FIRST;
    }
    int row = sweep.targetWidth() * L;
    int first = ((plane * sweep.targetDepth() + depth) * sweep.targetHeight() + sweep.firstRow(stripe)) * row;
    parts(o, pack.panels().get(plane % blocks), depth, stripe, x, xo, o.offset(0) + first);
    Finish.apply(task.chain(), o, first, sweep.targetRows(stripe) * row, scratch,
        CacheLine.FIRST + gathered());
  }

  private void parts(Operands o, FilterPack.Panel panel, int depth, int stripe, float[] x, int xo, int yo) {
    float[] w = o.array(task.operands());
    int wo = o.offset(task.operands()) + panel.offset();
    int residue = depth % offsets.length;
    for (int i = 0; i < residue; i++) {
      wo += pack.taps(i) * L;
    }
    List<Sweep.Part> parts = sweep.parts().get(residue);
    for (int i = 0; i < parts.size(); i++) {
      Sweep.Part part = parts.get(i);
      int[] off = offsets[residue][i];
      int[] tiles = sweep.tiles(part, stripe, 1);
      if (off.length == 0) {
        part.clear(tiles, 1, o.array(0), yo, 0);
      }
      int passes = Math.ceilDiv(off.length, SEGMENT);
      for (int s = 0; s < passes; s++) {
        int from = (int) ((long) off.length * s / passes);
        int to = (int) ((long) off.length * (s + 1) / passes);
        for (int j = 0; j < tiles.length; j += 2) {
          int tile = tiles[j];
          Tiles.run((tile & 16) == 0 ? part.spacing() : part.spacing().scattered(), 1, tile & 15, from, to, off, x, xo,
              part.places(), w, wo + from * L, o.array(0), yo, part.targets(), tile >> 5, tiles[j + 1], 0, s > 0);
        }
      }
      wo += off.length * L;
    }
  }
}
