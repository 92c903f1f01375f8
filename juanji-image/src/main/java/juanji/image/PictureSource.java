package juanji.image;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/// One encoded picture: a file, or an entry of an open archive.
interface PictureSource {
  /// What is read into memory at most; larger files are read from disk piece by piece, larger entries refused.
  int LARGEST_IN_MEMORY = 128 << 20;

  /// The path, `/` between its parts, relative to what was opened.
  String name();

  /// The length in bytes; for an entry what its archive claims, or -1.
  long length();

  /// The bytes from the first on.
  InputStream stream() throws IOException;

  /// The bytes with random access.
  ImageInputStream input() throws IOException, UndecodableException;

  /// The bytes in memory.
  default byte[] bytes() throws IOException, UndecodableException {
    try (InputStream in = stream()) {
      byte[] bytes = in.readNBytes(LARGEST_IN_MEMORY + 1);
      if (bytes.length > LARGEST_IN_MEMORY) {
        throw new UndecodableException("it has more than " + (LARGEST_IN_MEMORY >> 20) + " MiB");
      }
      return bytes;
    }
  }

  /// A file on disk.
  record OnDisk(String name, Path file, long length) implements PictureSource {
    @Override public InputStream stream() throws IOException {
      return new BufferedInputStream(Files.newInputStream(file), 4096);
    }

    @Override public ImageInputStream input() throws IOException, UndecodableException {
      return length > LARGEST_IN_MEMORY / 4 ? new FileImageInputStream(file.toFile()) : new ByteInput(bytes());
    }
  }

  /// Bytes that were read already, such as a frame of a video.
  record InMemory(String name, byte[] content) implements PictureSource {
    @Override public long length() {
      return content.length;
    }

    @Override public InputStream stream() {
      return new ByteArrayInputStream(content);
    }

    @Override public ImageInputStream input() {
      return new ByteInput(content);
    }

    @Override public byte[] bytes() {
      return content;
    }
  }

  /// An entry of an archive, which stays open as long as its entries are read. Entries are only read: nothing is ever
  /// written under their names.
  record InZip(String name, ZipFile zip, ZipEntry entry) implements PictureSource {
    @Override public long length() {
      return entry.getSize();
    }

    @Override public InputStream stream() throws IOException {
      return new BufferedInputStream(new BoundedStream(zip.getInputStream(entry), LARGEST_IN_MEMORY + 1), 4096);
    }

    @Override public ImageInputStream input() throws IOException, UndecodableException {
      return new ByteInput(bytes());
    }
  }
}
