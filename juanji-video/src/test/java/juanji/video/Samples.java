package juanji.video;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Videos made for tests, and the bytes of their files.
final class Samples {
  static final int HEIGHT = 19;
  static final int WIDTH = 23;

  private Samples() {
  }

  /// A bright square that moves to the right or to the left over darkness.
  static List<BufferedImage> moving(boolean right, int frames, int start) {
    List<BufferedImage> all = new ArrayList<>();
    for (int t = 0; t < frames; t++) {
      BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
      Graphics2D g = image.createGraphics();
      g.setColor(Color.WHITE);
      int x = start + (right ? t : frames - 1 - t);
      g.fillRect(x, 6, 6, 6);
      g.dispose();
      all.add(image);
    }
    return all;
  }

  static byte[] jpeg(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpg", out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  /// A JPEG without its Huffman tables, as most motion JPEG has them.
  static byte[] bare(byte[] jpeg) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    int at = 2;
    while ((jpeg[at + 1] & 255) != 0xda) {
      int length = 2 + ((jpeg[at + 2] & 255) << 8 | jpeg[at + 3] & 255);
      if ((jpeg[at + 1] & 255) != 0xc4) {
        out.write(jpeg, at, length);
      }
      at += length;
    }
    out.write(jpeg, at, jpeg.length - at);
    return out.toByteArray();
  }

  /// A RIFF chunk, filled up to an even length.
  static byte[] chunk(String name, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteBuffer chunk = ByteBuffer.allocate(8 + content.size() + (content.size() & 1)).order(ByteOrder.LITTLE_ENDIAN);
    return chunk.put(name.getBytes(StandardCharsets.ISO_8859_1)).putInt(content.size()).put(content.toByteArray())
        .array();
  }

  static byte[] list(String kind, byte[]... parts) {
    byte[][] all = new byte[parts.length + 1][];
    all[0] = kind.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(parts, 0, all, 1, parts.length);
    return chunk("LIST", all);
  }

  /// An AVI of one sound and one picture stream, as cameras write them: the pictures are stream 1.
  static byte[] avi(String compression, byte[]... frames) {
    byte[][] movi = new byte[2 * frames.length][];
    for (int i = 0; i < frames.length; i++) {
      movi[2 * i] = chunk("00wb", new byte[] {1, 2, 3});
      movi[2 * i + 1] = chunk("01dc", frames[i]);
    }
    byte[] sound = list("strl", chunk("strh", "auds".getBytes(StandardCharsets.US_ASCII), new byte[52]),
        chunk("strf", new byte[18]));
    ByteBuffer format = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN).putInt(40).putInt(WIDTH).putInt(HEIGHT)
        .putShort((short) 1).putShort((short) 24).put(compression.getBytes(StandardCharsets.US_ASCII));
    byte[] pictures = list("strl", chunk("strh", "vids".getBytes(StandardCharsets.US_ASCII), new byte[52]),
        chunk("strf", format.array()));
    return chunk("RIFF", "AVI ".getBytes(StandardCharsets.US_ASCII), list("hdrl", chunk("avih", new byte[56]), sound,
        pictures), list("movi", movi), chunk("idx1", new byte[16 * frames.length]));
  }

  static byte[] avi(List<BufferedImage> frames) {
    return avi("MJPG", frames.stream().map(f -> bare(jpeg(f))).toArray(byte[][]::new));
  }

  /// An animated GIF.
  static byte[] gif(List<BufferedImage> frames) {
    return gif(frames, "none", new int[frames.size()]);
  }

  /// An animated GIF whose frames are drawn at places of the first one's size.
  static byte[] gif(List<BufferedImage> frames, String disposal, int[] lefts) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (int i = 0; i < frames.size(); i++) {
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(
            frames.get(i)), null);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree("javax_imageio_gif_image_1.0");
        node(root, "ImageDescriptor").setAttribute("imageLeftPosition", Integer.toString(lefts[i]));
        node(root, "GraphicControlExtension").setAttribute("disposalMethod", disposal);
        metadata.setFromTree("javax_imageio_gif_image_1.0", root);
        writer.writeToSequence(new IIOImage(frames.get(i), null, metadata), null);
      }
      writer.endWriteSequence();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static IIOMetadataNode node(IIOMetadataNode root, String name) {
    return (IIOMetadataNode) root.getElementsByTagName(name).item(0);
  }

  /// A folder of frames.
  static Path folder(Path folder, List<BufferedImage> frames) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < frames.size(); i++) {
      ImageIO.write(frames.get(i), "png", folder.resolve("frame" + (i + 1) + ".png").toFile());
    }
    return folder;
  }

  /// The middle of the light of a frame, from left to right.
  static double middle(juanji.image.Picture frame) {
    double sum = 0;
    double mass = 0;
    for (int i = 0; i < frame.height() * frame.width(); i++) {
      double light = frame.pixels()[i] & 255;
      sum += light * (i % frame.width());
      mass += light;
    }
    return sum / mass;
  }

  /// What ImageIO reads of a JPEG, to compare with.
  static BufferedImage read(byte[] jpeg) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    ImageReader reader = readers.next();
    reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg)));
    return reader.read(0);
  }
}
