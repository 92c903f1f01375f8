package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages in a real browser, at the width of a phone and of a desk, on light and on dark ground: nothing is cut off,
/// nothing is asked for, nothing complains, and there is something to see. The pictures are kept in
/// `target/screenshots`. It runs with `mvn -Pscreenshots verify`; `-Djuanji.pages=DIR` looks at pages made before.
@Tag("screenshots")
final class ScreenshotTest {
  private static final int PHONE = 390;
  private static final int DESK = 1280;
  private static final Path KEPT = Path.of("target/screenshots");

  @TempDir private static Path folder;

  @Test void pagesAreRightOnPhonesAndDesks() throws IOException, InterruptedException {
    Optional<Path> program = Browser.program();
    assumeTrue(program.isPresent(), "there is no Chromium on the path");
    Path pages = System.getProperty("juanji.pages") == null ? made() : Path.of(System.getProperty("juanji.pages"));
    List<Path> all;
    try (Stream<Path> files = Files.walk(pages)) {
      all = files.filter(f -> f.toString().endsWith(".html")).sorted().toList();
    }
    assertTrue(all.size() > 1, "pages were made");
    List<String> wrong = new ArrayList<>();
    try (Browser browser = Browser.start(program.get(), folder.resolve("profile"))) {
      for (Path page : all) {
        for (int width : new int[] {PHONE, DESK}) {
          for (boolean dark : new boolean[] {false, true}) {
            String name = pages.relativize(page).toString().replaceAll("[/\\\\]", "-").replace(".html", "") + "-"
                + width + (dark ? "-dark" : "");
            check(name, browser.open(page.toAbsolutePath(), width, dark), width, dark, wrong);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static void check(String name, Browser.Seen seen, int width, boolean dark, List<String> wrong)
      throws IOException {
    Files.createDirectories(KEPT);
    Files.write(KEPT.resolve(name + ".png"), seen.png());
    if (seen.width() > width || !seen.outside().isEmpty()) {
      wrong.add(name + " is " + seen.width() + " pixels wide; outside: " + seen.outside());
    }
    seen.requests().stream().filter(r -> !r.startsWith("file:") && !r.startsWith("data:"))
        .forEach(r -> wrong.add(name + " asks for " + r));
    seen.complaints().forEach(c -> wrong.add(name + " complains: " + c));
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(seen.png()));
    Set<Integer> colours = new HashSet<>();
    long light = 0;
    long pixels = 0;
    for (int y = 0; y < picture.getHeight(); y += 2) {
      for (int x = 0; x < picture.getWidth(); x += 2) {
        int rgb = picture.getRGB(x, y);
        colours.add(rgb);
        light += rgb >> 8 & 255;
        pixels++;
      }
    }
    if (colours.size() < 12) {
      wrong.add(name + " is blank: " + colours.size() + " colours");
    }
    if (dark != light < 128 * pixels) {
      wrong.add(name + " has a ground of lightness " + light / pixels);
    }
  }

  /// Pages of every command that makes some.
  private static Path made() throws IOException {
    Path pages = folder.resolve("pages");
    Path run = folder.resolve("run");
    Path data = Cli.idx(folder.resolve("data"), 600, 50);
    Path picture = Cli.pictures(folder.resolve("pictures"), 1, "a").resolve("a/0.png");
    run("train", data, "--model", "conv(6, 5).same(), relu(), maxPool(2), conv(8, 3), relu(), flatten(), dense(10)",
        "--epochs", 3, "--out", run);
    Path model = run.resolve("model.juanji");
    run("explain", "why", model, "digits#3", "--out", pages.resolve("why"));
    run("explain", "numbers", model, "--out", pages.resolve("numbers"));
    run("explain", "number", model, "digits#3", "--layer", "conv2", "--at", "2,5,5", "--out", pages.resolve("number"));
    run("explain", "features", model, "digits#3", "--data", "digits", "--samples", 60, "--units", 3, "--out",
        pages.resolve("features"));
    run("filter", picture, "--all", "--out", pages.resolve("filter"));
    for (String section : List.of("1", "3", "4", "7", "11", "13", "18")) {
      run("chapter", section, "--out", pages.resolve("chapter-" + section));
    }
    for (String lab : List.of("transposed", "padding", "dilated", "connections", "vlad", "shifts")) {
      run("lab", lab, "--out", pages.resolve("lab-" + lab));
    }
    return pages;
  }

  private static void run(Object... command) {
    Cli.Outcome outcome = Cli.run(command);
    assertEquals(0, outcome.code(), outcome.err());
  }
}
