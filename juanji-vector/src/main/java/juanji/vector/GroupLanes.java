package juanji.vector;

import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import juanji.kernel.CacheLine;
import juanji.kernel.Operands;
import juanji.kernel.Task;

/// Small groups of channels, side by side in a block: each lane sums over the channels of its own group only.
///
/// A group of `width` channels has as many planes of numbers: in plane j, each lane holds its group's channel j. From
/// these, the lanes work as those of a depthwise convolution do, without a product that is not asked for.
///
/// @param width the channels of a group; 1 if each channel is for itself
/// @param own for each plane, which lane of a block each lane takes
record GroupLanes(int width, List<VectorShuffle<Float>> own) {
  private static final int L = Machine.LANES;

  /// Whether a convolution's groups can be computed lane by lane: as many source as target channels each, and whole
  /// groups in a block.
  static boolean fits(int groups, int sourceChannels, int targetChannels) {
    return groups > 1 && sourceChannels == targetChannels && sourceChannels / groups < L
        && L % (sourceChannels / groups) == 0;
  }

  /// The groups of a convolution that [#fits].
  static GroupLanes of(int groups, int channels) {
    int width = channels / groups;
    return new GroupLanes(width, IntStream.range(0, width)
        .mapToObj(j -> VectorShuffle.fromOp(Machine.SPECIES, lane -> lane / width * width + j)).toList());
  }

  /// What precedes the number of channels in a kernel's description.
  String label() {
    return width == 1 ? "" : "groups of " + width + " of ";
  }

  /// Makes the planes out of a block of channels, which is the first of them at the beginning.
  ///
  /// @param length the floats of a plane
  /// @param distance how far the planes lie apart
  void spread(float[] planes, int from, int length, int distance) {
    // The first one last, as all are made from what lies there.
    for (int j = width - 1; j >= 0 && width > 1; j--) {
      VectorShuffle<Float> lanes = own.get(j);
      int to = from + j * distance;
      for (int i = 0; i < length; i += L) {
        FloatVector.fromArray(Machine.SPECIES, planes, from + i).rearrange(lanes).intoArray(planes, to + i);
      }
    }
  }

  /// Adds the sums of all chunks of a block of channels in order and writes its filters.
  ///
  /// @param cells a filter's cells; their sums lie in the workspace as [chunk][block][cell][lane]
  void finish(Task task, Operands o, int block, int chunks, int cells, float[] scratch) {
    int channels = task.inputs().getFirst().dim(1);
    float[] sums = o.array(task.operands());
    int so = o.offset(task.operands()) + block * cells * L;
    int chunkLength = Math.ceilDiv(channels, L) * cells * L;
    FilterRows.join(sums, so, cells * L, chunks, chunkLength);
    int count = Math.min(L, channels - block * L);
    Transpose.rows(sums, so, L, cells, count, scratch, CacheLine.FIRST, cells);
    Finish.write(task.chain(), o, block * L * cells, count * cells, scratch, CacheLine.FIRST,
        CacheLine.FIRST + cells * L);
  }

  /// Floats of scratch memory for [#finish].
  static int scratch(Task task, int cells) {
    return cells * L + task.chain().scratch();
  }
}
