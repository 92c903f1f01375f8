package juanji.video;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.data.DataException;
import juanji.data.Framing;
import juanji.image.ImageSize;
import juanji.image.UndecodableException;
import juanji.tensor.Shape;

/// What of a video a network is given: so many frames at equal distances over its whole length, brought to one size, as
/// channels × frames × height × width, from 0 to 1.
///
/// Of a video of n frames, at most 4 · frames are kept (frame ⌊(k + ½) · n / kept⌋ for k = 0, 1, …), so that other ones
/// can be drawn in each epoch; of what is kept, the middles of equal segments are read. A short video's frames repeat.
/// Source of the segments: Wang et al., *Temporal segment networks*, 2016.
///
/// Constraints: C1 there are 1 to 1,024 frames; C2 the sample has at most 2²⁶ values.
///
/// ```java
/// VideoPreparation how = new VideoPreparation(16, ImageSize.size(64, 64));     // 3 × 16 × 64 × 64
/// float[] sample = how.read(Path.of("wave.avi"));
/// ```
///
/// @param frames of a sample
/// @param size what they are brought to
public record VideoPreparation(int frames, ImageSize size) {
  /// The word for this kind of data in model files.
  public static final String KIND = "video";
  /// How many frames are kept for each that is read.
  private static final int SPARE = 4;
  private static final int MOST_FRAMES = 1024;
  private static final long MOST_VALUES = 1L << 26;

  /// Checks the constraints.
  public VideoPreparation {
    if (frames < 1 || frames > MOST_FRAMES) {
      throw new IllegalArgumentException("a sample cannot have " + frames + " frames.\n"
          + "  C1: there are 1 to 1,024; received " + frames + ".\n  Use 16.");
    }
    if (frames * size.shape().size() > MOST_VALUES) {
      throw new IllegalArgumentException("a sample cannot have " + frames + " frames of " + size.shape() + ".\n"
          + "  C2: it has at most " + MOST_VALUES + " values; received " + frames * size.shape().size() + ".\n"
          + "  Use a smaller size or fewer frames.");
    }
  }

  /// The shape of a sample.
  public Shape shape() {
    return Shape.of(size.channels(), frames, size.height(), size.width());
  }

  /// The bytes of one frame.
  int frameLength() {
    return size.shape().length();
  }

  /// How many frames are kept of a video with so many.
  int kept(int count) {
    return Math.min(count, SPARE * frames);
  }

  /// The most bytes that are kept of a video.
  long most() {
    return (long) SPARE * frames * frameLength();
  }

  /// The kept frames of a video, one after the other.
  ///
  /// @throws UndecodableException if it is none, damaged, or beyond a limit
  byte[] kept(Path path) throws UndecodableException {
    try (Video video = VideoFile.open(path, size)) {
      int kept = kept(video.count());
      byte[] all = new byte[kept * frameLength()];
      for (int k = 0; k < kept; k++) {
        int index = (int) ((2L * k + 1) * video.count() / (2L * kept));
        System.arraycopy(video.frame(index).pixels(), 0, all, k * frameLength(), frameLength());
      }
      return all;
    } catch (IOException e) {
      throw new UndecodableException("it cannot be read (" + e.getMessage() + ")");
    } catch (OutOfMemoryError e) {
      throw new UndecodableException("it needs more memory than there is");
    }
  }

  /// The middles of equal segments of kept frames.
  int[] middles(int kept) {
    int[] places = new int[frames];
    for (int i = 0; i < frames; i++) {
      places[i] = (int) ((2L * i + 1) * kept / (2L * frames));
    }
    return places;
  }

  /// Writes chosen frames as a sample.
  void put(byte[] kept, int[] places, float[] into, int offset) {
    int plane = size.height() * size.width();
    for (int i = 0; i < frames; i++) {
      for (int c = 0; c < size.channels(); c++) {
        int from = places[i] * frameLength() + c * plane;
        int to = offset + (c * frames + i) * plane;
        for (int p = 0; p < plane; p++) {
          into[to + p] = (kept[from + p] & 255) / 255f;
        }
      }
    }
  }

  /// The sample that a video is, from 0 to 1.
  ///
  /// @throws DataException if it cannot be read
  public float[] read(Path path) {
    byte[] kept;
    try {
      kept = kept(path);
    } catch (UndecodableException e) {
      throw new DataException(path.toString(), "the video '" + path + "' cannot be read.",
          "A video is a folder of pictures, an animated GIF, an AVI of JPEGs, or of a format that a decoder is there "
          + "for; received: " + e.getMessage() + ".", "Check the path, or save the video again as AVI (MJPG).", e);
    }
    float[] values = new float[shape().length()];
    put(kept, middles(kept.length / frameLength()), values, 0);
    return values;
  }

  /// As a model file keeps it.
  public Map<String, String> reading() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("kind", KIND);
    texts.put("frames", Integer.toString(frames));
    texts.put("channels", Integer.toString(size.channels()));
    texts.put("height", Integer.toString(size.height()));
    texts.put("width", Integer.toString(size.width()));
    texts.put("framing", size.framing().name());
    return texts;
  }

  /// From what a model file keeps.
  ///
  /// @throws IllegalArgumentException if something is missing or cannot be
  public static VideoPreparation of(Map<String, String> reading) {
    for (String name : List.of("frames", "channels", "height", "width", "framing")) {
      if (!reading.containsKey(name)) {
        throw new IllegalArgumentException("it lacks '" + name + "'");
      }
    }
    return new VideoPreparation(Integer.parseInt(reading.get("frames")), new ImageSize(
        Integer.parseInt(reading.get("channels")), Integer.parseInt(reading.get("height")),
        Integer.parseInt(reading.get("width")), Framing.valueOf(reading.get("framing"))));
  }
}
