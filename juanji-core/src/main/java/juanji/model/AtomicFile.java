package juanji.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/// Files that are replaced whole: written beside, forced to disk, and then moved into place.
public final class AtomicFile {
  private AtomicFile() {
  }

  /// Writes a file's content.
  public interface Content {
    /// Writes it.
    void write(FileChannel channel) throws IOException;
  }

  /// Writes a file, replacing what was there whole.
  ///
  /// @throws IOException if it cannot be written; then the file is as it was before
  public static void write(Path file, Content content) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.write(channel);
        channel.force(true);
      }
      try {
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /// Writes a file of some bytes, replacing what was there whole.
  ///
  /// @throws IOException if it cannot be written; then the file is as it was before
  public static void write(Path file, byte[] content) throws IOException {
    write(file, channel -> all(channel, ByteBuffer.wrap(content)));
  }

  /// Writes all of a buffer.
  static void all(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /// Why a file cannot be written, in words: what is in its way, or what the system says.
  ///
  /// @param e what writing it gave
  public static String reason(Path file, IOException e) {
    Path folder = file.toAbsolutePath().getParent();
    return Files.isDirectory(file) ? "a folder of that name"
        : folder != null && !Files.exists(folder) ? "no folder '" + folder + "'"
        : folder != null && !Files.isDirectory(folder) ? "'" + folder + "', which is no folder"
        : e instanceof FileSystemException system && system.getReason() != null ? system.getReason() : reason(e);
  }

  /// An input or output error in words.
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file or folder";
      case AccessDeniedException denied -> "access denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
