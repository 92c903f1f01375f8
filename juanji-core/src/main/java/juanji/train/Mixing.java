package juanji.train;

import java.util.Arrays;
import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// Samples of a batch mixed in pairs, and their targets in the same proportion.
///
/// With λ drawn from Beta(α, α), anew for each batch: MixUp takes λ · x + (1 − λ) · x′; CutMix puts a rectangle of x′
/// whose share of the area is 1 − λ into x, and gives the classes what is left and what was put in. Samples are paired
/// by a random permutation of the batch. Words: `mixup:0.2`, `cutmix:1`, `cutmix:alpha=1,p=0.5`.
///
/// Constraints: C1 α is above 0; C2 0 ≤ p ≤ 1; C3 for CutMix, samples are channels × height × width. The loss must take
/// shares of several classes, as cross-entropy does. Sources: Zhang et al., *mixup*, 2018; Yun et al., *CutMix*, 2019.
///
/// ```java
/// Trainer.of(model).mixing(Mixing.mixUp(0.2));
/// ```
///
/// @param cut a rectangle rather than everything
/// @param alpha α: small values mix little, 1 evenly
/// @param probability the share of batches that are mixed
public record Mixing(boolean cut, double alpha, double probability) {
  /// Checks C1 and C2.
  public Mixing {
    if (!(alpha > 0 && alpha <= 1000)) {
      throw Targets.refused("mixing", "C1", "α is above 0 and at most 1000", alpha, "Use 0.2 for MixUp, 1 for CutMix.");
    }
    if (!(probability >= 0 && probability <= 1)) {
      throw Targets.refused("mixing", "C2", "p is from 0 to 1", probability, "Use 1.");
    }
  }

  /// MixUp of every batch; α of 0.2 is usual.
  public static Mixing mixUp(double alpha) {
    return new Mixing(false, alpha, 1);
  }

  /// CutMix of every batch; α of 1 is usual.
  public static Mixing cutMix(double alpha) {
    return new Mixing(true, alpha, 1);
  }

  /// Whether a word names a way of mixing.
  public static boolean names(String word) {
    return word.strip().matches("(mixup|cutmix)([:,].*)?");
  }

  /// A way of mixing by its words.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it has no such setting
  public static Mixing named(String text) {
    Phrase phrase = new Phrase("mixing", text.strip());
    return phrase.complete(switch (phrase.word()) {
      case "mixup" -> new Mixing(false, phrase.next("alpha", 0.2), phrase.number("p", 1));
      case "cutmix" -> new Mixing(true, phrase.next("alpha", 1), phrase.number("p", 1));
      default -> throw phrase.unknown("mixup and cutmix");
    });
  }

  /// Mixes a batch in place, whose targets are filled from its labels.
  void mix(Batches.Batch batch, Shape sample, SplittableRandom random) {
    int n = batch.labels().length;
    int classes = batch.classes().shape().dim(1);
    float[] shares = batch.classes().data();
    Arrays.fill(shares, 0);
    double lambda = random.nextDouble() < probability ? beta(random) : 1;
    int[] partner = Batches.inOrder(n);
    Batches.shuffle(partner, random);
    if (lambda < 1) {
      float[] before = batch.x().data().clone();
      lambda = cut ? cut(batch, sample, before, partner, lambda, random)
          : blend(batch, sample, before, partner, lambda);
    }
    int[] own = batch.labels().clone();
    for (int i = 0; i < n; i++) {
      shares[i * classes + own[i]] += (float) lambda;
      shares[i * classes + own[partner[i]]] += (float) (1 - lambda);
      batch.labels()[i] = lambda >= 0.5 ? own[i] : own[partner[i]];
    }
  }

  private static double blend(Batches.Batch batch, Shape sample, float[] before, int[] partner, double lambda) {
    float[] x = batch.x().data();
    int length = sample.length();
    float keep = (float) lambda;
    for (int i = 0; i < partner.length; i++) {
      for (int j = 0; j < length; j++) {
        x[i * length + j] = keep * before[i * length + j] + (1 - keep) * before[partner[i] * length + j];
      }
    }
    return lambda;
  }

  /// @return the share that is left of each sample
  private static double cut(Batches.Batch batch, Shape sample, float[] before, int[] partner, double lambda,
      SplittableRandom random) {
    if (sample.rank() != 3) {
      throw new IllegalArgumentException("these samples cannot be mixed by rectangles.\n"
          + "  C3: samples are channels × height × width; received " + sample + ".\n  Use mixup.");
    }
    int rows = sample.dim(1);
    int columns = sample.dim(2);
    double side = Math.sqrt(1 - lambda);
    int middleY = random.nextInt(rows);
    int middleX = random.nextInt(columns);
    int top = (int) Math.max(0, Math.round(middleY - side * rows / 2));
    int left = (int) Math.max(0, Math.round(middleX - side * columns / 2));
    int foot = (int) Math.min(rows, Math.round(middleY + side * rows / 2));
    int right = (int) Math.min(columns, Math.round(middleX + side * columns / 2));
    int width = Math.max(0, right - left);
    for (int i = 0; i < partner.length; i++) {
      for (int c = 0; c < sample.dim(0); c++) {
        for (int y = top; y < foot; y++) {
          int row = (c * rows + y) * columns + left;
          System.arraycopy(before, partner[i] * sample.length() + row, batch.x().data(), i * sample.length() + row,
              width);
        }
      }
    }
    return 1 - (double) Math.max(0, foot - top) * width / (rows * columns);
  }

  private double beta(SplittableRandom random) {
    double a = gamma(random);
    double b = gamma(random);
    return a + b == 0 ? random.nextInt(2) : a / (a + b);
  }

  /// A number from Gamma(α, 1). Source: Marsaglia and Tsang, *A simple method for generating gamma variables*, 2000.
  private double gamma(SplittableRandom random) {
    double shape = alpha < 1 ? alpha + 1 : alpha;
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double z = random.nextGaussian();
      double v = 1 + c * z;
      if (v > 0) {
        v = v * v * v;
        double u = 1 - random.nextDouble();
        if (StrictMath.log(u) < 0.5 * z * z + d - d * v + d * StrictMath.log(v)) {
          return alpha < 1 ? d * v * StrictMath.pow(1 - random.nextDouble(), 1 / alpha) : d * v;
        }
      }
    }
  }

  @Override public String toString() {
    return (cut ? "cutmix:" : "mixup:") + Targets.literal(alpha) + (probability == 1 ? "" : ",p="
        + Targets.literal(probability));
  }
}
