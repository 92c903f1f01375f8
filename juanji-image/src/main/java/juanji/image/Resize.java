package juanji.image;

/// Scaling with a triangle filter: bilinear when a picture grows, and the same triangle widened to the scale when it
/// shrinks, so that every source pixel counts and fine patterns do not alias.
///
/// One axis at a time. Target pixel i has its centre at `(i + ½) · source / target`; the weight of source pixel j falls
/// linearly from its centre to 0 at a distance of `max(1, source / target)` pixels, and weights are normalised to sum 1
/// (so edges are neither dark nor repeated). The same size gives the same values exactly.
public final class Resize {
  private Resize() {
  }

  /// A picture brought to a size: colour first, then scaled and framed.
  public static Picture to(Picture picture, ImageSize size) {
    Picture own = size.channels() == 1 ? picture.grey() : picture.colour();
    if (own.height() == size.height() && own.width() == size.width()) {
      return own;
    }
    return switch (size.framing()) {
      case STRETCH -> stretch(own, size.height(), size.width());
      case FIT -> fit(own, size.height(), size.width());
      case CROP -> crop(own, size.height(), size.width());
    };
  }

  /// A picture scaled to a height and width, whatever its proportions.
  public static Picture stretch(Picture picture, int height, int width) {
    int source = picture.height() * picture.width();
    int target = height * width;
    byte[] result = new byte[picture.channels() * target];
    Taps across = new Taps(picture.width(), width);
    Taps down = new Taps(picture.height(), height);
    float[] row = new float[picture.width()];
    float[] wide = new float[picture.height() * width];
    for (int c = 0; c < picture.channels(); c++) {
      for (int y = 0; y < picture.height(); y++) {
        int from = c * source + y * picture.width();
        for (int x = 0; x < row.length; x++) {
          row[x] = picture.pixels()[from + x] & 255;
        }
        across.row(row, 0, wide, y * width);
      }
      float[] scaled = down.columns(wide, width);
      for (int i = 0; i < target; i++) {
        result[c * target + i] = (byte) Math.clamp(Math.round(scaled[i]), 0, 255);
      }
    }
    return new Picture(picture.channels(), height, width, result);
  }

  /// One row-major plane of values scaled from height × width to `newHeight` × `newWidth`.
  public static float[] plane(float[] values, int height, int width, int newHeight, int newWidth) {
    Taps across = new Taps(width, newWidth);
    float[] wide = new float[height * newWidth];
    for (int y = 0; y < height; y++) {
      across.row(values, y * width, wide, y * newWidth);
    }
    return new Taps(height, newHeight).columns(wide, newWidth);
  }

  private static Picture fit(Picture picture, int height, int width) {
    double scale = Math.min((double) height / picture.height(), (double) width / picture.width());
    int h = Math.clamp(Math.round(picture.height() * scale), 1, height);
    int w = Math.clamp(Math.round(picture.width() * scale), 1, width);
    Picture inner = stretch(picture, h, w);
    byte[] result = new byte[picture.channels() * height * width];
    int top = (height - h) / 2;
    int left = (width - w) / 2;
    for (int c = 0; c < picture.channels(); c++) {
      for (int y = 0; y < h; y++) {
        System.arraycopy(inner.pixels(), (c * h + y) * w, result, (c * height + top + y) * width + left, w);
      }
    }
    return new Picture(picture.channels(), height, width, result);
  }

  /// Cuts first, so that the filter never reads what is cut off and a very long picture costs little.
  private static Picture crop(Picture picture, int height, int width) {
    Span rows = Span.covering(picture.height(), picture.width(), height, width);
    Span columns = Span.covering(picture.width(), picture.height(), width, height);
    byte[] cut = new byte[picture.channels() * rows.length() * columns.length()];
    int at = 0;
    for (int c = 0; c < picture.channels(); c++) {
      for (int y = 0; y < rows.length(); y++) {
        int from = (c * picture.height() + rows.from() + y) * picture.width() + columns.from();
        System.arraycopy(picture.pixels(), from, cut, at, columns.length());
        at += columns.length();
      }
    }
    return stretch(new Picture(picture.channels(), rows.length(), columns.length(), cut), height, width);
  }

  /// The middle part of an axis that a centre crop keeps.
  record Span(int from, int length) {
    /// Of an axis of `own` pixels beside one of `other`, for a target of `ownTarget` beside `otherTarget`.
    static Span covering(int own, int other, int ownTarget, int otherTarget) {
      double needed = (double) other * ownTarget / otherTarget;
      int length = needed >= own ? own : Math.clamp(Math.round(needed), 1, own);
      return new Span((own - length) / 2, length);
    }
  }

  /// Which source pixels make up each target pixel of one axis, and their weights.
  private static final class Taps {
    private final int most;
    private final int[] first;
    private final int[] count;
    private final float[] weights;

    Taps(int source, int target) {
      double scale = (double) source / target;
      double reach = Math.max(1, scale);
      most = 2 * (int) Math.ceil(reach) + 1;
      first = new int[target];
      count = new int[target];
      weights = new float[Math.multiplyExact(target, most)];
      double[] row = new double[most];
      for (int i = 0; i < target; i++) {
        double centre = (i + 0.5) * scale;
        int from = (int) Math.max(0, Math.floor(centre - reach));
        int to = (int) Math.min(source, Math.ceil(centre + reach));
        double sum = 0;
        int n = Math.min(most, to - from);
        for (int k = 0; k < n; k++) {
          row[k] = Math.max(0, 1 - Math.abs(from + k + 0.5 - centre) / reach);
          sum += row[k];
        }
        first[i] = from;
        count[i] = n;
        for (int k = 0; k < n; k++) {
          weights[i * most + k] = (float) (row[k] / sum);
        }
      }
    }

    /// One row of the source, from `offset` on, to one of the target.
    void row(float[] source, int offset, float[] target, int to) {
      for (int x = 0; x < first.length; x++) {
        float sum = 0;
        for (int k = 0; k < count[x]; k++) {
          sum += weights[x * most + k] * source[offset + first[x] + k];
        }
        target[to + x] = sum;
      }
    }

    /// All columns of a plane of `width` columns.
    float[] columns(float[] source, int width) {
      float[] target = new float[first.length * width];
      for (int y = 0; y < first.length; y++) {
        for (int k = 0; k < count[y]; k++) {
          float weight = weights[y * most + k];
          int from = (first[y] + k) * width;
          for (int x = 0; x < width; x++) {
            target[y * width + x] += weight * source[from + x];
          }
        }
      }
      return target;
    }
  }
}
