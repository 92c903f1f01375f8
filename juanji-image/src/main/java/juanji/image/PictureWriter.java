package juanji.image;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// Writes a picture row by row, as PNG, or as PGM or PPM by the file's name, so that its size does not matter. The file
/// is written beside and moved into place when the last row is there.
///
/// ```java
/// try (PictureWriter out = PictureWriter.create(Path.of("out.png"), 3, height, width)) {
///   out.write(row);                         // channel after channel, from above
/// }
/// ```
public final class PictureWriter implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final Path beside;
  private final OutputStream out;
  private final OutputStream pixels;
  private final boolean png;
  private final int channels;
  private final int width;
  private final byte[] line;
  private int missing;

  private PictureWriter(Path file, int channels, int height, int width) throws IOException {
    this.file = file;
    this.channels = channels;
    this.width = width;
    this.missing = height;
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    png = !name.endsWith(".ppm") && !name.endsWith(".pgm") && !name.endsWith(".pnm");
    beside = file.resolveSibling("." + file.getFileName() + ".part");
    out = new BufferedOutputStream(Files.newOutputStream(beside), 1 << 16);
    line = new byte[channels * width + 1];
    if (png) {
      out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
      chunk("IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8)
          .put((byte) (channels == 1 ? 0 : 2)).array(), 13);
      pixels = new DeflaterOutputStream(new Chunks(), new Deflater(Deflater.BEST_SPEED), CHUNK);
    } else {
      out.write(("P" + (channels == 1 ? 5 : 6) + "\n" + width + " " + height + "\n255\n")
          .getBytes(StandardCharsets.US_ASCII));
      pixels = out;
    }
  }

  /// Begins a file.
  ///
  /// @param channels 1 or 3
  /// @throws UncheckedIOException if it cannot be written
  public static PictureWriter create(Path file, int channels, int height, int width) {
    try {
      return new PictureWriter(file, channels, height, width);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void chunk(String type, byte[] content, int length) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content, 0, length);
    out.write(ByteBuffer.allocate(4).putInt(length).array());
    out.write(name);
    out.write(content, 0, length);
    out.write(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }

  /// Gathers what the compressor gives into chunks.
  private final class Chunks extends OutputStream {
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream(CHUNK);

    @Override public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override public void write(byte[] bytes, int offset, int length) throws IOException {
      gathered.write(bytes, offset, length);
      if (gathered.size() >= CHUNK) {
        flush();
      }
    }

    @Override public void flush() throws IOException {
      if (gathered.size() > 0) {
        chunk("IDAT", gathered.toByteArray(), gathered.size());
        gathered.reset();
      }
    }
  }

  /// Writes the next row.
  ///
  /// @param row channels · width bytes, channel after channel
  public void write(byte[] row) {
    for (int c = 0; c < channels; c++) {
      for (int x = 0; x < width; x++) {
        line[1 + x * channels + c] = row[c * width + x];
      }
    }
    // Differences to the left neighbour take less room than the values; only PNG knows them.
    if (png) {
      line[0] = 1;
      for (int i = line.length - 1; i > channels; i--) {
        line[i] -= line[i - channels];
      }
    }
    try {
      pixels.write(line, png ? 0 : 1, png ? line.length : line.length - 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    missing--;
  }

  /// Ends the file and moves it into place; if rows are missing, nothing is left of it.
  @Override public void close() {
    try {
      if (missing == 0 && png) {
        ((DeflaterOutputStream) pixels).finish();
        pixels.flush();
        chunk("IEND", new byte[0], 0);
      }
      out.close();
      if (missing == 0) {
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.deleteIfExists(beside);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
