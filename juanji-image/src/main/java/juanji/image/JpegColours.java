package juanji.image;

import java.awt.image.Raster;
import java.io.IOException;

/// Turns the stored components of a JPEG into grey or red, green, blue: the same numbers on every platform, and CMYK,
/// which ImageIO refuses, like any other.
///
/// `R = Y + 1.402 (Cr − 128)`, `G = Y − 0.344136 (Cb − 128) − 0.714136 (Cr − 128)`, `B = Y + 1.772 (Cb − 128)`
/// (JFIF 1.02). Adobe writes CMYK inverted (255 is no ink); then `R = C · K / 255`. YCCK is YCbCr of the inverted
/// C, M, Y.
final class JpegColours {
  private JpegColours() {
  }

  static Picture picture(Raster raster, PictureHeader.Jpeg jpeg) throws IOException {
    int bands = raster.getNumBands();
    if (bands == 2 || bands > 4) {
      throw new IOException("it has " + bands + " colour components");
    }
    int height = raster.getHeight();
    int width = raster.getWidth();
    int plane = height * width;
    int channels = bands == 1 ? 1 : 3;
    boolean adobe = jpeg.adobeTransform() >= 0;
    boolean luma = switch (bands) {
      case 3 -> jpeg.jfif() || (adobe ? jpeg.adobeTransform() != 0 : !jpeg.rgbIds());
      case 4 -> jpeg.adobeTransform() == 2;
      default -> false;
    };
    byte[] pixels = new byte[Math.multiplyExact(channels, plane)];
    int[] row = new int[width * bands];
    int[] colour = new int[3];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int from = x * bands;
        if (bands == 1) {
          pixels[at] = (byte) row[from];
          continue;
        }
        if (luma) {
          convert(row[from], row[from + 1] - 128, row[from + 2] - 128, colour);
        } else {
          System.arraycopy(row, from, colour, 0, 3);
        }
        for (int c = 0; c < 3; c++) {
          pixels[c * plane + at] = (byte) (bands == 3 ? colour[c] : inked(colour[c], row[from + 3], adobe));
        }
      }
    }
    return new Picture(channels, height, width, pixels);
  }

  /// In 16-bit fixed point, rounded.
  private static void convert(int y, int cb, int cr, int[] colour) {
    int half = 1 << 15;
    colour[0] = Math.clamp(y + (91_881 * cr + half >> 16), 0, 255);
    colour[1] = Math.clamp(y + (-22_554 * cb - 46_802 * cr + half >> 16), 0, 255);
    colour[2] = Math.clamp(y + (116_130 * cb + half >> 16), 0, 255);
  }

  private static int inked(int ink, int black, boolean inverted) {
    return inverted ? (ink * black + 127) / 255 : ((255 - ink) * (255 - black) + 127) / 255;
  }
}
