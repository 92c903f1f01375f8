package juanji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import juanji.data.DataException;
import juanji.data.Idx;

/// What the word DATA on the command line names.
sealed interface DataArgument {
  /// The word for the digits that are built in.
  String DIGITS = "digits";

  /// What names it in a run's settings; paths are absolute, so that a run can be resumed from another folder.
  String setting();

  /// What names it in a run's name.
  String name();

  /// Digits that are drawn by the library.
  record BuiltIn() implements DataArgument {
    @Override public String setting() {
      return DIGITS;
    }

    @Override public String name() {
      return DIGITS;
    }
  }

  /// A folder of IDX files.
  record IdxFolder(Path path) implements DataArgument {
    @Override public String setting() {
      return path.toAbsolutePath().normalize().toString();
    }

    @Override public String name() {
      return DataArgument.name(path);
    }
  }

  /// A folder of pictures, or a zip of one.
  record PictureFolder(Path path) implements DataArgument {
    @Override public String setting() {
      return path.toAbsolutePath().normalize().toString();
    }

    @Override public String name() {
      return DataArgument.name(path);
    }
  }

  /// What a word names.
  ///
  /// @throws DataException if there is no such file or folder
  static DataArgument of(String word) {
    if (word.equals(DIGITS)) {
      return new BuiltIn();
    }
    Path path;
    try {
      path = Path.of(word);
    } catch (InvalidPathException e) {
      throw missing(word);
    }
    if (!Files.exists(path)) {
      throw missing(word);
    }
    return Files.isDirectory(path) && (Idx.isIdxFolder(path) || hasIdxNames(path)) ? new IdxFolder(path)
        : new PictureFolder(path);
  }

  private static boolean hasIdxNames(Path folder) {
    try (var files = Files.newDirectoryStream(folder, "*-ubyte*")) {
      return files.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }

  private static DataException missing(String word) {
    return new DataException(word, "there is no data '" + word + "'.",
        "DATA is 'digits', a folder of IDX files such as MNIST, or a folder (or a zip of one) with a sub-folder of "
        + "pictures per class; received '" + word + "', which does not exist.",
        "Check the path; 'digits' needs no files at all.");
  }

  private static String name(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    String text = last == null ? "data" : last.toString().replaceFirst("\\.zip$", "");
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-|-$", "");
    return plain.isEmpty() ? "data" : plain;
  }
}
