package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// A border is put around the picture, and a part of its own size is cut out anywhere: what CIFAR networks are usually
/// trained with (padding 4).
///
/// Words: `crop:4`, `crop:padding=4`, `crop:4,reflect`. The border is black, or the picture mirrored at its edge.
/// Constraint: C1 the padding is at least 0. Source: He et al., *Deep residual learning*, 2016.
///
/// @param padding the border's width in pixels, at most the picture's where it is mirrored
/// @param reflect whether the border is the picture mirrored rather than black
public record Crop(int padding, boolean reflect) implements Augmentation {
  /// Checks the constraint.
  public Crop {
    Bounds.check(padding >= 0 && padding <= 10_000, "a crop", "C1", "the padding is from 0 to 10,000 pixels", padding,
        "Use 4 for pictures of 32 × 32.");
  }

  /// With a black border.
  public static Crop padded(int padding) {
    return new Crop(padding, false);
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.picture(sample, this);
    int rows = shape.dim(1);
    int columns = shape.dim(2);
    int down = random.nextInt(2 * padding + 1) - padding;
    int right = random.nextInt(2 * padding + 1) - padding;
    if (down == 0 && right == 0) {
      return;
    }
    float[] before = new float[rows * columns];
    for (int c = 0; c < shape.dim(0); c++) {
      int plane = offset + c * before.length;
      System.arraycopy(values, plane, before, 0, before.length);
      for (int y = 0; y < rows; y++) {
        int fromY = place(y + down, rows);
        for (int x = 0; x < columns; x++) {
          int fromX = place(x + right, columns);
          values[plane + y * columns + x] = fromY < 0 || fromX < 0 ? 0 : before[fromY * columns + fromX];
        }
      }
    }
  }

  /// The place of a row or column, −1 if it is black.
  private int place(int at, int extent) {
    if (at >= 0 && at < extent) {
      return at;
    }
    if (!reflect || extent == 1) {
      return reflect ? 0 : -1;
    }
    int period = 2 * (extent - 1);
    int folded = Math.floorMod(at, period);
    return folded < extent ? folded : period - folded;
  }

  @Override public String toString() {
    return "crop:" + padding + (reflect ? ",reflect" : "");
  }
}
