package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// What augmentations have in common: the wording of refusals, and numbers drawn from ranges.
final class Bounds {
  private Bounds() {
  }

  static void check(boolean kept, String what, String label, String constraint, Object received, String remedy) {
    if (!kept) {
      throw new IllegalArgumentException(what + " cannot be of " + received + ".\n  " + label + ": " + constraint
          + "; received " + received + ".\n  " + remedy);
    }
  }

  /// Checks that a sample has rows and columns.
  static void picture(Shape shape, Augmentation what) {
    if (shape.rank() != 3) {
      throw new IllegalArgumentException("'" + what + "' cannot be applied to samples of " + shape + ".\n"
          + "  C0: samples are channels × height × width; received " + shape + ".\n"
          + "  Use augmentations for this kind of data.");
    }
  }

  /// A number from −most to most.
  static double around(double most, SplittableRandom random) {
    return most * (2 * random.nextDouble() - 1);
  }

  /// A number from low to high.
  static double between(double low, double high, SplittableRandom random) {
    return low + (high - low) * random.nextDouble();
  }

  static float unit(double value) {
    return (float) Math.clamp(value, 0, 1);
  }

  /// A number as people write it: whole ones without a fraction.
  static String literal(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString(Math.round(value))
        : Double.toString(value);
  }
}
