package juanji.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PreprocessingTest {
  private static Pictures two(byte... first) {
    return Pictures.of(Shape.of(2, 1, 2), List.of("x"), new byte[][] {first, {(byte) 255, 0, 51, 51}},
        new int[] {0, 0}, Integer::toString);
  }

  @Test void measuresEachChannel() {
    Preprocessing pre = Preprocessing.measure(two((byte) 255, (byte) 0, (byte) 51, (byte) 51));
    assertEquals(List.of(0.5f, 0.2f), pre.mean());
    assertEquals(0.5f, pre.std().get(0), 1e-6f);
    assertEquals(1f, pre.std().get(1), "a channel that never varies");
    float[] values = {9, 1, 0, 0.2f, 1.2f};
    pre.normalise(values, 1);
    assertArrayEquals(new float[] {9, 1, -1, 0, 1}, values, 1e-6f);
  }

  @Test void largeSetsAreSampledEvenly() {
    byte[][] pixels = new byte[30_000][];
    byte[] dark = new byte[1000];
    byte[] light = new byte[1000];
    Arrays.fill(light, (byte) 255);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i < 15_000 ? dark : light;
    }
    Dataset data = Pictures.of(Shape.of(1, 10, 100), List.of("x"), pixels, new int[30_000], Integer::toString);
    assertEquals(0.5f, Preprocessing.measure(data).mean().getFirst(), 1e-3f);
  }

  @Test void constraints() {
    List<Float> one = List.of(1f);
    label("C1", () -> new Preprocessing(0, 1, 1, List.of(), List.of(), Framing.FIT));
    label("C1", () -> Preprocessing.none(-1, 1, 1));
    label("C1", () -> new Preprocessing(1, 0, 1, one, one, Framing.FIT));
    label("C2", () -> new Preprocessing(3, 1, 1, one, one, Framing.FIT));
    label("C2", () -> new Preprocessing(1, 1, 1, List.of(Float.NaN), one, Framing.FIT));
    label("C3", () -> new Preprocessing(1, 1, 1, one, List.of(0f), Framing.FIT));
    label("C3", () -> new Preprocessing(1, 1, 1, one, List.of(-1f), Framing.FIT));
    label("C4", () -> Preprocessing.measure(Subset.first(two(new byte[4]), 0)));
    assertEquals(Framing.CROP, Preprocessing.none(3, 4, 5).framing(Framing.CROP).framing());
    assertEquals(60, Preprocessing.none(3, 4, 5).length());
  }

  @Test void picturesConstraints() {
    byte[][] none = {};
    label("C1", () -> Pictures.of(Shape.of(4, 4), List.of("x"), none, new int[0], Integer::toString));
    label("C2", () -> two((byte) 1));
    label("C3", () -> Pictures.of(Shape.of(1, 1, 1), List.of("x"), new byte[][] {{1}}, new int[] {1}, i -> ""));
    label("C3", () -> Pictures.of(Shape.of(1, 1, 1), List.of("x"), new byte[][] {{1}}, new int[] {}, i -> ""));
  }

  private static void label(String label, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(label + ":"), message);
    assertEquals(3, message.lines().count());
  }
}
