package juanji.augment;

import java.util.Arrays;
import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// Rows pulled apart or together: of bands from low to high, as a shorter or longer vocal tract moves the formants.
///
/// Row r becomes what was at α·r, up to a knee at 0.85 of the height (where α > 1, at 0.85 / α); above, a straight
/// line leads from there to the last row, which stays. α is drawn evenly on a logarithmic scale; values between rows
/// are interpolated. Words: `warp-rows:0.85/1.18`. Constraint: C1 0.5 ≤ least ≤ most ≤ 2. Source: Jaitly and Hinton,
/// *Vocal tract length perturbation (VTLP) improves speech recognition*, 2013, who bend frequencies before the mel
/// bands; here the bands themselves are bent.
///
/// @param least the smallest α
/// @param most the largest
public record BandWarp(double least, double most) implements Augmentation {
  private static final double KNEE = 0.85;

  /// Checks the constraint.
  public BandWarp {
    Bounds.check(least >= 0.5 && least <= most && most <= 2, "a warp of rows", "C1",
        "it is a range within 0.5 to 2", least + "/" + most, "Use warp-rows:0.85/1.18.");
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.picture(sample, this);
    int columns = shape.dim(2);
    int last = shape.dim(1) - 1;
    double factor = StrictMath.exp(Bounds.between(StrictMath.log(least), StrictMath.log(most), random));
    double knee = KNEE * last * Math.min(1, 1 / factor);
    float[] old = Arrays.copyOfRange(values, offset, offset + shape.length());
    for (int c = 0; c < shape.dim(0); c++) {
      for (int r = 0; r <= last; r++) {
        double from = r <= knee ? r * factor : last - (last - knee * factor) / (last - knee) * (last - r);
        int low = Math.clamp((int) from, 0, last);
        int high = Math.min(last, low + 1);
        double share = Math.clamp(from - low, 0, 1);
        int to = offset + (c * (last + 1) + r) * columns;
        for (int x = 0; x < columns; x++) {
          values[to + x] = (float) ((1 - share) * old[(c * (last + 1) + low) * columns + x]
              + share * old[(c * (last + 1) + high) * columns + x]);
        }
      }
    }
  }

  @Override public String toString() {
    return "warp-rows:" + Bounds.literal(least) + "/" + Bounds.literal(most);
  }
}
