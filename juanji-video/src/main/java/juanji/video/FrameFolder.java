package juanji.video;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import juanji.data.NaturalOrder;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.PictureFile;
import juanji.image.UndecodableException;

/// A video as a folder of pictures, one per frame, in natural order of their names (`frame2` before `frame10`).
final class FrameFolder implements Video {
  private static final long MOST_BYTES = 128L << 20;

  private final List<Path> files;
  private final ImageSize size;

  private FrameFolder(List<Path> files, ImageSize size) {
    this.files = files;
    this.size = size;
  }

  static FrameFolder open(Path folder, ImageSize size) throws UndecodableException, IOException {
    return new FrameFolder(frames(folder), size);
  }

  static int[] extent(Path folder) throws UndecodableException, IOException {
    return PictureFile.extent(frames(folder).getFirst());
  }

  private static List<Path> frames(Path folder) throws UndecodableException, IOException {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files = all.filter(Files::isRegularFile).filter(f -> PictureFile.named(f.getFileName().toString()))
          .sorted((a, b) -> NaturalOrder.INSTANCE.compare(a.getFileName().toString(), b.getFileName().toString()))
          .toList();
      if (files.isEmpty()) {
        throw new UndecodableException("the folder has no pictures");
      }
      return files;
    }
  }

  @Override public int count() {
    return files.size();
  }

  @Override public Picture frame(int index) throws UndecodableException, IOException {
    Path file = files.get(index);
    long length = Files.size(file);
    String name = file.getFileName().toString();
    if (length > MOST_BYTES) {
      throw tooLong(name);
    }
    try {
      return PictureFile.decode(name, content(file, name), size);
    } catch (UndecodableException e) {
      throw new UndecodableException("of its frame '" + name + "': " + e.getMessage());
    }
  }

  /// What of an archive's entry is read does not depend on the length that it claims.
  private static byte[] content(Path file, String name) throws UndecodableException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw tooLong(name);
      }
      return bytes;
    }
  }

  private static UndecodableException tooLong(String name) {
    return new UndecodableException("its frame '" + name + "' has more than " + (MOST_BYTES >> 20) + " MiB");
  }

  @Override public void close() {
    // Each frame's file is closed once it is read.
  }
}
