package juanji.draw;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// A picture as a PNG file in memory.
///
/// Source: ISO/IEC 15948, *Portable Network Graphics*.
///
/// ```java
/// Png grey = Png.of(1, 2, 3, new byte[] {0, 50, 100, (byte) 150, (byte) 200, (byte) 250});
/// ```
public final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private final byte[] file;

  private Png(byte[] file) {
    this.file = file;
  }

  /// A picture of bytes, channel after channel as pictures of this library have them.
  ///
  /// Constraints: C1 channels is 1 (grey), 3 (red, green, blue) or 4 (and opacity); C2 there are
  /// channels · height · width bytes, and at least one pixel.
  public static Png of(int channels, int height, int width, byte[] planes) {
    if (channels != 1 && channels != 3 && channels != 4) {
      throw new IllegalArgumentException("a PNG cannot have " + channels + " channels.\n"
          + "  C1: channels is 1, 3 or 4; received " + channels + ".\n"
          + "  Use 1 for grey, 3 for colour, 4 for colour with opacity.");
    }
    long plane = (long) height * width;
    if (height < 1 || width < 1 || planes.length != channels * plane) {
      throw new IllegalArgumentException("a PNG of " + channels + " × " + height + " × " + width + " cannot take "
          + planes.length + " bytes.\n  C2: there is a pixel, and the number of bytes is channels · height · width.\n"
          + "  Give one byte per value.");
    }
    byte[] rows = new byte[Math.toIntExact(height * (1L + (long) channels * width))];
    int at = 0;
    for (int y = 0; y < height; y++) {
      rows[at++] = 0;
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          rows[at++] = planes[(int) (c * plane) + y * width + x];
        }
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    byte type = (byte) (channels == 1 ? 0 : channels == 3 ? 2 : 6);
    chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put(type).array());
    chunk(out, "IDAT", deflate(rows));
    chunk(out, "IEND", new byte[0]);
    return new Png(out.toByteArray());
  }

  private static byte[] deflate(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
    deflater.setInput(bytes);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 14];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(name);
    out.writeBytes(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }

  /// The bytes of the file.
  public byte[] file() {
    return file.clone();
  }

  /// The file as a `data:` address.
  public String uri() {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(file);
  }
}
