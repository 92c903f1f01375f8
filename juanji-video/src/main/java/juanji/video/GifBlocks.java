package juanji.video;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import juanji.image.UndecodableException;

/// What the blocks of a GIF say, without decompressing them: the size of its screen, and how many frames it has.
///
/// Constraints, checked before any memory is allocated: the screen has 16 million pixels at most; frames lie within it
/// and are at most a million; the file does not end within one.
///
/// @param width of the screen in pixels
/// @param height of the screen in pixels
/// @param frames the number of frames, at least 1
record GifBlocks(int width, int height, int frames) {
  private static final int MOST_PIXELS = 16_000_000;
  private static final int MOST_FRAMES = 1_000_000;

  static GifBlocks read(Path file) throws UndecodableException, IOException {
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      return read(in);
    }
  }

  private static GifBlocks read(DataInputStream in) throws UndecodableException, IOException {
    int frames = 0;
    try {
      in.skipNBytes(6);
      int width = little(in);
      int height = little(in);
      if (width < 1 || height < 1 || (long) width * height > MOST_PIXELS) {
        throw new UndecodableException("its screen has " + width + " × " + height + " pixels, not 1 to "
            + MOST_PIXELS / 1_000_000 + " million");
      }
      int flags = in.readUnsignedByte();
      in.skipNBytes(2);
      skipTable(in, flags);
      for (int block = in.readUnsignedByte(); block != 0x3b; block = in.readUnsignedByte()) {
        if (block == 0x2c) {
          if (++frames > MOST_FRAMES) {
            throw new UndecodableException("it has more than " + MOST_FRAMES + " frames");
          }
          frame(in, frames, width, height);
        } else if (block == 0x21) {
          in.skipNBytes(1);
          skipBlocks(in);
        } else if (block != 0) {
          throw new UndecodableException("it is damaged behind its frame " + frames);
        }
      }
      if (frames == 0) {
        throw new UndecodableException("it is a GIF without a picture");
      }
      return new GifBlocks(width, height, frames);
    } catch (EOFException e) {
      throw new UndecodableException("it is cut short in or behind its frame " + frames);
    }
  }

  private static void frame(DataInputStream in, int number, int width, int height)
      throws UndecodableException, IOException {
    int left = little(in);
    int top = little(in);
    int w = little(in);
    int h = little(in);
    if (w < 1 || h < 1 || left + w > width || top + h > height) {
      throw new UndecodableException("its frame " + number + " of " + w + " × " + h + " pixels at " + left + ", " + top
          + " lies outside of its screen of " + width + " × " + height);
    }
    skipTable(in, in.readUnsignedByte());
    in.skipNBytes(1);
    skipBlocks(in);
  }

  private static void skipTable(DataInputStream in, int flags) throws IOException {
    in.skipNBytes((flags & 0x80) != 0 ? 3L << (flags & 7) + 1 : 0);
  }

  private static void skipBlocks(DataInputStream in) throws IOException {
    for (int n = in.readUnsignedByte(); n > 0; n = in.readUnsignedByte()) {
      in.skipNBytes(n);
    }
  }

  private static int little(DataInputStream in) throws IOException {
    return Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
  }
}
