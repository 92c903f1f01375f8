package juanji.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import juanji.plan.Target;

/// The process of one system with one workload: waits for commands on standard input, and answers each with one line.
///
/// `check` (what must agree) · `choose` (times the settings and takes the fastest: its number and words) ·
/// `take SETTING` · `burst MILLISECONDS` (runs until the time is over: runs and nanoseconds) · `flops` · `memory` (the
/// most this process has held, in KiB). The end of the input ends the process.
final class Stage {
  private static final double TRIAL_SECONDS = 2;

  private Stage() {
  }

  /// @param args the system, the workload, the threads, ONNX Runtime's file, and whether Juanji is exact
  ///     and whether it is tuned
  public static void main(String[] args) throws IOException {
    Workload workload = Workload.named(args[1]).getFirst();
    int threads = Integer.parseInt(args[2]);
    // Native libraries write to standard output, too.
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (Contestant contestant = contestant(Peer.valueOf(args[0]), workload, threads, Path.of(args[3]),
        Settings.target(Boolean.parseBoolean(args[4]), Boolean.parseBoolean(args[5]), threads))) {
      out.println(Contest.MARK + contestant.version());
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(Contest.MARK + answer(contestant, line.split(" ")));
      }
    }
  }

  private static Contestant contestant(Peer peer, Workload workload, int threads, Path file, Target target) {
    return switch (peer) {
      case JUANJI -> new JuanjiContestant(workload, target, threads);
      case PYTORCH -> new PyTorchContestant(workload, threads);
      case ONNXRUNTIME -> new OnnxRuntimeContestant(workload, threads, file);
    };
  }

  private static String answer(Contestant contestant, String[] command) {
    return switch (command[0]) {
      case "check" -> text(contestant.check());
      case "sensitivity" -> text(((JuanjiContestant) contestant).sensitivity());
      case "choose" -> choose(contestant);
      case "take" -> {
        contestant.choose(Integer.parseInt(command[1]));
        yield contestant.settings()[Integer.parseInt(command[1])];
      }
      case "burst" -> burst(contestant, Long.parseLong(command[1]));
      case "flops" -> Double.toString(contestant.flops());
      case "memory" -> Long.toString(memory());
      default -> throw new IllegalArgumentException("unknown command " + String.join(" ", command));
    };
  }

  private static String text(float[] values) {
    StringBuilder text = new StringBuilder();
    for (float value : values) {
      text.append(value).append(' ');
    }
    return text.toString();
  }

  private static String choose(Contestant contestant) {
    String[] settings = contestant.settings();
    int best = 0;
    if (settings.length > 1) {
      double least = Double.MAX_VALUE;
      for (int i = 0; i < settings.length; i++) {
        contestant.choose(i);
        double time = trial(contestant);
        if (time < least) {
          least = time;
          best = i;
        }
      }
    }
    contestant.choose(best);
    return best + " " + settings[best];
  }

  /// The least time of a run within a while, at least of three.
  private static double trial(Contestant contestant) {
    long begun = System.nanoTime();
    double least = Double.MAX_VALUE;
    for (int i = 0; i < 3 || System.nanoTime() - begun < TRIAL_SECONDS * 1e9; i++) {
      long before = System.nanoTime();
      contestant.run();
      least = Math.min(least, System.nanoTime() - before);
    }
    return least;
  }

  private static String burst(Contestant contestant, long milliseconds) {
    long begun = System.nanoTime();
    long end = begun + milliseconds * 1_000_000;
    int runs = 0;
    long now = begun;
    while (now < end) {
      contestant.run();
      runs++;
      now = System.nanoTime();
    }
    return String.format(Locale.ROOT, "%d %d", runs, now - begun);
  }

  /// The peak of this process's resident memory in KiB; 0 where the system does not tell.
  private static long memory() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM"))
          .map(l -> l.replaceAll("\\D", "")).mapToLong(Long::parseLong).findFirst().orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
