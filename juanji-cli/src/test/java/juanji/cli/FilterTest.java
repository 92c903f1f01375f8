package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import juanji.image.FilterKernel;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.PictureFile;
import juanji.image.PictureFilter;
import juanji.image.Pngs;
import juanji.op.Border;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `filter` command.
class FilterTest {
  @TempDir private static Path folder;
  private static Path photo;
  private static Picture picture;

  @BeforeAll static void draw() throws IOException {
    byte[] pixels = new byte[3 * 20 * 31];
    new Random(1).nextBytes(pixels);
    picture = new Picture(3, 20, 31, pixels);
    photo = Files.write(folder.resolve("photo.png"), Pngs.encode(picture));
  }

  private static byte[] pixels(Path file) {
    return PictureFile.read(file, ImageSize.size(20, 31)).pixels();
  }

  @Test void aNamedKernelKeepsColourAndSize() {
    Path out = folder.resolve("soft.png");
    Cli.Outcome outcome = Cli.run("filter", photo, "--kernel", "gaussian", "--out", out);
    assertEquals(new Cli.Outcome(0, out + ": 1 2 1; 2 4 2; 1 2 1 / 16\n", ""), outcome);
    assertArrayEquals(new PictureFilter(FilterKernel.named("gaussian"), Border.REFLECT, true, false).apply(picture)
        .pixels(), pixels(out));
  }

  @Test void aTypedKernelIsTurnedAndTakesAnotherBorder() {
    Path out = folder.resolve("own.ppm");
    Cli.Outcome outcome = Cli.run("filter", photo, "--kernel", "1 2 0; 0 -1 1/2", "--true-convolution", "--border",
        "circular", "--absolute", "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    assertArrayEquals(new PictureFilter(FilterKernel.parse("0.5 -1 0; 0 2 1"), Border.CIRCULAR, true, true)
        .apply(picture).pixels(), pixels(out));
  }

  @Test void allKernelsComeWithAPage() throws IOException {
    Path out = folder.resolve("sheet");
    Cli.Outcome outcome = Cli.run("filter", photo, "--all", "--grey", "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(FilterKernel.NAMED.size() + 1, files.count());
    }
    String html = Files.readString(out.resolve("index.html"));
    assertFalse(html.matches("(?s).*(https?:|@import|url\\(|<script|<link).*"), "a request");
    for (FilterKernel kernel : FilterKernel.NAMED) {
      assertTrue(html.contains(kernel.name()), kernel.name());
    }
  }

  @Test void wrongUseIsExplained() {
    assertEquals("it is not said what the picture is filtered with.\n  Either --kernel or --all is given; received "
        + "neither.\n  Write --kernel edge, or --all for every named kernel.\n",
        Cli.run("filter", photo, "--out", folder.resolve("x.png")).err());
    assertEquals("there is no border 'wall'.\n  --border is zero, reflect, replicate, circular or none; received "
        + "'wall'.\n  Leave it out to reflect the picture at its edges.\n",
        Cli.run("filter", photo, "--kernel", "box", "--border", "wall", "--out", folder.resolve("x.png")).err());
    Cli.Outcome unknown = Cli.run("filter", photo, "--kernel", "blur", "--out", folder.resolve("x.png"));
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().startsWith("there is no kernel 'blur'.\n"), unknown.err());
    assertEquals(2, Cli.run("filter", photo, "--kernel", "box", "--out", photo).code());
    assertEquals(2, Cli.run("filter", photo, "--kernel", "box", "--out", folder.resolve("x.jpg")).code());
    assertEquals(1, Cli.run("filter", folder.resolve("none.png"), "--kernel", "box", "--out", folder.resolve("x.png"))
        .code());
    assertFalse(Files.exists(folder.resolve("x.png")));
  }
}
