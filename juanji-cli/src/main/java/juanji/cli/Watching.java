package juanji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Waits for files that come into a folder. Folders are looked through again and again, rather than asking the system,
/// since network drives tell nobody; a file is ready once its size has stayed the same between two looks.
///
/// @param folder the folder
/// @param screen where notices go
record Watching(Path folder, Screen screen) {
  private static final long PAUSE_MILLIS = 250;

  /// Calls for each new file, until interrupted.
  ///
  /// @return the exit code
  int run(Consumer<Path> ready) {
    if (!Files.isDirectory(folder)) {
      throw CommandException.failure("the folder '" + folder + "' cannot be watched.",
          "--watch is a folder that exists; received " + (Files.exists(folder) ? "a file."
          : "a path where nothing is."),
          "Make the folder first.");
    }
    Set<Path> done = new HashSet<>();
    Map<Path, Long> growing = new HashMap<>();
    screen.notice("watching " + folder + "; Ctrl-C ends");
    try (Interruption interruption = new Interruption()) {
      while (!interruption.requested() && !Thread.currentThread().isInterrupted()) {
        for (Path file : files()) {
          long size = size(file);
          if (!done.contains(file) && size >= 0 && growing.getOrDefault(file, -1L) == size) {
            done.add(file);
            growing.remove(file);
            ready.accept(file);
          } else if (!done.contains(file)) {
            growing.put(file, size);
          }
        }
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
    return Interruption.CODE;
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isRegularFile).filter(f -> !f.getFileName().toString().startsWith("."))
          .sorted().toList();
    } catch (IOException e) {
      screen.warn("the folder '" + folder + "' cannot be listed just now: " + e.getMessage());
      return List.of();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1;
    }
  }
}
