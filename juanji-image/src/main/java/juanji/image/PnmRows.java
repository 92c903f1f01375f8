package juanji.image;

import java.io.DataInputStream;
import java.io.IOException;

/// A binary PGM or PPM of 8 bits a value, row by row.
final class PnmRows extends PictureRows {
  private static final int HEADER = 1 << 12;

  private final String name;
  private final DataInputStream file;
  private final byte[] line;

  private record Header(int kind, int width, int height, int most, int length) {
  }

  /// Whether a file is one, with a header of ordinary length.
  static boolean binary(PictureSource source) throws IOException {
    try (DataInputStream in = new DataInputStream(source.stream())) {
      Header header = header(in.readNBytes(HEADER));
      return (header.kind == 5 || header.kind == 6) && header.most == 255 && header.length > 0;
    }
  }

  PnmRows(PictureSource source) throws IOException {
    this(source, new DataInputStream(source.stream()), header(start(source)));
  }

  private static byte[] start(PictureSource source) throws IOException {
    try (DataInputStream in = new DataInputStream(source.stream())) {
      return in.readNBytes(HEADER);
    }
  }

  private PnmRows(PictureSource source, DataInputStream in, Header header) throws IOException {
    super(header.kind == 6 ? 3 : 1, header.height, header.width);
    name = source.name();
    file = in;
    in.skipNBytes(header.length);
    line = new byte[channels() * width()];
  }

  /// The header; its length is 0 if it does not end within the bytes.
  private static Header header(byte[] bytes) {
    int[] numbers = new int[3];
    int at = 2;
    for (int i = 0; i < 3; i++) {
      while (at < bytes.length && (bytes[at] <= ' ' || bytes[at] == '#')) {
        if (bytes[at] == '#') {
          while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
          }
        } else {
          at++;
        }
      }
      while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && numbers[i] < 100_000_000) {
        numbers[i] = 10 * numbers[i] + bytes[at++] - '0';
      }
    }
    boolean complete = at < bytes.length && bytes[at] <= ' ' && numbers[0] > 0 && numbers[1] > 0;
    return new Header(bytes.length > 1 ? bytes[1] - '0' : 0, numbers[0], numbers[1], numbers[2], complete ? at + 1 : 0);
  }

  @Override public void read(byte[] row) {
    try {
      file.readFully(line);
    } catch (IOException e) {
      throw unreadable(name, "it is cut short");
    }
    int channels = channels();
    for (int c = 0; c < channels; c++) {
      for (int x = 0; x < width(); x++) {
        row[c * width() + x] = line[x * channels + c];
      }
    }
  }

  @Override public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw unreadable(name, "it cannot be closed (" + e.getMessage() + ")");
    }
  }
}
