package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import juanji.draw.Page;

/// Writes pages, and makes the folders for what belongs to them.
final class PageFile {
  private PageFile() {
  }

  static void write(Path file, Page page) {
    WholeFile.write(file, page.html());
  }

  static void folder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
