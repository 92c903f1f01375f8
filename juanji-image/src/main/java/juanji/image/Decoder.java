package juanji.image;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.stream.ImageInputStream;
import juanji.data.Framing;

/// Decodes a picture of any supported format near a wanted size, in bounded memory.
///
/// Pictures above 4 megapixels are thinned out while they are decoded, to at least four times the wanted size on each
/// axis; those above 16 megapixels are decoded one at a time. Refused are pictures above [#MOST_PIXELS], pictures that
/// claim more pixels than their file could hold, and pictures above [#MOST_UNTHINNED] in formats whose decoders keep
/// everything in memory (progressive JPEG, compressed BMP, TIFF, Netpbm).
final class Decoder {
  static final long MOST_PIXELS = 1_000_000_000;
  static final long MOST_UNTHINNED = 64_000_000;
  private static final long THINNED_FROM = 4_000_000;
  private static final long ALONE_FROM = 16_000_000;
  /// No supported format stores more pixels in a byte: deflate shrinks 1032-fold, and a byte holds 8 one-bit pixels.
  private static final long MOST_PIXELS_PER_BYTE = 8 * 1032;
  private static final int MARGIN = 4;

  /// Keeps one decoder's large pictures from being in memory at the same time.
  private final ReentrantLock alone = new ReentrantLock();
  private final ImageSize size;

  Decoder(ImageSize size) {
    this.size = size;
  }

  /// The picture, upright, in the wanted size and colours.
  ///
  /// @throws UndecodableException if the file is damaged, cut short or beyond a limit
  /// @throws CancellationException if the thread is interrupted
  Picture decode(PictureSource source) throws UndecodableException {
    PictureHeader header = PictureHeader.read(source);
    long pixels = (long) header.width() * header.height();
    check(header, pixels, source.length());
    boolean large = pixels > ALONE_FROM;
    if (large) {
      alone.lock();
    }
    try {
      Picture picture = header.format() == PictureHeader.Format.PNM ? Pnm.decode(source.bytes())
          : decode(source, header, pixels);
      return Resize.to(picture.upright(header.orientation()), size);
    } catch (IOException | RuntimeException e) {
      if (e instanceof CancellationException cancelled) {
        throw cancelled;
      }
      throw new UndecodableException("it is damaged or cut short (" + cause(e) + ")");
    } catch (OutOfMemoryError e) {
      throw new UndecodableException("it needs more memory than there is (" + dimensions(header) + ")");
    } finally {
      if (large) {
        alone.unlock();
      }
    }
  }

  private static void check(PictureHeader header, long pixels, long length) throws UndecodableException {
    checkClaim(header, length);
    boolean thinnable = switch (header.format()) {
      case PNG, GIF -> true;
      case JPEG -> !header.jpeg().progressive();
      case BMP, PNM, OTHER -> false;
    };
    if (!thinnable && pixels > MOST_UNTHINNED) {
      throw new UndecodableException("it has " + dimensions(header) + " pixels, more than the limit of "
          + MOST_UNTHINNED / 1_000_000 + " million for its format");
    }
  }

  /// Refuses what no file of its length can hold, and what is beyond all limits.
  static void checkClaim(PictureHeader header, long length) throws UndecodableException {
    long pixels = (long) header.width() * header.height();
    if (pixels > MOST_PIXELS) {
      throw new UndecodableException("it has " + dimensions(header) + " pixels, more than the limit of "
          + MOST_PIXELS / 1_000_000 + " million");
    }
    if (pixels > THINNED_FROM && length >= 0 && pixels / MOST_PIXELS_PER_BYTE > length) {
      throw new UndecodableException("it claims " + dimensions(header) + " pixels in a file of " + length + " bytes");
    }
  }

  private Picture decode(PictureSource source, PictureHeader header, long pixels)
      throws IOException, UndecodableException {
    return decode(source, header, param -> {
      if (pixels > THINNED_FROM) {
        thin(param, header);
      }
    });
  }

  /// Some rows of a picture in full, upright.
  ///
  /// @param from the first row, as stored
  /// @param count how many; all of them if the picture is not upright as stored
  static Picture rows(PictureSource source, PictureHeader header, int from, int count)
      throws IOException, UndecodableException {
    try {
      Picture picture = header.format() == PictureHeader.Format.PNM ? Pnm.decode(source.bytes())
          : decode(source, header, param -> param.setSourceRegion(new Rectangle(0, from, header.width(), count)));
      return picture.upright(header.orientation());
    } catch (RuntimeException e) {
      throw new UndecodableException("it is damaged or cut short (" + cause(e) + ")");
    } catch (OutOfMemoryError e) {
      throw new UndecodableException("it needs more memory than there is (" + dimensions(header) + ")");
    }
  }

  private static Picture decode(PictureSource source, PictureHeader header, Consumer<ImageReadParam> limit)
      throws IOException, UndecodableException {
    try (ImageInputStream input = source.input()) {
      ImageReader reader = reader(input, header);
      try {
        reader.setInput(input, true, true);
        StringBuilder warning = new StringBuilder();
        reader.addIIOReadWarningListener((from, message) -> {
          if (incomplete(message, header.jpeg().progressive())) {
            warning.append(warning.isEmpty() ? message : "");
          }
        });
        reader.addIIOReadProgressListener(new Interruption());
        ImageReadParam param = reader.getDefaultReadParam();
        limit.accept(param);
        Picture picture = header.format() == PictureHeader.Format.JPEG
            ? JpegColours.picture(reader.readRaster(0, param), header.jpeg())
            : picture(reader.read(0, param));
        if (Thread.currentThread().isInterrupted()) {
          throw new CancellationException("decoding was interrupted");
        }
        if (!warning.isEmpty()) {
          throw new UndecodableException("it is cut short or damaged (" + warning + ")");
        }
        return picture;
      } finally {
        reader.dispose();
      }
    }
  }

