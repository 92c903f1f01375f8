package juanji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.Resize;
import juanji.image.UndecodableException;
import juanji.video.Video;
import juanji.video.VideoProvider;
import org.jcodec.api.FrameGrab;
import org.jcodec.api.JCodecException;
import org.jcodec.common.DemuxerTrackMeta;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.io.SeekableByteChannel;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Size;
import org.jcodec.scale.ColorUtil;
import org.jcodec.scale.Transform;

/// Reads MP4 and QuickTime files (H.264 in its baseline, main and high profiles) by JCodec.
///
/// Constraints: frames have 16 million pixels at most, and there are at most a million.
public final class Mp4Videos implements VideoProvider {
  private static final long MOST_PIXELS = 16_000_000;
  private static final int MOST_FRAMES = 1_000_000;
  private static final int MAGIC = 12;

  /// Made by service binding.
  public Mp4Videos() {
  }

  @Override public Set<String> extensions() {
    return Set.of("mp4", "m4v", "mov");
  }

  @Override public Video open(Path file, ImageSize size) throws UndecodableException, IOException {
    checkMagic(file);
    SeekableByteChannel channel = NIOUtils.readableChannel(file.toFile());
    try {
      FrameGrab grab = FrameGrab.createFrameGrab(channel);
      DemuxerTrackMeta meta = grab.getVideoTrack().getMeta();
      Size extent = meta.getVideoCodecMeta().getSize();
      long pixels = (long) extent.getWidth() * extent.getHeight();
      if (pixels < 1 || pixels > MOST_PIXELS || meta.getTotalFrames() < 1 || meta.getTotalFrames() > MOST_FRAMES) {
        throw new UndecodableException("it has " + meta.getTotalFrames() + " frames of " + extent.getWidth() + " × "
            + extent.getHeight() + " pixels, not 1 to a million of at most 16 million");
      }
      return new Frames(channel, grab, meta.getTotalFrames(), size, new int[] {extent.getHeight(), extent.getWidth()});
    } catch (UndecodableException e) {
      channel.close();
      throw e;
    } catch (JCodecException | IOException | RuntimeException e) {
      // The decoder says with a plain IOException, too, that boxes are missing; the file itself could be read above.
      channel.close();
      throw damaged("", e);
    }
  }

  @Override public int[] extent(Path file) throws UndecodableException, IOException {
    try (Video video = open(file, ImageSize.size(1, 1))) {
      return ((Frames) video).extent;
    }
  }

  /// The container's first box is `ftyp`, `moov`, `mdat`, `wide`, `free` or `skip`; anything else is no such file.
  private static void checkMagic(Path file) throws UndecodableException, IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(MAGIC);
      String box = start.length < 8 ? "" : new String(start, 4, 4, java.nio.charset.StandardCharsets.ISO_8859_1);
      if (!box.matches("ftyp|moov|mdat|wide|free|skip")) {
        throw new UndecodableException("it is not an MP4 or QuickTime file, whatever its name says");
      }
    }
  }

  private static UndecodableException damaged(String where, Exception e) {
    return new UndecodableException(where + "it is damaged, or of a kind that is not known (" + (e.getMessage() == null
        ? e.getClass().getSimpleName() : e.getMessage().lines().findFirst().orElse("")) + ")");
  }

  /// The frames of an open file.
  private static final class Frames implements Video {
    private final SeekableByteChannel channel;
    private final FrameGrab grab;
    private final int count;
    private final ImageSize size;
    private final int[] extent;
    private org.jcodec.common.model.Picture last;
    private int next;

    Frames(SeekableByteChannel channel, FrameGrab grab, int count, ImageSize size, int[] extent) {
      this.channel = channel;
      this.grab = grab;
      this.count = count;
      this.size = size;
      this.extent = extent;
    }

    @Override public int count() {
      return count;
    }

    @Override public Picture frame(int index) throws UndecodableException, IOException {
      String where = "of its frame " + (next + 1) + " of " + count + ": ";
      try {
        for (; next <= index; next++) {
          where = "of its frame " + (next + 1) + " of " + count + ": ";
          last = grab.getNativeFrame();
        }
      } catch (RuntimeException e) {
        throw damaged(where, e);
      }
      if (last == null) {
        throw new UndecodableException(where + "it is cut short");
      }
      return Resize.to(picture(last.cropped()), size);
    }

    /// In red, green and blue.
    private static Picture picture(org.jcodec.common.model.Picture frame) throws UndecodableException {
      int height = frame.getHeight();
      int width = frame.getWidth();
      org.jcodec.common.model.Picture rgb = frame;
      if (frame.getColor() != ColorSpace.RGB) {
        Transform transform = ColorUtil.getTransform(frame.getColor(), ColorSpace.RGB);
        if (transform == null) {
          throw new UndecodableException("its colours are " + frame.getColor() + ", which nothing is known of");
        }
        rgb = org.jcodec.common.model.Picture.create(width, height, ColorSpace.RGB);
        transform.transform(frame, rgb);
      }
      byte[] values = rgb.getPlaneData(0);
      byte[] pixels = new byte[3 * height * width];
      for (int i = 0; i < height * width; i++) {
        for (int c = 0; c < 3; c++) {
          // JCodec's bytes are 128 less than the values.
          pixels[c * height * width + i] = (byte) (values[3 * i + c] + 128);
        }
      }
      return new Picture(3, height, width, pixels);
    }

    @Override public void close() throws IOException {
      channel.close();
    }
  }
}
