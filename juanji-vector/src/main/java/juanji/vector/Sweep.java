package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.tensor.Shape;

/// The geometry of a contraction with a window, as tables for the register tiles.
///
/// The target is cut into stripes: a few rows of one depth of one image. The source cells under a stripe are copied to
/// scratch memory with zeros around ([#gather]), one plane per channel or block of channels, unless they all lie in the
/// source already and are read in place. Missing leading axes count as axes of one cell; a single axis counts as the
/// height, so that it is cut into stripes, too.
final class Sweep {
  /// Floats of a row up to which it is copied vector by vector.
  private static final int SHORT = 512;
  /// The most planes that are read where they lie: many planes far apart crowd each other out of the first-level cache.
  private static final int NEAR_PLANES = 16;

  private final AxisPlan depth;
  private final AxisPlan height;
  private final AxisPlan width;
  private final int block;
  private final boolean inPlace;
  private final int stripeRows;
  private final int stripes;
  private final int columns;
  private final int rowStride;
  private final int depthStride;
  private final int filled;
  private final int blockStride;
  private final List<List<Part>> parts = new ArrayList<>();

  /// The target cells of one residue class along each axis.
  ///
  /// @param height the class along the height
  /// @param taps the numbers of the window's cells that take part
  /// @param shifts where each tap's source cell lies, seen from a pixel's place
  /// @param places the pixels of a stripe row by row, and then again those that the rows' tiles leave over: where each
  ///     one's source cell lies, seen from the stripe's beginning
  /// @param targets where each pixel lies in the target, seen from the stripe's first row
  /// @param spacing how neighbouring pixels lie
  /// @param cuts the tiles, for one and for two vectors, of a whole stripe and of an image's last one:
  ///     32 · first pixel + pixels, and 16 more if the pixels are scattered, and the number of such tiles in a row
  record Part(AxisPlan.Residue height, int[] taps, int[] shifts, int[] places, int[] targets, Spacing spacing,
      int[][][] cuts) {
    /// Clears the target cells of some tiles, which no tap reaches.
    void clear(int[] tiles, int vectors, float[] y, int yo, int blockStride) {
      for (int i = 0; i < tiles.length; i += 2) {
        int first = tiles[i] >> 5;
        for (int p = first; p < first + (tiles[i] & 15) * tiles[i + 1]; p++) {
          for (int v = 0; v < vectors; v++) {
            int at = yo + targets[p] + v * blockStride;
            Arrays.fill(y, at, at + Machine.LANES, 0);
          }
        }
      }
    }
  }

  /// The tiles of a part of a stripe.
  int[] tiles(Part part, int stripe, int vectors) {
    return part.cuts()[vectors - 1][stripe == stripes - 1 ? 1 : 0];
  }

  /// @param axes the plans of the depth, the height and the width
  /// @param block how many channels of the source lie side by side
  /// @param planes the blocks of channels that a stripe reads; or, if tiles work lane by lane, the planes that are made
  ///     of one
  /// @param lanewise whether tiles work lane by lane
  /// @param maxPixels the most pixels that a stripe should have
  Sweep(List<AxisPlan> axes, int block, int planes, boolean lanewise, int maxPixels, int images) {
    this.depth = axes.get(0);
    this.height = axes.get(1);
    this.width = axes.get(2);
    this.block = block;
    this.inPlace = planes <= (lanewise ? 1 : NEAR_PLANES) && axes.stream().allMatch(AxisPlan::inside);
    this.columns = inPlace ? width.source() : width.reach(width.positions());
    this.stripeRows = stripeRows(planes, maxPixels, images);
    this.stripes = Math.ceilDiv(height.positions(), Math.max(1, stripeRows));
    this.rowStride = columns * block;
    this.depthStride = (inPlace ? height.source() : height.reach(stripeRows)) * rowStride;
    int volume = (inPlace ? depth.source() : depth.reach(1)) * depthStride;
    this.filled = volume;
    this.blockStride = inPlace ? volume : Machine.apart(volume);
    for (AxisPlan.Residue d : depth.residues()) {
      List<Part> row = new ArrayList<>();
      for (AxisPlan.Residue h : height.residues()) {
        for (AxisPlan.Residue w : width.residues()) {
          row.add(part(d, h, w, lanewise));
        }
      }
      parts.add(row);
    }
  }

