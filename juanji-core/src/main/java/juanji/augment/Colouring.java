package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// Brightness, contrast, saturation and hue changed by amounts drawn evenly from their ranges, in this order.
///
/// Words: `brightness:0.2`, `contrast:0.2`, `saturation:0.2`, `hue:0.05`, all as in
/// `colour:brightness=0.2,contrast=0.2,saturation=0.2,hue=0.05`, or `colour:0.2` for the first three alike. A factor is
/// from 1 − amount to 1 + amount; hue turns by at most the given share of the circle. Saturation and hue change
/// pictures of three channels only.
///
/// Constraints: C1 brightness, contrast and saturation are from 0 to 1; C2 hue is from 0 to 0.5.
///
/// @param brightness how far the factor on all values may be from 1
/// @param contrast how far the factor on the distance to the mean may be from 1
/// @param saturation how far the factor on the distance to grey may be from 1
/// @param hue the largest turn of the colour circle, 1 being a whole one
public record Colouring(double brightness, double contrast, double saturation, double hue) implements Augmentation {
  /// Checks the constraints.
  public Colouring {
    double largest = Math.max(brightness, Math.max(contrast, saturation));
    double least = Math.min(brightness, Math.min(contrast, saturation));
    Bounds.check(least >= 0 && largest <= 1, "a change of colour", "C1", "amounts are from 0 to 1",
        brightness + ", " + contrast + ", " + saturation, "Use 0.2.");
    Bounds.check(hue >= 0 && hue <= 0.5, "a change of hue", "C2", "it is from 0 to 0.5 of the circle", hue,
        "Use 0.05.");
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.coloured(sample, this);
    double light = 1 + Bounds.around(brightness, random);
    double spread = 1 + Bounds.around(contrast, random);
    double colour = 1 + Bounds.around(saturation, random);
    double turn = Bounds.around(hue, random);
    tone(values, offset, shape, light, spread);
    if (shape.dim(0) == 3 && (saturation > 0 || hue > 0)) {
      tint(values, offset, shape.dim(1) * shape.dim(2), colour, turn);
    }
  }

  /// Brightness and contrast by known factors.
  static void tone(float[] values, int offset, Shape shape, double light, double spread) {
    int length = shape.length();
    double sum = 0;
    for (int i = offset; i < offset + length; i++) {
      values[i] = Bounds.unit(values[i] * light);
      sum += values[i];
    }
    double mean = sum / length;
    for (int i = offset; i < offset + length && spread != 1; i++) {
      values[i] = Bounds.unit(mean + (values[i] - mean) * spread);
    }
  }

  /// Saturation and hue, as a turn and a scaling around the grey axis in the YIQ colour space.
  static void tint(float[] values, int offset, int plane, double colour, double turn) {
    double angle = 2 * StrictMath.PI * turn;
    double cos = colour * StrictMath.cos(angle);
    double sin = colour * StrictMath.sin(angle);
    for (int i = offset; i < offset + plane; i++) {
      double r = values[i];
      double g = values[i + plane];
      double b = values[i + 2 * plane];
      double luma = 0.299 * r + 0.587 * g + 0.114 * b;
      double p = 0.596 * r - 0.274 * g - 0.322 * b;
      double q = 0.211 * r - 0.523 * g + 0.312 * b;
      double u = cos * p - sin * q;
      double v = sin * p + cos * q;
      values[i] = Bounds.unit(luma + 0.956 * u + 0.621 * v);
      values[i + plane] = Bounds.unit(luma - 0.272 * u - 0.647 * v);
      values[i + 2 * plane] = Bounds.unit(luma - 1.106 * u + 1.703 * v);
    }
  }

  @Override public String toString() {
    if (contrast == 0 && saturation == 0 && hue == 0) {
      return "brightness:" + Bounds.literal(brightness);
    }
    if (brightness == 0 && saturation == 0 && hue == 0) {
      return "contrast:" + Bounds.literal(contrast);
    }
    if (brightness == 0 && contrast == 0 && hue == 0) {
      return "saturation:" + Bounds.literal(saturation);
    }
    if (brightness == 0 && contrast == 0 && saturation == 0) {
      return "hue:" + Bounds.literal(hue);
    }
    return "colour:brightness=" + Bounds.literal(brightness) + ",contrast=" + Bounds.literal(contrast)
        + ",saturation=" + Bounds.literal(saturation) + ",hue=" + Bounds.literal(hue);
  }

  /// All values v become 1 − v with a probability. Words: `invert:0.1`. Constraint: C1 0 ≤ p ≤ 1.
  ///
  /// @param probability how often
  public record Inverting(double probability) implements Augmentation {
    /// Checks the constraint.
    public Inverting {
      Bounds.check(probability >= 0 && probability <= 1, "inverting", "C1", "p is from 0 to 1", probability,
          "Use 0.1.");
    }

    @Override public void apply(float[] values, int offset, Shape shape, SplittableRandom random) {
      if (random.nextDouble() < probability) {
        for (int i = offset; i < offset + shape.length(); i++) {
          values[i] = 1 - values[i];
        }
      }
    }

    @Override public String toString() {
      return "invert:" + Bounds.literal(probability);
    }
  }

  /// Colour removed with a probability, by the luma weights of ITU-R BT.601. Words: `grey:0.1`. Constraint:
  /// C1 0 ≤ p ≤ 1.
  ///
  /// @param probability how often
  public record Greying(double probability) implements Augmentation {
    /// Checks the constraint.
    public Greying {
      Bounds.check(probability >= 0 && probability <= 1, "greying", "C1", "p is from 0 to 1", probability, "Use 0.1.");
    }

    @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
      Shape shape = Bounds.coloured(sample, this);
      if (shape.dim(0) == 3 && random.nextDouble() < probability) {
        tint(values, offset, shape.dim(1) * shape.dim(2), 0, 0);
      }
    }

    @Override public String toString() {
      return "grey:" + Bounds.literal(probability);
    }
  }
}
