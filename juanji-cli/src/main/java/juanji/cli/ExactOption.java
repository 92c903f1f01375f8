package juanji.cli;

import juanji.plan.Target;
import picocli.CommandLine.Option;

/// The option of commands whose results may depend on how convolutions are computed.
final class ExactOption {
  @Option(names = "--exact", description = "Compute convolutions by their definition, never by Winograd's algorithms, "
      + "which are faster but round more.")
  private boolean exact;

  /// Made by picocli.
  ExactOption() {
  }

  boolean given() {
    return exact;
  }

  Target target() {
    return exact ? Target.best().exact() : Target.best();
  }
}
