package juanji.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Zips of data, as people make them.
public final class Archives {
  private Archives() {
  }

  /// Whether a file is a zip, by its first bytes.
  ///
  /// @throws IOException if it cannot be read
  public static boolean zipped(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(2);
      return start.length == 2 && start[0] == 'P' && start[1] == 'K';
    }
  }

  /// What the names in a zip may be written in, the likeliest first. Archives made on Chinese Windows name their
  /// entries in GB 18030 without saying so; any other legacy encoding is read byte by byte, so that at least equal
  /// names stay equal.
  public static List<Charset> charsets() {
    List<Charset> all = new ArrayList<>(List.of(StandardCharsets.UTF_8));
    if (Charset.isSupported("GB18030")) {
      all.add(Charset.forName("GB18030"));
    }
    all.add(StandardCharsets.ISO_8859_1);
    return all;
  }
}
