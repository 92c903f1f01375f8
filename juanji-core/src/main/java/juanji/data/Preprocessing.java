package juanji.data;

import java.util.Arrays;
import java.util.List;
import juanji.tensor.Shape;

/// What happens to a picture before a network sees it: scaled to one size, then `(x − mean) / std` per channel.
///
/// It belongs to a trained model: a picture to predict must go through the same steps as the pictures trained on. The
/// frames of a film are pictures: all of them go through the same steps.
///
/// Constraints: C1 channels is 1 (grey) or more, 3 being red, green, blue; height and width are at least 1; C2 mean and
/// std have one finite value per channel, in the units of the values from 0 to 1; C3 every std is above 0.
///
/// ```java
/// var pre = Preprocessing.measure(train).framing(Framing.CROP);
/// pre.normalise(values, 0);
/// ```
///
/// @param channels 1 for grey, 3 for red, green, blue
/// @param height in pixels
/// @param width in pixels
/// @param mean one per channel
/// @param std one per channel
/// @param framing how a picture of another shape is brought to this height and width
public record Preprocessing(int channels, int height, int width, List<Float> mean, List<Float> std, Framing framing) {
  private static final long MOST_VALUES = 20_000_000;

  /// Checks the constraints.
  ///
  /// @throws IllegalArgumentException if one is broken
  public Preprocessing {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException("pictures cannot be brought to " + channels + " × " + height + " × " + width
          + ".\n  C1: channels, height and width are at least 1.\n"
          + "  Give 1 channel for grey or 3 for colour, and a size in pixels.");
    }
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != channels || std.size() != channels
        || !mean.stream().allMatch(Float::isFinite) || !std.stream().allMatch(Float::isFinite)) {
      throw new IllegalArgumentException("pictures of " + channels + " channels cannot be normalised with mean " + mean
          + " and std " + std + ".\n  C2: both have one finite value per channel.\n"
          + "  Give " + channels + " values each.");
    }
    if (!std.stream().allMatch(s -> s > 0)) {
      throw new IllegalArgumentException("pictures cannot be normalised with std " + std + ".\n"
          + "  C3: every std is above 0, because values are divided by it.\n"
          + "  Use 1 for a channel that never varies.");
    }
  }

  /// A size without normalisation: mean 0, std 1, stretched.
  public static Preprocessing none(int channels, int height, int width) {
    return new Preprocessing(channels, height, width, repeat(channels, 0f), repeat(channels, 1f), Framing.STRETCH);
  }

  /// The size of a dataset's pictures, with the mean and standard deviation of their values per channel.
  ///
  /// At most 20 million values are read: from larger sets, pictures at even distances. The sums are taken in order
  /// and in double precision, so the result depends on nothing else. A channel that never varies gets std 1.
  ///
  /// Constraint: C4 the dataset has samples, of shape channels × height × width or channels × frames × height × width.
  ///
  /// @throws IllegalArgumentException if the constraint is broken
  public static Preprocessing measure(Dataset data) {
    if (data.size() == 0 || !pictures(data.shape())) {
      throw new IllegalArgumentException("mean and standard deviation cannot be measured.\n"
          + "  C4: there are samples, of shape channels × height × width, videos channels × frames × height × width; "
          + "received " + data.size() + " of " + data.shape() + ".\n  Give a dataset of pictures.");
    }
    int channels = data.shape().dim(0);
    int plane = data.shape().length() / channels;
    int used = Math.clamp(MOST_VALUES / data.shape().size(), 1, data.size());
    float[] values = new float[data.shape().length()];
    double[] sum = new double[channels];
    double[] squares = new double[channels];
    for (int k = 0; k < used; k++) {
      data.read((int) ((long) k * data.size() / used), values, 0);
      for (int c = 0; c < channels; c++) {
        double s = 0;
        double q = 0;
        for (int i = c * plane; i < (c + 1) * plane; i++) {
          s += values[i];
          q += (double) values[i] * values[i];
        }
        sum[c] += s;
        squares[c] += q;
      }
    }
    Float[] mean = new Float[channels];
    Float[] std = new Float[channels];
    double n = (double) used * plane;
    for (int c = 0; c < channels; c++) {
      double m = sum[c] / n;
      double s = Math.sqrt(Math.max(0, squares[c] / n - m * m));
      mean[c] = (float) m;
      std[c] = s < 1e-4 ? 1f : (float) s;
    }
    int rank = data.shape().rank();
    return new Preprocessing(channels, data.shape().dim(rank - 2), data.shape().dim(rank - 1), List.of(mean),
        List.of(std), Framing.STRETCH);
  }

  private static boolean pictures(Shape shape) {
    return shape.rank() == 3 || shape.rank() == 4;
  }

  /// Whether samples of a shape are this preprocessing's pictures, or videos of them.
  public boolean fits(Shape shape) {
    return pictures(shape) && shape.dim(0) == channels && shape.dim(shape.rank() - 2) == height
        && shape.dim(shape.rank() - 1) == width;
  }

  /// The same with another framing.
  public Preprocessing framing(Framing other) {
    return new Preprocessing(channels, height, width, mean, std, other);
  }

  /// The number of values of one picture.
  public int length() {
    return Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  /// Normalises one picture in place: channels × height × width values from `offset` on.
  public void normalise(float[] values, int offset) {
    normalise(values, offset, 1);
  }

  /// Normalises one video in place: channels × frames × height × width values from `offset` on.
  public void normalise(float[] values, int offset, int frames) {
    int plane = frames * height * width;
    for (int c = 0; c < channels; c++) {
      float m = mean.get(c);
      float s = 1 / std.get(c);
      int end = offset + (c + 1) * plane;
      for (int i = offset + c * plane; i < end; i++) {
        values[i] = (values[i] - m) * s;
      }
    }
  }

  private static List<Float> repeat(int count, float value) {
    Float[] values = new Float[Math.max(0, count)];
    Arrays.fill(values, value);
    return List.of(values);
  }
}
