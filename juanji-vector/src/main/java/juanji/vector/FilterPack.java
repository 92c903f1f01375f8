package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.tensor.Shape;

/// Filters in the order in which the register tiles read them: per panel of one or two blocks of target channels, per
/// part of the sweep, [source channel][tap][vectors · L], zeros for channels that pad the last block or that a filter
/// does not see.
final class FilterPack {
  private final Sweep sweep;
  private final Shape filters;
  private final boolean exchanged;
  private final boolean lanewise;
  private final boolean mixed;
  private final int window;
  private final int groupSource;
  private final int groupTarget;
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
      int allTarget, GroupPanels grouped) {
    this.sweep = sweep;
    this.filters = filters;
    this.exchanged = backward && !(lanewise && allSource == groups);
    this.lanewise = lanewise;
    this.window = (int) filters.size(2);
    this.sourceChannels = grouped.sourceChannels();
    this.groupSource = allSource / groups;
    this.groupTarget = allTarget / groups;
    this.mixed = !lanewise && groups > 1 && groupTarget % Machine.LANES != 0;
    int taps = 0;
    for (int d = 0; d < sweep.parts().size(); d++) {
      taps += taps(d);
    }
    long at = 0;
    for (GroupPanels.Panel p : grouped.panels()) {
      panels.add(new Panel(p.channel() / Machine.LANES, p.vectors(), p.channel(), p.channels(), p.sourceChannel(),
          Math.toIntExact(at)));
      at += (long) taps * p.vectors() * Machine.LANES;
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
          if (mixed || lanewise && sourceChannels > 1) {
            packLanes(panel, c, part, w, from, to, at);
            at += part.taps().length * width;
            continue;
          }
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

  /// Packs one source channel of a panel of several groups: of each lane's own group, or zeros for filters of groups
  /// that it is not in.
  private void packLanes(Panel panel, int c, Sweep.Part part, float[] w, int from, float[] to, int at) {
    int width = panel.vectors() * Machine.LANES;
    int perFilter = filters.dim(1) * window;
    Arrays.fill(to, at, at + part.taps().length * width, 0);
    int group = (panel.sourceChannel() + c) / groupSource;
    int first = lanewise ? 0 : Math.max(0, group * groupTarget - panel.channel());
    int last = lanewise ? panel.channels()
        : Math.min(panel.channels(), (group + 1) * groupTarget - panel.channel());
    for (int lane = first; lane < last; lane++) {
      int target = panel.channel() + lane;
      int source = lanewise ? target / groupTarget * groupSource + c : panel.sourceChannel() + c;
      int filter = from + (exchanged ? source * perFilter + target % groupTarget * window
          : target * perFilter + source % groupSource * window);
      for (int i = 0; i < part.taps().length; i++) {
        to[at + i * width + lane] = w[filter + part.taps()[i]];
      }
    }
  }
}
