package juanji.video;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.UndecodableException;

/// A video in an archive. Decoders read here and there, which archives do not allow: it lies in a temporary file while
/// it is open. The file's name is made up; of the entry's own only the extension is kept.
///
/// Constraint: an entry has at most 4 GiB once it is unpacked, whatever the archive claims.
///
/// @param video the video in the temporary file
/// @param file the file
record UnpackedVideo(Video video, Path file) implements Video {
  private static final long MOST_BYTES = 4L << 30;
  private static final int BLOCK = 1 << 16;

  static Video open(Path entry, ImageSize size) throws UndecodableException, IOException {
    Path file = unpacked(entry);
    try {
      return new UnpackedVideo(VideoFile.openFile(file, size), file);
    } catch (UndecodableException | IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  static int[] extent(Path entry) throws UndecodableException, IOException {
    Path file = unpacked(entry);
    try {
      return VideoFile.extentOfFile(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Path unpacked(Path entry) throws UndecodableException, IOException {
    String name = entry.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).replaceAll("[^A-Za-z0-9]", "");
    Path file = Files.createTempFile("juanji-video", "." + extension);
    boolean whole = false;
    try (InputStream in = Files.newInputStream(entry); OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[BLOCK];
      long length = 0;
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        length += n;
        if (length > MOST_BYTES) {
          throw new UndecodableException("it has more than " + (MOST_BYTES >> 30) + " GiB");
        }
        out.write(block, 0, n);
      }
      whole = true;
      return file;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override public int count() {
    return video.count();
  }

  @Override public Picture frame(int index) throws UndecodableException, IOException {
    return video.frame(index);
  }

  @Override public void close() throws IOException {
    try {
      video.close();
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
