package juanji.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import juanji.data.Archives;
import juanji.data.DataException;

/// Where videos lie: a folder, a table that names files, or a zip of a folder, which stays open until this is closed.
///
/// Constraint: F1 an archive can be opened, and none of its names leads out of it.
///
/// @param given what was named
/// @param root the folder or table, or the uppermost folder of the archive
/// @param archive the open archive, if it is one
record VideoPlace(Path given, Path root, Optional<FileSystem> archive) implements AutoCloseable {
  /// What a path names.
  ///
  /// @throws DataException if F1 is broken
  static VideoPlace of(Path given) {
    if (!zipped(given)) {
      return new VideoPlace(given, given, Optional.empty());
    }
    IOException first = null;
    for (Charset charset : Archives.charsets()) {
      try {
        FileSystem zip = FileSystems.newFileSystem(given, Map.of("encoding", charset.name()));
        return new VideoPlace(given, zip.getPath("/"), Optional.of(zip));
      } catch (IOException | IllegalArgumentException e) {
        first = first == null ? e instanceof IOException io ? io : new IOException(e) : first;
      }
    }
    throw new DataException(given.toString(), "the archive '" + given + "' cannot be read.",
        "F1: it is a zip that is whole, none of whose names leads out of it; the system says: " + first.getMessage()
        + ".", "Zip the folder again, or unpack it and name the folder.", first);
  }

  private static boolean zipped(Path file) {
    try {
      return Archives.zipped(file);
    } catch (IOException e) {
      return false;
    }
  }

  /// What of it is a video, with messages that speak of what was named.
  VideoFiles files(Optional<Pattern> pattern) {
    try {
      return VideoFiles.of(root, pattern);
    } catch (DataException e) {
      if (archive.isEmpty()) {
        throw e;
      }
      List<String> lines = e.getMessage().lines().map(String::strip).toList();
      throw new DataException(given.toString(), lines.getFirst().replace("'" + root + "'", "'" + given + "'"),
          lines.get(1), lines.getLast(), e);
    }
  }

  /// What a video is called in findings and errors.
  String source(Path video) {
    return archive.isEmpty() ? video.toString() : given + "!" + video;
  }

  @Override public void close() {
    try {
      if (archive.isPresent()) {
        archive.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
