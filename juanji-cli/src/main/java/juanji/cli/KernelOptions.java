package juanji.cli;

import java.util.Map;
import juanji.json.Json;
import juanji.plan.Target;
import picocli.CommandLine.Option;

/// The options of commands whose results may depend on how convolutions are computed.
final class KernelOptions {
  @Option(names = "--exact", description = "Compute convolutions by their definition, never by Winograd's algorithms, "
      + "which are faster but round more.")
  private boolean exact;

  @Option(names = "--tune", description = "Time the kernels that come into question, rather than estimate which is the "
      + "fastest. What is found is kept for this machine, so that the next run chooses the same.")
  private boolean tune;

  /// Made by picocli.
  KernelOptions() {
  }

  boolean exact() {
    return exact;
  }

  boolean tune() {
    return tune;
  }

  /// Adds what is given to the settings of a training.
  void given(Map<String, Json> values) {
    if (exact) {
      values.put("exact", Json.of(true));
    }
    if (tune) {
      values.put("tune", Json.of(true));
    }
  }

  Target target() {
    return target(exact, tune);
  }

  static Target target(boolean exact, boolean tune) {
    Target target = exact ? Target.best().exact() : Target.best();
    return tune ? target.tuned(TunedKernels.ofThisMachine().tuning()) : target;
  }
}
