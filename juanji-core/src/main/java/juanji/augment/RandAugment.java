package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// Some operations drawn from a fixed list, all of one magnitude: nothing to tune but two numbers.
///
/// The list: nothing, range stretched to the whole (auto-contrast), equalised histogram, rotation, posterising,
/// solarising, colour, contrast, brightness, sharpness, shear and shift along either axis. Words: `rand-augment`,
/// `rand-augment:2,magnitude=9`. Constraints: C1 1 ≤ operations ≤ 14; C2 0 ≤ magnitude ≤ 30. Source: Cubuk et al.,
/// *RandAugment*, 2020.
///
/// @param operations how many are applied
/// @param magnitude how strongly, 30 being the most
public record RandAugment(int operations, double magnitude) implements Augmentation {
  private static final int KINDS = 14;

  /// Checks the constraints.
  public RandAugment {
    Bounds.check(operations >= 1 && operations <= KINDS, "rand-augment", "C1", "it applies 1 to 14 operations",
        operations, "Use 2.");
    Bounds.check(magnitude >= 0 && magnitude <= 30, "rand-augment", "C2", "the magnitude is from 0 to 30", magnitude,
        "Use 9.");
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.picture(sample, this);
    for (int i = 0; i < operations; i++) {
      int kind = random.nextInt(KINDS);
      operation(kind, random.nextBoolean() ? magnitude / 30 : -magnitude / 30, values, offset, shape,
          Bounds.coloured(sample, this));
    }
  }

  /// @param m −1 to 1, the sign being a direction
  /// @param coloured the same with one plane per channel
  private static void operation(int kind, double m, float[] values, int offset, Shape shape, Shape coloured) {
    int end = offset + shape.length();
    switch (kind) {
      case 0 -> { }
      case 1 -> Tones.stretch(values, offset, shape);
      case 2 -> Tones.equalise(values, offset, shape);
      case 3 -> Affine.transform(values, offset, shape, 0, 0, StrictMath.toRadians(30 * m), 1, 0);
      case 4 -> {
        double levels = Math.scalb(1, 8 - (int) Math.round(4 * Math.abs(m)));
        for (int i = offset; i < end; i++) {
          values[i] = Bounds.unit(Math.floor(values[i] * (levels - 1) + 0.5) / (levels - 1));
        }
      }
      case 5 -> {
        for (int i = offset; i < end; i++) {
          values[i] = values[i] >= 1 - Math.abs(m) ? 1 - values[i] : values[i];
        }
      }
      case 6 -> {
        if (coloured.dim(0) == 3) {
          Colouring.tint(values, offset, coloured.dim(1) * coloured.dim(2), 1 + 0.9 * m, 0);
        }
      }
      case 7 -> Colouring.tone(values, offset, shape, 1, 1 + 0.9 * m);
      case 8 -> Colouring.tone(values, offset, shape, 1 + 0.9 * m, 1);
      case 9 -> Tones.sharpen(values, offset, shape, 0.9 * m);
      case 10 -> Affine.transform(values, offset, shape, 0, 0, 0, 1, 0.3 * m);
      case 11 -> Tones.shearRows(values, offset, shape, 0.3 * m);
      case 12 -> Affine.transform(values, offset, shape, 0.45 * m * shape.dim(1), 0, 0, 1, 0);
      default -> Affine.transform(values, offset, shape, 0, 0.45 * m * shape.dim(2), 0, 1, 0);
    }
  }

  @Override public String toString() {
    return "rand-augment:" + operations + ",magnitude=" + Bounds.literal(magnitude);
  }
}
