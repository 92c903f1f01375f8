package juanji.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import juanji.bench.SelfCheck;

/// The results as Markdown, with what is needed to repeat them.
///
/// @param settings what was asked for
/// @param check the kernels' self-check
record Report(Settings settings, SelfCheck check) {
  String markdown(List<Result> results) {
    StringBuilder text = new StringBuilder();
    text.append("Machine: ").append(processor()).append(", ").append(Runtime.getRuntime().availableProcessors())
        .append(" processors; JDK ").append(Runtime.version()).append("; kernels: ").append(settings.target())
        .append("; commit ").append(commit()).append("; ").append(settings.threads()).append(" threads, ")
        .append(settings.rounds()).append(" rounds of ").append(settings.burst() / 1000)
        .append(String.format(Locale.ROOT, " s; peak %.1f GFLOP/s on one thread.%n%n", check.peak()));
    results.stream().flatMap(r -> r.sides().stream()).map(Result.Side::version).distinct()
        .forEach(v -> text.append("- ").append(v).append('\n'));
    text.append("""

        | workload | Juanji, images/s (slowest round) | GFLOP/s (of the peak) | peer's best setting | peer, images/s \
        (slowest round) | ratio (range) | goal | memory, MiB | difference |
        |---|---|---|---|---|---|---|---|---|
        """);
    results.forEach(r -> r.sides().stream().skip(r.sides().size() == 1 ? 0 : 1)
        .forEach(s -> text.append(row(r, s))));
    return text.toString();
  }

  private static String row(Result r, Result.Side peer) {
    Result.Side own = r.sides().getFirst();
    String start = String.format(Locale.ROOT, "| %s %s, batch %d | %s | %.1f (%.0f %%) | ", r.workload().id(),
        r.workload().title(), r.workload().batch(), speed(r, own), r.gigaflops(), 100 * r.gigaflops() / r.peak());
    if (peer == own) {
      return start + "| | | | " + (own.memory().getFirst() >> 10) + " | |\n";
    }
    List<Double> ratios = r.ratios(peer);
    return start + String.format(Locale.ROOT, "%s: %s | %s | **%.2f** (%.2f–%.2f) | %.1f | %d / %d | %.0e |%n",
        peer.peer(), peer.words(), speed(r, peer), Result.median(ratios),
        ratios.stream().min(Double::compare).orElseThrow(), ratios.stream().max(Double::compare).orElseThrow(),
        r.workload().goal(), own.memory().getFirst() >> 10, peer.memory().getFirst() >> 10, peer.error());
  }

  private static String speed(Result r, Result.Side side) {
    List<Double> speeds = r.speeds(side);
    return String.format(Locale.ROOT, "%,.1f (%,.1f)", Result.median(speeds),
        speeds.stream().min(Double::compare).orElseThrow());
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(l -> l.startsWith("model name"))
          .map(l -> l.substring(l.indexOf(':') + 1).strip()).findFirst().orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }
  }

  private static String commit() {
    try {
      Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").redirectErrorStream(true).start();
      try (BufferedReader in = git.inputReader()) {
        String line = in.readLine();
        return git.waitFor() == 0 && line != null ? line : "unknown";
      }
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
