package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A training whose process is killed without warning, again and again, ends with the same bits as one that ran
/// through.
class KillTest {
  @TempDir Path folder;

  private Process start(Object... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
        Main.class.getName()));
    for (Object word : words) {
      command.add(word.toString());
    }
    return new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile())).start();
  }

  private void killed(int times) throws IOException, InterruptedException {
    Path data = Cli.idx(folder.resolve("idx"), 3000, 50);
    Path whole = folder.resolve("whole");
    Object[] settings = {"--epochs", 4, "--batch", 32, "--threads", 1, "--augment",
        "crop:2 + rotate:10 + cutmix:1,p=0.5", "--sampling", "balanced", "--patience", 3,
        "--checkpoint-minutes", 0.002, "--model", "conv(8, 3), relu(), maxPool(2), flatten(), dropout(0.2), dense(10)"};
    List<Object> words = new ArrayList<>(List.of("train", data, "--out", whole));
    words.addAll(List.of(settings));
    Process through = start(words.toArray());
    assertTrue(through.waitFor(240, TimeUnit.SECONDS) && through.exitValue() == 0, log());
    Path parts = folder.resolve("parts");
    words.set(3, parts);
    SplittableRandom random = new SplittableRandom(times);
    int hits = 0;
    boolean begun = false;
    for (int run = 0; run < 200 && hits < times; run++) {
      begun = begun || Files.exists(parts.resolve("config.json"));
      Process process = begun ? start("train", "--resume", "--out", parts, "--threads", 1) : start(words.toArray());
      if (process.waitFor(700 + random.nextInt(2500), TimeUnit.MILLISECONDS)) {
        if (process.exitValue() == 0) {
          break;
        }
        // Killed before its settings were written: the folder is there without them, and a new run needs an empty one.
        assertTrue(!begun, log());
        continue;
      }
      process.destroyForcibly().waitFor();
      hits++;
      if (!Files.exists(parts.resolve("config.json"))) {
        words.set(3, parts = folder.resolve("parts" + run));
      }
    }
    Process last = start("train", "--resume", "--out", parts, "--threads", 1);
    assertTrue(last.waitFor(240, TimeUnit.SECONDS), "the last run does not end");
    assertEquals(0, last.exitValue(), log());
    assertArrayEquals(Files.readAllBytes(whole.resolve("model.juanji")), Files.readAllBytes(
        parts.resolve("model.juanji")));
    assertTrue(hits > 0, "it was never killed");
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log.txt"));
  }

  @Test void killedTwice() throws Exception {
    killed(2);
  }

  @Tag("learning")
  @Test void killedTwentyTimes() throws Exception {
    killed(20);
  }
}
