package juanji.vector;

import juanji.kernel.Operands;
import juanji.kernel.Task;

/// The last step of a filter gradient: sums whose vectors hold filters become rows of filters, [channel][tap] each.
///
/// The rows of a panel are made in scratch memory, a run of floats each at a time. There they lie apart, while in the
/// output they are often a power of two of floats long and would crowd each other out of the first-level cache. From
/// there they go through the task's chain to the output, which is written once ([Finish#overwrites]): an optimiser's
/// momentum is updated where it lies.
final class FilterRows {
  /// Floats of a row that are made at a time, about: as many as a chain takes in one run.
  private static final int RUN = 512;

  private final Task task;
  private final int channels;
  private final int taps;
  private final int together;
  private final int stride;
  private final int at;

  /// @param channels of a filter
  /// @param at where the rows begin in scratch memory
  FilterRows(Task task, int channels, int taps, int at) {
    this.task = task;
    this.channels = channels;
    this.taps = taps;
    this.together = Math.max(Machine.LINE, RUN / taps / Machine.LINE * Machine.LINE);
    this.stride = Machine.apart(Math.min(together, channels) * taps);
    this.at = at;
  }

  /// How many channels are made at a time: a multiple of a cache line.
  int together() {
    return together;
  }

  /// Floats of scratch memory from the rows' beginning on.
  int scratch() {
    return 2 * Machine.LANES * stride + task.chain().scratch();
  }

  /// Adds the sums of further chunks of the batch to those of the first, in order.
  ///
  /// @param from where those of the first begin
  /// @param distance how far the chunks lie apart
  static void join(float[] sums, int from, int length, int chunks, int distance) {
    for (int chunk = 1; chunk < chunks; chunk++) {
      int other = from + chunk * distance;
      for (int i = 0; i < length; i++) {
        sums[from + i] += sums[other + i];
      }
    }
  }

  /// Takes neighbouring cells, such as a channel's taps, of some filters.
  ///
  /// @param filter the first filter of the panel's
  /// @param cell the first cell, behind those of the first channel that is made
  /// @param from where the sums of both begin
  /// @param step how far the cells' sums lie apart
  void turn(int filter, int filters, int cell, int cells, float[] sums, int from, int step, float[] scratch) {
    Transpose.rows(sums, from, step, cells, filters, scratch, at + filter * stride + cell, stride);
  }

  /// Writes what was taken.
  void write(Operands o, int firstFilter, int filters, int firstChannel, int count, float[] scratch) {
    for (int f = 0; f < filters; f++) {
      Finish.write(task.chain(), o, ((firstFilter + f) * channels + firstChannel) * taps, count * taps, scratch,
          at + f * stride, at + 2 * Machine.LANES * stride);
    }
  }
}
