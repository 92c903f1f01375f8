package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A training that finds no room for its state. The shell's limit on the size of files makes writing fail in the middle
/// of a file, as a full disk does, without the rights that mounting a small disk would need.
class FullDiskTest {
  @TempDir Path folder;

  private Process start(int blocks, Object... words) throws IOException {
    List<String> java = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-XX:-UsePerfData", "--add-modules", "jdk.incubator.vector", "-cp",
        System.getProperty("java.class.path"), Main.class.getName()));
    for (Object word : words) {
      java.add(word.toString());
    }
    String command = java.stream().map(w -> "'" + w.replace("'", "'\\''") + "'").collect(Collectors.joining(" "));
    return new ProcessBuilder("sh", "-c", (blocks > 0 ? "ulimit -f " + blocks + "; " : "") + "exec " + command)
        .redirectErrorStream(true).redirectOutput(folder.resolve("log.txt").toFile()).start();
  }

  private int run(int blocks, Object... words) throws IOException, InterruptedException {
    Process process = start(blocks, words);
    assertTrue(process.waitFor(240, TimeUnit.SECONDS), "it ends");
    return process.exitValue();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log.txt"));
  }

  @Test void theStateBeforeStaysWholeAndIsGoneOnFrom() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "a shell sets the limit");
    Path data = Cli.idx(folder.resolve("idx"), 400, 50);
    Path whole = folder.resolve("whole");
    // The state of 157,000 weights and as many moments takes 1.9 MB; everything else is far smaller.
    Object[] words = {"train", data, "--out", whole, "--epochs", 30, "--batch", 64, "--threads", 1, "--seed", 5,
        "--model", "flatten(), dense(200), relu(), dropout(0.2), dense(10)"};
    assertEquals(0, run(0, words), log());
    Path parts = folder.resolve("parts");
    words[3] = parts;
    // No room for the first state.
    assertEquals(1, run(1000, words), log());
    assertTrue(log().contains("the training cannot go on: '" + parts.resolve("checkpoint.safetensors")
        + "' cannot be written.\n  Its folder has room and may be written to; the system says: "), log());
    assertTrue(log().contains("no state has been kept yet."), log());
    Path again = folder.resolve("again");
    words[3] = again;
    Process cut = start(0, words);
    while (cut.isAlive() && !Files.exists(again.resolve("checkpoint.safetensors"))) {
      Thread.sleep(5);
    }
    assertTrue(cut.destroyForcibly().waitFor() != 0, "it was killed before its end");
    byte[] state = Files.readAllBytes(again.resolve("checkpoint.safetensors"));
    Files.deleteIfExists(again.resolve("model.juanji"));
    assertEquals(1, run(1000, "train", "--resume", "--out", again, "--threads", 1), log());
    assertTrue(log().contains("go on from the state that was kept with juanji train --resume --out "), log());
    assertArrayEquals(state, Files.readAllBytes(again.resolve("checkpoint.safetensors")), "the state of before");
    try (Stream<Path> left = Files.list(again)) {
      assertEquals(List.of(), left.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".part")).toList(),
          "nothing half written is left");
    }
    assertEquals(0, run(0, "train", "--resume", "--out", again, "--threads", 1), log());
    assertArrayEquals(Files.readAllBytes(whole.resolve("model.juanji")), Files.readAllBytes(
        again.resolve("model.juanji")));
  }
}
