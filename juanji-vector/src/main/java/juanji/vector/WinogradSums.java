package juanji.vector;

import java.util.ArrayList;
import java.util.List;
import juanji.kernel.CacheLine;

/// The sums of a filter gradient by minimal filtering, [panel][frequency][channel][vectors · L], and their way back to
/// filters.
final class WinogradSums {
  private static final int L = Machine.LANES;

  private final Winograd algorithm;
  private final int channels;
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

  WinogradSums(Winograd algorithm, int channels, int filters) {
    this.algorithm = algorithm;
    this.channels = channels;
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

  /// Floats of scratch for the way back.
  int scratch() {
    return (algorithm.cells() + algorithm.results()) * algorithm.results() * 2 * L;
  }

  /// Transforms the sums of a panel with some channels back to filters.
  ///
  /// @param from where the sums of the first of these channels begin in `sums`
  /// @param out where the filters begin in `filters`
  void back(Panel panel, int firstChannel, int count, float[] sums, int from, int frequencyStride, float[] filters,
      int out, float[] scratch) {
    int n = algorithm.cells();
    int m = algorithm.results();
    int window = m * m;
    int width = panel.width();
    int half = CacheLine.FIRST + window * width;
    int first = out + (panel.block() * L * channels + firstChannel) * window;
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
      Transpose.rows(scratch, CacheLine.FIRST, width, window, panel.count(), filters, first + c * window,
          channels * window);
    }
  }
}
