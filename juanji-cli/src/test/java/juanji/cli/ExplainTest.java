package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import juanji.model.ModelFile;
import juanji.nn.Architecture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `explain` and `advise` commands.
class ExplainTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll static void train() {
    Path data = Cli.idx(folder.resolve("data"), 600, 50);
    Path run = folder.resolve("run");
    assertEquals(0, Cli.run("train", data, "--model", "conv(6, 5).same(), relu(), maxPool(2), conv(8, 3), relu(), "
        + "flatten(), dense(10)", "--epochs", 3, "--out", run).code());
    model = run.resolve("model.juanji");
  }

  private static void checkPage(Path page, String... parts) throws IOException {
    String html = Files.readString(page);
    assertFalse(html.matches("(?s).*(https?:|@import|url\\(|<script|<link).*"), "a request");
    for (String part : parts) {
      assertTrue(html.contains(part), part);
    }
  }

  @Test void whyNamesPlacesAndChecksThem() throws IOException {
    Path out = folder.resolve("why");
    Cli.Outcome outcome = Cli.run("explain", "why", model, "digits#3", "--method", "grad-cam,integrated-gradients",
        "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.get(0).matches("digits#3 \\(a 3\\): \\d [0-9.]+ %"), lines.get(0));
    assertTrue(lines.get(2).matches("grad-cam +[01]\\.\\d{3} +[01]\\.\\d{3}"), lines.get(2));
    assertTrue(lines.get(4).startsWith("by chance"), lines.get(4));
    assertTrue(Files.exists(out.resolve("grad-cam.png")));
    checkPage(out.resolve("index.html"), "integrated-gradients", "Deletion", "by chance");
  }

  @Test void wrongUseOfWhyIsExplained() {
    Path out = folder.resolve("wrong");
    Cli.Outcome method = Cli.run("explain", "why", model, "digits#3", "--method", "magic", "--out", out);
    assertEquals(2, method.code());
    assertTrue(method.err().startsWith("there is no method 'magic'.\n  C1: the methods are grad-cam"), method.err());
    Cli.Outcome named = Cli.run("explain", "why", model, "digits#3", "--class", "cat", "--out", out);
    assertEquals(2, named.code());
    assertTrue(named.err().startsWith("the network has no class 'cat'.\n"), named.err());
    assertEquals(2, Cli.run("explain", "why", model, "digits#99999", "--out", out).code());
    assertEquals(1, Cli.run("explain", "why", model, folder.resolve("none.png"), "--out", out).code());
    Path maps = folder.resolve("maps.juanji");
    ModelFile.of(Architecture.model("Model.of(input(1, 28, 28), conv(2, 5))").initialize(1)).write(maps);
    Cli.Outcome detector = Cli.run("explain", "why", maps, "digits#3", "--out", out);
    assertEquals(2, detector.code(), detector.err());
    assertTrue(detector.err().contains("received 2 × 24 × 24 numbers for a sample"), detector.err());
    assertFalse(Files.exists(out));
  }

  @Test void numbersHaveFieldsWorkAndTime() throws IOException {
    Path out = folder.resolve("numbers");
    Cli.Outcome outcome = Cli.run("explain", "numbers", model, "--effective", "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().lines().anyMatch(l -> l.matches("conv2 +8 × 12 × 12 +10 × 10 +\\d+ × \\d+ +2 × 2 "
        + "+2.5, 2.5 +440 +62,208 .*µs")), outcome.out());
    checkPage(out.resolve("index.html"), "conv2: sees 10 × 10, looks at", "conv(6, 5).same()");
    Path drawn = folder.resolve("drawn");
    assertEquals(0, Cli.run("explain", "numbers", model, "--picture", "digits#5", "--out", drawn).code());
    assertFalse(Files.readString(drawn.resolve("index.html")).equals(Files.readString(out.resolve("index.html"))));
    assertEquals(2, Cli.run("explain", "numbers", model, "--picture", "digits#5").code());
  }

  @Test void textsAreExplainedByToken() throws IOException {
    Path data = Files.createDirectories(folder.resolve("texts"));
    for (String kind : List.of("good", "bad")) {
      Path sub = Files.createDirectories(data.resolve(kind));
      for (int i = 0; i < 30; i++) {
        Files.writeString(sub.resolve(i + ".txt"), "film number " + i + " was a " + (kind.equals("good") ? "splendid"
            : "dreadful") + " thing to see on day " + (i * 7) % 5);
      }
    }
    Path run = folder.resolve("reviews");
    assertEquals(0, Cli.run("train", data, "--epochs", 6, "--out", run).code());
    Path out = folder.resolve("why-text");
    Cli.Outcome outcome = Cli.run("explain", "why", run.resolve("model.juanji"), "the film was a splendid thing to see",
        "--method", "occlusion,integrated-gradients,grad-cam", "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().lines().anyMatch(l -> l.matches("occlusion +[01]\\.\\d{3} +[01]\\.\\d{3}  splendid.*")),
        outcome.out());
    assertTrue(Files.readString(out.resolve("occlusion.svg")).contains(">splendid</text>"));
    checkPage(out.resolve("index.html"), "splendid", "by chance");
    Path file = Files.writeString(folder.resolve("review.txt"), "a dreadful film");
    assertEquals(0, Cli.run("explain", "why", run.resolve("model.juanji"), file, "--method", "saliency", "--out", out)
        .code());
    assertEquals(2, Cli.run("explain", "why", run.resolve("model.juanji"), " ", "--out", out).code());
  }

  @Test void soundsAreExplainedOnTheirSpectrogram() throws IOException {
    Path data = Files.createDirectories(folder.resolve("sounds"));
    for (String kind : List.of("low", "high")) {
      Path sub = Files.createDirectories(data.resolve(kind));
      for (int i = 0; i < 16; i++) {
        float[] waves = new float[4000];
        for (int t = 0; t < waves.length; t++) {
          double hertz = (kind.equals("low") ? 300 : 1500) + 10 * i;
          waves[t] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * t / 8000) * (t < 2000 ? 1 : 0.01));
        }
        Files.write(sub.resolve(i + ".wav"), wav(waves));
      }
    }
    for (String features : List.of("log-mel", "waveform")) {
      Path run = folder.resolve("tones-" + features);
      Cli.Outcome trained = Cli.run("train", data, "--epochs", 3, "--features", features, "--out", run);
      assertEquals(0, trained.code(), trained.err());
      Path out = folder.resolve("why-" + features);
      Cli.Outcome outcome = Cli.run("explain", "why", run.resolve("model.juanji"), data.resolve("high/3.wav"),
          "--method", "occlusion,saliency", "--out", out);
      assertEquals(0, outcome.code(), outcome.err());
      assertTrue(outcome.out().lines().anyMatch(l -> l.matches("saliency .*  most at 0\\.\\d\\d s")), outcome.out());
      assertTrue(Files.exists(out.resolve("saliency" + (features.equals("log-mel") ? ".png" : ".svg"))));
      checkPage(out.resolve("index.html"), "time (s)", "by chance");
    }
  }

  /// A sound file of 8,000 samples of 16 bits a second.
  private static byte[] wav(float[] waves) {
    ByteBuffer file = ByteBuffer.allocate(44 + 2 * waves.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * waves.length);
    file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1).putShort((short) 1)
        .putInt(8000).putInt(16_000).putShort((short) 2).putShort((short) 16);
    file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * waves.length);
    for (float v : waves) {
      file.putShort((short) Math.round(32_767 * v));
    }
    return file.array();
  }

  @Test void aNumberIsTheSumOfItsProducts() throws IOException {
    Path out = folder.resolve("number");
    Cli.Outcome outcome = Cli.run("explain", "number", model, "digits#3", "--layer", "conv1", "--at", "2,9,9", "--out",
        out);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("(the number, to rounding)"), outcome.out());
    checkPage(out.resolve("index.html"), "Σ x·w");
    assertEquals(2, Cli.run("explain", "number", model, "digits#3", "--layer", "conv1", "--at", "2,x").code());
    assertEquals(2, Cli.run("explain", "number", model, "digits#3", "--layer", "conv1", "--at", "99,0,0").code());
  }

  @Test void featuresShowEveryConvolution() throws IOException {
    Path out = folder.resolve("features");
    Cli.Outcome outcome = Cli.run("explain", "features", model, "digits#3", "--data", "digits", "--samples", 60,
        "--units", 2, "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("conv1 sees 5 × 5, direction 0."), outcome.out());
    assertTrue(outcome.out().contains("conv2 sees 10 × 10, direction 0."), outcome.out());
    checkPage(out.resolve("index.html"), "Filters", "Maps of digits#3", "an input made to excite it");
  }

  @Test void adviceCountsEachWay() {
    Cli.Outcome outcome = Cli.run("advise", "lenet5");
    assertEquals(0, outcome.code(), outcome.err());
    for (String line : List.of("as it is +61,706 +416,520 +16×16",
        "separable \\(1\\) +59,552 +201,120 +16×16", "pooling first \\(1\\) .*")) {
      assertTrue(outcome.out().lines().anyMatch(l -> l.matches(line)), line + "\n" + outcome.out());
    }
    assertTrue(Cli.run("advise", "flatten(), dense(3)", "--code").out().contains("none of the four ways applies"));
  }

  @Test void adviceIsTrainedAndMeasured() {
    Cli.Outcome outcome = Cli.run("advise", "conv(4, 5), relu(), maxPool(2), conv(6, 3), flatten(), dense(10)",
        "--data", folder.resolve("data"));
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().lines().skip(1).allMatch(l -> l.matches(".* \\d+\\.\\d\\d %")), outcome.out());
  }
}
