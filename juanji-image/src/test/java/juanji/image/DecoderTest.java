package juanji.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import juanji.data.DataException;
import juanji.data.Framing;
import juanji.data.Preprocessing;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "tif"})
  void theUsualFormats(String format) throws IOException {
    int[] rgb = colour(Samples.encode(Samples.filled(13, 7, 0xd04020), format));
    near(rgb, 0xd0, 0x40, 0x20, format.equals("jpg") ? 4 : 0);
  }

  @Test void lossless() throws IOException {
    BufferedImage image = Samples.noise(11, 5, 3);
    Picture picture = read(Samples.encode(image, "png"), ImageSize.size(5, 11));
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 11; x++) {
        for (int c = 0; c < 3; c++) {
          assertEquals(image.getRGB(x, y) >> 16 - 8 * c & 255, picture.pixels()[(c * 5 + y) * 11 + x] & 255);
        }
      }
    }
  }

  @Test void progressiveJpeg() throws IOException {
    near(colour(Samples.progressiveJpeg(Samples.filled(40, 30, 0x2080c0))), 0x20, 0x80, 0xc0, 4);
  }

  /// An independent decoder: ImageIO's own conversion of the same file, halved chroma and all.
  @Test void jpegColoursAgreeWithImageIo() throws IOException {
    byte[] jpeg = Samples.encode(Samples.noise(50, 40, 2), "jpg");
    BufferedImage expected = ImageIO.read(new ByteInput(jpeg));
    byte[] pixels = read(jpeg, ImageSize.size(40, 50)).pixels();
    for (int i = 0; i < 2000; i++) {
      for (int c = 0; c < 3; c++) {
        assertEquals(expected.getRGB(i % 50, i / 50) >> 16 - 8 * c & 255, pixels[c * 2000 + i] & 255, 1);
      }
    }
  }

  @Test void greyJpegAndGreyPng() throws IOException {
    BufferedImage grey = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 81; i++) {
      grey.getRaster().setSample(i % 9, i / 9, 0, 100);
    }
    for (String format : List.of("jpg", "png", "bmp", "gif")) {
      near(colour(Samples.encode(grey, format)), 100, 100, 100, 1);
    }
  }

  @Test void rgbJpegWithoutTransform() throws IOException {
    near(colour(Samples.adobe(Samples.rawJpeg(16, 16, 200, 90, 30), 0)), 200, 90, 30, 3);
  }

  @Test void cmykJpegIsConvertedNotRefused() throws IOException {
    byte[] raw = Samples.rawJpeg(16, 16, 255, 128, 0, 204);
    near(colour(Samples.adobe(raw, 0)), 204, 102, 0, 3);
    near(colour(raw), 0, 127 * 51 / 255, 51, 3);
    // YCCK: the luma form of inverted C, M, Y = 255, 128, 0.
    near(colour(Samples.adobe(Samples.rawJpeg(16, 16, 151, 43, 202, 204), 2)), 204, 102, 0, 4);
  }

  @ParameterizedTest
  @CsvSource({"1,0,1,2,3", "2,1,0,3,2", "3,3,2,1,0", "4,2,3,0,1", "5,0,2,1,3", "6,2,0,3,1", "7,3,1,2,0", "8,1,3,0,2"})
  void exifOrientation(int orientation, int a, int b, int c, int d) throws IOException {
    int[] greys = {20, 90, 160, 230};
    BufferedImage image = new BufferedImage(48, 32, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 48; x++) {
        image.getRaster().setSample(x, y, 0, greys[x / 24 + 2 * (y / 16)]);
      }
    }
    for (boolean little : new boolean[] {true, false}) {
      byte[] jpeg = Samples.exif(Samples.encode(image, "jpg"), orientation, little);
      Picture picture = read(jpeg, ImageSize.size(2, 2).grey());
      int[] seen = new int[4];
      for (int i = 0; i < 4; i++) {
        seen[i] = (picture.pixels()[i] & 255) / 70;
      }
      // The triangle filter mixes the quarters a little; their order stays.
      assertArrayEquals(order(a, b, c, d), order(picture.pixels()[0] & 255, picture.pixels()[1] & 255,
          picture.pixels()[2] & 255, picture.pixels()[3] & 255), Arrays.toString(seen));
    }
  }

  private static int[] order(int... values) {
    int[] ranks = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      for (int other : values) {
        ranks[i] += other < values[i] ? 1 : 0;
      }
    }
    return ranks;
  }

  @Test void damagedExifIsUpright() throws IOException {
    byte[] jpeg = Samples.exif(Samples.encode(Samples.filled(8, 8, 0x808080), "jpg"), 6, true);
    jpeg[2 + 10 + 4] = (byte) 0xff;
    jpeg[2 + 10 + 7] = (byte) 0x7f;
    near(colour(jpeg), 128, 128, 128, 2);
  }

  @Test void sixteenBitPalettesAndAlpha() throws IOException {
    BufferedImage deep = new BufferedImage(3, 3, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setPixels(0, 0, 3, 3, new int[] {0x8080, 0x8080, 0x8080, 0x8080, 0x8080, 0x8080, 0x8080, 0x8080,
        0x8080});
    near(colour(Samples.encode(deep, "png")), 0x80, 0x80, 0x80, 0);

    BufferedImage palette = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_INDEXED);
    palette.createGraphics().dispose();
    for (int i = 0; i < 16; i++) {
      palette.setRGB(i % 4, i / 4, 0xffff3300);
    }
    near(colour(Samples.encode(palette, "png")), 0xff, 0x33, 0, 0);

    BufferedImage bits = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_BINARY);
    near(colour(Samples.encode(bits, "png")), 0, 0, 0, 0);

    BufferedImage alpha = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
    near(colour(Samples.encode(alpha, "png")), 255, 255, 255, 0);
    for (int i = 0; i < 16; i++) {
      alpha.setRGB(i % 4, i / 4, 0x80ff0000);
    }
    near(colour(Samples.encode(alpha, "png")), 255, 127, 127, 0);
    near(colour(Samples.png(4, 4, 16, 4, new byte[16], 4)), 255, 255, 255, 0);
  }

  @Test void firstFrameOfAnimatedGif() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      writer.writeToSequence(new IIOImage(Samples.filled(9, 6, 0x00ff00), null, null), null);
      writer.writeToSequence(new IIOImage(Samples.filled(9, 6, 0xff0000), null, null), null);
      writer.endWriteSequence();
    }
    near(colour(bytes.toByteArray()), 0, 255, 0, 0);
  }

  @Test void onePixel() throws IOException {
    near(colour(Samples.encode(Samples.filled(1, 1, 0x102030), "png")), 0x10, 0x20, 0x30, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "tif"})
  void cutShort(String format) {
    byte[] whole = Samples.encode(Samples.noise(90, 70, 5), format);
    for (int part = 1; part < 10; part++) {
      byte[] cut = Arrays.copyOf(whole, whole.length * part / 10);
      // A TIFF keeps its directory at the end or the start; either way it must not read as a picture.
      assertThrows(DataException.class, () -> read(cut, ImageSize.size(8, 8)), format + " cut to " + part + "/10");
    }
  }

  /// Cutting off nothing but the end marker loses no pixel; cutting any further does, and is noticed.
  @Test void jpegWithoutItsEndMarker() throws IOException {
    byte[] whole = Samples.encode(Samples.noise(90, 70, 5), "jpg");
    ImageSize size = ImageSize.size(70, 90);
    assertArrayEquals(read(whole, size).pixels(), read(Arrays.copyOf(whole, whole.length - 2), size).pixels());
    assertArrayEquals(read(whole, size).pixels(),
        read(Samples.insert(whole, whole.length - 2, new byte[] {1, 2, 3}), size).pixels());
    for (int lost = 4; lost < 40; lost++) {
      byte[] cut = Arrays.copyOf(whole, whole.length - lost);
      assertTrue(reason(cut).contains("cut short"), "lost " + lost);
    }
    byte[] passes = Samples.progressiveJpeg(Samples.noise(90, 70, 5));
    assertTrue(reason(Arrays.copyOf(passes, passes.length - 2)).contains("cut short"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "tif"})
  void randomDamageNeverCrashes(String format) {
    byte[] whole = Samples.encode(Samples.noise(40, 30, 6), format);
    Random random = new Random(7);
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
      for (int round = 0; round < 150; round++) {
        byte[] bytes = whole.clone();
        for (int k = 0; k < 1 + round % 8; k++) {
          bytes[random.nextInt(round % 2 == 0 ? Math.min(60, bytes.length) : bytes.length)] = (byte) random.nextInt();
        }
        try {
          assertEquals(Shape.of(3, 8, 8), shape(read(bytes, ImageSize.size(8, 8))));
        } catch (DataException e) {
          assertEquals(3, e.getMessage().lines().count(), e.getMessage());
        }
      }
    });
  }

  @Test void notAPictureAtAll() {
    assertTrue(reason(new byte[0]).contains("empty"));
    assertTrue(reason("hello, this is text".getBytes(StandardCharsets.UTF_8)).contains("not a picture"));
  }

  @Test void fourHundredMegapixelsInLittleMemory() throws IOException {
    byte[] row = new byte[20_000];
    Arrays.fill(row, (byte) 200);
    byte[] png = Samples.png(20_000, 20_000, 8, 0, row, 20_000);
    assertTrue(png.length < 4_000_000);
    near(colour(png), 200, 200, 200, 0);
    Picture cropped = read(png, ImageSize.size(8, 16).framing(Framing.CROP));
    assertEquals(200, cropped.pixels()[70] & 255);
    byte[] bits = new byte[2_500];
    near(colour(Samples.png(20_000, 20_000, 1, 0, bits, 20_000)), 0, 0, 0, 0);
  }

  @Test void moreThanAGigapixelIsRefusedByName() throws IOException {
    assertTrue(reason(Samples.png(40_000, 40_000, 1, 0, new byte[5_000], 3)).contains("40000 × 40000"));
    assertTrue(reason(Samples.png(30_000, 30_000, 8, 2, new byte[10], 3)).contains("claims 30000 × 30000"));
    assertTrue(reason(Samples.png(-5, 30, 8, 2, new byte[10], 3)).contains("claims"));
  }

  @Test void aClaimWithoutContentIsRefused() throws IOException {
    byte[] bmp = Samples.encode(Samples.filled(10, 10, 0), "bmp");
    bmp[20] = 1;
    bmp[24] = 1;
    assertTrue(reason(bmp).contains("65546 × 65546"), reason(bmp));
    byte[] jpeg = Samples.progressiveJpeg(Samples.filled(10, 10, 0));
    for (int i = 0; i < jpeg.length - 9; i++) {
      if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc2) {
        Arrays.fill(jpeg, i + 5, i + 9, (byte) 0x70);
      }
    }
    assertTrue(reason(jpeg).contains("28784 × 28784"), reason(jpeg));
    pnm("P5 30000 30000 255\n", new byte[10], "claims 30000 × 30000");
    pnm("P6 2000000000 2 255\n", new byte[10], "beyond any picture");
  }

  @Test void netpbm() throws IOException {
    assertArrayEquals(new int[] {0, 51, 255}, pixels("P5\n# made by hand\n3 1\n255\n", 0, 51, 255));
    assertArrayEquals(new int[] {0, 128, 255}, pixels("P5 3 1 65535 ", 0, 0, 128, 128, 255, 255));
    assertArrayEquals(new int[] {0, 136, 255}, pixels("P2\n3 1 # comment\n15\n0 8\n15"));
    assertArrayEquals(new int[] {10, 20, 30}, pixels("P6 1 1 255\n", 10, 20, 30));
    assertArrayEquals(new int[] {10, 20, 30}, pixels("P3 1 1 255 10 20 30\n"));
    assertArrayEquals(new int[] {0, 255, 255}, pixels("P1 3 1 1 0 0"));
    assertArrayEquals(new int[] {0, 255, 255}, pixels("P4 3 1\n", 0x9f));
    pnm("P5 3 1 255\n", new byte[2], "cut short");
    pnm("P2 3 1 255\n1 2 ", new byte[0], "cut short");
    pnm("P2 3 1 255\n1 2 x", new byte[0], "where a number belongs");
    pnm("P5 3 1 70000\n", new byte[20], "claims");
    pnm("P5 0 1 255\n", new byte[20], "claims");
    pnm("P5 3", new byte[0], "header");
  }

  @Test void pictureFileNormalises() throws IOException {
    Path file = dir.resolve("x.png");
    Files.write(file, Samples.encode(Samples.filled(30, 20, 0xff0033), "png"));
    Preprocessing pre = new Preprocessing(3, 5, 4, List.of(0.5f, 0.5f, 0.2f), List.of(0.5f, 0.25f, 1f), Framing.CROP);
    Tensor tensor = PictureFile.read(file, pre);
    assertEquals(Shape.of(1, 3, 5, 4), tensor.shape());
    assertEquals(1f, tensor.at(0, 0, 2, 3), 1e-6f);
    assertEquals(-2f, tensor.at(0, 1, 4, 0), 1e-6f);
    assertEquals(0f, tensor.at(0, 2, 0, 0), 1e-6f);
    DataException e = assertThrows(DataException.class, () -> PictureFile.read(dir.resolve("none.png"), pre));
    assertEquals(dir.resolve("none.png").toString(), e.path());
    assertTrue(assertThrows(DataException.class, () -> PictureFile.read(dir, pre)).getMessage().contains("not a file"));
  }

  @Test void pngsRoundTrip() throws IOException {
    byte[] grey = new byte[6 * 5];
    byte[] colour = new byte[3 * 6 * 5];
    new Random(1).nextBytes(grey);
    new Random(2).nextBytes(colour);
    assertArrayEquals(grey, read(Pngs.encode(new Picture(1, 6, 5, grey)), ImageSize.size(6, 5).grey()).pixels());
    assertArrayEquals(colour, read(Pngs.encode(new Picture(3, 6, 5, colour)), ImageSize.size(6, 5)).pixels());
  }

  @Test void photographs() {
    Path photos = Path.of("../../shared/data/photos");
    assumeTrue(Files.isDirectory(photos), "no ../shared/data/photos");
    Picture cat = PictureFile.read(photos.resolve("chelsea.png"), ImageSize.size(30, 45));
    long red = 0;
    long blue = 0;
    for (int i = 0; i < 30 * 45; i++) {
      red += cat.pixels()[i] & 255;
      blue += cat.pixels()[2 * 30 * 45 + i] & 255;
    }
    // The mean of the full picture is 147.7 in red and 87.0 in blue.
    assertEquals(147.7, red / 1350.0, 1.5);
    assertEquals(87.0, blue / 1350.0, 1.5);
  }

  private Picture read(byte[] bytes, ImageSize size) throws IOException {
    Path file = Files.createTempFile(dir, "picture", ".bin");
    Files.write(file, bytes);
    return PictureFile.read(file, size);
  }

  private String reason(byte[] bytes) {
    DataException e = assertThrows(DataException.class, () -> read(bytes, ImageSize.size(4, 4)));
    assertEquals(3, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  private void pnm(String header, byte[] body, String expected) {
    byte[] start = header.getBytes(StandardCharsets.US_ASCII);
    String reason = reason(Samples.insert(start, start.length, body));
    assertTrue(reason.contains(expected), reason);
  }

  private int[] pixels(String header, int... body) throws IOException {
    byte[] bytes = header.getBytes(StandardCharsets.US_ASCII);
    byte[] tail = new byte[body.length];
    for (int i = 0; i < body.length; i++) {
      tail[i] = (byte) body[i];
    }
    boolean colour = header.charAt(1) == '3' || header.charAt(1) == '6';
    ImageSize size = colour ? ImageSize.size(1, 1) : ImageSize.size(1, 3).grey();
    byte[] pixels = read(Samples.insert(bytes, bytes.length, tail), size).pixels();
    return new int[] {pixels[0] & 255, pixels[1] & 255, pixels[2] & 255};
  }

  /// The middle pixel of the picture at 3 × 3.
  private int[] colour(byte[] bytes) throws IOException {
    byte[] pixels = read(bytes, ImageSize.size(3, 3)).pixels();
    return new int[] {pixels[4] & 255, pixels[13] & 255, pixels[22] & 255};
  }

  private static void near(int[] rgb, int r, int g, int b, int tolerance) {
    String text = Arrays.toString(rgb) + " for " + new Color(r, g, b);
    assertEquals(r, rgb[0], tolerance, text);
    assertEquals(g, rgb[1], tolerance, text);
    assertEquals(b, rgb[2], tolerance, text);
  }

  private static Shape shape(Picture picture) {
    return Shape.of(picture.channels(), picture.height(), picture.width());
  }
}
