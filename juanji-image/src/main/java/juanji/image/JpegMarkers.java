package juanji.image;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Walks the markers of a JPEG up to the frame header: size, components, colour marks and EXIF orientation.
final class JpegMarkers {
  private static final int ORIENTATION_TAG = 0x112;

  private JpegMarkers() {
  }

  static PictureHeader read(DataInputStream in) throws IOException, UndecodableException {
    in.skipNBytes(2);
    int orientation = 1;
    int transform = -1;
    boolean jfif = false;
    while (true) {
      int marker = marker(in);
      if (marker == 0xd9 || marker == 0xda) {
        throw new UndecodableException("it is a JPEG without a frame header");
      }
      int length = in.readUnsignedShort() - 2;
      if (length < 0) {
        throw new UndecodableException("it is a JPEG with a damaged header");
      }
      if (frame(marker)) {
        return frame(in, marker, length, orientation, transform, jfif);
      }
      boolean wanted = marker == 0xe0 || marker == 0xe1 || marker == 0xee;
      if (!wanted) {
        in.skipNBytes(length);
        continue;
      }
      byte[] body = in.readNBytes(length);
      jfif |= marker == 0xe0 && starts(body, "JFIF\0");
      if (marker == 0xe1 && starts(body, "Exif\0\0")) {
        orientation = orientation(body);
      }
      if (marker == 0xee && starts(body, "Adobe") && body.length >= 12) {
        transform = body[11] & 255;
      }
    }
  }

  private static int marker(DataInputStream in) throws IOException, UndecodableException {
    int b = in.readUnsignedByte();
    if (b != 0xff) {
      throw new UndecodableException("it is a JPEG with a damaged header");
    }
    while (b == 0xff) {
      b = in.readUnsignedByte();
    }
    return b;
  }

  /// The start-of-frame markers are 0xc0 to 0xcf without DHT, JPG and DAC.
  private static boolean frame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static PictureHeader frame(DataInputStream in, int marker, int length, int orientation, int transform,
      boolean jfif) throws IOException, UndecodableException {
    byte[] body = in.readNBytes(length);
    if (body.length < 6 || body.length < 6 + 3 * (body[5] & 255)) {
      throw new UndecodableException("it is a JPEG with a damaged frame header");
    }
    ByteBuffer frame = ByteBuffer.wrap(body);
    int height = Short.toUnsignedInt(frame.getShort(1));
    int width = Short.toUnsignedInt(frame.getShort(3));
    int channels = body[5] & 255;
    boolean rgb = channels == 3 && body[6] == 'R' && body[9] == 'G' && body[12] == 'B';
    boolean progressive = (marker & 3) == 2;
    return new PictureHeader(PictureHeader.Format.JPEG, width, height, channels, orientation,
        new PictureHeader.Jpeg(transform, jfif, rgb, progressive)).checked();
  }

  /// The orientation in an EXIF block: a TIFF structure whose first directory has the tag. Damage reads as upright.
  private static int orientation(byte[] body) {
    try {
      ByteBuffer tiff = ByteBuffer.wrap(body, 6, body.length - 6).slice();
      tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int directory = tiff.getInt(4);
      int entries = Short.toUnsignedInt(tiff.getShort(directory));
      for (int i = 0; i < entries; i++) {
        int entry = directory + 2 + 12 * i;
        if (Short.toUnsignedInt(tiff.getShort(entry)) == ORIENTATION_TAG) {
          int value = Short.toUnsignedInt(tiff.getShort(entry + 8));
          return value >= 1 && value <= 8 ? value : 1;
        }
      }
      return 1;
    } catch (IndexOutOfBoundsException e) {
      return 1;
    }
  }

  private static boolean starts(byte[] body, String text) {
    byte[] magic = text.getBytes(StandardCharsets.US_ASCII);
    return body.length >= magic.length && Arrays.equals(body, 0, magic.length, magic, 0, magic.length);
  }
}
