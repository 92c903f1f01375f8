package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import juanji.json.Json;
import juanji.json.JsonException;

/// The folder that a training writes to. Every file is written beside its place and moved there whole.
///
/// @param path the folder
record RunFolder(Path path) {
  static final String MODEL = "model.juanji";
  static final String START = "start.juanji";
  static final String CONFIG = "config.json";
  static final String METRICS = "metrics.csv";
  static final String REPORT = "report.html";
  static final String RESULT = "result.json";
  private static final String CHECKPOINT = "checkpoint.safetensors";

  Path file(String name) {
    return path.resolve(name);
  }

  boolean hasCheckpoint() {
    return Files.exists(file(CHECKPOINT));
  }

  Path checkpoint() {
    return file(CHECKPOINT);
  }

  /// Checks that a new run may write to a folder.
  ///
  /// @throws CommandException if something is there already
  static void checkFree(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    boolean empty = false;
    if (Files.isDirectory(path)) {
      try (var files = Files.newDirectoryStream(path)) {
        empty = !files.iterator().hasNext();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (!empty) {
      throw CommandException.usage("a new run cannot write to '" + path + "'.",
          "--out is a folder that is empty or does not exist yet; received one with content.",
          "Go on with its run by --resume, or give another folder.");
    }
  }

  /// A new folder.
  static RunFolder create(Path path) {
    checkFree(path);
    try {
      return new RunFolder(Files.createDirectories(path));
    } catch (IOException e) {
      throw uncreatable(path, e);
    }
  }

  /// A new folder in `runs`, with the next free number.
  static RunFolder next(String name) {
    Path runs = Path.of("runs");
    try {
      Files.createDirectories(runs);
      for (int n = 1;; n++) {
        try {
          return new RunFolder(Files.createDirectory(runs.resolve(name + "-" + n)));
        } catch (FileAlreadyExistsException e) {
          // Taken, perhaps by a run that started at the same time: the next number.
        }
      }
    } catch (IOException e) {
      throw uncreatable(runs, e);
    }
  }

  private static CommandException uncreatable(Path path, IOException e) {
    return CommandException.failure("the folder '" + path + "' cannot be made.",
        "The system says: " + e.getMessage() + " (" + e.getClass().getSimpleName() + ").",
        "Give another folder with --out.");
  }

  /// Removes the folder of a run that was refused before its first step, with the little that it wrote.
  void discard() {
    try (var files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A folder that a run has written to, to go on with it.
  ///
  /// @throws CommandException if it is none
  static RunFolder existing(Path path) {
    return existing(path, " to go on with", "Check the path, or leave out --resume to begin a run there.");
  }

  /// A folder that a run has written to, to see what it says.
  ///
  /// @throws CommandException if it is none
  static RunFolder toShow(Path path) {
    return existing(path, "", "Check the path: 'juanji runs list' names the runs of a folder.");
  }

  private static RunFolder existing(Path path, String purpose, String fix) {
    RunFolder run = new RunFolder(path);
    if (!Files.isRegularFile(run.file(CONFIG))) {
      throw CommandException.failure("there is no run in '" + path + "'" + purpose + ".", "A run has a file " + CONFIG
          + "; received " + kind(path) + ".", fix);
    }
    return run;
  }

  /// What lies at a path that was expected to be a folder with runs or of one.
  static String kind(Path path) {
    return Files.isDirectory(path) ? "a folder without it" : Files.exists(path) ? "a file"
        : "a path where there is nothing";
  }

  /// The settings that the run began with.
  Map<String, Json> settings() {
    try {
      return Json.parse(read(CONFIG).orElse("")).member("settings").members();
    } catch (JsonException e) {
      throw CommandException.failure("the run in '" + path + "' cannot be resumed.",
          "Its " + CONFIG + " is JSON as it was written; received: " + e.getMessage().replaceAll("\\s*\n\\s*", " "),
          "Restore the file, or begin a new run.");
    }
  }

  /// A file's text, if it is there.
  Optional<String> read(String name) {
    try {
      return Files.exists(file(name)) ? Optional.of(Files.readString(file(name))) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Replaces a file whole.
  ///
  /// @throws CommandException if there is no room for it; then the file is as it was before
  void write(String name, String text) {
    Path beside = file("." + name + ".part");
    try {
      try {
        Files.writeString(beside, text);
        try {
          Files.move(beside, file(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
          Files.move(beside, file(name), StandardCopyOption.REPLACE_EXISTING);
        }
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw unwritable(file(name), e);
    }
  }

  /// A file of this run that cannot be written, such as on a disk that is full: what was kept before stays whole.
  CommandException unwritable(Path file, IOException e) {
    String resume = "juanji train --resume --out " + TrainCommand.quoted(path.toString());
    return CommandException.failure("the training cannot go on: '" + file + "' cannot be written.",
        "Its folder has room and may be written to; the system says: " + e.getMessage() + " ("
        + e.getClass().getSimpleName() + ").", Files.exists(checkpoint())
        ? "Make room, then go on from the state that was kept with " + resume + "."
        : "Make room, and begin again in another folder; no state has been kept yet.");
  }
}