  /// The plans of a window's axes over x's spatial extents, with leading axes of one cell.
  static List<AxisPlan> axes(Window window, Shape spatial, boolean backward) {
    List<AxisPlan> axes = new ArrayList<>();
    AxisPlan one = AxisPlan.forward(Axis.of(1), 1);
    for (int i = 0; i < window.rank(); i++) {
      Axis axis = window.axes().get(i);
      axes.add(backward ? AxisPlan.backward(axis, spatial.dim(i)) : AxisPlan.forward(axis, spatial.dim(i)));
    }
    if (axes.size() == 1) {
      axes.add(one);
    }
    if (axes.size() == 2) {
      axes.addFirst(one);
    }
    return axes;
  }

  /// Where each target cell's source cell lies in its plane of blocks, for a window of one cell.
  static int[] cells(List<AxisPlan> axes) {
    AxisPlan depth = axes.get(0);
    AxisPlan height = axes.get(1);
    AxisPlan width = axes.get(2);
    int[] places = new int[depth.target() * height.target() * width.target()];
    for (int i = 0; i < places.length; i++) {
      int w = i % width.target() * width.sourceStep() + width.low();
      int h = i / width.target() % height.target() * height.sourceStep() + height.low();
      int d = i / width.target() / height.target() * depth.sourceStep() + depth.low();
      places[i] = ((d * height.source() + h) * width.source() + w) * Machine.LANES;
    }
    return places;
  }

  private int stripeRows(int planes, int maxPixels, int images) {
    int most = height.positions();
    if (most == 0) {
      return 0;
    }
    int perRow = Math.max(1, width.positions());
    long plane = (long) planes * block * depth.reach(1) * columns;
    int rows = 1;
    while (rows < most && plane * height.reach(rows + 1) <= Machine.GATHER && (rows + 1L) * perRow <= maxPixels) {
      rows++;
    }
    // Few images: smaller stripes, down to some rows, rather than idle threads.
    int least = Math.max(1, 224 / perRow);
    while (rows > least && (long) images * depth.target() * Math.ceilDiv(most, rows) < Machine.UNITS) {
      rows = Math.max(least, rows - 1);
    }
    return Math.ceilDiv(most, Math.ceilDiv(most, rows));
  }

