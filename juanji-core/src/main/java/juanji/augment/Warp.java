package juanji.augment;

import juanji.tensor.Shape;

/// Pictures drawn anew from where each pixel comes from, with bilinear interpolation; outside, the nearest pixel of the
/// edge counts.
final class Warp {
  private Warp() {
  }

  /// Each pixel's origin.
  ///
  /// @param y the origin's row for each pixel, row-major, in pixels between the middles
  /// @param x the origin's column
  static void by(float[] values, int offset, Shape shape, float[] y, float[] x) {
    int rows = shape.dim(1);
    int columns = shape.dim(2);
    float[] before = new float[rows * columns];
    for (int c = 0; c < shape.dim(0); c++) {
      int plane = offset + c * before.length;
      System.arraycopy(values, plane, before, 0, before.length);
      for (int i = 0; i < before.length; i++) {
        values[plane + i] = sample(before, rows, columns, y[i], x[i]);
      }
    }
  }

  /// The value between pixels.
  static float sample(float[] plane, int rows, int columns, float y, float x) {
    float cy = Math.clamp(y, 0f, rows - 1f);
    float cx = Math.clamp(x, 0f, columns - 1f);
    int y0 = (int) cy;
    int x0 = (int) cx;
    int y1 = Math.min(rows - 1, y0 + 1);
    int x1 = Math.min(columns - 1, x0 + 1);
    float v = cy - y0;
    float u = cx - x0;
    float top = plane[y0 * columns + x0] * (1 - u) + plane[y0 * columns + x1] * u;
    float foot = plane[y1 * columns + x0] * (1 - u) + plane[y1 * columns + x1] * u;
    return top * (1 - v) + foot * v;
  }

  /// The part of the given rows and columns stretched over the whole picture.
  static void stretch(float[] values, int offset, Shape shape, double top, double left, double height, double width) {
    int rows = shape.dim(1);
    int columns = shape.dim(2);
    float[] y = new float[rows * columns];
    float[] x = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) (top + (i / columns + 0.5) * height / rows - 0.5);
      x[i] = (float) (left + (i % columns + 0.5) * width / columns - 0.5);
    }
    by(values, offset, shape, y, x);
  }
}
