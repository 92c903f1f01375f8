package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// The picture mirrored, left to right or upside down, with a probability.
///
/// Words: `flip`, `flip:p=0.5`, `flip:vertical`. Constraint: C1 0 ≤ p ≤ 1.
///
/// @param vertical upside down rather than left to right
/// @param probability how often
public record Mirror(boolean vertical, double probability) implements Augmentation {
  /// Checks the constraint.
  public Mirror {
    Bounds.check(probability >= 0 && probability <= 1, "a flip", "C1", "p is from 0 to 1", probability,
        "Use 0.5 to flip half of the pictures.");
  }

  /// Half of the pictures mirrored left to right.
  public static Mirror horizontal() {
    return new Mirror(false, 0.5);
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.picture(sample, this);
    if (random.nextDouble() >= probability) {
      return;
    }
    int rows = shape.dim(1);
    int columns = shape.dim(2);
    for (int c = 0; c < shape.dim(0); c++) {
      int plane = offset + c * rows * columns;
      int pairs = vertical ? rows / 2 : rows;
      for (int y = 0; y < pairs; y++) {
        for (int x = 0; x < (vertical ? columns : columns / 2); x++) {
          int a = plane + y * columns + x;
          int b = vertical ? plane + (rows - 1 - y) * columns + x : plane + y * columns + columns - 1 - x;
          float swap = values[a];
          values[a] = values[b];
          values[b] = swap;
        }
      }
    }
  }

  @Override public String toString() {
    return "flip" + (vertical ? ":vertical" : "") + (probability == 0.5 ? "" : (vertical ? "," : ":") + "p="
        + Bounds.literal(probability));
  }
}
