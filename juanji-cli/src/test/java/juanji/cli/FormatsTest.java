package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import juanji.data.DataException;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.PictureFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Formats of pictures that the command line's own readers add: WebP and TIFF.
class FormatsTest {
  /// 12 × 8 pixels, the left half 200, 40, 20 and the right half 20, 40, 200, as Chromium's canvas writes it.
  private static final String LOSSY = "UklGRl4AAABXRUJQVlA4IFIAAABwAwCdASoMAAgAAMASJagCdLcAowH4AVoB"
      + "/AMoA/QAGWUJ2wAA/vvhfR9Q1+bGFvR/14Tf/uPL"
      + "SnNLwm/+48v/yff/3LZ+of/k+//uWz7NgAAA";
  /// The same without loss.
  private static final String LOSSLESS = "UklGRigAAABXRUJQVlA4TBwAAAAvC8ABAA8wKKegPRPy/EcLBAJJZvuTrRDR/8gA";
  @TempDir Path folder;

  private static void halves(Picture picture, int tolerance) {
    int[][] expected = {{200, 40, 20}, {20, 40, 200}};
    for (int half = 0; half < 2; half++) {
      for (int c = 0; c < 3; c++) {
        int at = c * 96 + 4 * 12 + (half == 0 ? 2 : 9);
        assertEquals(expected[half][c], picture.pixels()[at] & 255, tolerance, "half " + half + ", channel " + c);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"lossy, 12", "lossless, 1"})
  void webP(String kind, int tolerance) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(kind.equals("lossy") ? LOSSY : LOSSLESS);
    Path file = Files.write(folder.resolve("a.webp"), bytes);
    halves(PictureFile.read(file, ImageSize.size(8, 12)), tolerance);
    assertTrue(PictureFile.named("a.webp"));
    Path cut = Files.write(folder.resolve("cut.webp"), Arrays.copyOf(bytes, 24));
    assertThrows(DataException.class, () -> PictureFile.read(cut, ImageSize.size(8, 12)));
  }

  private static BufferedImage image(int type) {
    BufferedImage image = new BufferedImage(12, 8, type);
    Graphics2D g = image.createGraphics();
    g.setColor(new Color(200, 40, 20));
    g.fillRect(0, 0, 6, 8);
    g.setColor(new Color(20, 40, 200));
    g.fillRect(6, 0, 6, 8);
    g.dispose();
    return image;
  }

  private static byte[] tiff(BufferedImage image, String compression) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (!compression.equals("none")) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(compression);
      }
      writer.write(null, new IIOImage(image, null, null), param);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "LZW", "Deflate", "PackBits", "ZLib"})
  void tiffOfEveryCompression(String compression) throws IOException {
    byte[] bytes = tiff(image(BufferedImage.TYPE_INT_RGB), compression);
    Path file = Files.write(folder.resolve("a.tif"), bytes);
    halves(PictureFile.read(file, ImageSize.size(8, 12)), 1);
    Path cut = Files.write(folder.resolve("cut.tif"), Arrays.copyOf(bytes, 20));
    DataException e = assertThrows(DataException.class, () -> PictureFile.read(cut, ImageSize.size(8, 12)));
    assertEquals(3, e.getMessage().lines().count());
  }

  @Test void tiffOfSixteenBitsAndTransparency() throws IOException {
    BufferedImage deep = new BufferedImage(12, 8, BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < 96; i++) {
      deep.getRaster().setSample(i % 12, i / 12, 0, i % 12 < 6 ? 0x4000 : 0xc000);
    }
    Path file = Files.write(folder.resolve("deep.tiff"), tiff(deep, "LZW"));
    Picture read = PictureFile.read(file, ImageSize.size(8, 12).grey());
    assertEquals(64, read.pixels()[50] & 255, 1);
    assertEquals(191, read.pixels()[57] & 255, 1);
    halves(PictureFile.read(Files.write(folder.resolve("alpha.tif"), tiff(image(BufferedImage.TYPE_INT_ARGB),
        "Deflate")), ImageSize.size(8, 12)), 1);
  }

  @Test void foldersOfThemAreTrainedOn() throws IOException {
    for (String kind : new String[] {"webp", "tiff"}) {
      Path own = Files.createDirectories(folder.resolve("data").resolve(kind));
      for (int i = 0; i < 10; i++) {
        Files.write(own.resolve(i + (kind.equals("webp") ? ".webp" : ".tif")), kind.equals("webp")
            ? Base64.getDecoder().decode(LOSSLESS) : tiff(new BufferedImage(12, 8, BufferedImage.TYPE_INT_RGB), "LZW"));
      }
    }
    Files.writeString(folder.resolve("data/tiff/broken.tif"), "II*");
    Cli.Outcome trained = Cli.run("train", folder.resolve("data"), "--out", folder.resolve("run"), "--epochs", 2,
        "--threads", 1);
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.err().contains("pictures of 3 × 8 × 12 to train on"), trained.err());
    assertTrue(trained.err().contains("tiff/broken.tif: "), trained.err());
  }
}
