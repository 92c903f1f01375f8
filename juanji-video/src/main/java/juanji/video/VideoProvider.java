package juanji.video;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import juanji.image.ImageSize;
import juanji.image.UndecodableException;

/// Reads videos of further formats, such as MP4; found by service binding.
public interface VideoProvider {
  /// The extensions of its files, in lower case and without a dot.
  Set<String> extensions();

  /// Opens a video. Before memory is allocated, what the file claims is checked against its size.
  ///
  /// @param size what frames are brought to
  /// @throws UndecodableException if the file is no such video, damaged, or beyond a limit
  /// @throws IOException if it cannot be read
  Video open(Path file, ImageSize size) throws UndecodableException, IOException;

  /// Height and width of the frames, without decoding them.
  ///
  /// @throws UndecodableException if the file is no such video
  /// @throws IOException if it cannot be read
  int[] extent(Path file) throws UndecodableException, IOException;
}
