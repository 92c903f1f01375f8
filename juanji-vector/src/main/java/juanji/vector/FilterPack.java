package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.tensor.Shape;

/// Filters in the order in which the register tiles read them: per panel of one or two blocks of target channels, per
/// part of the sweep, [source channel][tap][vectors · L], zeros for channels that pad the last block.
final class FilterPack {
  private final Sweep sweep;
  private final Shape filters;
  private final boolean exchanged;
  private final int window;
  private final int sourceChannels;
  private final List<Panel> panels = new ArrayList<>();
  private final long length;

  /// One or two blocks of target channels that are computed together.
  ///
  /// @param block the first block
  /// @param channel the first target channel
  /// @param channels the target channels that are not padding
  /// @param sourceChannel the first source channel that they read
  /// @param offset where the panel's filters begin
  record Panel(int block, int vectors, int channel, int channels, int sourceChannel, int offset) {
  }

  FilterPack(Sweep sweep, Shape filters, int groups, boolean backward, boolean lanewise, int allSource,
      int allTarget) {
    this.sweep = sweep;
    this.filters = filters;
    this.exchanged = backward && !lanewise;
    this.window = (int) filters.size(2);
    this.sourceChannels = lanewise ? 1 : allSource / groups;
    int taps = 0;
    for (int d = 0; d < sweep.parts().size(); d++) {
      taps += taps(d);
    }
    int groupChannels = lanewise ? allTarget : allTarget / groups;
    long at = 0;
    for (int channel = 0; channel < allTarget; channel += groupChannels) {
      for (int from = 0; from < groupChannels;) {
        int vectors = lanewise || groupChannels - from <= Machine.LANES ? 1 : 2;
        int count = Math.min(vectors * Machine.LANES, groupChannels - from);
        int first = channel + from;
        panels.add(new Panel(first / Machine.LANES, vectors, first, count,
            lanewise ? first : channel / groupChannels * sourceChannels, Math.toIntExact(at)));
        at += (long) taps * vectors * Machine.LANES;
        from += count;
      }
    }
    this.length = at;
  }

  /// The panels, in the order of the target channels.
  List<Panel> panels() {
    return panels;
  }

  /// The source channels that each target channel reads.
  int sourceChannels() {
    return sourceChannels;
  }

  /// Floats of all panels.
  long length() {
    return length;
  }

  /// The taps over all source channels of the parts of a class of depths.
  int taps(int residue) {
    return sweep.parts().get(residue).stream().mapToInt(p -> p.taps().length).sum() * sourceChannels;
  }

  /// Packs one panel.
  void pack(int number, float[] w, int from, float[] to, int offset) {
    Panel panel = panels.get(number);
    int width = panel.vectors() * Machine.LANES;
    int at = offset + panel.offset();
    int perFilter = filters.dim(1) * window;
    // Neighbouring target channels are filters in one direction, channels of filters in the other.
    int step = exchanged ? window : perFilter;
    for (List<Sweep.Part> parts : sweep.parts()) {
      for (Sweep.Part part : parts) {
        for (int c = 0; c < sourceChannels; c++) {
          int first = from + (exchanged
              ? (panel.sourceChannel() + c) * perFilter + panel.channel() % filters.dim(1) * window
              : panel.channel() * perFilter + c * window);
          int taps = part.taps().length;
          if (taps == window) {
            Transpose.rows(w, first, step, panel.channels(), taps, to, at, width);
          } else {
            for (int i = 0; i < taps; i++) {
              Transpose.rows(w, first + part.taps()[i], step, panel.channels(), 1, to, at + i * width, width);
            }
          }
          for (int i = 0; i < taps && panel.channels() < width; i++) {
            Arrays.fill(to, at + i * width + panel.channels(), at + (i + 1) * width, 0);
          }
          at += taps * width;
        }
      }
    }
  }
}
