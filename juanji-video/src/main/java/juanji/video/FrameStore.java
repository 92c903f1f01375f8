package juanji.video;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/// Where decoded frames are kept: in memory, or where they are too many in a file of the folder for temporary ones,
/// which has no name any more once it is open, where the system allows that. Thread-safe.
sealed interface FrameStore {
  /// Keeps the frames of a video.
  ///
  /// @param video its number
  void put(int video, byte[] frames);

  /// The frames of a video that were put.
  byte[] get(int video);

  /// The bytes kept of a video.
  int length(int video);

  /// In memory.
  static FrameStore inMemory(int videos) {
    return new InMemory(new byte[videos][]);
  }

  /// In a file.
  static FrameStore onDisk(int videos) throws IOException {
    Path file = Files.createTempFile("juanji-frames-", ".cache");
    return new OnDisk(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE), new long[videos], new int[videos], new AtomicLong());
  }

  /// In memory.
  record InMemory(byte[][] all) implements FrameStore {
    @Override public void put(int video, byte[] frames) {
      all[video] = frames;
    }

    @Override public byte[] get(int video) {
      return all[video];
    }

    @Override public int length(int video) {
      return all[video].length;
    }
  }

  /// In a file, one video behind the other as they come.
  record OnDisk(FileChannel channel, long[] places, int[] lengths, AtomicLong end) implements FrameStore {
    @Override public void put(int video, byte[] frames) {
      places[video] = end.getAndAdd(frames.length);
      lengths[video] = frames.length;
      ByteBuffer bytes = ByteBuffer.wrap(frames);
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes, places[video] + bytes.position());
        }
      } catch (IOException e) {
        throw new UncheckedIOException("frames cannot be kept in " + System.getProperty("java.io.tmpdir"), e);
      }
    }

    @Override public byte[] get(int video) {
      ByteBuffer bytes = ByteBuffer.allocate(lengths[video]);
      try {
        while (bytes.hasRemaining()) {
          if (channel.read(bytes, places[video] + bytes.position()) < 0) {
            throw new EOFException("the file of decoded frames is shorter than it was");
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.array();
    }

    @Override public int length(int video) {
      return lengths[video];
    }
  }
}
