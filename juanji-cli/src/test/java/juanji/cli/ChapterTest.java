package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import juanji.lab.Laboratories;
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

  @Test void laboratoriesAreListedRunAndWritten(@TempDir Path folder) throws IOException {
    Cli.Outcome list = Cli.run("lab");
    assertEquals(0, list.code());
    assertEquals(Laboratories.all().size(), list.out().lines().count());
    assertTrue(Cli.run("lab", "--language", "zh").out().contains("棋盘效应"));
    Path out = folder.resolve("lab");
    Cli.Outcome outcome = Cli.run("lab", "transposed", "--numbers", "2 0; 1 3", "--kernel", "1 2; 3 4", "--stride", "1",
        "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("1 × 3 × 3\n") && outcome.out().contains("7 of 7 hold\n"), outcome.out());
    assertTrue(Files.readString(out.resolve("index.zh.html")).contains("numbers 2 0; 1 3, kernel 1 2; 3 4, stride 1"));
    assertTrue(Files.exists(out.resolve("index.html")));
  }

  @Test void ownPicturesAndDataAreRead(@TempDir Path folder) {
    Path pictures = Cli.pictures(folder.resolve("people"), 10, "ann", "bob", "cleo");
    Cli.Outcome shifts = Cli.run("lab", "shifts", "--picture", pictures.resolve("ann/0.png"), "--side", 20,
        "--language", "zh");
    assertEquals(0, shifts.code(), shifts.err());
    assertTrue(shifts.out().contains("池化没有权重"), shifts.out());
    Path out = folder.resolve("faces");
    Cli.Outcome faces = Cli.run("lab", "faces", "--data", pictures, "--side", 24, "--seen", 100, "--out", out);
    assertEquals(0, faces.code(), faces.err());
    assertTrue(faces.out().contains("28800") || faces.out().contains(" : 200"), faces.out());
  }

  @Test void wrongUseOfLaboratoriesIsExplained(@TempDir Path folder) {
    assertEquals("the laboratory cannot take this kernel.\n  C2: kernel is a whole number from 1 to 15; received "
        + "'x'.\n  Leave it out for 3.\n", Cli.run("lab", "padding", "--kernel", "x").err());
    assertEquals(2, Cli.run("lab", "padding", "--kernel", "x").code());
    assertEquals(2, Cli.run("lab", "alchemy").code());
    assertEquals(2, Cli.run("lab", "padding", "--picture", "a.png").code());
    assertEquals(2, Cli.run("lab", "--language", "fr").code());
    assertEquals(2, Cli.run("lab", "vlad", "--side", "3", "--picture", Cli.pictures(folder, 1, "a")
        .resolve("a/0.png")).code());
    assertEquals(1, Cli.run("lab", "vlad", "--picture", folder.resolve("none.png")).code());
    assertEquals(1, Cli.run("chapter", "20", "--faces", folder.resolve("none")).code());
  }
}
