package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import juanji.draw.Page;

/// Writes pages and drawings beside their place and then moves them into it.
final class PageFile {
  private PageFile() {
  }

  static void write(Path file, Page page) {
    write(file, page.html());
  }

  static void folder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    Path folder = file.toAbsolutePath().getParent();
    folder(folder);
    try {
      Path beside = folder.resolve("." + file.getFileName() + ".part");
      Files.writeString(beside, text);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
