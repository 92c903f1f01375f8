package juanji.bench.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A [Stage] in a process of its own, and what it was found to do.
final class Actor implements AutoCloseable {
  private final Peer peer;
  private final Process process;
  private final BufferedReader in;
  private final BufferedWriter out;
  private final Path log;
  private final String version;

  /// What a burst of runs gave.
  ///
  /// @param runs how many
  /// @param nanoseconds in all
  record Burst(long runs, long nanoseconds) {
    double secondsPerRun() {
      return nanoseconds / 1e9 / runs;
    }
  }

  /// Starts a system with a workload.
  ///
  /// @param file the network for ONNX Runtime
  Actor(Peer peer, Workload workload, Settings settings, Path file) {
    this.peer = peer;
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        // The launcher's options for training.
        "-XX:+UseG1GC", "-XX:G1HeapRegionSize=1m", "-XX:MaxNewSize=8m", "-XX:GCTimeRatio=1", "-XX:-UsePerfData",
        "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
        System.getProperty("java.class.path"), Stage.class.getName(),
        peer.name(), workload.id(), Integer.toString(settings.threads()), file.toString(),
        Boolean.toString(settings.exact()), Boolean.toString(settings.tune())));
    try {
      this.log = Files.createTempFile("juanji-bench", ".log");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
      if (peer == Peer.JUANJI) {
        // As the launcher does.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "1");
      }
      this.process = builder.start();
      this.in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      this.out = process.outputWriter(StandardCharsets.UTF_8);
      this.version = answer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Peer peer() {
    return peer;
  }

  String version() {
    return version;
  }

  private String answer() throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith(Contest.MARK)) {
        return line.substring(Contest.MARK.length()).strip();
      }
    }
    throw new IllegalStateException(peer + " ended early.\n  It wrote:\n" + Files.readString(log));
  }

  /// Gives a command and waits for the answer.
  String ask(String command) {
    try {
      out.write(command + "\n");
      out.flush();
      return answer();
    } catch (IOException e) {
      throw new IllegalStateException(peer + " does not answer '" + command + "'; its output is in " + log, e);
    }
  }

  Burst burst(long milliseconds) {
    String[] answer = ask("burst " + milliseconds).split(" ");
    return new Burst(Long.parseLong(answer[0]), Long.parseLong(answer[1]));
  }

  float[] check() {
    return numbers("check");
  }

  /// How far Juanji's own numbers move if weights are moved by a rounding.
  float[] sensitivity() {
    return numbers("sensitivity");
  }

  private float[] numbers(String question) {
    String[] numbers = ask(question).split(" ");
    float[] values = new float[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(numbers[i]);
    }
    return values;
  }

  @Override public void close() {
    try {
      out.close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(log);
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
