package juanji.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import juanji.data.DataException;
import juanji.data.Framing;
import juanji.op.Axis;
import juanji.op.Border;
import juanji.op.Contraction;
import juanji.op.Exact;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Filters give what a convolution of the library gives by definition, in memory and from files of any size.
final class PictureFilterTest {
  private static Picture random(int channels, int height, int width, long seed) {
    byte[] pixels = new byte[channels * height * width];
    new Random(seed).nextBytes(pixels);
    return new Picture(channels, height, width, pixels);
  }

  /// By the definition of [Contraction.Conv] on the picture padded by [Border].
  private static byte[] expected(Picture p, PictureFilter filter) {
    FilterKernel kernel = filter.kernel();
    double[] values = new double[p.pixels().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = p.pixels()[i] & 255;
    }
    Exact x = new Exact(Shape.of(p.channels(), 1, p.height(), p.width()), values);
    if (filter.padded()) {
      for (int axis = 2; axis < 4; axis++) {
        int extent = x.shape().dim(axis);
        Axis.Placed placed = Axis.of(axis == 2 ? kernel.height() : kernel.width()).withPadding(Padding.SAME)
            .over(extent);
        x = Exact.ALGEBRA.apply(filter.border().pad(axis, extent, placed.before(), placed.after()), x);
      }
    }
    Exact w = new Exact(Shape.of(1, 1, kernel.height(), kernel.width()),
        Arrays.stream(kernel.weights()).flatMapToDouble(Arrays::stream).toArray());
    Exact y = Exact.ALGEBRA.apply(new Contraction.Conv(Window.of(Axis.of(kernel.height()), Axis.of(kernel.width())), 1),
        x, w);
    byte[] bytes = new byte[y.data().length];
    for (int i = 0; i < bytes.length; i++) {
      double v = y.data()[i] / kernel.divisor();
      bytes[i] = (byte) (int) Math.clamp(Math.floor((filter.absolute() ? Math.abs(v) : v) + 0.5), 0, 255);
    }
    return bytes;
  }

  private static List<PictureFilter> filters() {
    return Stream.concat(FilterKernel.NAMED.stream(), Stream.of(FilterKernel.parse("1 -2 0.5 3; 0 1 1/3 -1"),
        FilterKernel.parse("2; -1; 0; 1"), FilterKernel.named("emboss").turned())).flatMap(k ->
        Stream.concat(Arrays.stream(Border.values()).map(b -> new PictureFilter(k, b, true, b == Border.ZERO)),
            Stream.of(new PictureFilter(k, Border.ZERO, false, false)))).toList();
  }

  @Test void filtersAreConvolutionsByDefinition() {
    Picture colour = random(3, 11, 7, 1);
    Picture grey = random(1, 6, 13, 2);
    for (PictureFilter filter : filters()) {
      for (Picture p : List.of(colour, grey)) {
        assertArrayEquals(expected(p, filter), filter.apply(p).pixels(), filter.toString());
      }
    }
  }

  private static Picture stream(PictureFilter filter, Path source, Path target) {
    int[] told = new int[2];
    filter.run(() -> PictureRows.open(source), (c, h, w) -> PictureWriter.create(target, c, h, w), (rows, total) -> {
      assertTrue(rows > told[0], "rows are told in order");
      told[0] = rows;
      told[1] = total;
    });
    assertEquals(told[1], told[0]);
    return read(target);
  }

  private static Picture read(Path file) {
    try (PictureRows rows = PictureRows.open(file)) {
      byte[] pixels = new byte[rows.channels() * rows.height() * rows.width()];
      byte[] row = new byte[rows.channels() * rows.width()];
      for (int y = 0; y < rows.height(); y++) {
        rows.read(row);
        for (int c = 0; c < rows.channels(); c++) {
          System.arraycopy(row, c * rows.width(), pixels, (c * rows.height() + y) * rows.width(), rows.width());
        }
      }
      return new Picture(rows.channels(), rows.height(), rows.width(), pixels);
    }
  }

