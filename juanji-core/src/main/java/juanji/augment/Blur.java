package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// The picture smoothed by a Gaussian whose σ is drawn evenly from 0 to the largest.
///
/// Words: `blur:1` (σ in pixels). Constraint: C1 0 < σ ≤ 100.
///
/// @param sigma the largest σ in pixels
public record Blur(double sigma) implements Augmentation {
  /// Checks the constraint.
  public Blur {
    Bounds.check(sigma > 0 && sigma <= 100, "a blur", "C1", "σ is above 0 and at most 100 pixels", sigma, "Use 1.");
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.picture(sample, this);
    float[] weights = gaussian(sigma * random.nextDouble());
    int plane = shape.dim(1) * shape.dim(2);
    for (int c = 0; c < shape.dim(0); c++) {
      smooth(values, offset + c * plane, shape.dim(1), shape.dim(2), weights);
    }
  }

  /// The weights of one side, the middle first; all together they sum to 1.
  static float[] gaussian(double sigma) {
    int reach = (int) Math.ceil(3 * sigma);
    double[] raw = new double[reach + 1];
    double sum = 0;
    for (int i = 0; i <= reach; i++) {
      raw[i] = i == 0 ? 1 : StrictMath.exp(-0.5 * i * i / (sigma * sigma));
      sum += i == 0 ? raw[i] : 2 * raw[i];
    }
    float[] weights = new float[reach + 1];
    for (int i = 0; i <= reach; i++) {
      weights[i] = (float) (raw[i] / sum);
    }
    return weights;
  }

  /// One plane smoothed in place along both axes; the nearest pixel of the edge counts outside.
  static void smooth(float[] values, int offset, int rows, int columns, float[] weights) {
    if (weights.length == 1) {
      return;
    }
    float[] half = new float[rows * columns];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        float sum = weights[0] * values[offset + y * columns + x];
        for (int k = 1; k < weights.length; k++) {
          sum += weights[k] * (values[offset + y * columns + Math.max(0, x - k)]
              + values[offset + y * columns + Math.min(columns - 1, x + k)]);
        }
        half[y * columns + x] = sum;
      }
    }
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        float sum = weights[0] * half[y * columns + x];
        for (int k = 1; k < weights.length; k++) {
          sum += weights[k] * (half[Math.max(0, y - k) * columns + x] + half[Math.min(rows - 1, y + k) * columns + x]);
        }
        values[offset + y * columns + x] = sum;
      }
    }
  }

  @Override public String toString() {
    return "blur:" + Bounds.literal(sigma);
  }

  /// Gaussian noise, whose σ is drawn evenly from 0 to the largest, added to each value. Words: `noise:0.05` (in units
  /// of values from 0 to 1). Constraint: C1 0 < σ ≤ 1.
  ///
  /// @param sigma the largest σ
  public record Noise(double sigma) implements Augmentation {
    /// Checks the constraint.
    public Noise {
      Bounds.check(sigma > 0 && sigma <= 1, "noise", "C1", "σ is above 0 and at most 1", sigma, "Use 0.05.");
    }

    @Override public void apply(float[] values, int offset, Shape shape, SplittableRandom random) {
      double size = sigma * random.nextDouble();
      for (int i = offset; i < offset + shape.length(); i++) {
        values[i] = Bounds.unit(values[i] + size * random.nextGaussian());
      }
    }

    @Override public String toString() {
      return "noise:" + Bounds.literal(sigma);
    }
  }

  /// Pixels moved along a smooth random field, as ink on rubber.
  ///
  /// Words: `elastic`, `elastic:alpha=8,sigma=4`. Constraints: C1 0 ≤ α ≤ 1000; C2 0 < σ ≤ 100. Source: Simard,
  /// Steinkraus and Platt, *Best practices for convolutional neural networks*, 2003.
  ///
  /// @param alpha the field's size in pixels before smoothing
  /// @param sigma the σ of the Gaussian that smooths the field, in pixels
  public record Elastic(double alpha, double sigma) implements Augmentation {
    /// Checks the constraints.
    public Elastic {
      Bounds.check(alpha >= 0 && alpha <= 1000, "an elastic field", "C1", "α is from 0 to 1000 pixels", alpha,
          "Use 8.");
      Bounds.check(sigma > 0 && sigma <= 100, "an elastic field", "C2", "σ is above 0 and at most 100 pixels", sigma,
          "Use 4.");
    }

    @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
      Shape shape = Bounds.picture(sample, this);
      int rows = shape.dim(1);
      int columns = shape.dim(2);
      float[] weights = gaussian(sigma);
      float[] y = new float[rows * columns];
      float[] x = new float[y.length];
      for (float[] field : new float[][] {y, x}) {
        for (int i = 0; i < field.length; i++) {
          field[i] = (float) Bounds.around(alpha, random);
        }
        smooth(field, 0, rows, columns, weights);
      }
      for (int i = 0; i < y.length; i++) {
        y[i] += i / columns;
        x[i] += i % columns;
      }
      Warp.by(values, offset, shape, y, x);
    }

    @Override public String toString() {
      return "elastic:alpha=" + Bounds.literal(alpha) + ",sigma=" + Bounds.literal(sigma);
    }
  }
}
