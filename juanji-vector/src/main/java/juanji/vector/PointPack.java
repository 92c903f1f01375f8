package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.tensor.Shape;

/// Filters of one cell in the order in which [PointConv] reads them: per segment of the source channels, per panel of
/// one or two blocks of target channels, [source channel][vectors · L], zeros for channels that pad the last block.
///
/// A unit of work reads them from its first panel to its last in one walk per segment, which is what brings them from
/// memory fast: the same panels read at jumps came at half the speed.
final class PointPack {
  private static final int L = Machine.LANES;

  private final int sourceChannels;
  private final int targetChannels;
  private final boolean backward;
  private final int[] segments;
  private final int width;
  private final List<Panel> panels = new ArrayList<>();

  /// One or two blocks of target channels that are computed together.
  ///
  /// @param block the first block
  /// @param channels the target channels that are not padding
  record Panel(int block, int vectors, int channels) {
  }

  /// @param filters target × source channels, or source × target if `backward`
  /// @param segments where each segment of source channels begins, and where the last one ends
  PointPack(Shape filters, boolean backward, int[] segments) {
    this.backward = backward;
    this.sourceChannels = filters.dim(backward ? 0 : 1);
    this.targetChannels = filters.dim(backward ? 1 : 0);
    this.segments = segments;
    for (int from = 0; from < targetChannels;) {
      int vectors = targetChannels - from <= L ? 1 : 2;
      int count = Math.min(vectors * L, targetChannels - from);
      panels.add(new Panel(from / L, vectors, count));
      from += count;
    }
    this.width = Math.ceilDiv(targetChannels, L) * L;
  }

  /// The panels, in the order of the target channels.
  List<Panel> panels() {
    return panels;
  }

  /// Floats of all filters.
  long length() {
    return (long) sourceChannels * width;
  }

  /// Where a segment's filters of a panel begin.
  int offset(int segment, Panel panel) {
    int from = segments[segment];
    return from * width + (segments[segment + 1] - from) * panel.block() * L;
  }

  /// Packs one panel.
  void pack(int number, float[] w, int from, float[] to, int offset) {
    Panel panel = panels.get(number);
    int step = panel.vectors() * L;
    int first = panel.block() * L;
    for (int s = 0; s + 1 < segments.length; s++) {
      int out = offset + offset(s, panel);
      int channel = segments[s];
      int count = segments[s + 1] - channel;
      if (backward) {
        for (int c = 0; c < count; c++) {
          System.arraycopy(w, from + (channel + c) * targetChannels + first, to, out + c * step, panel.channels());
        }
      } else {
        Transpose.rows(w, from + first * sourceChannels + channel, sourceChannels, panel.channels(), count, to, out,
            step);
      }
      for (int c = 0; c < count && panel.channels() < step; c++) {
        Arrays.fill(to, out + c * step + panel.channels(), out + (c + 1) * step, 0);
      }
    }
  }
}
