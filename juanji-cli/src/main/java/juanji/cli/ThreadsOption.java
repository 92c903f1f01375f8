package juanji.cli;

import java.util.Optional;
import juanji.plan.Workers;
import picocli.CommandLine.Option;

/// The option of commands that compute.
final class ThreadsOption {
  @Option(names = "--threads", paramLabel = "N",
      description = "Threads to compute with; the results do not depend on it. Default: one per processor.")
  private Optional<Integer> threads = Optional.empty();

  /// Made by picocli.
  ThreadsOption() {
  }

  int count() {
    return threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
  }

  Workers open() {
    try {
      return threads.isPresent() ? Workers.of(threads.get()) : Workers.all();
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }
}
