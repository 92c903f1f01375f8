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

  private final Task task;
  private final Winograd algorithm;
  private final int channels;
  private final int[] places;
  private final int[] oneVector;
  private final int[] twoVectors;
  private final List<Panel> panels = new ArrayList<>();
  private final int length;

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
    return (algorithm.cells() + algorithm.results()) * algorithm.results() * 2 * L;
  }

  /// Floats of scratch, behind [CacheLine#FIRST], for [#finish].
  int scratch() {
    return backScratch() + task.chain().scratch();
  }

  /// Transforms the sums of a panel with some channels back to filters and applies the chain to these.
  ///
  /// @param from where the sums of the first of these channels begin in `sums`
  void finish(Operands o, Panel panel, int firstChannel, int count, float[] sums, int from, int frequencyStride,
      float[] scratch) {
    int window = algorithm.results() * algorithm.results();
    int first = (panel.block() * L * channels + firstChannel) * window;
    back(panel, count, sums, from, frequencyStride, o.array(0), o.offset(0) + first, scratch);
    if (count == channels) {
      chain(o, first, panel.count() * channels * window, scratch);
    } else {
      for (int k = 0; k < panel.count(); k++) {
        chain(o, first + k * channels * window, count * window, scratch);
      }
    }
  }

  /// Writes the filters of a panel that are sums of nothing.
  void finishEmpty(Operands o, Panel panel, float[] scratch) {
    int filter = channels * algorithm.results() * algorithm.results();
    int first = panel.block() * L * filter;
    int length = panel.count() * filter;
    Arrays.fill(o.array(0), o.offset(0) + first, o.offset(0) + first + length, 0);
    chain(o, first, length, scratch);
  }

  private void chain(Operands o, int first, int length, float[] scratch) {
    Finish.apply(task.chain(), o, first, length, scratch, CacheLine.FIRST + backScratch());
  }

  private void back(Panel panel, int count, float[] sums, int from, int frequencyStride, float[] filters, int out,
      float[] scratch) {
    int n = algorithm.cells();
    int m = algorithm.results();
    int window = m * m;
    int width = panel.width();
    int half = CacheLine.FIRST + window * width;
    for (int c = 0; c < count; c++) {
      for (int i = 0; i < n; i++) {
        for (int v = 0; v < width; v += L) {
          WinogradTransform.results(n, m, sums, from + i * n * frequencyStride + c * width + v, frequencyStride,
              scratch, half + i * m * width + v, width);
        }
      }
      for (int j = 0; j < m; j++) {
        for (int v = 0; v < width; v += L) {
          WinogradTransform.results(n, m, scratch, half + j * width + v, m * width, scratch,
              CacheLine.FIRST + j * width + v, m * width);
        }
      }
      Transpose.rows(scratch, CacheLine.FIRST, width, window, panel.count(), filters, out + c * window,
          channels * window);
    }
  }
}