  @Test void filesAreFilteredLikePicturesInMemory(@TempDir Path folder) throws IOException {
    Picture picture = random(3, 90, 23, 3);
    Path png = Files.write(folder.resolve("a.png"), Pngs.encode(picture));
    for (PictureFilter filter : filters()) {
      for (String name : List.of("out.png", "out.ppm")) {
        Picture result = stream(filter, png, folder.resolve(name));
        assertArrayEquals(filter.apply(picture).pixels(), result.pixels(), filter + " " + name);
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(3, files.count(), "nothing is left beside the results");
    }
    BufferedImage image = ImageIO.read(stream(new PictureFilter(FilterKernel.named("identity"), Border.REFLECT, true,
        false), png, folder.resolve("same.png")).pixels().length > 0 ? folder.resolve("same.png").toFile() : null);
    assertEquals(picture.pixels()[0] & 255, image.getRGB(0, 0) >> 16 & 255);
  }

  @Test void everyKindOfPngIsReadLikeTheDecoderReadsIt(@TempDir Path folder) throws IOException {
    Random random = new Random(4);
    for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_BYTE_BINARY,
        BufferedImage.TYPE_BYTE_INDEXED}) {
      BufferedImage image = new BufferedImage(37, 19, type);
      for (int i = 0; i < 37 * 19; i++) {
        image.setRGB(i % 37, i / 37, random.nextInt());
      }
      Path file = folder.resolve(type + ".png");
      ImageIO.write(image, "png", file.toFile());
      Picture rows = read(file);
      Picture whole = PictureFile.read(file, new ImageSize(rows.channels(), 19, 37, Framing.STRETCH));
      assertArrayEquals(whole.pixels(), rows.pixels(), "type " + type);
      if (type == BufferedImage.TYPE_3BYTE_BGR) {
        for (String format : List.of("jpg", "bmp", "gif")) {
          Path other = folder.resolve("a." + format);
          ImageIO.write(image, format, other.toFile());
          assertArrayEquals(PictureFile.read(other, ImageSize.size(19, 37)).pixels(), read(other).pixels(), format);
        }
      }
    }
  }

  @Test void damagedFilesAreNamedAndLeaveNothing(@TempDir Path folder) throws IOException {
    byte[] whole = Pngs.encode(random(3, 90, 40, 5));
    Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));
    Path target = folder.resolve("out.png");
    PictureFilter filter = new PictureFilter(FilterKernel.named("box"), Border.ZERO, true, false);
    String message = assertThrows(DataException.class, () -> stream(filter, cut, target)).getMessage();
    assertTrue(message.startsWith("the picture '" + cut + "' cannot be read.\n"), message);
    assertFalse(Files.exists(target));
    assertFalse(Files.exists(folder.resolve(".out.png.part")));
    Path lying = Files.writeString(folder.resolve("lies.pgm"), "P5 30000 30000 255\nabc", StandardCharsets.US_ASCII);
    assertTrue(assertThrows(DataException.class, () -> PictureRows.open(lying)).getMessage().contains("claims"));
    for (int i = 0; i < whole.length; i += 97) {
      byte[] broken = whole.clone();
      broken[i] ^= 0x55;
      Path file = Files.write(folder.resolve("broken.png"), broken);
      try {
        read(file);
      } catch (DataException e) {
        assertTrue(e.getMessage().contains("cannot be read"), e.getMessage());
      }
    }
  }

  @Test void kernelsAreReadAsWritten() {
    FilterKernel ninth = FilterKernel.parse("1/9 1/9 1/9; 1/9 1/9 1/9; 1/9 1/9 1/9");
    assertEquals(9, ninth.divisor());
    assertEquals("1 1 1; 1 1 1; 1 1 1 / 9", ninth.toString());
    assertEquals("1 0 -1; 0 0 0; -1 0 1", FilterKernel.parse(" edge ").toString());
    assertEquals(FilterKernel.named("edge").toString(), FilterKernel.parse("1,0,-1;0,0,0;-1,0,1;").toString());
    assertEquals("there is no kernel 'sobel'.", first(() -> FilterKernel.parse("sobel")));
    assertEquals("the kernel 'custom' cannot be used.", first(() -> FilterKernel.parse("1 2; 3")));
    assertEquals("the kernel 'custom' cannot be used.", first(() -> FilterKernel.parse("1/0")));
    assertEquals("a kernel cannot have the weight '1-2'.", first(() -> FilterKernel.parse("1-2 3")));
  }

  private static String first(Executable action) {
    String message = assertThrows(IllegalArgumentException.class, action).getMessage();
    assertEquals(3, message.lines().count(), message);
    return message.lines().findFirst().orElseThrow();
  }

  @Test void c1ofFiltersComparesKernelAndPicture() {
    Picture small = random(1, 2, 3, 6);
    PictureFilter large = new PictureFilter(FilterKernel.named("box-5"), Border.REFLECT, true, false);
    assertEquals("the kernel does not fit the picture.\n"
        + "  C1: the border is narrower than the picture, or without padding the kernel is not larger; received 5 × 5 "
        + "on 2 × 3.\n  Use a smaller kernel, or a border of zeros.",
        assertThrows(IllegalArgumentException.class, () -> large.apply(small)).getMessage());
    assertThrows(IllegalArgumentException.class,
        () -> new PictureFilter(FilterKernel.named("box"), Border.ZERO, false, false).apply(small));
  }
}
