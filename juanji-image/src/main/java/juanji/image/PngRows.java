package juanji.image;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// A PNG that is not interlaced, row by row: all colour types and depths, transparent parts over white.
///
/// Source: ISO/IEC 15948, *Portable Network Graphics*.
final class PngRows extends PictureRows {
  private static final int IDAT = 0x49444154;
  private static final int PLTE = 0x504c5445;
  private static final int TRNS = 0x74524e53;
  private static final int IEND = 0x49454e44;

  private final String name;
  private final DataInputStream file;
  private final Inflater inflater = new Inflater();
  private final InputStream pixels;
  private final int depth;
  private final int type;
  private final int samples;
  private byte[] palette = new byte[0];
  private byte[] transparent = new byte[0];
  private byte[] line;
  private byte[] before;
  private int left;

  /// Whether a PNG's rows come in order, and its header is sound.
  static boolean sequential(PictureSource source) throws IOException {
    try (DataInputStream in = new DataInputStream(source.stream())) {
      in.skipNBytes(24);
      int depth = in.readUnsignedByte();
      int type = in.readUnsignedByte();
      in.skipNBytes(2);
      boolean known = type == 0 && Integer.bitCount(depth) == 1 && depth <= 16
          || type == 3 && Integer.bitCount(depth) == 1 && depth <= 8
          || (type == 2 || type == 4 || type == 6) && (depth == 8 || depth == 16);
      return known && in.readUnsignedByte() == 0;
    }
  }

  PngRows(PictureSource source) throws IOException, UndecodableException {
    this(source, new DataInputStream(source.stream()));
  }

  private PngRows(PictureSource source, DataInputStream in) throws IOException, UndecodableException {
    this(source, in, header(in));
  }

  private static int[] header(DataInputStream in) throws IOException {
    in.skipNBytes(16);
    int[] header = {in.readInt(), in.readInt(), in.readUnsignedByte(), in.readUnsignedByte()};
    in.skipNBytes(7);
    return header;
  }

  private PngRows(PictureSource source, DataInputStream in, int[] header) throws IOException, UndecodableException {
    super(header[3] == 0 || header[3] == 4 ? 1 : 3, header[1], header[0]);
    name = source.name();
    file = in;
    depth = header[2];
    type = header[3];
    samples = switch (type) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
    long bytes = ((long) width() * samples * depth + 7) / 8;
    line = new byte[(int) bytes];
    before = new byte[(int) bytes];
    findPixels();
    pixels = new InflaterInputStream(new Chunks(), inflater, 1 << 15);
  }

  /// Reads the chunks in front of the pixels.
  private void findPixels() throws IOException, UndecodableException {
    while (true) {
      int length = file.readInt();
      int kind = file.readInt();
      if (kind == IDAT) {
        left = length;
        return;
      }
      if (length < 0 || kind == IEND) {
        throw new UndecodableException("it is a PNG without pixels");
      }
      if ((kind == PLTE || kind == TRNS) && length <= 768) {
        byte[] content = file.readNBytes(length);
        palette = kind == PLTE ? content : palette;
        transparent = kind == TRNS ? content : transparent;
      } else {
        file.skipNBytes(length);
      }
      file.skipNBytes(4);
    }
  }

  /// The contents of the pixels' chunks behind each other.
  private final class Chunks extends InputStream {
    @Override public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override public int read(byte[] into, int offset, int length) throws IOException {
      while (left == 0) {
        file.skipNBytes(4);
        int next = file.readInt();
        if (file.readInt() != IDAT || next < 0) {
          return -1;
        }
        left = next;
      }
      int n = file.read(into, offset, Math.min(length, left));
      if (n > 0) {
        left -= n;
      }
      return n;
    }
  }

  @Override public void read(byte[] row) {
    try {
      byte[] last = before;
      before = line;
      line = last;
      int filter = pixels.read();
      if (filter < 0 || pixels.readNBytes(line, 0, line.length) < line.length) {
        throw new EOFException("it is cut short");
      }
      unfilter(filter);
    } catch (IOException e) {
      throw unreadable(name, "it is damaged or cut short (" + e.getMessage() + ")");
    }
    if (depth == 8 && transparent.length == 0 && (type == 0 || type == 2)) {
      plain(row);
    } else {
      for (int x = 0; x < width(); x++) {
        pixel(row, x);
      }
    }
  }

  private void unfilter(int filter) throws IOException {
    int step = Math.max(1, samples * depth / 8);
    switch (filter) {
      case 0 -> { }
      case 1 -> {
        for (int i = step; i < line.length; i++) {
          line[i] += line[i - step];
        }
      }
      case 2 -> {
        for (int i = 0; i < line.length; i++) {
          line[i] += before[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < line.length; i++) {
          line[i] += (byte) (((i >= step ? line[i - step] & 255 : 0) + (before[i] & 255)) / 2);
        }
      }
      case 4 -> {
        for (int i = 0; i < line.length; i++) {
          int a = i >= step ? line[i - step] & 255 : 0;
          int b = before[i] & 255;
          int c = i >= step ? before[i - step] & 255 : 0;
          int pa = Math.abs(b - c);
          int pb = Math.abs(a - c);
          int pc = Math.abs(a + b - 2 * c);
          line[i] += (byte) (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
        }
      }
      default -> throw new IOException("a row has the filter " + filter);
    }
  }

  private void plain(byte[] row) {
    int width = width();
    if (samples == 1) {
      System.arraycopy(line, 0, row, 0, width);
    } else {
      for (int x = 0, at = 0; x < width; x++, at += 3) {
        row[x] = line[at];
        row[width + x] = line[at + 1];
        row[2 * width + x] = line[at + 2];
      }
    }
  }

  private int sample(int index) {
    return switch (depth) {
      case 16 -> (line[2 * index] & 255) << 8 | line[2 * index + 1] & 255;
      case 8 -> line[index] & 255;
      default -> (line[index * depth / 8] & 255) >> 8 - depth - index * depth % 8 & (1 << depth) - 1;
    };
  }

  private void pixel(byte[] row, int x) {
    int most = (1 << depth) - 1;
    if (type == 3) {
      int index = sample(x);
      int opacity = index < transparent.length ? transparent[index] & 255 : 255;
      for (int c = 0; c < 3; c++) {
        int at = 3 * index + c;
        row[c * width() + x] = Decoder.over(at < palette.length ? palette[at] & 255 : 0, opacity, 255);
      }
      return;
    }
    int channels = channels();
    int opacity = samples > channels ? sample(x * samples + channels) : most;
    if (transparent.length >= 2 * channels && samples == channels) {
      boolean clear = true;
      for (int c = 0; c < channels; c++) {
        clear &= sample(x * samples + c) == ((transparent[2 * c] & 255) << 8 | transparent[2 * c + 1] & 255);
      }
      opacity = clear ? 0 : most;
    }
    for (int c = 0; c < channels; c++) {
      row[c * width() + x] = Decoder.over(sample(x * samples + c), opacity, most);
    }
  }

  @Override public void close() {
    inflater.end();
    try {
      file.close();
    } catch (IOException e) {
      throw unreadable(name, "it cannot be closed (" + e.getMessage() + ")");
    }
  }
}
