package juanji.image;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

/// The Netpbm formats: P1 and P4 (bits, 1 is black), P2 and P5 (grey), P3 and P6 (colour), up to 16 bits a value.
///
/// A header is the magic, width, height and, except for bits, the largest value, separated by white space; `#` starts
/// a comment up to the end of the line. Source: the `pgm` and `ppm` manual pages of Netpbm.
final class Pnm {
  private final byte[] bytes;
  private int at;

  private Pnm(byte[] bytes) {
    this.bytes = bytes;
  }

  static PictureHeader header(DataInputStream in) throws IOException, UndecodableException {
    // Comments may be long, but not so long: what does not fit here is no picture.
    Pnm reader = new Pnm(in.readNBytes(1 << 16));
    int kind = reader.magic();
    int width = reader.number();
    int height = reader.number();
    return PictureHeader.of(PictureHeader.Format.PNM, width, height, kind % 3 == 0 ? 3 : 1);
  }

  static Picture decode(byte[] bytes) throws IOException, UndecodableException {
    Pnm reader = new Pnm(bytes);
    int kind = reader.magic();
    int width = reader.number();
    int height = reader.number();
    int most = kind == 1 || kind == 4 ? 1 : reader.number();
    if (width < 1 || height < 1 || most < 1 || most > 65_535) {
      throw new UndecodableException("its header claims " + width + " × " + height + " pixels up to " + most);
    }
    int channels = kind % 3 == 0 ? 3 : 1;
    boolean text = kind <= 3;
    long values = (long) width * height * channels;
    if (!text) {
      reader.at++;
    }
    long needed = kind == 4 ? (width + 7L) / 8 * height : values * (text ? 1 : most > 255 ? 2 : 1);
    if (needed > bytes.length - reader.at) {
      throw new UndecodableException("it is cut short: " + width + " × " + height + " pixels take " + needed
          + " bytes, " + Math.max(0, bytes.length - reader.at) + " are there");
    }
    byte[] pixels = new byte[(int) values];
    int plane = width * height;
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < channels; c++) {
        int value = switch (kind) {
          case 1 -> 1 - reader.bit();
          case 4 -> 1 - (bytes[reader.at + i / width * ((width + 7) / 8) + i % width / 8] >> 7 - i % width % 8 & 1);
          case 2, 3 -> reader.number();
          default -> most > 255 ? reader.next() << 8 | reader.next() : reader.next();
        };
        pixels[c * plane + i] = (byte) ((Math.min(value, most) * 255 + most / 2) / most);
      }
    }
    return new Picture(channels, height, width, pixels);
  }

  private int magic() throws IOException {
    next();
    return next() - '0';
  }

  private int next() throws IOException {
    if (at >= bytes.length) {
      throw new EOFException();
    }
    return bytes[at++] & 255;
  }

  private int blank() throws IOException {
    int c = next();
    while (c <= ' ' || c == '#') {
      if (c == '#') {
        while (c != '\n' && c != '\r') {
          c = next();
        }
      }
      c = next();
    }
    return c;
  }

  private int number() throws IOException, UndecodableException {
    int value = 0;
    int c = blank();
    while (c >= '0' && c <= '9') {
      value = value * 10 + c - '0';
      if (value > 100_000_000) {
        throw new UndecodableException("it has a number beyond any picture");
      }
      if (at == bytes.length) {
        return value;
      }
      c = next();
    }
    at--;
    if (c > ' ' && c != '#') {
      throw new UndecodableException("it has a character where a number belongs");
    }
    return value;
  }

  private int bit() throws IOException, UndecodableException {
    int c = blank();
    if (c != '0' && c != '1') {
      throw new UndecodableException("it has a character where a bit belongs");
    }
    return c - '0';
  }
}
