package juanji.image;

import juanji.data.Framing;
import juanji.data.Preprocessing;
import juanji.tensor.Shape;

/// What pictures are brought to: channels, height, width, and how other proportions are treated.
///
/// Constraints: C1 channels is 1 (grey) or 3 (red, green, blue); C2 height and width are from 1 to 8192.
///
/// ```java
/// ImageSize colour = ImageSize.size(224, 224);
/// ImageSize letterboxed = ImageSize.size(28, 28).grey().framing(Framing.FIT);
/// ```
///
/// @param channels 1 or 3
/// @param height in pixels
/// @param width in pixels
/// @param framing how a picture of other proportions is treated
public record ImageSize(int channels, int height, int width, Framing framing) {
  /// The largest height and width.
  public static final int LARGEST = 8192;

  /// Checks the constraints.
  ///
  /// @throws IllegalArgumentException if one is broken
  public ImageSize {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("pictures cannot be read with " + channels + " channels.\n"
          + "  C1: channels is 1 (grey) or 3 (red, green, blue); received " + channels + ".\n"
          + "  Use 1 or 3.");
    }
    if (height < 1 || width < 1 || height > LARGEST || width > LARGEST) {
      throw new IllegalArgumentException("pictures cannot be brought to " + height + " × " + width + " pixels.\n"
          + "  C2: height and width are from 1 to " + LARGEST + "; received " + height + " and " + width + ".\n"
          + "  Common sizes are 28, 32, 64, 128 and 224.");
    }
  }

  /// A size in colour, stretched.
  public static ImageSize size(int height, int width) {
    return new ImageSize(3, height, width, Framing.STRETCH);
  }

  /// The size that a trained model's pictures have.
  public static ImageSize of(Preprocessing pre) {
    return new ImageSize(pre.channels(), pre.height(), pre.width(), pre.framing());
  }

  /// The same in grey.
  public ImageSize grey() {
    return new ImageSize(1, height, width, framing);
  }

  /// The same in colour.
  public ImageSize colour() {
    return new ImageSize(3, height, width, framing);
  }

  /// The same with another framing.
  public ImageSize framing(Framing other) {
    return new ImageSize(channels, height, width, other);
  }

  /// Channels × height × width.
  public Shape shape() {
    return Shape.of(channels, height, width);
  }
}
