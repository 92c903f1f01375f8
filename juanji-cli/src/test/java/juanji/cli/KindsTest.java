package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import juanji.classify.Classifier;
import juanji.classify.Prediction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Texts and sounds from the command line: trained, resumed, evaluated, predicted, and called a thousand times at once.
class KindsTest {
  @TempDir Path folder;

  private Path reviews() throws IOException {
    Path data = Files.createDirectories(folder.resolve("reviews"));
    SplittableRandom random = new SplittableRandom(4);
    String[] filler = {"the", "film", "was", "a", "story", "of", "two", "people", "who", "never", "met"};
    for (String[] kind : new String[][] {{"pos", "lovely", "wonderful", "great"}, {"neg", "dull", "awful", "bad"}}) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        for (int w = 0; w < 9; w++) {
          lines.append(w == 4 ? kind[1 + random.nextInt(3)] : filler[random.nextInt(filler.length)]).append(' ');
        }
        lines.append('\n');
      }
      Files.writeString(data.resolve("reviews." + kind[0]), lines);
    }
    return data;
  }

  private Path tones() throws IOException {
    Path data = Files.createDirectories(folder.resolve("tones"));
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 60; i++) {
      int kind = i % 2;
      ByteBuffer wav = ByteBuffer.allocate(44 + 2 * 2000).order(ByteOrder.LITTLE_ENDIAN)
          .put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 4000)
          .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1).putShort((short) 1)
          .putInt(8000).putInt(16_000).putShort((short) 2).putShort((short) 16)
          .put("data".getBytes(StandardCharsets.US_ASCII)).putInt(4000);
      double hertz = (kind == 0 ? 300 : 1500) * (1 + 0.2 * random.nextDouble());
      for (int t = 0; t < 2000; t++) {
        wav.putShort((short) (20_000 * Math.sin(2 * Math.PI * hertz * t / 8000) + 200 * random.nextGaussian()));
      }
      Files.write(data.resolve((kind == 0 ? "low" : "high") + "_" + i + ".wav"), wav.array());
    }
    return data;
  }

  @Test void textsAreLearnedAndTold() throws IOException {
    Path out = folder.resolve("texts");
    Cli.Outcome trained = Cli.run("train", reviews(), "--out", out, "--epochs", 6, "--batch", 8, "--optimizer", "adam",
        "--augment", "forget-words:0.05", "--threads", 2);
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.err().contains("reviews: 96 texts of 9 to train on, 12 to validate, 12 to test, in 2 classes"),
        trained.err());
    assertTrue(trained.out().contains("test accuracy 100.00 % (12 of 12)"), trained.out());
    Path model = out.resolve("model.juanji");
    Cli.Outcome told = Cli.run("predict", model, "what a wonderful story", "an awful one", "--top", 1);
    assertEquals(0, told.code(), told.err());
    assertTrue(told.out().matches("(?s)what a wonderful story  pos .*\nan awful one +neg .*\n"), told.out());
    Path file = Files.writeString(folder.resolve("one.txt"), "dull dull dull");
    assertTrue(Cli.run("predict", model, file, "--json").out().contains("\"class\":\"neg\""));
    Cli.Outcome measured = Cli.run("evaluate", model, folder.resolve("reviews"));
    assertEquals(0, measured.code(), measured.err());
    assertTrue(measured.out().contains("macro-F1 "), measured.out());
    assertTrue(Files.readString(out.resolve("report.html")).contains("Classifier.load"));
  }

  @Test void soundsAreLearnedAndTold() throws IOException {
    Path out = folder.resolve("sounds");
    Cli.Outcome trained = Cli.run("train", tones(), "--out", out, "--epochs", 6, "--batch", 8, "--augment",
        "time-shift:0.1 + mask-columns:3", "--threads", 2);
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.err().contains("tones: 48 sounds of 1 × 40 × "), trained.err());
    assertTrue(trained.out().contains("test accuracy 100.00 %"), trained.out());
    Path model = out.resolve("model.juanji");
    Cli.Outcome told = Cli.run("predict", model, folder.resolve("tones").resolve("high_1.wav"), "--top", 1);
    assertTrue(told.out().contains("high "), told.out() + told.err());
    Cli.Outcome wrong = Cli.run("predict", model, Files.writeString(folder.resolve("x.wav"), "nothing"));
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("S1: it starts as a WAV, AIFF or AU file does"), wrong.err());
    assertEquals(0, Cli.run("evaluate", model, folder.resolve("tones")).code());
    getsUsedToOtherSounds(model);
  }

  private void getsUsedToOtherSounds(Path model) throws IOException {
    Path some = Files.createDirectories(folder.resolve("some"));
    for (int i = 0; i < 10; i++) {
      Path tone = folder.resolve("tones").resolve((i % 2 == 0 ? "low_" : "high_") + i + ".wav");
      Files.copy(tone, some.resolve(i + ".wav"));
    }
    Files.writeString(some.resolve("broken.wav"), "nothing");
    Cli.Outcome used = Cli.run("adapt", model, some);
    assertEquals(0, used.code(), used.err());
    Path fresh = model.resolveSibling("model-adapted.juanji");
    assertTrue(used.out().matches("(?s)adapted to 10 samples; the farthest mean, that of \\S+, moved by \\d+\\.\\d\\d "
        + "standard deviations\nwrote .*model-adapted\\.juanji\n"), used.out());
    assertTrue(used.err().contains("1 thing was left out of the data:\n"), used.err());
    assertTrue(used.err().contains("broken.wav: S1"), used.err());
    assertTrue(Cli.run("evaluate", fresh, folder.resolve("tones")).out().contains("accuracy 100.00 %"));
    Cli.Outcome none = Cli.run("adapt", model, some.resolve("broken.wav"), "--out", folder.resolve("none.juanji"));
    assertEquals(1, none.code());
    assertTrue(none.err().contains("C3: statistics are of at least 2 samples, better of 100; received 0"), none.err());
    assertFalse(Files.exists(folder.resolve("none.juanji")));
    assertEquals(2, Cli.run("adapt", model).code());
  }

  @Test void aKilledTrainingGoesOnToTheSameBits() throws IOException {
    Path data = reviews();
    Object[] options = {"--epochs", 3, "--batch", 16, "--threads", 2, "--augment", "drop-words:0.2 + mixup:0.2",
        "--model", "embedding(60, 8), conv(12, 3), relu(), globalMaxPool(), flatten(), dropout(0.3), dense(2)",
        "--sampling", "oversampled", "--checkpoint-minutes", 0.00001};
    // Words in between have no meaning, so that MixUp is refused for texts: their numbers are names.
    Cli.Outcome mixed = Cli.run(all("train", data, "--out", folder.resolve("mixed"), options));
    assertEquals(2, mixed.code(), mixed.out());
    options[7] = "drop-words:0.2";
    assertEquals(0, Cli.run(all("train", data, "--out", folder.resolve("whole"), options)).code());
    byte[] expected = Files.readAllBytes(folder.resolve("whole/model.juanji"));
    Path parts = folder.resolve("parts");
    assertEquals(0, Cli.run(all("train", data, "--out", parts, options)).code());
    // As if killed right after the last state that was kept within an epoch.
    Files.delete(parts.resolve("model.juanji"));
    Files.delete(parts.resolve("report.html"));
    assertEquals(0, Cli.run("train", "--resume", "--out", parts, "--threads", 1).code());
    assertArrayEquals(expected, Files.readAllBytes(parts.resolve("model.juanji")));
  }

  private static Object[] all(Object a, Object b, Object c, Object d, Object... more) {
    List<Object> words = new ArrayList<>(List.of(a, b, c, d));
    words.addAll(List.of(more));
    return words.toArray();
  }

  @Test void aThousandCallsAtOnceGiveWhatOneGives() throws Exception {
    Path out = folder.resolve("many");
    assertEquals(0, Cli.run("train", reviews(), "--out", out, "--epochs", 2, "--threads", 1).code());
    try (Classifier classifier = Classifier.load(out.resolve("model.juanji"));
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Prediction> expected = classifier.classify("a wonderful film");
      List<Prediction> other = classifier.classify("a dull film");
      List<Future<List<Prediction>>> calls = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        String text = i % 2 == 0 ? "a wonderful film" : "a dull film";
        calls.add(pool.submit(() -> classifier.classify(text)));
      }
      for (int i = 0; i < 1000; i++) {
        assertEquals(i % 2 == 0 ? expected : other, calls.get(i).get());
      }
    }
  }

  @Test void theProgramsOfReportsCompile() throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String kind : List.of("picture", "text", "sound", "video")) {
      sources.put("Use" + kind, new EmbeddingProgram(kind).text());
    }
    new Snippets(Files.createDirectories(folder.resolve("programs"))).compile(sources);
  }

  @Test void whatAKindCannotIsRefused() throws IOException {
    Path data = reviews();
    String[][] cases = {{"--kind", "smell", "--kind is one of picture, text, sound, video; received 'smell'"},
        {"--label", "(", "--label is a regular expression; received '('"},
        {"--tokens", "syllables", "C1: tokens are words or characters; received 'syllables'"},
        {"--features", "colour", "C1: features are waveform, spectrogram, log-mel, log-mel-cmn or mfcc"},
        {"--augment", "flop", "there is no augmentation 'flop'"},
        {"--augment", "time-shift:0.1", "are for sounds; received other data"},
        {"--augment", "cutmix + mixup", "--augment has mixup or cutmix, not both"},
        {"--sampling", "odd", "there is no sampling 'odd'"}, {"--time", "soon", "--time is a number of s, m or h"},
        {"--class-weights", "1/x", "--class-weights is 'balanced', or one number of at least 0 per class"},
        {"--class-weights", "1/2/3", "here 2; received '1/2/3'"}, {"--patience", "-1", "--patience is from 0"},
        {"--recipe", "grandma", "--recipe is one of fast, default, best"}, {"--size", "3x3", "for folders of pictures"},
        {"--model", "lenet5", ""}};
    for (String[] c : cases) {
      Cli.Outcome outcome = Cli.run("train", data, c[0], c[1], "--out", folder.resolve("never"));
      assertTrue(outcome.code() == 2 || c[2].isEmpty() && outcome.code() != 0, c[0] + " " + c[1] + outcome.err());
      assertTrue(outcome.err().contains(c[2]), c[0] + " " + c[1] + ": " + outcome.err());
    }
  }
}
