package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.kernel.CacheLine;
import juanji.tensor.Shape;

/// Filters transformed for Winograd's algorithm: per panel of one or two blocks of target channels,
/// [frequency][source channel][vectors · L], zeros for channels that pad the last block.
final class WinogradPack {
  private static final int L = Machine.LANES;
  /// Source channels whose filters are laid out at a time, and transformed before they are written: half a kilobyte in
  /// a row of each target channel's, all of it in the first-level cache, and memory likes long runs.
  private static final int RUN = 16;

  private final Winograd algorithm;
  private final boolean backward;
  private final int sourceChannels;
  private final int targetChannels;
  private final float[][] matrix;
  private final List<Panel> panels = new ArrayList<>();
  private final long length;

  /// One or two blocks of target channels that are computed together.
  ///
  /// @param block the first block
  /// @param channels the target channels that are not padding
  /// @param offset where the panel's filters begin
  record Panel(int block, int vectors, int channels, int offset) {
  }

  /// @param filters the shape of the filters
  /// @param backward whether sources are the filters' outputs and targets their inputs
  WinogradPack(Winograd algorithm, Shape filters, boolean backward) {
    this.algorithm = algorithm;
    this.backward = backward;
    this.sourceChannels = filters.dim(backward ? 0 : 1);
    this.targetChannels = filters.dim(backward ? 1 : 0);
    this.matrix = algorithm.filterMatrix();
    long at = 0;
    for (int from = 0; from < targetChannels;) {
      int vectors = targetChannels - from <= L ? 1 : 2;
      int count = Math.min(vectors * L, targetChannels - from);
      panels.add(new Panel(from / L, vectors, count, Math.toIntExact(at)));
      at += (long) algorithm.frequencies() * sourceChannels * vectors * L;
      from += count;
    }
    this.length = at;
  }

  /// The panels, in the order of the target channels.
  List<Panel> panels() {
    return panels;
  }

  /// Floats of all panels.
  long length() {
    return length;
  }

  /// Floats of scratch for packing.
  int scratch() {
    return someScratch() + algorithm.frequencies() * RUN * 2 * L;
  }

  /// Floats of scratch for [#some].
  int someScratch() {
    int r = algorithm.taps();
    return (RUN * r * r + algorithm.cells() * r) * 2 * L + Machine.LINE;
  }

  /// Transforms the filters of a panel for some source channels, to [frequency][channel][vectors · L].
  ///
  /// @param channel the first source channel
  /// @param end the one behind the last
  /// @param at where in `scratch` the result goes, behind [CacheLine#FIRST] and [#someScratch] floats
  void some(Panel panel, int channel, int end, float[] w, int from, float[] scratch, int at) {
    int width = panel.vectors() * L;
    int window = algorithm.taps() * algorithm.taps();
    if (panel.channels() < width) {
      Arrays.fill(scratch, CacheLine.FIRST, CacheLine.FIRST + RUN * window * width, 0);
    }
    for (int c = channel; c < end; c += RUN) {
      int count = Math.min(RUN, end - c);
      stage(panel, c, count, w, from, scratch);
      for (int i = 0; i < count; i++) {
        transform(panel.vectors(), CacheLine.FIRST + i * window * width, scratch, at + (c + i - channel) * width,
            (end - channel) * width);
      }
    }
  }

  /// Lays out the filters between some source channels and a panel's target channels: [channel][tap][vectors · L].
  private void stage(Panel panel, int channel, int count, float[] w, int from, float[] scratch) {
    int window = algorithm.taps() * algorithm.taps();
    int width = panel.vectors() * L;
    int rows = panel.channels();
    if (backward) {
      int row = targetChannels * window;
      int first = from + channel * row + panel.block() * L * window;
      // These rows lie pages apart, and the processor does not fetch ahead from one to the next.
      float near = 0;
      for (int c = 0; c < count; c++) {
        near += Near.bring(w, first + c * row, rows * window);
      }
      scratch[CacheLine.FIRST + someScratch() - 1] = near;
      for (int c = 0; c < count; c++) {
        Transpose.rows(w, first + c * row, window, rows, window, scratch, CacheLine.FIRST + c * window * width, width);
      }
    } else {
      int row = sourceChannels * window;
      Transpose.rows(w, from + panel.block() * L * row + channel * window, row, rows, count * window, scratch,
          CacheLine.FIRST, width);
    }
  }

  /// Transforms the filters of one panel.
  void pack(int number, float[] w, int from, float[] to, int offset, float[] scratch) {
    Panel panel = panels.get(number);
    int width = panel.vectors() * L;
    int at = CacheLine.FIRST + someScratch();
    for (int c = 0; c < sourceChannels; c += RUN) {
      int run = Math.min(RUN, sourceChannels - c);
      some(panel, c, c + run, w, from, scratch, at);
      for (int f = 0; f < algorithm.frequencies(); f++) {
        System.arraycopy(scratch, at + f * run * width, to,
            offset + panel.offset() + (f * sourceChannels + c) * width, run * width);
      }
    }
  }

  /// Transforms the filters between one source channel and a panel's target channels.
  ///
  /// @param taps where they are laid out
  private void transform(int vectors, int taps, float[] scratch, int out, int frequencyStride) {
    int r = algorithm.taps();
    int n = algorithm.cells();
    int window = r * r;
    int width = vectors * L;
    int half = CacheLine.FIRST + RUN * window * width;
    for (int v = 0; v < width; v += L) {
      for (int j = 0; j < r; j++) {
        // Backwards the window is turned around: its last tap comes first.
        WinogradTransform.taps(matrix, scratch, taps + (backward ? window - 1 - j : j) * width + v,
            backward ? -r * width : r * width, scratch, half + j * width + v, r * width);
      }
      for (int i = 0; i < n; i++) {
        WinogradTransform.taps(matrix, scratch, half + i * r * width + v, width, scratch,
            out + i * n * frequencyStride + v, frequencyStride);
      }
    }
  }
}
