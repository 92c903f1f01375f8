package juanji.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import juanji.data.DataException;
import juanji.data.Preprocessing;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// One picture in a file, for a prediction.
///
/// ```java
/// Tensor photo = PictureFile.read(Path.of("cat.jpg"), preprocessing);      // 1 × 3 × 224 × 224
/// ```
public final class PictureFile {
  private PictureFile() {
  }

  /// The picture brought to the size of a model and normalised as its training pictures were: 1 × channels × height ×
  /// width.
  ///
  /// @throws DataException if the file is missing or cannot be decoded
  public static Tensor read(Path file, Preprocessing pre) {
    Picture picture = read(file, ImageSize.of(pre));
    float[] values = new float[picture.pixels().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (picture.pixels()[i] & 255) / 255f;
    }
    pre.normalise(values, 0);
    return Tensor.of(Shape.of(1, pre.channels(), pre.height(), pre.width()), values);
  }

  /// Whether a file's name is that of a picture, by its extension.
  public static boolean named(String name) {
    return Listing.picture(name);
  }

  /// A picture in memory, such as a frame of a video, brought to a size.
  ///
  /// @param name what names it in messages
  /// @param content all bytes of a picture's file
  /// @throws UndecodableException if it cannot be decoded
  public static Picture decode(String name, byte[] content, ImageSize size) throws UndecodableException {
    return new Decoder(size).decode(new PictureSource.InMemory(name, content));
  }

  /// Height and width of a picture as a person sees it, from its header alone.
  ///
  /// @throws UndecodableException if there is none
  public static int[] extent(Path file) throws UndecodableException {
    try {
      PictureHeader header = PictureHeader.read(new PictureSource.OnDisk(file.toString(), file, Files.size(file)));
      return new int[] {header.seenHeight(), header.seenWidth()};
    } catch (IOException e) {
      throw new UndecodableException("it cannot be read (" + e.getMessage() + ")");
    }
  }

  /// The picture brought to a size.
  ///
  /// @throws DataException if the file is missing or cannot be decoded
  public static Picture read(Path file, ImageSize size) {
    String reason;
    try {
      if (!Files.isRegularFile(file)) {
        reason = Files.exists(file) ? "it is not a file" : "there is no such file";
      } else {
        return new Decoder(size).decode(new PictureSource.OnDisk(file.toString(), file, Files.size(file)));
      }
    } catch (UndecodableException e) {
      reason = e.getMessage();
    } catch (IOException e) {
      reason = "it cannot be read (" + e.getMessage() + ")";
    }
    throw new DataException(file.toString(), "the picture '" + file + "' cannot be read.",
        "A picture is a complete PNG, JPEG, BMP, GIF, PGM or PPM file; received: " + reason + ".",
        "Check the path, or save the picture again as PNG or JPEG.");
  }
}
