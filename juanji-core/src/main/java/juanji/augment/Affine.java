package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// The picture moved, turned, scaled and sheared around its middle, by amounts drawn evenly from their ranges.
///
/// Words: `shift:0.1` (at most a tenth of each side), `rotate:15` (at most 15 degrees either way), `scale:0.8/1.2`
/// (from a smaller to a larger subject), `shear:10` (degrees), or several at once as in
/// `affine:shift=0.1,rotate=15,scale=0.9/1.1,shear=5`. Pixels from outside are those of the nearest edge.
///
/// Constraints: C1 0 ≤ shift ≤ 1; C2 0 ≤ rotate ≤ 180; C3 0 < low ≤ high ≤ 10; C4 0 ≤ shear < 90.
///
/// @param shift the largest move, as a share of height and width
/// @param rotate the largest turn in degrees
/// @param low the smallest factor on the subject's size
/// @param high the largest factor
/// @param shear the largest shear in degrees
public record Affine(double shift, double rotate, double low, double high, double shear) implements Augmentation {
  /// Checks the constraints.
  public Affine {
    Bounds.check(shift >= 0 && shift <= 1, "a shift", "C1", "it is a share of the side from 0 to 1", shift, "Use 0.1.");
    Bounds.check(rotate >= 0 && rotate <= 180, "a rotation", "C2", "it is from 0 to 180 degrees", rotate, "Use 15.");
    Bounds.check(low > 0 && low <= high && high <= 10, "a scale", "C3", "0 < low ≤ high ≤ 10", low + "/" + high,
        "Use 0.8/1.2.");
    Bounds.check(shear >= 0 && shear < 90, "a shear", "C4", "it is from 0 to below 90 degrees", shear, "Use 10.");
  }

  /// Nothing yet.
  public static Affine none() {
    return new Affine(0, 0, 1, 1, 0);
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.picture(sample, this);
    double down = Bounds.around(shift, random) * shape.dim(1);
    double right = Bounds.around(shift, random) * shape.dim(2);
    double angle = StrictMath.toRadians(Bounds.around(rotate, random));
    double size = StrictMath.exp(Bounds.between(StrictMath.log(low), StrictMath.log(high), random));
    double slant = StrictMath.tan(StrictMath.toRadians(Bounds.around(shear, random)));
    transform(values, offset, shape, down, right, angle, size, slant);
  }

  /// One transform of known amounts.
  static void transform(float[] values, int offset, Shape shape, double down, double right, double angle, double size,
      double slant) {
    int rows = shape.dim(1);
    int columns = shape.dim(2);
    double cos = StrictMath.cos(angle) / size;
    double sin = StrictMath.sin(angle) / size;
    double middleY = (rows - 1) / 2.0;
    double middleX = (columns - 1) / 2.0;
    float[] fromY = new float[rows * columns];
    float[] fromX = new float[fromY.length];
    for (int i = 0; i < fromY.length; i++) {
      double y = i / columns - middleY - down;
      double x = i % columns - middleX - right;
      double straight = x - slant * y;
      fromY[i] = (float) (middleY + cos * y - sin * straight);
      fromX[i] = (float) (middleX + sin * y + cos * straight);
    }
    Warp.by(values, offset, shape, fromY, fromX);
  }

  @Override public String toString() {
    String scale = Bounds.literal(low) + "/" + Bounds.literal(high);
    if (rotate == 0 && low == 1 && high == 1 && shear == 0) {
      return "shift:" + Bounds.literal(shift);
    }
    if (shift == 0 && low == 1 && high == 1 && shear == 0) {
      return "rotate:" + Bounds.literal(rotate);
    }
    if (shift == 0 && rotate == 0 && shear == 0) {
      return "scale:" + scale;
    }
    if (shift == 0 && rotate == 0 && low == 1 && high == 1) {
      return "shear:" + Bounds.literal(shear);
    }
    return "affine:shift=" + Bounds.literal(shift) + ",rotate=" + Bounds.literal(rotate) + ",scale=" + scale
        + ",shear=" + Bounds.literal(shear);
  }
}
