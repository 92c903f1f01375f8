package juanji.image;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/// What the first bytes of a picture say, without decoding it.
///
/// @param format the file format by its first bytes, whatever the name says
/// @param width in pixels, as stored
/// @param height in pixels, as stored
/// @param channels as stored: 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha, or CMYK
/// @param orientation the EXIF orientation, 1 to 8; 1 is upright
/// @param jpeg what else matters for a JPEG
record PictureHeader(Format format, int width, int height, int channels, int orientation, Jpeg jpeg) {
  enum Format { PNG, JPEG, GIF, BMP, PNM, OTHER }

  /// What a JPEG says about its colours and its memory needs.
  ///
  /// @param adobeTransform the transform of an Adobe marker (0 none, 1 YCbCr, 2 YCCK), or -1 without one
  /// @param jfif whether there is a JFIF marker
  /// @param rgbIds whether the components are named R, G, B
  /// @param progressive whether a decoder must keep all coefficients in memory
  record Jpeg(int adobeTransform, boolean jfif, boolean rgbIds, boolean progressive) {
    static final Jpeg NONE = new Jpeg(-1, false, false, false);
  }

  /// Height as a person sees it, after the orientation.
  int seenHeight() {
    return orientation >= 5 ? width : height;
  }

  /// Width as a person sees it, after the orientation.
  int seenWidth() {
    return orientation >= 5 ? height : width;
  }

  static PictureHeader read(PictureSource source) throws UndecodableException {
    try (InputStream in = source.stream()) {
      DataInputStream data = new DataInputStream(in);
      data.mark(64);
      byte[] start = data.readNBytes(32);
      data.reset();
      if (start.length == 0) {
        throw new UndecodableException("the file is empty");
      }
      if (starts(start, 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a)) {
        return png(data);
      }
      if (starts(start, 0xff, 0xd8)) {
        return JpegMarkers.read(data);
      }
      if (starts(start, 'G', 'I', 'F', '8')) {
        return gif(data);
      }
      if (starts(start, 'B', 'M')) {
        return bmp(start);
      }
      if (start[0] == 'P' && start.length > 2 && start[1] >= '1' && start[1] <= '6' && start[2] <= ' ') {
        return Pnm.header(data);
      }
      return other(source);
    } catch (EOFException e) {
      throw new UndecodableException("the file ends within its header");
    } catch (IOException | IllegalArgumentException e) {
      throw new UndecodableException("it cannot be read (" + e.getMessage() + ")");
    }
  }

  static PictureHeader of(Format format, int width, int height, int channels) throws UndecodableException {
    return new PictureHeader(format, width, height, channels, 1, Jpeg.NONE).checked();
  }

  PictureHeader checked() throws UndecodableException {
    if (width < 1 || height < 1) {
      throw new UndecodableException("its header claims " + Integer.toUnsignedString(width) + " × "
          + Integer.toUnsignedString(height) + " pixels");
    }
    return this;
  }

  private static PictureHeader png(DataInputStream in) throws IOException, UndecodableException {
    in.skipNBytes(12);
    if (in.readInt() != 0x49484452) {
      throw new UndecodableException("it is a PNG without an IHDR chunk");
    }
    int width = in.readInt();
    int height = in.readInt();
    in.readByte();
    int channels = switch (in.readByte()) {
      case 0 -> 1;
      case 4 -> 2;
      case 6 -> 4;
      default -> 3;
    };
    return of(Format.PNG, width, height, channels);
  }

  /// The size of the first frame, which is what is decoded, not of the screen around it.
  private static PictureHeader gif(DataInputStream in) throws IOException, UndecodableException {
    in.skipNBytes(10);
    int flags = in.readUnsignedByte();
    in.skipNBytes(2 + ((flags & 0x80) != 0 ? 3L << ((flags & 7) + 1) : 0));
    while (true) {
      int block = in.readUnsignedByte();
      if (block == 0x2c) {
        in.skipNBytes(4);
        int width = Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
        int height = Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
        return of(Format.GIF, width, height, 3);
      }
      if (block != 0x21) {
        throw new UndecodableException("it is a GIF without a picture");
      }
      in.skipNBytes(1);
      for (int n = in.readUnsignedByte(); n > 0; n = in.readUnsignedByte()) {
        in.skipNBytes(n);
      }
    }
  }

  private static PictureHeader bmp(byte[] start) throws IOException, UndecodableException {
    if (start.length < 26) {
      throw new EOFException();
    }
    int header = little(start, 14, 4);
    int width = header == 12 ? little(start, 18, 2) : little(start, 18, 4);
    int height = header == 12 ? little(start, 20, 2) : Math.abs(little(start, 22, 4));
    return of(Format.BMP, width, height, 3);
  }

  /// A format that only ImageIO knows, such as TIFF or WBMP.
  private static PictureHeader other(PictureSource source) throws IOException, UndecodableException {
    try (ImageInputStream input = source.input()) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
      if (!readers.hasNext()) {
        throw new UndecodableException("it is not a picture that can be read, whatever its name says");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(input, true, true);
        return of(Format.OTHER, reader.getWidth(0), reader.getHeight(0), 3);
      } catch (RuntimeException e) {
        throw new UndecodableException("its header is damaged");
      } finally {
        reader.dispose();
      }
    }
  }

  private static boolean starts(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 255) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static int little(byte[] bytes, int at, int count) {
    int value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 255;
    }
    return value;
  }
}