  private Part part(AxisPlan.Residue d, AxisPlan.Residue h, AxisPlan.Residue w, boolean lanewise) {
    int count = d.taps().length * h.taps().length * w.taps().length;
    int[] taps = new int[count];
    int[] shifts = new int[count];
    int at = 0;
    for (int a = 0; a < d.taps().length; a++) {
      for (int b = 0; b < h.taps().length; b++) {
        for (int c = 0; c < w.taps().length; c++) {
          taps[at] = (d.taps()[a] * height.kernel() + h.taps()[b]) * width.kernel() + w.taps()[c];
          shifts[at++] = (d.shifts()[a] - depth.low()) * depthStride + (h.shifts()[b] - height.low()) * rowStride
              + (w.shifts()[c] - width.low()) * block;
        }
      }
    }
    int rows = Math.min(stripeRows, h.count());
    int step = width.positions() > 1 ? width.sourceStep() * block : height.sourceStep() * rowStride;
    Spacing spacing = Spacing.of(step, lanewise);
    boolean even = height.sourceStep() * rowStride == w.count() * step;
    if (!even && w.count() <= 4 && rows > 1) {
      spacing = lanewise ? Spacing.LANES_TABLE : Spacing.TABLE;
    }
    int pixels = rows * w.count();
    int left = w.count() % 5;
    int[] places = new int[pixels + rows * left];
    int[] targets = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      int row = i < pixels ? i / w.count() : (i - pixels) / left;
      int column = i < pixels ? i % w.count() : w.count() - left + (i - pixels) % left;
      places[i] = row * height.sourceStep() * rowStride + column * width.sourceStep() * block;
      targets[i] = ((h.first() + row * height.targetStep()) * width.target() + w.first()
          + column * width.targetStep()) * Machine.LANES;
    }
    int[][][] cuts = new int[2][2][];
    for (int vectors = 1; vectors <= 2; vectors++) {
      for (int last = 0; last <= 1; last++) {
        cuts[vectors - 1][last] = cuts(spacing, rows(h, last == 0 ? 0 : stripes - 1), w.count(),
            spacing.table() || even, vectors, pixels);
      }
    }
    return new Part(h, taps, shifts, places, targets, spacing, cuts);
  }

  /// Cuts rows of pixels into tiles: those of neighbours, then, marked by 16, those of pixels left over by the rows.
  ///
  /// @param rest where the pixels left over begin in the tables
  private static int[] cuts(Spacing spacing, int rows, int perRow, boolean acrossRows, int vectors, int rest) {
    List<Integer> tiles = new ArrayList<>();
    if (acrossRows) {
      spacing.cut(0, rows * perRow, vectors, false, tiles);
    } else {
      int left = 0;
      for (int r = 0; r < rows; r++) {
        left += perRow - spacing.cut(r * perRow, perRow, vectors, true, tiles);
      }
      List<Integer> scattered = new ArrayList<>();
      spacing.scattered().cut(rest, left, vectors, false, scattered);
      scattered.forEach(tile -> tiles.add(tile + 16));
    }
    return Spacing.runs(tiles);
  }

  /// The parts of the target cells at a depth.
  List<Part> parts(int targetDepth) {
    return parts.get(targetDepth % depth.targetStep());
  }

  /// All parts, by the residue class of the depth.
  List<List<Part>> parts() {
    return parts;
  }

  /// Stripes per depth of an image.
  int stripes() {
    return stripes;
  }

  /// The target's extents: depth, height, width.
  int targetDepth() {
    return depth.target();
  }

  int targetHeight() {
    return height.target();
  }

  int targetWidth() {
    return width.target();
  }

  /// The rows of target positions per class in every stripe but the last.
  int stripeRows() {
    return stripeRows;
  }

  /// The rows of a class that a stripe holds; 0 if none.
  int rows(AxisPlan.Residue h, int stripe) {
    return Math.max(0, Math.min(stripeRows, h.count() - stripe * stripeRows));
  }

  /// The first row of the target in a stripe.
  int firstRow(int stripe) {
    return stripe * stripeRows * height.targetStep();
  }

  /// The rows of the target in a stripe, all classes together.
  int targetRows(int stripe) {
    return Math.min(stripeRows * height.targetStep(), height.target() - firstRow(stripe));
  }

  /// The distance between the planes of neighbouring blocks of channels, where the tiles read them.
  int blockStride() {
    return blockStride;
  }

  /// The distance between the source cells of neighbouring rows of targets, where the tiles read them.
  int rowStep() {
    return height.sourceStep() * rowStride;
  }

  /// The floats of a plane that the tiles read; what follows up to the next one is left free.
  int filled() {
    return filled;
  }

  /// Where a channel's numbers begin, seen from the first channel's.
  int channel(int c) {
    return c / block * blockStride + c % block;
  }

  /// Whether the tiles read the source itself.
  boolean inPlace() {
    return inPlace;
  }

  /// How the source is read, for the plan's table.
  String label() {
    return inPlace ? "in place" : "stripes of " + stripeRows + (stripeRows == 1 ? " row" : " rows");
  }

  /// Where a stripe begins in the source, seen from its image's first channel, if it is read in place.
  int origin(int targetDepth, int stripe) {
    return (targetDepth / depth.targetStep() * depth.sourceStep() + depth.low()) * depthStride
        + (stripe * stripeRows * height.sourceStep() + height.low()) * rowStride + width.low() * block;
  }

  /// The floats of one image's plane of a block of channels in the source.
  int sourcePlane() {
    return depth.source() * height.source() * width.source() * block;
  }

  /// Floats of scratch per block of channels that a stripe reads.
  int gathered() {
    return inPlace ? 0 : blockStride;
  }

  /// Copies the source cells under a stripe.
  ///
  /// @param from where the first wanted block of the stripe's image begins in `source`
  /// @param planes the number of blocks
  void gather(float[] source, int from, int planes, int targetDepth, int stripe, float[] to, int offset) {
    int depths = depth.reach(1);
    int firstDepth = targetDepth / depth.targetStep() * depth.sourceStep() + depth.low();
    int firstRow = stripe * stripeRows * height.sourceStep() + height.low();
    int rows = depthStride / rowStride;
    for (int p = 0; p < planes; p++) {
      int plane = from + p * sourcePlane();
      for (int d = 0; d < depths; d++) {
        int at = firstDepth + d;
        int out = offset + p * blockStride + d * depthStride;
        if (at < 0 || at >= depth.source()) {
          Arrays.fill(to, out, out + depthStride, 0);
        } else {
          gatherRows(source, plane + at * height.source() * width.source() * block, firstRow, rows, to, out);
        }
      }
    }
  }

  private void gatherRows(float[] source, int from, int firstRow, int rows, float[] to, int out) {
    int begin = Math.clamp(-(long) firstRow, 0, rows);
    int end = Math.clamp((long) height.source() - firstRow, begin, rows);
    Arrays.fill(to, out, out + begin * rowStride, 0);
    Arrays.fill(to, out + end * rowStride, out + rows * rowStride, 0);
    int sourceRow = width.source() * block;
    int left = Math.clamp(-width.low(), 0, columns) * block;
    int right = Math.clamp(width.source() - width.low(), 0, columns) * block;
    int at = from + (firstRow + begin) * sourceRow + width.low() * block;
    if (left == 0 && right == sourceRow && rowStride == sourceRow) {
      System.arraycopy(source, at, to, out + begin * rowStride, (end - begin) * rowStride);
      return;
    }
    boolean vectors = block == Machine.LANES && rowStride <= SHORT;
    boolean cleared = !vectors && rowStride <= SHORT;
    if (cleared) {
      // One call for all gaps: copying the rows over it costs less than two calls for each.
      Arrays.fill(to, out + begin * rowStride, out + end * rowStride, 0);
    }
    for (int r = begin; r < end; r++) {
      int row = out + r * rowStride;
      if (vectors) {
        shortRow(source, at, to, row, left, right, rowStride);
      } else if (cleared) {
        if (right > left) {
          System.arraycopy(source, at + left, to, row + left, right - left);
        }
      } else {
        Arrays.fill(to, row, row + left, 0);
        if (right > left) {
          System.arraycopy(source, at + left, to, row + left, right - left);
        }
        Arrays.fill(to, row + Math.max(left, right), row + rowStride, 0);
      }
      at += sourceRow;
    }
  }

  /// Copies one row of few vectors, faster than three calls do.
  private static void shortRow(float[] source, int at, float[] to, int row, int left, int right, int length) {
    FloatVector zero = FloatVector.zero(Machine.SPECIES);
    int i = 0;
    for (; i < left; i += Machine.LANES) {
      zero.intoArray(to, row + i);
    }
    for (; i < right; i += Machine.LANES) {
      FloatVector.fromArray(Machine.SPECIES, source, at + i).intoArray(to, row + i);
    }
    for (; i < length; i += Machine.LANES) {
      zero.intoArray(to, row + i);
    }
  }
}
