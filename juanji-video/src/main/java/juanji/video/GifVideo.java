package juanji.video;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageInputStream;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.Resize;
import juanji.image.UndecodableException;
import org.w3c.dom.NodeList;

/// An animated GIF: each frame is a part that is drawn over what the frames before have left (GIF89a). Transparent
/// places that nothing was drawn on are white.
final class GifVideo implements Video {
  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  private final GifBlocks blocks;
  private final ImageSize size;
  private final FileImageInputStream input;
  private final ImageReader reader;
  private final BufferedImage canvas;
  private int next;
  /// What is to be done to the canvas before the next frame.
  private Runnable disposal = () -> { };

  private GifVideo(GifBlocks blocks, ImageSize size, FileImageInputStream input, ImageReader reader) {
    this.blocks = blocks;
    this.size = size;
    this.input = input;
    this.reader = reader;
    this.canvas = new BufferedImage(blocks.width(), blocks.height(), BufferedImage.TYPE_INT_ARGB);
  }

  static GifVideo open(Path file, ImageSize size) throws UndecodableException, IOException {
    GifBlocks blocks = GifBlocks.read(file);
    FileImageInputStream input = new FileImageInputStream(file.toFile());
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    reader.setInput(input, false, false);
    return new GifVideo(blocks, size, input, reader);
  }

  static int[] extent(Path file) throws UndecodableException, IOException {
    GifBlocks blocks = GifBlocks.read(file);
    return new int[] {blocks.height(), blocks.width()};
  }

  /// Whether a file is a GIF of two frames or more.
  static boolean animated(Path file) {
    try {
      return Files.isRegularFile(file) && GifBlocks.read(file).frames() > 1;
    } catch (UndecodableException | IOException e) {
      return false;
    }
  }

  @Override public int count() {
    return blocks.frames();
  }

  @Override public Picture frame(int index) throws UndecodableException, IOException {
    try {
      while (next <= index) {
        draw(next++);
      }
    } catch (RuntimeException e) {
      throw new UndecodableException("its frame " + next + " of " + count() + " is damaged ("
          + e.getClass().getSimpleName() + ")");
    } catch (IOException e) {
      throw new UndecodableException("its frame " + next + " of " + count() + " is damaged (" + e.getMessage() + ")");
    }
    return Resize.to(picture(), size);
  }

  private void draw(int index) throws IOException {
    disposal.run();
    // The blocks were checked to lie within the screen, so that this allocates no more than the screen does.
    BufferedImage part = reader.read(index);
    IIOMetadataNode tree = (IIOMetadataNode) reader.getImageMetadata(index).getAsTree(FORMAT);
    int left = number(tree, "ImageDescriptor", "imageLeftPosition");
    int top = number(tree, "ImageDescriptor", "imageTopPosition");
    Rectangle place = new Rectangle(left, top, part.getWidth(), part.getHeight());
    disposal = switch (text(tree, "GraphicControlExtension", "disposalMethod")) {
      case "restoreToBackgroundColor" -> () -> clear(place);
      case "restoreToPrevious" -> restoring();
      default -> () -> { };
    };
    Graphics2D g = canvas.createGraphics();
    g.drawImage(part, left, top, null);
    g.dispose();
  }

  private void clear(Rectangle place) {
    Graphics2D g = canvas.createGraphics();
    g.setComposite(AlphaComposite.Src);
    g.setColor(new Color(0, true));
    g.fill(place);
    g.dispose();
  }

  private Runnable restoring() {
    int[] before = canvas.getRGB(0, 0, canvas.getWidth(), canvas.getHeight(), null, 0, canvas.getWidth());
    return () -> canvas.setRGB(0, 0, canvas.getWidth(), canvas.getHeight(), before, 0, canvas.getWidth());
  }

  private static String text(IIOMetadataNode tree, String node, String attribute) {
    NodeList found = tree.getElementsByTagName(node);
    return found.getLength() == 0 ? "" : ((IIOMetadataNode) found.item(0)).getAttribute(attribute);
  }

  private static int number(IIOMetadataNode tree, String node, String attribute) {
    String text = text(tree, node, attribute);
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private Picture picture() {
    int plane = canvas.getWidth() * canvas.getHeight();
    byte[] pixels = new byte[3 * plane];
    int[] argb = canvas.getRGB(0, 0, canvas.getWidth(), canvas.getHeight(), null, 0, canvas.getWidth());
    for (int i = 0; i < plane; i++) {
      int opacity = argb[i] >>> 24;
      for (int c = 0; c < 3; c++) {
        int value = argb[i] >> 16 - 8 * c & 255;
        pixels[c * plane + i] = (byte) ((value * opacity + 255 * (255 - opacity) + 127) / 255);
      }
    }
    return new Picture(3, canvas.getHeight(), canvas.getWidth(), pixels);
  }

  @Override public void close() throws IOException {
    reader.dispose();
    input.close();
  }
}
