package juanji.video;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import juanji.image.ImageSize;
import juanji.image.UndecodableException;

/// Opens videos: a folder whose pictures are the frames, an animated GIF, an AVI of JPEGs (motion JPEG), or a file of a
/// format that a [VideoProvider] reads. An entry of an archive is unpacked to a temporary file while it is open. The
/// content decides, the name only where it says nothing.
///
/// ```java
/// try (Video video = VideoFile.open(Path.of("wave.avi"), ImageSize.size(64, 64))) {
///   Picture first = video.frame(0);
/// }
/// ```
public final class VideoFile {
  private static final Set<String> EXTENSIONS = Set.of("avi", "gif");

  private VideoFile() {
  }

  /// Whether a file's name is that of a video, by its extension.
  public static boolean named(String name) {
    String extension = extension(name);
    return EXTENSIONS.contains(extension) || provider(extension).isPresent();
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static Optional<VideoProvider> provider(String extension) {
    return ServiceLoader.load(VideoProvider.class).stream().map(ServiceLoader.Provider::get)
        .filter(p -> p.extensions().contains(extension)).findFirst();
  }

  /// Opens a video, whose frames are brought to a size.
  ///
  /// @throws UndecodableException if it is none, damaged, or beyond a limit
  /// @throws IOException if it cannot be read
  public static Video open(Path path, ImageSize size) throws UndecodableException, IOException {
    if (Files.isDirectory(path)) {
      return FrameFolder.open(path, size);
    }
    return path.getFileSystem() == FileSystems.getDefault() ? openFile(path, size) : UnpackedVideo.open(path, size);
  }

  static Video openFile(Path path, ImageSize size) throws UndecodableException, IOException {
    return switch (magic(path)) {
      case "AVI" -> AviVideo.open(path, size);
      case "GIF" -> GifVideo.open(path, size);
      default -> other(path).open(path, size);
    };
  }

  /// Height and width of a video's frames, without decoding them.
  ///
  /// @throws UndecodableException if it is no video
  /// @throws IOException if it cannot be read
  public static int[] extent(Path path) throws UndecodableException, IOException {
    if (Files.isDirectory(path)) {
      return FrameFolder.extent(path);
    }
    return path.getFileSystem() == FileSystems.getDefault() ? extentOfFile(path) : UnpackedVideo.extent(path);
  }

  static int[] extentOfFile(Path path) throws UndecodableException, IOException {
    return switch (magic(path)) {
      case "AVI" -> AviVideo.extent(path);
      case "GIF" -> GifVideo.extent(path);
      default -> other(path).extent(path);
    };
  }

  private static VideoProvider other(Path path) throws UndecodableException {
    return provider(extension(path.getFileName().toString())).orElseThrow(() -> new UndecodableException(
        "it is neither an AVI nor a GIF, nor of a format that a decoder is there for"));
  }

  private static String magic(Path path) throws UndecodableException, IOException {
    if (!Files.isRegularFile(path)) {
      throw new UndecodableException(Files.exists(path) ? "it is not a file" : "there is no such file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      String start = new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
      if (start.isEmpty()) {
        throw new UndecodableException("the file is empty");
      }
      return start.startsWith("RIFF") && start.endsWith("AVI ") ? "AVI" : start.startsWith("GIF8") ? "GIF" : "";
    }
  }
}
