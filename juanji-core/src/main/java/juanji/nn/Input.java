package juanji.nn;

import java.util.Arrays;
import java.util.List;
import juanji.tensor.Shape;

/// The shape of one sample that a network takes, without a batch axis: channels × height × width for pictures.
///
/// Constraints: C1 there are 1 to 4 axes with extents of at least 1.
///
/// @param shape the shape
public record Input(Shape shape) {
  /// Checks C1.
  public Input {
    if (shape.rank() < 1 || shape.rank() > 4 || Arrays.stream(shape.toArray()).anyMatch(d -> d < 1)) {
      throw new IllegalArgumentException("a network cannot take samples of " + shape + ".\n"
          + "  C1: a sample has 1 to 4 axes of 1 or more; received " + shape + ".\n"
          + "  Give channels and spatial extents, such as input(3, 224, 224).");
    }
  }

  @Override public String toString() {
    return Source.call("input", List.of(Arrays.stream(shape.toArray()).boxed().toArray()));
  }
}
