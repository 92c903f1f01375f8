package juanji.video;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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
    // Archives made on Chinese Windows name their entries in GB 18030 without saying so.
    for (String charset : charsets()) {
      try {
        FileSystem zip = FileSystems.newFileSystem(given, Map.of("encoding", charset));
        return new VideoPlace(given, zip.getPath("/"), Optional.of(zip));
      } catch (IOException | IllegalArgumentException e) {
        first = first == null ? e instanceof IOException io ? io : new IOException(e) : first;
      }
    }
    throw new DataException(given.toString(), "the archive '" + given + "' cannot be read.",
        "F1: it is a zip that is whole, none of whose names leads out of it; the system says: " + first.getMessage()
        + ".", "Zip the folder again, or unpack it and name the folder.", first);
  }

  private static List<String> charsets() {
    List<String> all = new ArrayList<>(List.of(StandardCharsets.UTF_8.name()));
    if (Charset.isSupported("GB18030")) {
      all.add("GB18030");
    }
    all.add(StandardCharsets.ISO_8859_1.name());
    return all;
  }

  /// Whether a file is a zip, by its first bytes.
  static boolean zipped(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4);
      return start.length == 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
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
