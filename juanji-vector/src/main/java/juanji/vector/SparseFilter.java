package juanji.vector;

import java.util.Arrays;
import java.util.List;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Contraction.ConvFilter;
import juanji.tensor.Shape;

/// The filter gradient of a convolution whose own gradient is zero almost everywhere: each number that is not zero adds
/// what its window sees to its filter.
///
/// A unit is a block of filters' part of the channels; its sums stay in the near caches while the batch passes. Memory
/// traffic: dy once per part, of x what is needed once per block of filters, dw once.
final class SparseFilter implements Kernel {
  private static final int L = Machine.LANES;
  /// Floats of sums that stay in the first-level cache, beside the vectors that are added to them.
  private static final int NEAR = 6 * 1024;

  private final Task task;
  private final SparsePlaces places;
  private final int images;
  private final int channels;
  private final int filters;
  private final int cells;
  private final int blocks;
  private final int filterBlocks;
  private final int parts;

  SparseFilter(Task task, ConvFilter op) {
    this.task = task;
    Shape x = task.inputs().get(0);
    this.places = new SparsePlaces(op.window(), x.slice(2, x.rank()));
    this.images = x.dim(0);
    this.channels = x.dim(1);
    this.filters = task.inputs().get(1).dim(1);
    this.cells = (int) x.size(2);
    this.blocks = Math.ceilDiv(channels, L);
    this.filterBlocks = Math.ceilDiv(filters, L);
    this.parts = SparsePlaces.parts(blocks, filterBlocks, NEAR / (L * places.taps() * L));
  }

  /// Whether this computes a filter gradient: both operands' channels lie in blocks.
  static boolean fits(ConvFilter op, List<Shape> inputs) {
    return SparsePlaces.fit(op.window(), op.groups(), inputs.get(0), inputs.get(1)) && !LaneFilter.fits(op, inputs);
  }

  @Override public String name() {
    return "sparse filter";
  }

  @Override public String reason() {
    return channels + " × " + places.taps() + " cells, " + filters + " filters, one in " + places.places()
        + " is not zero";
  }

  @Override public int units(int phase) {
    return filterBlocks * parts;
  }

  @Override public int scratch() {
    return sums() + row() + task.chain().scratch();
  }

  /// Floats of a part of a filter.
  private int row() {
    return places.taps() * Math.ceilDiv(blocks, parts) * L;
  }

  @Override public boolean overwrites(int operand) {
    return Finish.overwrites(task, operand);
  }

  /// Floats of the sums of the largest part: [lane][tap][channels].
  private int sums() {
    return L * row();
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int block = unit / parts;
    int from = blocks * (unit % parts) / parts;
    int count = blocks * (unit % parts + 1) / parts - from;
    int lanes = Math.min(L, filters - block * L);
    Arrays.fill(scratch, CacheLine.FIRST, CacheLine.FIRST + L * places.taps() * count * L, 0);
    for (int image = 0; image < images; image++) {
      places.add(o.array(2), o.offset(2) + (image * filterBlocks + block) * places.places() * L, lanes, scratch,
          CacheLine.FIRST, count * L, o.array(1), o.offset(1) + (image * blocks + from) * cells * L, cells * L, count,
          false);
    }
    int taps = places.taps();
    int width = Math.min(channels - from * L, count * L);
    for (int lane = 0; lane < lanes; lane++) {
      int out = ((block * L + lane) * channels + from * L) * taps;
      int at = CacheLine.FIRST + sums();
      Transpose.rows(scratch, CacheLine.FIRST + lane * taps * count * L, count * L, taps, width, scratch, at, taps);
      Finish.write(task.chain(), o, out, width * taps, scratch, at, at + row());
    }
  }
}
