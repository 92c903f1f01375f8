package juanji.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// One IDX file of unsigned bytes: its sizes, and one array of bytes for each index of the first axis.
///
/// The header is two zero bytes, the element type (8: unsigned byte), the rank, then the sizes as big-endian 32-bit
/// numbers. Arrays grow with what is really read, so neither a lying header nor a gzip bomb takes memory.
record IdxFile(int[] dims, byte[][] items) {
  private static final int UNSIGNED_BYTE = 8;
  private static final long MOST_BYTES = 1L << 32;
  /// Deflate cannot shrink data further than this.
  private static final long MOST_SHRINKING = 1032;

  static IdxFile read(Path file, int leastRank, int mostRank) {
    long length;
    boolean zipped;
    try (InputStream start = Files.newInputStream(file)) {
      length = Files.size(file);
      byte[] magic = start.readNBytes(2);
      zipped = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        InputStream in = zipped ? new GZIPInputStream(raw, 1 << 16) : raw) {
      return read(file, new DataInputStream(in), length, zipped, leastRank, mostRank);
    } catch (ZipException e) {
      throw damaged(file, "I3: the gzip data is intact; received: " + e.getMessage() + ".", e);
    } catch (EOFException e) {
      throw damaged(file, "I3: the file is as long as its header says; received only part of it.", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static IdxFile read(Path file, DataInputStream in, long length, boolean zipped, int leastRank, int mostRank)
      throws IOException {
    byte[] magic = in.readNBytes(4);
    int rank = magic.length == 4 ? magic[3] : 0;
    if (magic.length < 4 || magic[0] != 0 || magic[1] != 0 || magic[2] != UNSIGNED_BYTE || rank < leastRank
        || rank > mostRank) {
      throw new DataException(file.toString(), "'" + file + "' is not an IDX file of "
          + (leastRank == 1 ? "labels." : "pictures."), "I1: it starts with the bytes 0, 0, 8 (unsigned bytes) and "
          + (leastRank == mostRank ? leastRank : leastRank + " or " + mostRank) + " (the rank); received "
          + Arrays.toString(magic) + ".", "Check that the file is what its name says and that it is complete.");
    }
    int[] dims = new int[rank];
    long total = 1;
    for (int i = 0; i < rank; i++) {
      dims[i] = in.readInt();
      if (dims[i] < 1 || total > MOST_BYTES / dims[i]) {
        throw damaged(file, "I2: every size is at least 1, and all together at most " + MOST_BYTES
            + " bytes; received size " + Integer.toUnsignedString(dims[i]) + " on axis " + i + ".", null);
      }
      total *= dims[i];
    }
    long header = 4 + 4L * rank;
    if (zipped ? total / MOST_SHRINKING > length : header + total != length) {
      throw damaged(file, "I3: " + sizes(dims) + " bytes follow the header of " + header + " bytes; received a file of "
          + length + " bytes" + (zipped ? ", gzipped" : "") + ".", null);
    }
    int each = (int) Math.min(Integer.MAX_VALUE, total / dims[0]);
    List<byte[]> items = new ArrayList<>();
    for (int i = 0; i < dims[0]; i++) {
      byte[] item = in.readNBytes(each);
      if (item.length < each) {
        throw damaged(file, "I3: " + sizes(dims) + " bytes follow the header; received " + ((long) i * each
            + item.length) + ".", null);
      }
      items.add(item);
    }
    if (in.read() >= 0) {
      throw damaged(file, "I3: " + sizes(dims) + " bytes follow the header; received more.", null);
    }
    return new IdxFile(dims, items.toArray(byte[][]::new));
  }

  private static String sizes(int[] dims) {
    StringBuilder text = new StringBuilder();
    for (int d : dims) {
      text.append(text.isEmpty() ? "" : " × ").append(d);
    }
    return text.toString();
  }

  private static DataException damaged(Path file, String why, Throwable cause) {
    return new DataException(file.toString(), "the IDX file '" + file + "' is damaged.", why,
        "Download or copy the file again.", cause);
  }

  private static DataException unreadable(Path file, IOException cause) {
    return new DataException(file.toString(), "'" + file + "' cannot be read.",
        "The system says: " + cause.getMessage() + " (" + cause.getClass().getSimpleName() + ").",
        "Check that the file exists and that you may read it.", cause);
  }
}
