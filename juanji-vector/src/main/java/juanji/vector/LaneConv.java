package juanji.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Convolution and its input gradient where the last axis is as long as a vector and the window does not slide along
/// it: a plan lays samples of a batch there if there are few channels, N/L × C × H × W × L. Then vectors are full
/// whatever the number of channels, and filters are single numbers.
///
/// Phase 0 packs the filters as [panel of filters][tap][filters]; phase 1 computes stripes of rows, of which the source
/// is copied with zeros around unless no window reaches over the edge. Tile: 2 filters × 5 pixels, in registers over
/// all taps. Memory traffic: source and target once.
final class LaneConv implements Kernel {
  private static final int L = Machine.LANES;
  /// The most terms of a sum: their filters stay in the first-level cache.
  private static final int MOST_TERMS = 1024;
  private static final int PIXELS = 5;

  private final Task task;
  private final Sweep sweep;
  private final List<AxisPlan.Residue> columns;
  private final boolean backward;
  private final int images;
  private final int sources;
  private final int targets;
  private final int taps;
  private final List<Panel> panels = new ArrayList<>();
  private final int packed;
  private final int[] tiles;
  private final int[][] offsets;
  private final String reason;

  /// Filters that are computed together.
  ///
  /// @param first the first of them
  /// @param count how many
  /// @param at where their numbers begin
  private record Panel(int first, int count, int at) {
  }

  /// @param backward whether this is the input gradient of the convolution with this window
  LaneConv(Task task, Window window, boolean backward) {
    this.task = task;
    this.backward = backward;
    Shape s = task.inputs().get(0);
    Shape x = backward ? task.output() : s;
    this.images = s.dim(0);
    this.sources = s.dim(1);
    this.targets = task.output().dim(1);
    this.taps = window.taps();
    List<AxisPlan> axes = Sweep.axes(across(window), x.slice(2, x.rank() - 1), backward);
    this.sweep = new Sweep(axes, L, sources, false, Integer.MAX_VALUE, images);
    this.columns = axes.getLast().residues();
    List<Sweep.Part> parts = sweep.parts().getFirst();
    this.offsets = new int[parts.size()][];
    int terms = 0;
    for (int i = 0; i < offsets.length; i++) {
      int[] shifts = parts.get(i).shifts();
      offsets[i] = new int[sources * shifts.length];
      for (int t = 0; t < offsets[i].length; t++) {
        offsets[i][t] = t / shifts.length * sweep.blockStride() + shifts[t % shifts.length];
      }
      terms += offsets[i].length;
    }
    for (int first = 0; first < targets; first += 2) {
      panels.add(new Panel(first, Math.min(2, targets - first), first * terms));
    }
    this.tiles = neighbours(axes) ? tiles() : new int[0];
    this.packed = targets * terms;
    this.reason = sources + " → " + targets + " channels, " + across(window).kernel().toString().replace(" ", "") + ", "
        + sweep.label();
  }

  /// Whether five pixels of a row lie side by side in source and target.
  private boolean neighbours(List<AxisPlan> axes) {
    AxisPlan width = axes.getLast();
    return width.target() >= PIXELS && width.sourceStep() == 1 && width.targetStep() == 1
        && axes.get(1).targetStep() == 1;
  }

  /// The first pixels of the tiles, row by row; the last tile of a row goes back to be whole.
  private int[] tiles() {
    int row = sweep.targetWidth();
    int perRow = Math.ceilDiv(row, PIXELS);
    return IntStream.range(0, perRow * sweep.stripeRows())
        .map(i -> i / perRow * row + Math.min(i % perRow * PIXELS, row - PIXELS)).toArray();
  }

  /// A window without its last axis.
  static Window across(Window window) {
    return new Window(window.axes().subList(0, window.rank() - 1));
  }

  /// Whether a window over x stands still along a last axis of one vector.
  static boolean fits(Window window, Shape x) {
    return window.rank() > 1 && x.rank() == window.rank() + 2 && x.dim(-1) == L
        && window.axes().getLast().equals(Axis.of(1));
  }

  /// Whether a convolution is of this kind, and small enough.
  static boolean fits(Window window, int groups, Shape source, Shape target) {
    return groups == 1 && fits(window, source) && target.dim(-1) == L
        && source.dim(1) * window.taps() <= MOST_TERMS && target.dim(1) <= 4 * L;
  }

  @Override public String name() {
    return "lanes 2×" + (tiles.length > 0 ? PIXELS : 2);
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
    return Optional.of(new Packing(2, Math.max(1, packed)));
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      pack(operands.array(2), operands.offset(2), operands.array(task.operands()), operands.offset(task.operands()));
    } else {
      compute(operands, unit, scratch);
    }
  }

  private void pack(float[] w, int wo, float[] to, int offset) {
    for (Panel panel : panels) {
      int at = offset + panel.at();
      for (Sweep.Part part : sweep.parts().getFirst()) {
        for (int source = 0; source < sources; source++) {
          for (int tap : part.taps()) {
            for (int f = 0; f < panel.count(); f++) {
              int target = panel.first() + f;
              int pair = backward ? source * targets + target : target * sources + source;
              to[at++] = w[wo + pair * taps + tap];
            }
          }
        }
      }
    }
  }

  private void compute(Operands operands, int unit, float[] scratch) {
    int stripe = unit % sweep.stripes();
    int image = unit / sweep.stripes();
    float[] x = operands.array(1);
    int image0 = operands.offset(1) + image * sources * sweep.sourcePlane();
    int xo = image0 + sweep.origin(0, stripe);
    if (!sweep.inPlace()) {
      sweep.gather(x, image0, sources, 0, stripe, scratch, CacheLine.FIRST);
      x = scratch;
      xo = CacheLine.FIRST;
    }
    float[] y = operands.array(0);
    float[] w = operands.array(task.operands());
    int plane = sweep.targetHeight() * sweep.targetWidth() * L;
    int start = image * targets * plane + sweep.firstRow(stripe) * sweep.targetWidth() * L;
    int length = sweep.targetRows(stripe) * sweep.targetWidth() * L;
    List<Sweep.Part> parts = sweep.parts().getFirst();
    for (Panel panel : panels) {
      int wo = operands.offset(task.operands()) + panel.at();
      int first = start + panel.first() * plane;
      for (int i = 0; i < offsets.length; i++) {
        Sweep.Part part = parts.get(i);
        int rows = sweep.rows(part.height(), stripe);
        int pixels = rows * columns.get(i % columns.size()).count();
        int yo = operands.offset(0) + first;
        if (panel.count() == 1) {
          LaneTiles.one(offsets[i], x, xo, part.places(), pixels, w, wo, y, yo, part.targets());
        } else if (tiles.length > 0) {
          LaneTiles.fivePixels(offsets[i], x, xo, part.places(), tiles, rows * (tiles.length / sweep.stripeRows()), w,
              wo, y, yo, part.targets(), plane);
        } else {
          LaneTiles.two(offsets[i], x, xo, part.places(), pixels, w, wo, y, yo, part.targets(), plane);
        }
        wo += offsets[i].length * panel.count();
      }
      for (int f = 0; f < panel.count(); f++) {
        Finish.apply(task.chain(), operands, first + f * plane, length, scratch,
            CacheLine.FIRST + sweep.gathered() * sources);
      }
    }
  }
}
