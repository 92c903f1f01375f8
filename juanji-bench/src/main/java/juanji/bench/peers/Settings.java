package juanji.bench.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import juanji.plan.Target;
import juanji.plan.Tuning;

/// What is to be measured, from the command line.
///
/// @param workloads in the order in which they run
/// @param peers what to compare with; empty for PyTorch in training and ONNX Runtime in inference
/// @param threads of each system
/// @param rounds bursts of each system
/// @param burst milliseconds of a burst
/// @param warmUp milliseconds before the first round
/// @param steps whether the time of each step of Juanji's plan is told instead
/// @param exact whether Juanji computes convolutions by their definition
/// @param tune whether Juanji chooses kernels by timing them
/// @param output where the table goes besides standard output
record Settings(List<Workload> workloads, Optional<List<Peer>> peers, int threads, int rounds, long burst, long warmUp,
    boolean steps, boolean exact, boolean tune, Optional<Path> output) {
  private static final int ROUNDS = 7;
  private static final long BURST = 1000;
  private static final long WARM_UP = 15_000;

  /// The peers of a workload.
  List<Peer> against(Workload workload) {
    return peers.orElse(List.of(workload.training() ? Peer.PYTORCH : Peer.ONNXRUNTIME));
  }

  /// Juanji's kernels.
  Target target() {
    return target(exact, tune, threads);
  }

  static Target target(boolean exact, boolean tune, int threads) {
    Target target = exact ? Target.best().exact() : Target.best();
    return tune ? target.tuned(Tuning.of(threads)) : target;
  }

  static Settings of(List<String> args) {
    List<Workload> workloads = new ArrayList<>();
    Optional<List<Peer>> peers = Optional.empty();
    int threads = Runtime.getRuntime().availableProcessors();
    int rounds = ROUNDS;
    boolean steps = false;
    boolean exact = false;
    boolean tune = false;
    Optional<Path> output = Optional.empty();
    Iterator<String> rest = args.iterator();
    while (rest.hasNext()) {
      String arg = rest.next();
      switch (arg) {
        case "--against" -> {
          String names = value(arg, rest);
          peers = Optional.of(names.equals("none") ? List.of()
              : Arrays.stream(names.split(",")).map(Peer::named).toList());
        }
        case "--threads" -> threads = number(arg, value(arg, rest));
        case "--rounds" -> rounds = number(arg, value(arg, rest));
        case "--output" -> output = Optional.of(Path.of(value(arg, rest)));
        case "--steps" -> steps = true;
        case "--exact" -> exact = true;
        case "--tune" -> tune = true;
        default -> {
          if (arg.startsWith("-")) {
            throw new IllegalArgumentException("there is no option '" + arg + "'.\n"
                + "  C3: options are --against, --threads, --rounds, --steps, --exact, --tune and --output; received '"
                + arg + "'.\n"
                + "  Leave it out.");
          }
          workloads.addAll(Workload.named(arg));
        }
      }
    }
    return new Settings(workloads.isEmpty() ? Workload.ALL : workloads, peers, threads, rounds, BURST, WARM_UP, steps,
        exact, tune, output);
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " has no value.\n"
          + "  C3: a value follows " + option + "; received nothing.\n  Write " + option + " VALUE.");
    }
    return rest.next();
  }

  private static int number(String option, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= 1024) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(option + " cannot be '" + text + "'.\n"
        + "  C3: it is a whole number from 1 to 1024; received '" + text + "'.\n  Write " + option + " 2.");
  }
}
