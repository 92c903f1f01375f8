package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import juanji.image.Picture;
import juanji.image.PictureFile;
import juanji.image.Pngs;
import juanji.model.ModelFile;
import juanji.plan.Workers;
import juanji.train.Predictor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program in the README compiles as it stands, and trains on a folder of pictures.
final class ReadmeExampleTest {
  private static final int SIDE = 24;
  private static final int PICTURES = 16;

  @Test void bothReadmesShowTheSameProgramsAndCommands() {
    Markdown english = Markdown.read("README.md");
    Markdown chinese = Markdown.read("README.zh-CN.md");
    assertEquals(english.fences("java"), chinese.fences("java"));
    assertEquals(english.fences("xml"), chinese.fences("xml"));
    assertEquals(english.fences(""), chinese.fences(""));
    assertEquals(commands(english), commands(chinese));
  }

  private static List<String> commands(Markdown readme) {
    return readme.fences("sh").stream().flatMap(String::lines).map(l -> l.replaceFirst("\\s*#.*", "")).toList();
  }

  @Test void theProgramTrainsOnAFolder(@TempDir Path folder) throws ReflectiveOperationException, IOException {
    List<String> programs = Markdown.read("README.md").fences("java");
    assertEquals(1, programs.size());
    Random random = new Random(7);
    draw(folder.resolve("flowers/rose"), random, 200, 40);
    draw(folder.resolve("flowers/tulip"), random, 40, 200);
    Path file = folder.resolve("flowers.juanji");

    Snippets snippets = new Snippets(Files.createDirectory(folder.resolve("classes")));
    snippets.compile(Map.of("Flowers", programs.getFirst()));
    snippets.run("Flowers", folder.resolve("flowers").toString(), file.toString());

    ModelFile model = ModelFile.read(file);
    assertEquals(List.of("rose", "tulip"), model.classes());
    try (Workers workers = Workers.of(1)) {
      Predictor predictor = Predictor.of(model.model(), workers);
      float[] p = predictor.probabilities(PictureFile.read(folder.resolve("flowers/rose/0.png"),
          model.preprocessing().orElseThrow())).data();
      assertTrue(p[0] > 0.9, "a red picture is a rose with probability " + p[0]);
    }
  }

  private static void draw(Path folder, Random random, int red, int green) throws IOException {
    Files.createDirectories(folder);
    int plane = SIDE * SIDE;
    for (int k = 0; k < PICTURES; k++) {
      byte[] pixels = new byte[3 * plane];
      random.nextBytes(pixels);
      for (int i = 0; i < plane; i++) {
        pixels[i] = (byte) (red + random.nextInt(40));
        pixels[plane + i] = (byte) (green + random.nextInt(40));
      }
      Files.write(folder.resolve(k + ".png"), Pngs.encode(new Picture(3, SIDE, SIDE, pixels)));
    }
  }
}
