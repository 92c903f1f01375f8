package juanji.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Encodes pictures as PNG, for reports and pages.
///
/// ```java
/// byte[] png = Pngs.encode(new Picture(1, 28, 28, digits.bytes(0)));
/// ```
public final class Pngs {
  private Pngs() {
  }

  /// The bytes of a PNG file.
  public static byte[] encode(Picture picture) {
    int height = picture.height();
    int width = picture.width();
    boolean grey = picture.channels() == 1;
    BufferedImage image = new BufferedImage(width, height,
        grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    int[] row = new int[width];
    for (int c = 0; c < picture.channels(); c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          row[x] = picture.pixels()[(c * height + y) * width + x] & 255;
        }
        image.getRaster().setSamples(0, y, width, 1, c, row);
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
        writer.setOutput(out);
        writer.write(null, new IIOImage(image, null, null), null);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
  }
}
