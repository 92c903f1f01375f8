package juanji.vector;

import java.util.ArrayList;
import java.util.List;

/// One or two blocks of target channels at a time, and the source channels that each of them reads.
///
/// Where groups fill whole blocks, a panel belongs to one group. Groups that do not share a block: its panel reads the
/// channels of all of them, with zeros for filters that do not see a channel. That computes more than is asked for, but
/// by vectors; groups that fit evenly into a block go lane by lane instead ([GroupLanes]). Panels of all kinds read
/// equally many channels.
///
/// @param sourceChannels the channels that each panel reads
record GroupPanels(int sourceChannels, List<Panel> panels) {
  /// One or two blocks.
  ///
  /// @param channel the first target channel, the first of a block
  /// @param channels the target channels that are not padding
  /// @param sourceChannel the first source channel that they read; the first of a block if they share it
  record Panel(int channel, int channels, int vectors, int sourceChannel) {
  }

  /// @param lanewise whether each lane reads its own group's channels only
  /// @param block how many channels of the source lie side by side
  static GroupPanels of(boolean lanewise, int groups, int source, int target, int block) {
    int perTarget = lanewise ? target : target / groups;
    int perSource = source / groups;
    List<Panel> panels = new ArrayList<>();
    if (lanewise || groups == 1 || perTarget % Machine.LANES == 0) {
      for (int group = 0; group < target / perTarget; group++) {
        for (int from = 0; from < perTarget;) {
          int vectors = lanewise || perTarget - from <= Machine.LANES ? 1 : 2;
          int count = Math.min(vectors * Machine.LANES, perTarget - from);
          int channel = group * perTarget + from;
          panels.add(new Panel(channel, count, vectors, lanewise ? channel : group * perSource));
          from += count;
        }
      }
      return new GroupPanels(perSource, panels);
    }
    // Two blocks of small groups would read twice as many channels in vain.
    int vectors = perTarget >= 2 * Machine.LANES ? 2 : 1;
    int most = 0;
    for (int pass = 0; pass < 2; pass++) {
      panels.clear();
      for (int channel = 0; channel < target;) {
        int wide = target - channel <= Machine.LANES ? 1 : vectors;
        int count = Math.min(wide * Machine.LANES, target - channel);
        int first = channel / perTarget * perSource / block * block;
        int end = ((channel + count - 1) / perTarget + 1) * perSource;
        most = Math.max(most, end - first);
        // The last panels start earlier, so that all read equally many.
        while (first > 0 && first + most > source) {
          first -= block;
        }
        most = Math.max(most, end - first);
        panels.add(new Panel(channel, count, wide, first));
        channel += count;
      }
    }
    return new GroupPanels(Math.min(most, source), panels);
  }
}
