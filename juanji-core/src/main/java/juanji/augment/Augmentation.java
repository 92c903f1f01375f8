package juanji.augment;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// A random change of a sample that leaves its class as it is.
///
/// `toString` gives back the words that make one ([#named]), so that a run's settings can keep it.
///
/// ```java
/// Augmentation cifar = Augmentation.named("crop:4 + flip");
/// Dataset varied = Augmented.of(train, cifar, 42);
/// ```
public interface Augmentation {
  /// Changes one sample in place. What it draws, it draws from `random` alone, so that the same numbers give the same
  /// result everywhere.
  ///
  /// @param values holds the sample from `offset` on, row-major, from 0 to 1
  /// @param shape channels × height × width, or channels × frames × height × width, whose frames are changed alike; one
  ///     axis for texts
  void apply(float[] values, int offset, Shape shape, SplittableRandom random);

  /// This one, then another.
  default Augmentation then(Augmentation next) {
    return new Chain(List.of(this, next));
  }

  /// This one with a probability, and otherwise nothing.
  default Augmentation sometimes(double probability) {
    return new Sometimes(this, probability);
  }

  /// Augmentations by the words that name them on the command line, in their order, with `+` between them and settings
  /// behind colons or commas: `crop:4 + flip + colour:0.2`. A `?0.3` behind a word applies it with that probability:
  /// `blur:1?0.3`. See [juanji.augment] for the words and each record for its settings.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it has no such setting
  static Augmentation named(String text) {
    List<Augmentation> all = Arrays.stream(text.split("\\+", -1)).map(String::strip).map(Words::parse).toList();
    return all.size() == 1 ? all.getFirst() : new Chain(all);
  }
}
