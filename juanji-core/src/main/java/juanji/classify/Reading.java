package juanji.classify;

import java.nio.file.Path;
import juanji.tensor.Shape;

/// How files become samples, as they did when a model was trained. Thread-safe.
public interface Reading {
  /// The shape of a sample.
  Shape shape();

  /// The sample that a file holds, ready for the network.
  ///
  /// @throws DataException if it cannot be read
  float[] read(Path file);

  /// The sample that a text is, ready for the network.
  ///
  /// @throws IllegalArgumentException if samples of this kind are no texts
  default float[] read(String text) {
    throw new IllegalArgumentException("this model cannot read a text.\n"
        + "  C1: its samples are texts; received a text for samples of " + shape() + ".\n"
        + "  Give the path of a file.");
  }
}
