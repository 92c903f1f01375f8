package juanji.image;

/// A decoded picture: one byte a value (0 dark, 255 light), channels × height × width in row-major order.
///
/// Constraints: C1 channels is 1 (grey) or 3 (red, green, blue), height and width are at least 1; C2 there are
/// channels · height · width bytes. The array is not copied, neither here nor by [#pixels].
///
/// @param channels 1 or 3
/// @param height in pixels
/// @param width in pixels
/// @param pixels the values
public record Picture(int channels, int height, int width, byte[] pixels) {
  /// Checks the constraints.
  ///
  /// @throws IllegalArgumentException if one is broken
  public Picture {
    if ((channels != 1 && channels != 3) || height < 1 || width < 1) {
      throw new IllegalArgumentException("a picture cannot be " + channels + " × " + height + " × " + width + ".\n"
          + "  C1: channels is 1 or 3, height and width are at least 1.\n"
          + "  Give channels × height × width.");
    }
    if ((long) channels * height * width != pixels.length) {
      throw new IllegalArgumentException("a picture of " + channels + " × " + height + " × " + width
          + " cannot take " + pixels.length + " bytes.\n  C2: the number of bytes is channels · height · width, "
          + (long) channels * height * width + ".\n  Give one byte per value.");
    }
  }

  /// This picture in grey, by the luma weights of ITU-R BT.601; itself if it is grey already.
  public Picture grey() {
    if (channels == 1) {
      return this;
    }
    int plane = height * width;
    byte[] grey = new byte[plane];
    for (int i = 0; i < plane; i++) {
      grey[i] = (byte) ((299 * (pixels[i] & 255) + 587 * (pixels[plane + i] & 255)
          + 114 * (pixels[2 * plane + i] & 255) + 500) / 1000);
    }
    return new Picture(1, height, width, grey);
  }

  /// This picture with three channels; a grey one gets three equal ones.
  public Picture colour() {
    if (channels == 3) {
      return this;
    }
    byte[] colour = new byte[3 * pixels.length];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(pixels, 0, colour, c * pixels.length, pixels.length);
    }
    return new Picture(3, height, width, colour);
  }

  /// This picture upright, given the EXIF orientation (1 to 8) that its file states; 1 changes nothing.
  Picture upright(int orientation) {
    if (orientation <= 1 || orientation > 8) {
      return this;
    }
    boolean swapped = orientation >= 5;
    int h = swapped ? width : height;
    int w = swapped ? height : width;
    byte[] turned = new byte[pixels.length];
    int at = 0;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          int sourceY = switch (orientation) {
            case 2 -> y;
            case 3, 4 -> height - 1 - y;
            case 5, 8 -> x;
            default -> height - 1 - x;
          };
          int sourceX = switch (orientation) {
            case 2, 3 -> width - 1 - x;
            case 4 -> x;
            case 5, 6 -> y;
            default -> width - 1 - y;
          };
          turned[at++] = pixels[(c * height + sourceY) * width + sourceX];
        }
      }
    }
    return new Picture(channels, h, w, turned);
  }
}
