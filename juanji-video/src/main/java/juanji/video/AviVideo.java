package juanji.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.PictureFile;
import juanji.image.UndecodableException;

/// An AVI file whose frames are JPEGs (motion JPEG), as cameras and microscopes write them.
///
/// An AVI is a RIFF file: chunks of a name, a length and content, some of them lists of chunks. `hdrl` has one list
/// `strl` per stream, with `strh` (the kind, `vids`) and `strf` (a bitmap header: width, height, compression); `movi`
/// has the frames of stream 0 as chunks `00dc` or `00db`. Large files go on in further RIFF chunks `AVIX` (OpenDML).
/// The index is not needed: chunks are walked through. A frame of no bytes repeats the one before.
///
/// Constraints, checked before memory is allocated: chunks lie within the file; a frame has 64 MiB at most; there are
/// at most ten million.
final class AviVideo implements Video {
  private static final Set<String> JPEGS = Set.of("MJPG", "JPEG", "AVRN", "IJPG", "DMB1");
  private static final int MOST_FRAME = 64 << 20;
  private static final int DEEPEST = 16;
  private static final int MOST_FRAMES = 10_000_000;

  private final FileChannel channel;
  private final ImageSize size;
  private final List<Chunk> frames = new ArrayList<>();
  private int stream = -1;
  private int streams;
  private int height;
  private int width;
  private String compression = "";

  /// Where a frame lies.
  private record Chunk(long from, int length) {
  }

  private AviVideo(FileChannel channel, ImageSize size) {
    this.channel = channel;
    this.size = size;
  }

  static AviVideo open(Path file, ImageSize size) throws UndecodableException, IOException {
    FileChannel channel = FileChannel.open(file);
    AviVideo video = new AviVideo(channel, size);
    try {
      video.walk(0, channel.size(), "", 0);
      video.check();
      return video;
    } catch (UndecodableException | IOException e) {
      channel.close();
      throw e;
    }
  }

  static int[] extent(Path file) throws UndecodableException, IOException {
    try (AviVideo video = open(file, ImageSize.size(1, 1))) {
      return new int[] {video.height, video.width};
    }
  }

  private void check() throws UndecodableException {
    if (stream < 0) {
      throw new UndecodableException("it is an AVI without a stream of pictures");
    }
    if (!JPEGS.contains(compression.toUpperCase(Locale.ROOT))) {
      throw new UndecodableException("its pictures are compressed by '" + compression.replaceAll("[^ -~]", "?")
          + "', not as motion JPEG");
    }
    if (frames.isEmpty()) {
      throw new UndecodableException("it has no frames");
    }
  }

  private void walk(long from, long end, String list, int depth) throws UndecodableException, IOException {
    if (depth > DEEPEST) {
      throw new UndecodableException("its lists lie more than " + DEEPEST + " deep");
    }
    long at = from;
    while (at + 8 <= end) {
      ByteBuffer head = bytes(at, (int) Math.min(12, end - at));
      String name = name(head, 0);
      long length = Integer.toUnsignedLong(head.getInt(4));
      if (at + 8 + length > end) {
        // Programs that were stopped leave lengths of 0 or too large for lists; what is within decides.
        if (!name.equals("RIFF") && !name.equals("LIST")) {
          throw new UndecodableException("it is cut short: its " + (frames.isEmpty() ? "chunk '"
              + name.replaceAll("[^ -~]", "?") + "'" : "frame " + (frames.size() + 1)) + " claims "
              + length + " bytes, " + (end - at - 8) + " are there");
        }
        length = end - at - 8;
      }
      if ((name.equals("RIFF") || name.equals("LIST")) && head.limit() == 12 && length >= 4) {
        String inside = name(head, 8);
        if (inside.equals("strl")) {
          streams++;
        }
        walk(at + 12, at + 8 + length, inside, depth + 1);
      } else {
        chunk(name, at + 8, length, list);
      }
      at += 8 + length + (length & 1);
    }
  }

  private void chunk(String name, long from, long length, String list) throws UndecodableException, IOException {
    if (list.equals("strl") && name.equals("strh") && length >= 8 && stream < 0
        && name(bytes(from, 8), 0).equals("vids")) {
      stream = streams - 1;
    } else if (list.equals("strl") && name.equals("strf") && stream == streams - 1 && length >= 20) {
      ByteBuffer format = bytes(from, 20);
      width = format.getInt(4);
      height = Math.abs(format.getInt(8));
      compression = name(format, 16);
    } else if ((list.equals("movi") || list.equals("rec ")) && frame(name)) {
      if (length > MOST_FRAME || frames.size() >= MOST_FRAMES) {
        throw new UndecodableException("its frame " + (frames.size() + 1) + " has " + length + " bytes, more than the "
            + "limit of " + MOST_FRAME + ", or is one of too many");
      }
      if (length > 0) {
        frames.add(new Chunk(from, (int) length));
      } else if (!frames.isEmpty()) {
        frames.add(frames.getLast());
      }
    }
  }

  private boolean frame(String name) {
    return stream >= 0 && stream < 100 && (name.equals(String.format(Locale.ROOT, "%02ddc", stream))
        || name.equals(String.format(Locale.ROOT, "%02ddb", stream)));
  }

  private ByteBuffer bytes(long from, int length) throws IOException, UndecodableException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new UndecodableException("it is cut short");
      }
    }
    return bytes.flip();
  }

  private static String name(ByteBuffer bytes, int at) {
    return new String(bytes.array(), at, 4, StandardCharsets.ISO_8859_1);
  }

  @Override public int count() {
    return frames.size();
  }

  @Override public Picture frame(int index) throws UndecodableException, IOException {
    Chunk chunk = frames.get(index);
    try {
      return PictureFile.decode("frame " + (index + 1), HuffmanTables.in(bytes(chunk.from, chunk.length).array()),
          size);
    } catch (UndecodableException e) {
      throw new UndecodableException("of its frame " + (index + 1) + " of " + count() + ": " + e.getMessage());
    }
  }

  @Override public void close() throws IOException {
    channel.close();
  }
}
