package juanji.vector;

import java.util.Arrays;
import java.util.Optional;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Contraction.ConvInput;
import juanji.tensor.Shape;

/// The input gradient of a convolution whose own gradient is zero almost everywhere: each number that is not zero adds
/// its filter to the cells under its window.
///
/// Phase 0 packs the filters as [filter][tap][channels]; a unit of phase 1 is an image's part of the channels. Memory
/// traffic: dy once per part, of the filters what is needed, dx once.
final class SparseInput implements Kernel {
  private static final int L = Machine.LANES;
  /// Floats of a part of dx, which stays in the near caches while all filters pass.
  private static final int NEAR = 16 * 1024;

  private final Task task;
  private final SparsePlaces places;
  private final int images;
  private final int filters;
  private final int channels;
  private final int cells;
  private final int blocks;
  private final int parts;

  SparseInput(Task task, ConvInput op) {
    this.task = task;
    Shape dx = task.output();
    this.places = new SparsePlaces(op.window(), dx.slice(2, dx.rank()));
    this.images = dx.dim(0);
    this.filters = task.inputs().getFirst().dim(1);
    this.channels = dx.dim(1);
    this.cells = (int) dx.size(2);
    this.blocks = Math.ceilDiv(channels, L);
    this.parts = SparsePlaces.parts(blocks, images, NEAR / (cells * L));
  }

  /// Whether this computes an input gradient: its channels lie in blocks.
  static boolean fits(ConvInput op, Shape dy, Shape dx) {
    return SparsePlaces.fit(op.window(), op.groups(), dx, dy) && !LaneConv.fits(op.window(), op.groups(), dy, dx);
  }

  @Override public String name() {
    return "sparse";
  }

  @Override public String reason() {
    return filters + " → " + channels + " channels, one in " + places.places() + " is not zero";
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? filters : images * parts;
  }

  @Override public int scratch() {
    return task.chain().scratch();
  }

  @Override public Optional<Packing> packing() {
    return Optional.of(new Packing(2, (long) filters * places.taps() * blocks * L));
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      pack(o, unit);
    } else {
      add(o, unit / parts, unit % parts, scratch);
    }
  }

  private void pack(Operands o, int filter) {
    int taps = places.taps();
    int width = blocks * L;
    float[] to = o.array(task.operands());
    int at = o.offset(task.operands()) + filter * taps * width;
    Transpose.rows(o.array(2), o.offset(2) + filter * channels * taps, taps, channels, taps, to, at, width);
    for (int t = 0; t < taps; t++) {
      Arrays.fill(to, at + t * width + channels, at + (t + 1) * width, 0);
    }
  }

  private void add(Operands o, int image, int part, float[] scratch) {
    int from = blocks * part / parts;
    int count = blocks * (part + 1) / parts - from;
    int first = (image * blocks + from) * cells * L;
    float[] dx = o.array(0);
    int out = o.offset(0) + first;
    Arrays.fill(dx, out, out + count * cells * L, 0);
    float[] dy = o.array(1);
    float[] w = o.array(task.operands());
    int wo = o.offset(task.operands()) + from * L;
    int width = blocks * L;
    int filterBlocks = Math.ceilDiv(filters, L);
    for (int block = 0; block < filterBlocks; block++) {
      int at = o.offset(1) + (image * filterBlocks + block) * places.places() * L;
      places.add(dy, at, Math.min(L, filters - block * L), w, wo + block * L * places.taps() * width, width, dx, out,
          cells * L, count, true);
    }
    Finish.apply(task.chain(), o, first, count * cells * L, scratch, CacheLine.FIRST);
  }
}
