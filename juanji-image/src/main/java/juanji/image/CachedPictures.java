package juanji.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import juanji.data.Dataset;
import juanji.tensor.Shape;

/// Pictures that are larger than memory: decoded once into a file at one byte a value, and read from there, by as many
/// threads as like. The system keeps in memory what it has room for.
///
/// The file has no name any more once it is open, where the system allows that; elsewhere it is deleted when Java ends.
final class CachedPictures implements Dataset {
  /// Where pictures are put as they are decoded.
  static final class Store {
    private final FileChannel channel;
    private final int length;

    private Store(FileChannel channel, int length) {
      this.channel = channel;
      this.length = length;
    }

    /// A new file in the folder for temporary ones.
    static Store of(Shape shape) throws IOException {
      Path file = Files.createTempFile("juanji-pictures-", ".cache");
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
      return new Store(channel, shape.length());
    }

    /// The bytes that there is room for.
    static long room() {
      try {
        return Files.getFileStore(Path.of(System.getProperty("java.io.tmpdir"))).getUsableSpace();
      } catch (IOException e) {
        return 0;
      }
    }

    void put(int slot, byte[] pixels) {
      ByteBuffer bytes = ByteBuffer.wrap(pixels);
      long at = (long) slot * length;
      try {
        while (bytes.hasRemaining()) {
          at += channel.write(bytes, at);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("pictures cannot be kept in " + System.getProperty("java.io.tmpdir"), e);
      }
    }

    void read(int slot, byte[] into) {
      ByteBuffer bytes = ByteBuffer.wrap(into);
      long at = (long) slot * length;
      try {
        while (bytes.hasRemaining()) {
          int n = channel.read(bytes, at);
          if (n < 0) {
            throw new EOFException("the file of decoded pictures is shorter than it was");
          }
          at += n;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Store store;
  private final Shape shape;
  private final List<String> classes;
  private final int[] slots;
  private final int[] labels;
  private final String[] sources;

  /// @param slots where each picture is in the store
  CachedPictures(Store store, Shape shape, List<String> classes, int[] slots, int[] labels, String[] sources) {
    this.store = store;
    this.shape = shape;
    this.classes = List.copyOf(classes);
    this.slots = slots;
    this.labels = labels;
    this.sources = sources;
  }

  @Override public Shape shape() {
    return shape;
  }

  @Override public List<String> classes() {
    return classes;
  }

  @Override public int size() {
    return labels.length;
  }

  @Override public int label(int index) {
    return labels[index];
  }

  @Override public void read(int index, float[] into, int offset) {
    byte[] pixels = new byte[shape.length()];
    store.read(slots[index], pixels);
    for (int i = 0; i < pixels.length; i++) {
      into[offset + i] = (pixels[i] & 255) / 255f;
    }
  }

  @Override public String source(int index) {
    return sources[index];
  }

  @Override public String toString() {
    return "CachedPictures(" + size() + " of " + shape + ", " + classes.size() + " classes)";
  }
}
