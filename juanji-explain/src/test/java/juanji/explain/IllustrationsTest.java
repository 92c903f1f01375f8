package juanji.explain;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.tiledConv;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// The drawings in the guides are those that the library makes today. With `-Djuanji.golden=rewrite` they are drawn
/// anew.
final class IllustrationsTest {
  private static final Path FOLDER = Path.of("..", "docs", "images", "guide");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  @Test void committedDrawingsAreToday() throws IOException {
    boolean rewrite = "rewrite".equals(System.getProperty("juanji.golden"));
    List<String> stale = new ArrayList<>();
    for (String name : Illustrations.drawings().keySet()) {
      String svg = Illustrations.of(name).svg(name.replace('-', ' '));
      Path file = FOLDER.resolve(name + ".svg");
      if (rewrite) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, svg);
      } else if (!Files.exists(file) || !alike(Files.readString(file), svg)) {
        stale.add(name);
      }
    }
    assertEquals(List.of(), stale, "to accept these drawings: -Djuanji.golden=rewrite");
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertEquals(new TreeSet<>(Illustrations.drawings().keySet()), files.map(f -> f.getFileName().toString()
          .replace(".svg", "")).collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  /// The same text but for the last digit of a coordinate: exponentials may differ by a bit between machines.
  private static boolean alike(String committed, String drawn) {
    double[] before = NUMBER.matcher(committed).results().mapToDouble(m -> Double.parseDouble(m.group())).toArray();
    double[] after = NUMBER.matcher(drawn).results().mapToDouble(m -> Double.parseDouble(m.group())).toArray();
    if (!NUMBER.matcher(committed).replaceAll("#").equals(NUMBER.matcher(drawn).replaceAll("#"))) {
      return false;
    }
    for (int i = 0; i < before.length; i++) {
      if (Math.abs(before[i] - after[i]) > 0.021) {
        return false;
      }
    }
    return true;
  }

  @Test void stepIsTheSumOfItsProducts() {
    String svg = Illustrations.of("convolution-step").svg("step");
    assertTrue(svg.contains(">1·1 + 4·0 + 1·(−1) + 3·2 + 1·0 + 0·(−2) + 0·1 + 2·0 + 5·(−1) = 1<"), svg);
  }

  @Test void weightsAreSharedAsTheirLayersSay() {
    int[][] shared = SharingDrawing.joints(conv(1, 3), 5);
    assertArrayEquals(new int[] {1, 2, 3, 0, 0}, shared[0]);
    assertArrayEquals(new int[] {0, 1, 2, 3, 0}, shared[1]);
    int[][] tiled = SharingDrawing.joints(tiledConv(1, 3).tiles(2), 6);
    assertArrayEquals(tiled[0], shift(tiled[2], 2));
    assertTrue(Arrays.stream(tiled[1]).noneMatch(w -> w != 0 && Arrays.stream(tiled[0]).anyMatch(v -> v == w)));
    assertEquals(12, distinct(SharingDrawing.joints(locallyConnected(1, 3), 6)));
    assertEquals(6, distinct(tiled));
    assertEquals(24, distinct(SharingDrawing.joints(chain(flatten(), dense(4)), 6)));
  }

  private static int[] shift(int[] row, int by) {
    int[] shifted = new int[row.length];
    System.arraycopy(row, by, shifted, 0, row.length - by);
    return shifted;
  }

  private static long distinct(int[][] joints) {
    return Arrays.stream(joints).flatMapToInt(Arrays::stream).filter(w -> w != 0).distinct().count();
  }

  @Test void groupsJoinOnlyTheirChannels() {
    boolean[][] depends = ConvolutionIllustrations.channels(conv(4, 1).groups(2), 6);
    assertArrayEquals(new boolean[] {true, true, true, false, false, false}, depends[1]);
    assertArrayEquals(new boolean[] {false, false, false, true, true, true}, depends[2]);
  }

  @Test void unknownDrawingsAreRefused() {
    String message = assertThrows(IllegalArgumentException.class, () -> Illustrations.of("cube")).getMessage();
    assertTrue(message.startsWith("there is no drawing 'cube'.\n  C1: the drawings are convolution-step, "), message);
  }

  @Test void c1ofWindowsNamesTheAxes() {
    String message = assertThrows(IllegalArgumentException.class,
        () -> WindowDrawing.of(Window.of(Axis.of(3)), Shape.of(5))).getMessage();
    assertEquals("a window cannot be drawn.\n  C1: window and input have two axes; received 1 and 5.\n"
        + "  Give a window over height and width.", message);
  }
}
