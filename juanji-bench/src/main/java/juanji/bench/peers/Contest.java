package juanji.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.bench.SelfCheck;

/// Runs workloads in Juanji and in its peers by turns and prints how they compare.
///
/// Each system runs in a process of its own. In each round every system has one burst of runs, in an order that
/// changes from round to round; ratios are of bursts of the same round. Memory is measured in further processes, which
/// do nothing else.
public final class Contest {
  /// What a stage's answers begin with.
  static final String MARK = "juanji-bench: ";
  private static final double TOLERANCE = 1e-3;
  /// Numbers that roundings alone move by more than the tolerance may be off by so many times as much.
  private static final double SPREADS = 3;

  private final Settings settings;
  private final double peak;

  private Contest(Settings settings, double peak) {
    this.settings = settings;
    this.peak = peak;
  }

  /// Runs the workloads that the arguments name.
  public static void main(String[] args) {
    int code = 0;
    try {
      Settings settings = Settings.of(List.of(args));
      if (settings.steps()) {
        settings.workloads().forEach(w -> IO.println(StepTimes.of(w, settings.target(), settings.threads())));
      } else {
        code = contest(settings);
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      code = 2;
    }
    System.exit(code);
  }

  private static int contest(Settings settings) {
    SelfCheck check = SelfCheck.run();
    IO.println(check);
    List<Result> results = new ArrayList<>();
    Contest contest = new Contest(settings, check.peak() * settings.threads());
    Report report = new Report(settings, check);
    for (Workload workload : settings.workloads()) {
      try {
        Result result = contest.play(workload);
        results.add(result);
        IO.println(result);
      } catch (IllegalStateException e) {
        System.err.println(workload.id() + " cannot be compared: " + e.getMessage());
        return 1;
      }
    }
    String table = report.markdown(results);
    IO.println("\n" + table);
    if (settings.output().isPresent()) {
      try {
        Files.writeString(settings.output().get(), table);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return results.stream().allMatch(Result::agrees) && check.passed() ? 0 : 1;
  }

  private Result play(Workload workload) {
    List<Peer> systems = new ArrayList<>(List.of(Peer.JUANJI));
    settings.against(workload).stream().filter(p -> !(workload.training() && p == Peer.ONNXRUNTIME))
        .forEach(systems::add);
    Path file = Path.of("none");
    List<Actor> actors = new ArrayList<>();
    try {
      if (systems.contains(Peer.ONNXRUNTIME)) {
        file = Files.createTempFile("juanji-bench", ".onnx");
        OnnxFile.write(workload.model().get(), workload.batch(), file);
      }
      for (Peer system : systems) {
        progress(workload + ": starting " + system);
        actors.add(new Actor(system, workload, settings, file));
      }
      return play(workload, actors, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      actors.forEach(Actor::close);
      file.toFile().delete();
    }
  }

  private Result play(Workload workload, List<Actor> actors, Path file) {
    List<Result.Side> sides = new ArrayList<>();
    float[] expected = {};
    float[] spread = {};
    for (Actor actor : actors) {
      progress(workload + ": checking " + actor.peer());
      float[] values = actor.check();
      if (expected.length == 0) {
        expected = values;
        // Scores are one pass forward, which magnifies nothing.
        spread = workload.training() ? actor.sensitivity() : new float[values.length];
      }
      double error = error(values, expected, spread);
      progress(workload + ": choosing settings of " + actor.peer());
      String[] setting = actor.ask("choose").split(" ", 2);
      progress(workload + ": warming up " + actor.peer());
      actor.burst(settings.warmUp());
      sides.add(new Result.Side(actor.peer(), actor.version(), Integer.parseInt(setting[0]), setting[1], error));
    }
    for (int round = 0; round < settings.rounds(); round++) {
      progress(workload + ": round " + (round + 1) + " of " + settings.rounds());
      for (int i = 0; i < actors.size(); i++) {
        int turn = (i + round) % actors.size();
        sides.get(turn).seconds().add(actors.get(turn).burst(settings.burst()).secondsPerRun());
      }
    }
    double flops = Double.parseDouble(actors.getFirst().ask("flops"));
    actors.forEach(Actor::close);
    for (Result.Side side : sides) {
      progress(workload + ": memory of " + side.peer());
      try (Actor alone = new Actor(side.peer(), workload, settings, file)) {
        alone.ask("take " + side.setting());
        alone.burst(settings.burst());
        side.memory().add(Long.parseLong(alone.ask("memory")));
      }
    }
    progress("");
    return new Result(workload, sides, flops, peak, TOLERANCE);
  }

  /// The largest difference, relative to the largest expected value, of those that are larger than what moving each
  /// weight by a rounding does.
  private static double error(float[] values, float[] expected, float[] spread) {
    if (values.length != expected.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double off = Math.abs(values[i] - expected[i]);
      difference = off <= SPREADS * spread[i] && spread[i] > TOLERANCE * Math.abs(expected[i]) ? difference
          : Math.max(difference, off);
    }
    return Double.isFinite(difference) && !Arrays.equals(values, new float[values.length]) ? difference / largest
        : Double.POSITIVE_INFINITY;
  }

  private static void progress(String text) {
    if (System.console() != null) {
      System.err.print("\r\u001b[K" + text);
      System.err.flush();
    } else if (!text.isEmpty()) {
      System.err.println(text);
    }
  }
}