  private static ImageReader reader(ImageInputStream input, PictureHeader header) throws UndecodableException {
    Iterator<ImageReader> readers = header.format() == PictureHeader.Format.OTHER ? ImageIO.getImageReaders(input)
        : ImageIO.getImageReadersByFormatName(header.format().name().toLowerCase(Locale.ROOT));
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (header.format() != PictureHeader.Format.JPEG || reader.canReadRaster()) {
        return reader;
      }
    }
    throw new UndecodableException("this Java runtime has no reader for its format");
  }

  /// Whether a warning means missing or damaged picture data. Others concern profiles and the like, and two are common
  /// in sound files: bytes left over after the last row, and a last marker left off, unless further passes of a
  /// progressive JPEG are missing with it.
  private static boolean incomplete(String message, boolean progressive) {
    String text = message.toLowerCase(Locale.ROOT);
    return text.contains("premature") || (text.contains("corrupt") && !text.contains("extraneous"))
        || (text.contains("truncated") && progressive);
  }

  /// Lets the reader skip rows and columns, and for a centre crop everything outside it.
  private void thin(ImageReadParam param, PictureHeader header) {
    int height = header.seenHeight();
    int width = header.seenWidth();
    Resize.Span rows = new Resize.Span(0, height);
    Resize.Span columns = new Resize.Span(0, width);
    if (size.framing() == Framing.CROP) {
      rows = Resize.Span.covering(height, width, size.height(), size.width());
      columns = Resize.Span.covering(width, height, size.width(), size.height());
    }
    int down = Math.max(1, rows.length() / (MARGIN * size.height()));
    int across = Math.max(1, columns.length() / (MARGIN * size.width()));
    // A framing that keeps proportions needs one step for both axes.
    int step = size.framing() == Framing.FIT ? Math.max(down, across) : Math.min(down, across);
    if (size.framing() != Framing.STRETCH) {
      down = step;
      across = step;
    }
    boolean swapped = header.orientation() >= 5;
    Rectangle region = swapped ? new Rectangle(rows.from(), columns.from(), rows.length(), columns.length())
        : new Rectangle(columns.from(), rows.from(), columns.length(), rows.length());
    param.setSourceRegion(region);
    int stepX = swapped ? down : across;
    int stepY = swapped ? across : down;
    param.setSourceSubsampling(stepX, stepY, Math.min(stepX / 2, region.width - 1),
        Math.min(stepY / 2, region.height - 1));
  }

  /// Sample values as they are stored, without colour management; transparent parts over white.
  private static Picture picture(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    boolean plain = model instanceof ComponentColorModel && raster.getTransferType() <= DataBuffer.TYPE_USHORT
        && model.getNumColorComponents() % 2 == 1;
    int bands = raster.getNumBands();
    int channels = plain && model.getNumColorComponents() == 1 ? 1 : 3;
    int plane = height * width;
    byte[] pixels = new byte[Math.multiplyExact(channels, plane)];
    int[] row = new int[width * bands];
    Object element = null;
    int most = plain ? (1 << model.getComponentSize(0)) - 1 : 255;
    for (int y = 0; y < height; y++) {
      if (plain) {
        raster.getPixels(0, y, width, 1, row);
      }
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        if (plain) {
          boolean alpha = model.hasAlpha();
          int opacity = alpha ? row[x * bands + channels] : most;
          for (int c = 0; c < channels; c++) {
            pixels[c * plane + at] = over(row[x * bands + c], opacity, most);
          }
        } else {
          element = raster.getDataElements(x, y, element);
          int argb = model.getRGB(element);
          for (int c = 0; c < 3; c++) {
            pixels[c * plane + at] = over(argb >> 16 - 8 * c & 255, argb >>> 24, 255);
          }
        }
      }
    }
    return new Picture(channels, height, width, pixels);
  }

  static byte over(int value, int opacity, int most) {
    long composed = (long) value * opacity + (long) most * (most - opacity);
    long whole = (long) most * most;
    return (byte) ((composed * 255 + whole / 2) / whole);
  }

  private static String dimensions(PictureHeader header) {
    return header.width() + " × " + header.height();
  }

  private static String cause(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null && last.getCause() != last) {
      last = last.getCause();
    }
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage().lines().findFirst()
        .orElse("");
  }

  /// Stops a reader whose thread is interrupted.
  private static final class Interruption implements IIOReadProgressListener {
    @Override public void imageProgress(ImageReader source, float percentage) {
      if (Thread.currentThread().isInterrupted()) {
        source.abort();
      }
    }

    @Override public void sequenceStarted(ImageReader source, int minIndex) {}

    @Override public void sequenceComplete(ImageReader source) {}

    @Override public void imageStarted(ImageReader source, int imageIndex) {}

    @Override public void imageComplete(ImageReader source) {}

    @Override public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

    @Override public void thumbnailProgress(ImageReader source, float percentage) {}

    @Override public void thumbnailComplete(ImageReader source) {}

    @Override public void readAborted(ImageReader source) {}
  }
}
