package juanji.video;

import java.io.IOException;
import juanji.image.Picture;
import juanji.image.UndecodableException;

/// An open video, whose frames are read in their order. Not thread-safe.
public interface Video extends AutoCloseable {
  /// How many frames there are, at least 1.
  int count();

  /// The frame of a number from 0 on, in the size that the video was opened for. Numbers asked for never fall, so that
  /// a decoder need not go back.
  ///
  /// @throws UndecodableException if it is damaged or cut short
  /// @throws IOException if the file cannot be read
  Picture frame(int index) throws UndecodableException, IOException;

  @Override void close() throws IOException;
}
