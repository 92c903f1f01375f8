package juanji.cli;

import juanji.tensor.Shape;

/// The frames of a video's sample, channels × frames × height × width.
final class Frames {
  private Frames() {
  }

  /// The shape of one.
  static Shape shape(Shape video) {
    return Shape.of(video.dim(0), video.dim(2), video.dim(3));
  }

  /// One of them, channels × height × width.
  static float[] of(float[] values, Shape video, int frame) {
    int plane = video.dim(2) * video.dim(3);
    float[] picture = new float[video.dim(0) * plane];
    for (int c = 0; c < video.dim(0); c++) {
      System.arraycopy(values, (c * video.dim(1) + frame) * plane, picture, c * plane, plane);
    }
    return picture;
  }
}
