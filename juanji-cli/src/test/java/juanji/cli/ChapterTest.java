package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `chapter` command.
class ChapterTest {
  @Test void aloneItListsTheSections() {
    Cli.Outcome outcome = Cli.run("chapter");
    assertEquals(0, outcome.code());
    assertEquals(21, outcome.out().lines().count());
    assertTrue(Cli.run("chapter", "--language", "zh").out().contains("转置卷积"));
  }

  @Test void aSectionIsMeasuredAndWritten(@TempDir Path folder) {
    Path out = folder.resolve("book");
    Cli.Outcome outcome = Cli.run("chapter", "18", "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("1,000,000,000,000\n"), outcome.out());
    assertTrue(outcome.out().contains("4 of 4 hold\n"), outcome.out());
    assertTrue(Files.exists(out.resolve("section-18.zh.html")) && Files.exists(out.resolve("index.html")));
  }

  @Test void wrongUseIsExplained() {
    assertEquals("the chapter has no section 'x'.\n  SECTION is a number from 1 to 21, or all; received 'x'.\n"
        + "  Leave it out to see what there is.\n", Cli.run("chapter", "x").err());
    assertEquals(2, Cli.run("chapter", "99").code());
    assertEquals(2, Cli.run("chapter", "1", "--language", "fr").code());
  }
}
