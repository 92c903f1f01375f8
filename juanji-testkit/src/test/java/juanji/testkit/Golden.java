package juanji.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Texts that only change on purpose: `-Djuanji.golden=rewrite` writes the files anew, and the difference belongs into
/// the review.
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private Golden() {
  }

  /// Checks that a text is that of the file.
  static void check(String name, String text) throws IOException {
    String plain = text.replace("\r\n", "\n");
    Path file = FOLDER.resolve(name + ".txt");
    if ("rewrite".equals(System.getProperty("juanji.golden"))) {
      Path beside = FOLDER.resolve(name + ".txt.new");
      Files.createDirectories(FOLDER);
      Files.writeString(beside, plain);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }
    assertEquals(Files.readString(file).replace("\r\n", "\n"), plain, name + " has changed; if it should have, "
        + "run with -Djuanji.golden=rewrite");
  }
}
