package juanji.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import juanji.data.DataException;

/// A picture read row by row, from above, so that its size does not matter.
///
/// PNG (not interlaced) and binary PGM and PPM are read as they come; other formats in strips of about 8 megapixels,
/// and pictures that must be turned upright, are interlaced or are progressive JPEGs as a whole, up to
/// [Decoder#MOST_UNTHINNED] pixels.
///
/// ```java
/// try (PictureRows rows = PictureRows.open(Path.of("photo.png"))) {
///   byte[] row = new byte[rows.channels() * rows.width()];
///   rows.read(row);                         // channel after channel
/// }
/// ```
public abstract class PictureRows implements AutoCloseable {
  /// The widest picture: rows of it are kept in memory.
  public static final int WIDEST = 300_000;

  private final int channels;
  private final int height;
  private final int width;

  PictureRows(int channels, int height, int width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  /// Opens a picture.
  ///
  /// @throws DataException if the file is missing, is no picture, or is beyond a limit
  public static PictureRows open(Path file) {
    String reason;
    try {
      if (!Files.isRegularFile(file)) {
        reason = Files.exists(file) ? "it is not a file" : "there is no such file";
      } else {
        return open(new PictureSource.OnDisk(file.toString(), file, Files.size(file)));
      }
    } catch (UndecodableException e) {
      reason = e.getMessage();
    } catch (IOException e) {
      reason = "it cannot be read (" + e.getMessage() + ")";
    }
    throw unreadable(file.toString(), reason);
  }

  private static PictureRows open(PictureSource source) throws UndecodableException, IOException {
    PictureHeader header = PictureHeader.read(source);
    Decoder.checkClaim(header, source.length());
    if (header.width() > WIDEST) {
      throw new UndecodableException("it is " + header.width() + " pixels wide, more than the limit of " + WIDEST);
    }
    return switch (header.format()) {
      case PNG -> PngRows.sequential(source) ? new PngRows(source) : RegionRows.of(source, header);
      case PNM -> PnmRows.binary(source) ? new PnmRows(source) : RegionRows.of(source, header);
      default -> RegionRows.of(source, header);
    };
  }

  static DataException unreadable(String name, String reason) {
    return new DataException(name, "the picture '" + name + "' cannot be read.",
        "A picture is a complete PNG, JPEG, BMP, GIF, PGM or PPM file; received: " + reason + ".",
        "Check the path, or save the picture again as PNG or JPEG.");
  }

  /// 1 (grey) or 3 (red, green, blue).
  public final int channels() {
    return channels;
  }

  /// The number of rows.
  public final int height() {
    return height;
  }

  /// The number of pixels in a row.
  public final int width() {
    return width;
  }

  /// Reads the next row.
  ///
  /// @param row takes channels · width bytes, channel after channel
  /// @throws DataException if the file is damaged or cut short
  public abstract void read(byte[] row);

  @Override public abstract void close();

  /// The same picture in grey; closing it closes this one.
  public final PictureRows grey() {
    return channels == 1 ? this : new Grey(this);
  }

  private static final class Grey extends PictureRows {
    private final PictureRows colour;
    private final byte[] row;

    Grey(PictureRows colour) {
      super(1, colour.height, colour.width);
      this.colour = colour;
      this.row = new byte[3 * colour.width];
    }

    @Override public void read(byte[] into) {
      colour.read(row);
      byte[] grey = new Picture(3, 1, width(), row).grey().pixels();
      System.arraycopy(grey, 0, into, 0, grey.length);
    }

    @Override public void close() {
      colour.close();
    }
  }
}
