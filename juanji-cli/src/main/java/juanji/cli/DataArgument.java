package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import juanji.audio.SoundFile;
import juanji.data.DataException;
import juanji.data.Idx;
import juanji.data.Manifest;
import juanji.text.TextFiles;
import juanji.video.VideoFiles;

/// What the word DATA on the command line names.
sealed interface DataArgument {
  /// The words for kinds of data.
  List<String> KINDS = List.of("picture", "text", "sound", "video");

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

  /// A table or a folder of texts.
  record Texts(Path path) implements DataArgument {
    @Override public String setting() {
      return path.toAbsolutePath().normalize().toString();
    }

    @Override public String name() {
      return DataArgument.name(path);
    }
  }

  /// A folder of sounds.
  record Sounds(Path path) implements DataArgument {
    @Override public String setting() {
      return path.toAbsolutePath().normalize().toString();
    }

    @Override public String name() {
      return DataArgument.name(path);
    }
  }

  /// A folder of videos.
  record Videos(Path path) implements DataArgument {
    @Override public String setting() {
      return path.toAbsolutePath().normalize().toString();
    }

    @Override public String name() {
      return DataArgument.name(path);
    }
  }

  /// What one sample is called, and several.
  default String unit(boolean several) {
    return switch (this) {
      case BuiltIn _, IdxFolder _, PictureFolder _ -> several ? "pictures" : "picture";
      case Texts _ -> several ? "texts" : "text";
      case Sounds _ -> several ? "sounds" : "sound";
      case Videos _ -> several ? "videos" : "video";
    };
  }

  /// What a word names.
  ///
  /// @throws DataException if there is no such file or folder
  static DataArgument of(String word) {
    return of(word, Optional.empty());
  }

  /// What a word names.
  ///
  /// @param kind what the data is; empty to look at its files
  /// @throws DataException if there is no such file or folder
  static DataArgument of(String word, Optional<String> kind) {
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
    if (kind.isPresent()) {
      return switch (kind.get()) {
        case "text" -> new Texts(path);
        case "sound" -> new Sounds(path);
        case "video" -> new Videos(path);
        default -> idx(path) ? new IdxFolder(path) : new PictureFolder(path);
      };
    }
    return idx(path) ? new IdxFolder(path) : holdsSounds(path) ? new Sounds(path)
        : VideoFiles.recognises(path) ? new Videos(path)
        : !Manifest.is(path) && TextFiles.recognises(path) ? new Texts(path) : new PictureFolder(path);
  }

  private static boolean idx(Path path) {
    return Files.isDirectory(path) && (Idx.isIdxFolder(path) || hasIdxNames(path));
  }

  /// Whether most of the first files are sounds by their name.
  private static boolean holdsSounds(Path path) {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(path, 4)) {
      List<String> names = files.filter(Files::isRegularFile).map(f -> f.getFileName().toString())
          .filter(n -> !n.startsWith(".")).limit(200).toList();
      return names.stream().filter(SoundFile::named).count() * 2 > names.size();
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
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
        "DATA is 'digits', a folder of IDX files such as MNIST, a folder (or a zip of one) with a sub-folder of "
        + "pictures per class, texts, sounds or videos; received '" + word + "', which does not exist.",
        "Check the path; 'digits' needs no files at all.");
  }

  private static String name(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    String text = last == null ? "data" : last.toString().replaceFirst("\\.zip$", "");
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-|-$", "");
    return plain.isEmpty() ? "data" : plain;
  }
}
