package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.kernel.CacheLine;
import juanji.kernel.Operands;
import juanji.kernel.Task;

/// The sums of a filter gradient by minimal filtering, [panel][frequency][channel][vectors · L]: the products that are
/// added to them, and their way back to filters.
final class WinogradSums {
  private static final int L = Machine.LANES;
  /// Channels that are transformed back together: a run of half a kilobyte of each frequency's sums, or more.
  private static final int TOGETHER = 8;

  private final Task task;
  private final Winograd algorithm;
  private final int channels;
  private final int[] places;
  private final int[] oneVector;
  private final int[] twoVectors;
  private final List<Panel> panels = new ArrayList<>();
  private final int length;
  private final FilterRows rows;

  /// One or two blocks of filters.
  ///
  /// @param block the first block
  /// @param count the filters that are not padding
  /// @param dy where the panel begins in a frequency's transformed dy, in units of one tile's floats
  /// @param sums where its sums begin
  record Panel(int block, int vectors, int count, int dy, int sums) {
    /// Floats of a tile's, or of a channel's, row.
    int width() {
      return vectors * L;
    }
  }

  WinogradSums(Task task, Winograd algorithm) {
    this.task = task;
    this.algorithm = algorithm;
    this.channels = task.inputs().get(0).dim(1);
    this.places = multiples(1);
    this.oneVector = multiples(L);
    this.twoVectors = multiples(2 * L);
    int filters = task.inputs().get(1).dim(1);
    int at = 0;
    int dyAt = 0;
    for (int from = 0; from < filters;) {
      int vectors = filters - from <= L ? 1 : 2;
      int count = Math.min(vectors * L, filters - from);
      panels.add(new Panel(from / L, vectors, count, dyAt, at));
      dyAt += vectors * L;
      at = Math.addExact(at, algorithm.frequencies() * frequency(vectors));
      from += count;
    }
    this.length = at;
    this.rows = new FilterRows(task, channels, algorithm.results() * algorithm.results(),
        CacheLine.FIRST + Math.ceilDiv(backScratch(), Machine.LINE) * Machine.LINE);
  }

  private int[] multiples(int step) {
    int[] result = new int[channels];
    Arrays.setAll(result, i -> i * step);
    return result;
  }

  List<Panel> panels() {
    return panels;
  }

  /// Floats of all panels' sums.
  int length() {
    return length;
  }

  /// The distance between the frequencies of a panel's sums.
  int frequency(int vectors) {
    return Machine.apart(channels * vectors * L);
  }

  /// Adds one frequency's products of a panel and some channels, summed over tiles: [channel][vectors · L].
  ///
  /// @param count how many channels
  /// @param offsets where each tile's channels are behind `cells`
  /// @param v memory with the transformed tiles: those of the first channel at `cells`, those of the panel at `dy`
  /// @param out where the sums of the first channel are in `to`
  /// @param add whether there are sums already
  void multiply(Panel panel, int count, int tiles, int[] offsets, float[] v, int cells, int dy, float[] to, int out,
      boolean add) {
    int vectors = panel.vectors();
    int most = Spacing.ONE.pixels(vectors);
    int[] targets = vectors == 1 ? oneVector : twoVectors;
    Tiles.run(Spacing.ONE, vectors, most, 0, tiles, offsets, v, cells, places, v, dy, to, out, targets, 0,
        count / most, L, add);
    int rest = count % most;
    if (rest > 0) {
      Tiles.run(Spacing.ONE, vectors, rest, 0, tiles, offsets, v, cells, places, v, dy, to, out, targets,
          count - rest, 1, L, add);
    }
  }

  private int backScratch() {
    return (TOGETHER * algorithm.cells() + algorithm.results()) * algorithm.results() * 2 * L;
  }

  /// Floats of scratch, behind [CacheLine#FIRST], for [#finish].
  int scratch() {
    return backScratch() + Machine.LINE + rows.scratch();
  }

  /// Transforms the sums of a panel with some channels back to filters and writes these.
  ///
  /// @param from where the sums of the first of these channels begin in `sums`
  void finish(Operands o, Panel panel, int firstChannel, int count, float[] sums, int from, int frequencyStride,
      float[] scratch) {
    int window = algorithm.results() * algorithm.results();
    for (int first = 0; first < count; first += rows.together()) {
      int some = Math.min(rows.together(), count - first);
      for (int c = 0; c < some; c += TOGETHER) {
        int few = Math.min(TOGETHER, some - c);
        halfBack(panel, few, sums, from + (first + c) * panel.width(), frequencyStride, scratch);
        for (int d = 0; d < few; d++) {
          back(panel, d, scratch);
          rows.turn(0, panel.count(), (c + d) * window, window, scratch, CacheLine.FIRST, panel.width(), scratch);
        }
      }
      rows.write(o, panel.block() * L, panel.count(), firstChannel + first, some, scratch);
    }
  }

  /// Writes the filters of a panel that are sums of nothing.
  void finishEmpty(Operands o, Panel panel, float[] scratch) {
    Arrays.fill(scratch, 0);
    for (int first = 0; first < channels; first += rows.together()) {
      rows.write(o, panel.block() * L, panel.count(), first, Math.min(rows.together(), channels - first), scratch);
    }
  }

  /// Transforms the sums with a few channels back along one axis, row by row of the frequencies: so few runs are read
  /// at a time that the processor fetches ahead along them.
  private void halfBack(Panel panel, int count, float[] sums, int from, int frequencyStride, float[] scratch) {
    int n = algorithm.cells();
    int m = algorithm.results();
    int width = panel.width();
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < count; c++) {
        for (int v = 0; v < width; v += L) {
          WinogradTransform.results(n, m, sums, from + i * n * frequencyStride + c * width + v, frequencyStride,
              scratch, half(c, width) + i * m * width + v, width);
        }
      }
    }
  }

  /// Where what is transformed along one axis begins in scratch memory: [row][result][vectors · L].
  private int half(int channel, int width) {
    int m = algorithm.results();
    return CacheLine.FIRST + (m * m + channel * algorithm.cells() * m) * width;
  }

  /// Transforms one of these channels along the other axis: [tap][vectors · L] at the beginning of scratch memory.
  private void back(Panel panel, int channel, float[] scratch) {
    int n = algorithm.cells();
    int m = algorithm.results();
    int width = panel.width();
    int from = half(channel, width);
    for (int j = 0; j < m; j++) {
      for (int v = 0; v < width; v += L) {
        WinogradTransform.results(n, m, scratch, from + j * width + v, m * width, scratch,
            CacheLine.FIRST + j * width + v, m * width);
      }
    }
  }
}
