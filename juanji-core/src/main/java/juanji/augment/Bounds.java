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

  /// A sample as planes of rows and columns, to change all of them alike: a video has one for each channel and frame.
  static Shape picture(Shape shape, Augmentation what) {
    if (shape.rank() == 4) {
      return Shape.of(shape.dim(0) * shape.dim(1), shape.dim(2), shape.dim(3));
    }
    if (shape.rank() != 3) {
      throw new IllegalArgumentException("'" + what + "' cannot be applied to samples of " + shape + ".\n"
          + "  C0: samples are channels × height × width, videos channels × frames × height × width; received " + shape
          + ".\n  Use augmentations for this kind of data.");
    }
    return shape;
  }

  /// A sample as one picture per channel, to change colours: the frames of a video lie below each other.
  static Shape coloured(Shape shape, Augmentation what) {
    return shape.rank() == 4 ? Shape.of(shape.dim(0), shape.dim(1) * shape.dim(2), shape.dim(3))
        : picture(shape, what);
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
