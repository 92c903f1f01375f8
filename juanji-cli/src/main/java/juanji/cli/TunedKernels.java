package juanji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import juanji.json.Json;
import juanji.json.JsonException;
import juanji.plan.Tuning;

/// The kernels that were the fastest on this machine, in a file from which later runs take them.
///
/// The file is `tuned.json` in the folder that the environment variable `JUANJI_CACHE` names, or else in `juanji` in
/// the folder of the user's cached files. Kernels are timed on all processors even where a run has fewer threads, so
/// that its results do not depend on that.
final class TunedKernels {
  private static final String FORMAT = "juanji-tuned-kernels";
  private static final long MOST_BYTES = 16 << 20;

  private final Path file;

  TunedKernels(Path file) {
    this.file = file;
  }

  static TunedKernels ofThisMachine() {
    return new TunedKernels(folder(System.getenv(), Path.of(System.getProperty("user.home"))).resolve("tuned.json"));
  }

  static Path folder(Map<String, String> environment, Path home) {
    Optional<String> own = Optional.ofNullable(environment.get("JUANJI_CACHE")).filter(s -> !s.isBlank());
    if (own.isPresent()) {
      return Path.of(own.get());
    }
    for (String users : new String[] {"XDG_CACHE_HOME", "LOCALAPPDATA"}) {
      String folder = environment.get(users);
      if (folder != null && !folder.isBlank()) {
        return Path.of(folder, "juanji");
      }
    }
    return home.resolve(".cache").resolve("juanji");
  }

  /// Choices that begin with those of the file and are added to it.
  Tuning tuning() {
    return Tuning.of(read(), Runtime.getRuntime().availableProcessors(), found -> {
      System.err.println("tuned: " + found.kernel() + ", of " + found.timings());
      add(found);
    });
  }

  private Map<String, String> read() {
    Map<String, String> choices = new TreeMap<>();
    try {
      if (Files.exists(file)) {
        if (Files.size(file) > MOST_BYTES) {
          throw unreadable("it has " + Files.size(file) + " bytes");
        }
        Json.parse(Files.readString(file)).member(FORMAT).members().forEach((k, v) -> choices.put(k, v.asText()));
      }
    } catch (IOException | JsonException e) {
      throw unreadable(e.getMessage().lines().findFirst().orElse("it is no text"));
    }
    return choices;
  }

  private CommandException unreadable(String why) {
    return CommandException.failure("the choices of kernels in " + file + " cannot be read.",
        "It should be a file that --tune wrote; " + why, "Delete it, so that kernels are timed anew.");
  }

  /// Adds a choice to what the file holds now, which another process may have written meanwhile.
  private void add(Tuning.Found found) {
    Map<String, String> choices = read();
    choices.put(found.task(), found.kernel());
    WholeFile.write(file, Json.of(Map.of(FORMAT, Json.ofTexts(choices))) + "\n");
  }
}
