package juanji.vector;

import java.util.List;
import juanji.kernel.CacheLine;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Both sides of a filter gradient by minimal filtering, in strips: one row of tiles of one image. Tiles of x are
/// cells, those of dy are taps.
final class WinogradFilterStrips {
  private static final int L = Machine.LANES;

  private final Winograd algorithm;
  private final WinogradStrip cells;
  private final WinogradStrip taps;
  private final Through source;
  private final AxisPlan height;
  private final AxisPlan width;
  private final int images;
  private final int channels;
  private final int filters;
  private final int tilesHigh;
  private final int tilesWide;

  WinogradFilterStrips(Task task, Winograd algorithm, Window window) {
    this.algorithm = algorithm;
    Shape x = task.inputs().get(0);
    List<AxisPlan> axes = Sweep.axes(window, x.slice(2, 4), false);
    this.height = axes.get(1);
    this.width = axes.get(2);
    this.images = x.dim(0);
    this.channels = x.dim(1);
    this.filters = task.inputs().get(1).dim(1);
    int step = algorithm.taps();
    this.cells = WinogradStrip.ofCells(algorithm, step, height.source(), width.source());
    this.taps = WinogradStrip.ofTaps(algorithm, height.target(), width.target());
    this.source = new Through(task);
    this.tilesHigh = Math.ceilDiv(height.target(), step);
    this.tilesWide = Math.ceilDiv(width.target(), step);
  }

  int channels() {
    return channels;
  }

  int filters() {
    return filters;
  }

  /// Strips of the whole batch.
  int count() {
    return images * tilesHigh;
  }

  /// Tiles per strip.
  int tiles() {
    return tilesWide;
  }

  /// Floats of scratch, behind [CacheLine#FIRST], for a strip of either side.
  int scratch() {
    return Math.max(cells.scratch(tilesWide) + source.scratch(cells.span() * width.source() * L),
        taps.scratch(tilesWide));
  }

  /// Transforms a strip of a block of x's channels.
  ///
  /// @param to where frequency 0 of the first tile goes
  void cells(Operands o, int strip, int block, float[] scratch, float[] v, int to, int frequencyStride,
      int tileStride) {
    cells.run(o, source, strip / tilesHigh * Math.ceilDiv(channels, L) + block,
        strip % tilesHigh * algorithm.taps() + height.low(), width.low(), tilesWide, scratch, CacheLine.FIRST, v, to,
        frequencyStride, tileStride);
  }

  /// Transforms a strip of a block of dy's channels.
  ///
  /// @param to where frequency 0 of the first tile goes
  void taps(Operands o, int strip, int block, float[] scratch, float[] v, int to, int frequencyStride,
      int tileStride) {
    int plane = (strip / tilesHigh * Math.ceilDiv(filters, L) + block) * height.target() * width.target() * L;
    taps.run(o.array(2), o.offset(2) + plane, strip % tilesHigh * algorithm.taps(), 0, tilesWide, scratch,
        CacheLine.FIRST, v, to, frequencyStride, tileStride);
  }
}
