package juanji.data;

import java.util.List;
import juanji.tensor.Shape;

/// Labelled samples of one shape, read by their number.
///
/// Reading is thread-safe and always gives the same values for the same number: shuffling, batching and augmentation
/// happen elsewhere; [#readVaried] is what training reads.
public interface Dataset {
  /// The shape of one sample, without a batch axis: channels × height × width for pictures.
  Shape shape();

  /// The names of the classes; a label is an index into this list.
  List<String> classes();

  /// The number of samples.
  int size();

  /// The class of a sample, from 0 to `classes().size() - 1`.
  int label(int index);

  /// Writes the sample's values, row-major and from 0 to 1 for pictures, into `into` from `offset` on.
  void read(int index, float[] into, int offset);

  /// Writes the sample's values as an epoch of training sees them, which may differ from epoch to epoch, though the
  /// same epoch always sees the same.
  ///
  /// @param epoch from 1 on
  default void readVaried(int index, int epoch, float[] into, int offset) {
    read(index, into, offset);
  }

  /// What differs from epoch to epoch, in words that a training may be told apart by; empty if nothing does.
  default String variation() {
    return "";
  }

  /// The sample as a person reads it, where samples are texts; empty for others.
  default String text(int index) {
    return "";
  }

  /// Where the sample comes from, for messages and reports: a file's path, or a number in a larger file.
  default String source(int index) {
    return "#" + index;
  }
}
