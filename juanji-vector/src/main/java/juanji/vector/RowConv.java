package juanji.vector;

import java.util.Arrays;
import java.util.Optional;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Convolution and its input gradient into few channels: a vector holds neighbouring pixels of a row of one channel,
/// so that it is full whatever the number of channels, and filters are single numbers. Source and target are plain.
///
/// It wins where a block of channels would be less than half full: the first layer of a small network, the last one of
/// a network that makes pictures, the gradient of a picture. Phase 0 packs the filters as [panel of up to four target
/// channels][tap][channels]; phase 1 computes stripes of rows, of which the source is copied with zeros around unless
/// no window reaches over the edge. The last vector of a row goes back to be whole. Memory traffic: source and target
/// once.
final class RowConv implements Kernel {
  private static final int L = Machine.LANES;
  /// Operations of all images together that are not worth cutting an image in stripes for several threads.
  private static final long SMALL = 1 << 20;

  private final Task task;
  private final Sweep sweep;
  private final Sweep.Part part;
  private final boolean backward;
  private final int images;
  private final int sources;
  private final int targets;
  private final int taps;
  private final int panels;
  private final int[] offsets;
  private final int perRow;
  private final int[] places;
  private final int[] results;
  private final String reason;

  /// @param backward whether this is the input gradient of the convolution with this window
  RowConv(Task task, Window window, boolean backward) {
    this.task = task;
    this.backward = backward;
    Shape s = task.inputs().get(0);
    Shape y = task.output();
    Shape x = backward ? y : s;
    this.images = s.dim(0);
    this.sources = s.dim(1);
    this.targets = y.dim(1);
    this.taps = window.taps();
    this.panels = Math.ceilDiv(targets, RowTiles.MOST_TARGETS);
    boolean small = 2.0 * y.size() * sources * taps < SMALL;
    this.sweep = new Sweep(Sweep.axes(window, x.slice(2, x.rank()), backward), 1, sources, false, Integer.MAX_VALUE,
        small ? Machine.UNITS : images);
    this.part = sweep.parts().getFirst().getFirst();
    this.offsets = new int[sources * taps];
    Arrays.setAll(offsets, t -> t / taps * sweep.blockStride() + part.shifts()[t % taps]);
    int width = sweep.targetWidth();
    this.perRow = Math.ceilDiv(width, L);
    this.places = new int[sweep.stripeRows() * perRow];
    this.results = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      int column = Math.min(i % perRow * L, width - L);
      places[i] = i / perRow * sweep.rowStep() + column;
      results[i] = i / perRow * width + column;
    }
    this.reason = sources + " → " + targets + " channels, " + window.kernel().toString().replace(" ", "") + ", "
        + sweep.label();
  }

  /// Whether a convolution or its input gradient is of this kind: few target channels, rows of a vector and more, and
  /// windows that move by one cell.
  static boolean fits(Window window, int groups, Shape target) {
    return groups == 1 && window.rank() > 1 && target.dim(1) < L / 2 && target.dim(-1) >= L
        && window.axes().stream().allMatch(a -> a.stride() == 1);
  }

  @Override public String name() {
    return "rows " + Math.min(targets, RowTiles.MOST_TARGETS) + "×" + L;
  }

  @Override public String reason() {
    return reason;
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? 1 : images * sweep.targetDepth() * sweep.stripes();
  }

  @Override public int scratch() {
    return sweep.gathered() * sources + task.chain().scratch();
  }

  @Override public Optional<Packing> packing() {
    return Optional.of(new Packing(2, targets * sources * taps));
  }

  private int firstTarget(int panel) {
    return targets * panel / panels;
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      pack(operands.array(2), operands.offset(2), operands.array(task.operands()), operands.offset(task.operands()));
    } else {
      compute(operands, unit, scratch);
    }
  }

  private void pack(float[] w, int wo, float[] to, int offset) {
    int at = offset;
    for (int panel = 0; panel < panels; panel++) {
      for (int source = 0; source < sources; source++) {
        for (int tap : part.taps()) {
          for (int target = firstTarget(panel); target < firstTarget(panel + 1); target++) {
            int pair = backward ? source * targets + target : target * sources + source;
            to[at++] = w[wo + pair * taps + tap];
          }
        }
      }
    }
  }

  private void compute(Operands operands, int unit, float[] scratch) {
    int stripe = unit % sweep.stripes();
    int depth = unit / sweep.stripes() % sweep.targetDepth();
    int image = unit / sweep.stripes() / sweep.targetDepth();
    float[] x = operands.array(1);
    int from = operands.offset(1) + image * sources * sweep.sourcePlane();
    int xo = from + sweep.origin(depth, stripe);
    if (!sweep.inPlace()) {
      sweep.gather(x, from, sources, depth, stripe, scratch, CacheLine.FIRST);
      x = scratch;
      xo = CacheLine.FIRST;
    }
    int rows = sweep.rows(part.height(), stripe);
    int plane = sweep.targetHeight() * sweep.targetWidth();
    int volume = sweep.targetDepth() * plane;
    int start = image * targets * volume + depth * plane + sweep.firstRow(stripe) * sweep.targetWidth();
    int length = rows * sweep.targetWidth();
    for (int panel = 0; panel < panels; panel++) {
      int first = firstTarget(panel);
      int count = firstTarget(panel + 1) - first;
      RowTiles.run(count, offsets, x, xo, places, rows * perRow, operands.array(task.operands()),
          operands.offset(task.operands()) + first * sources * taps, operands.array(0),
          operands.offset(0) + start + first * volume, results, volume);
    }
    for (int target = 0; target < targets; target++) {
      Finish.apply(task.chain(), operands, start + target * volume, length, scratch,
          CacheLine.FIRST + sweep.gathered() * sources);
    }
  }
}
