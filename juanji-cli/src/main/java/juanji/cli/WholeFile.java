package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import juanji.model.AtomicFile;

/// Writes files beside their place and moves them there whole.
final class WholeFile {
  private WholeFile() {
  }

  static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  static void write(Path file, byte[] bytes) {
    Path place = file.toAbsolutePath();
    try {
      Files.createDirectories(place.getParent());
      AtomicFile.write(place, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
