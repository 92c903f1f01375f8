package juanji.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.data.DataException;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.UndecodableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoFileTest {
  private static final ImageSize OWN = ImageSize.size(Samples.HEIGHT, Samples.WIDTH);
  @TempDir Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static void movesRight(Video video, int frames) throws Exception {
    assertEquals(frames, video.count());
    for (int t = 0; t < frames; t++) {
      assertEquals(4 + t + 2.5, Samples.middle(video.frame(t)), 0.2, "frame " + t);
    }
  }

  @Test void framesOfEveryFormatComeInTheirOrder() throws Exception {
    List<BufferedImage> frames = Samples.moving(true, 12, 4);
    List<Path> all = List.of(file("a.avi", Samples.avi(frames)), file("b.gif", Samples.gif(frames)),
        Samples.folder(folder.resolve("c"), frames), file("misnamed.mp4", Samples.avi(frames)));
    for (Path path : all) {
      try (Video video = VideoFile.open(path, OWN)) {
        movesRight(video, 12);
      }
      assertArrayEquals(new int[] {Samples.HEIGHT, Samples.WIDTH}, VideoFile.extent(path), path.toString());
      try (Video video = VideoFile.open(path, ImageSize.size(7, 11).grey())) {
        // Frames that nobody asks for are passed over.
        assertEquals(11 / 23.0 * (4 + 9 + 3), Samples.middle(video.frame(9)) + 0.5, 0.3);
        assertEquals(77, video.frame(9).pixels().length);
      }
    }
  }

  @Test void huffmanTablesLeftOutAreThoseOfTheStandard() throws Exception {
    byte[] whole = Samples.jpeg(Samples.moving(true, 1, 5).getFirst());
    byte[] bare = Samples.bare(whole);
    assertTrue(bare.length < whole.length - 400);
    BufferedImage expected = Samples.read(whole);
    BufferedImage mended = Samples.read(HuffmanTables.in(bare));
    for (int i = 0; i < Samples.HEIGHT * Samples.WIDTH; i++) {
      assertEquals(expected.getRGB(i % Samples.WIDTH, i / Samples.WIDTH),
          mended.getRGB(i % Samples.WIDTH, i / Samples.WIDTH));
    }
    assertArrayEquals(whole, HuffmanTables.in(whole), "tables that are there stay");
  }

  @Test void anEmptyFrameRepeatsTheOneBefore() throws Exception {
    byte[] first = Samples.jpeg(Samples.moving(true, 1, 2).getFirst());
    byte[] last = Samples.jpeg(Samples.moving(true, 1, 9).getFirst());
    try (Video video = VideoFile.open(file("drop.avi", Samples.avi("mjpg", first, new byte[0], last)), OWN)) {
      assertEquals(3, video.count());
      assertArrayEquals(video.frame(0).pixels(), video.frame(1).pixels());
      assertEquals(11.5, Samples.middle(video.frame(2)), 0.2);
    }
  }

  @Test void partsOfAnAnimationAreDrawnOverWhatIsThere() throws Exception {
    BufferedImage ground = new BufferedImage(Samples.WIDTH, Samples.HEIGHT, BufferedImage.TYPE_INT_RGB);
    BufferedImage part = new BufferedImage(4, Samples.HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = part.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, 4, Samples.HEIGHT);
    g.dispose();
    Map<String, int[]> lights = new LinkedHashMap<>();
    // How many columns are light in each frame: a bar at 2, then another at 12.
    lights.put("none", new int[] {0, 4, 8});
    lights.put("doNotDispose", new int[] {0, 4, 8});
    lights.put("restoreToPrevious", new int[] {0, 4, 4});
    // The whole screen was cleared after the first frame, and what is clear is white.
    lights.put("restoreToBackgroundColor", new int[] {0, 23, 23});
    for (Map.Entry<String, int[]> e : lights.entrySet()) {
      byte[] gif = Samples.gif(List.of(ground, part, part), e.getKey(), new int[] {0, 2, 12});
      try (Video video = VideoFile.open(file(e.getKey() + ".gif", gif), OWN)) {
        for (int t = 0; t < 3; t++) {
          Picture frame = video.frame(t);
          int light = 0;
          for (int x = 0; x < Samples.WIDTH; x++) {
            light += (frame.pixels()[x] & 255) > 128 ? 1 : 0;
          }
          // Restored to what was before the ground: nothing, which is white.
          int expected = e.getKey().equals("restoreToPrevious") && t > 0 ? 23 : e.getValue()[t];
          assertEquals(expected, light, e.getKey() + " " + t);
        }
      }
    }
  }

  private static byte[] changed(byte[] bytes, int at, int... values) {
    byte[] copy = bytes.clone();
    for (int i = 0; i < values.length; i++) {
      copy[at + i] = (byte) values[i];
    }
    return copy;
  }

  private static int find(byte[] bytes, String name) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(name);
  }

  @Test void whatIsBrokenIsNamed() throws Exception {
    List<BufferedImage> frames = Samples.moving(true, 5, 4);
    byte[] avi = Samples.avi(frames);
    byte[] gif = Samples.gif(frames);
    int chunk = find(avi, "01dc");
    byte[] jpeg = Samples.jpeg(frames.getFirst());
    byte[] lying = jpeg.clone();
    int start = find(jpeg, "\u00ff\u00c0");
    ByteBuffer.wrap(lying).order(ByteOrder.BIG_ENDIAN).putShort(start + 5, (short) 65000)
        .putShort(start + 7, (short) 65000);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("the file is empty", new byte[0]);
    files.put("it is neither an AVI nor a GIF", "a text".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    files.put("it is cut short: its frame 5 claims", Arrays.copyOf(avi, avi.length - 8 - 80 - 200));
    files.put("claims 4294967295 bytes", changed(avi, chunk + 4, 255, 255, 255, 255));
    files.put("compressed by 'XVID', not as motion JPEG", Samples.avi("XVID", jpeg));
    files.put("it has no frames", Samples.avi("MJPG"));
    files.put("an AVI without a stream of pictures", Samples.chunk("RIFF", "AVI ".getBytes(
        java.nio.charset.StandardCharsets.US_ASCII)));
    files.put("of its frame 2 of 2: it is", Samples.avi("MJPG", jpeg, Arrays.copyOf(jpeg, jpeg.length / 2)));
    files.put("of its frame 1 of 1: it is not a picture", Samples.avi("MJPG", new byte[77]));
    files.put("of its frame 1 of 1: it has 65000 × 65000 pixels", Samples.avi("MJPG", lying));
    files.put("it is cut short in or behind its frame 5", Arrays.copyOf(gif, gif.length - 9));
    files.put("its screen has 65535 × 65535 pixels", changed(gif, 6, 255, 255, 255, 255));
    files.put("lies outside of its screen", changed(gif, 6, 9, 0, 9, 0));
    files.put("it is a GIF without a picture", changed(Arrays.copyOf(gif, 14), 10, 0, 0, 0, 0x3b));
    byte[] deep = new byte[0];
    for (int i = 0; i < 40; i++) {
      deep = Samples.list("odml", deep);
    }
    files.put("its lists lie more than 16 deep", Samples.chunk("RIFF", "AVI ".getBytes(
        java.nio.charset.StandardCharsets.US_ASCII), deep));
    int n = 0;
    for (Map.Entry<String, byte[]> e : files.entrySet()) {
      Path path = file("broken" + n++, e.getValue());
      UndecodableException failure = assertThrows(UndecodableException.class, () -> {
        try (Video video = VideoFile.open(path, OWN)) {
          for (int t = 0; t < video.count(); t++) {
            video.frame(t);
          }
        }
      }, e.getKey());
      assertTrue(failure.getMessage().contains(e.getKey()), e.getKey() + ": " + failure.getMessage());
    }
    Path part = Samples.folder(folder.resolve("frames"), frames);
    Files.write(part.resolve("frame3.png"), new byte[20]);
    DataException named = assertThrows(DataException.class, () -> new VideoPreparation(5, OWN).read(part));
    assertTrue(named.getMessage().contains("of its frame 'frame3.png': it is not a picture"), named.getMessage());
    assertEquals(3, named.getMessage().lines().count());
  }

  @Test void aDamagedFrameOfAnAnimationIsNamed() throws Exception {
    byte[] gif = Samples.gif(Samples.moving(true, 3, 4));
    // The codes of the second frame become ones that no table has.
    int at = new String(gif, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(",", gif.length / 2);
    byte[] broken = gif.clone();
    Arrays.fill(broken, at + 9 + 1 + 3, at + 9 + 1 + 3 + 12, (byte) 0xff);
    Path path = file("codes.gif", broken);
    try (Video video = VideoFile.open(path, OWN)) {
      for (int t = 0; t < video.count(); t++) {
        video.frame(t);
      }
    } catch (UndecodableException e) {
      assertTrue(e.getMessage().contains("its frame"), e.getMessage());
    }
  }
}
