package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// A rectangle of the picture is replaced by noise (random erasing).
///
/// Words: `erase`, `erase:p=0.5,area=0.02/0.33,aspect=0.3/3.3`. Constraints: C1 0 ≤ p ≤ 1; C2 0 < least ≤ most ≤ 1;
/// C3 0 < narrowest ≤ widest. Source: Zhong et al., *Random erasing data augmentation*, 2020.
///
/// @param probability how often
/// @param least the smallest share of the picture's area
/// @param most the largest share
/// @param narrowest the smallest height ÷ width
/// @param widest the largest height ÷ width
public record Erasing(double probability, double least, double most, double narrowest, double widest)
    implements Augmentation {
  private static final int TRIES = 10;

  /// Checks the constraints.
  public Erasing {
    Bounds.check(probability >= 0 && probability <= 1, "erasing", "C1", "p is from 0 to 1", probability, "Use 0.5.");
    Bounds.check(least > 0 && least <= most && most <= 1, "erasing", "C2", "the area is a range within 0 to 1",
        least + "/" + most, "Use area=0.02/0.33.");
    Bounds.check(narrowest > 0 && narrowest <= widest && widest < 1e6, "erasing", "C3",
        "the aspect is a range above 0", narrowest + "/" + widest, "Use aspect=0.3/3.3.");
  }

  /// The paper's settings.
  public static Erasing usual() {
    return new Erasing(0.5, 0.02, 0.33, 0.3, 3.3);
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.picture(sample, this);
    if (random.nextDouble() >= probability) {
      return;
    }
    int rows = shape.dim(1);
    int columns = shape.dim(2);
    for (int i = 0; i < TRIES; i++) {
      double area = Bounds.between(least, most, random) * rows * columns;
      double aspect = StrictMath.exp(Bounds.between(StrictMath.log(narrowest), StrictMath.log(widest), random));
      int height = (int) Math.max(1, Math.round(Math.sqrt(area * aspect)));
      int width = (int) Math.max(1, Math.round(Math.sqrt(area / aspect)));
      if (height <= rows && width <= columns) {
        int top = random.nextInt(rows - height + 1);
        int left = random.nextInt(columns - width + 1);
        fill(values, offset, shape, top, left, height, width, () -> (float) random.nextDouble());
        return;
      }
    }
  }

  /// What a pixel becomes.
  interface Ink {
    float next();
  }

  static void fill(float[] values, int offset, Shape shape, int top, int left, int height, int width, Ink ink) {
    int rows = shape.dim(1);
    int columns = shape.dim(2);
    for (int c = 0; c < shape.dim(0); c++) {
      for (int y = Math.max(0, top); y < Math.min(rows, top + height); y++) {
        for (int x = Math.max(0, left); x < Math.min(columns, left + width); x++) {
          values[offset + (c * rows + y) * columns + x] = ink.next();
        }
      }
    }
  }

  @Override public String toString() {
    return "erase:p=" + Bounds.literal(probability) + ",area=" + Bounds.literal(least) + "/" + Bounds.literal(most)
        + ",aspect=" + Bounds.literal(narrowest) + "/" + Bounds.literal(widest);
  }

  /// A square of grey, whose middle lies anywhere in the picture (cutout).
  ///
  /// Words: `cutout:16`. Constraint: C1 the side is at least 1. Source: DeVries and Taylor, *Improved regularization of
  /// convolutional neural networks with cutout*, 2017.
  ///
  /// @param side in pixels
  public record Cutout(int side) implements Augmentation {
    /// Checks the constraint.
    public Cutout {
      Bounds.check(side >= 1, "a cutout", "C1", "its side is at least 1 pixel", side,
          "Use half of the picture's side.");
    }

    @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
      Shape shape = Bounds.picture(sample, this);
      int top = random.nextInt(shape.dim(1)) - side / 2;
      int left = random.nextInt(shape.dim(2)) - side / 2;
      fill(values, offset, shape, top, left, side, side, () -> 0.5f);
    }

    @Override public String toString() {
      return "cutout:" + side;
    }
  }

  /// A band of whole rows or columns set to 0: of a spectrogram, the frequency and time masks of SpecAugment.
  ///
  /// Words: `mask-rows:8`, `mask-columns:16`, `mask-columns:16,times=2`. Each band is from 0 to `widest` lines wide.
  /// Constraint: C1 the widest and the times are at least 1. Source: Park et al., *SpecAugment*, 2019.
  ///
  /// @param columns columns rather than rows
  /// @param widest the most lines of a band
  /// @param times how many bands
  public record Mask(boolean columns, int widest, int times) implements Augmentation {
    /// Checks the constraint.
    public Mask {
      Bounds.check(widest >= 1 && times >= 1 && times <= 1000, "a mask", "C1", "it is at least 1 line wide, 1 time",
          widest + " lines, " + times + " times", "Use mask-rows:8 and mask-columns:16.");
    }

    @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
      Shape shape = Bounds.picture(sample, this);
      int extent = shape.dim(columns ? 2 : 1);
      for (int i = 0; i < times; i++) {
        int width = random.nextInt(Math.min(widest, extent) + 1);
        int from = random.nextInt(extent - width + 1);
        fill(values, offset, shape, columns ? 0 : from, columns ? from : 0, columns ? shape.dim(1) : width,
            columns ? width : shape.dim(2), () -> 0);
      }
    }

    @Override public String toString() {
      return (columns ? "mask-columns:" : "mask-rows:") + widest + (times == 1 ? "" : ",times=" + times);
    }
  }
}
