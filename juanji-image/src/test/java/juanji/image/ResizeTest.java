package juanji.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import juanji.data.Framing;
import org.junit.jupiter.api.Test;

class ResizeTest {
  private static Picture grey(int height, int width, int... values) {
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      pixels[i] = (byte) values[i];
    }
    return new Picture(1, height, width, pixels);
  }

  @Test void sameSizeIsExact() {
    byte[] pixels = new byte[3 * 7 * 5];
    new Random(1).nextBytes(pixels);
    Picture picture = new Picture(3, 7, 5, pixels);
    assertSame(picture, Resize.to(picture, ImageSize.size(7, 5)));
    assertArrayEquals(pixels, Resize.stretch(picture, 7, 5).pixels());
  }

  @Test void growingIsBilinear() {
    assertArrayEquals(new float[] {0, 25, 75, 100}, Resize.plane(new float[] {0, 100}, 1, 2, 1, 4), 1e-4f);
    assertArrayEquals(new float[] {0, 25, 75, 100}, Resize.plane(new float[] {0, 100}, 2, 1, 4, 1), 1e-4f);
  }

  @Test void shrinkingWeighsEveryPixelByTheTriangle() {
    // Scale 2: weights 1/8 · (1, 3, 3, 1) inside, renormalised at the edges.
    float[] shrunk = Resize.plane(new float[] {0, 0, 0, 80, 0, 0, 0, 0}, 1, 8, 1, 4);
    assertArrayEquals(new float[] {0, 30, 10, 0}, shrunk, 1e-4f);
    shrunk = Resize.plane(new float[] {0, 0, 70, 0, 0, 0, 0, 0}, 8, 1, 4, 1);
    assertArrayEquals(new float[] {10, 26.25f, 0, 0}, shrunk, 1e-4f);
  }

  @Test void aFineCheckerboardBecomesGreyNotAPattern() {
    float[] board = new float[64 * 96];
    for (int i = 0; i < board.length; i++) {
      board[i] = (i % 96 + i / 96) % 2 * 200f;
    }
    float[] small = Resize.plane(board, 64, 96, 7, 11);
    for (float v : small) {
      assertEquals(100, v, 3);
    }
  }

  @Test void constantsStayConstantAtAnyScale() {
    Random random = new Random(4);
    for (int round = 0; round < 200; round++) {
      int h = 1 + random.nextInt(40);
      int w = 1 + random.nextInt(40);
      byte[] pixels = new byte[h * w];
      Arrays.fill(pixels, (byte) 173);
      byte[] scaled = Resize.stretch(new Picture(1, h, w, pixels), 1 + random.nextInt(40), 1 + random.nextInt(40))
          .pixels();
      for (byte b : scaled) {
        assertEquals((byte) 173, b);
      }
    }
  }

  @Test void fitKeepsProportionsAndPadsWithBlack() {
    Picture fitted = Resize.to(grey(1, 2, 100, 100), ImageSize.size(4, 4).grey().framing(Framing.FIT));
    assertArrayEquals(grey(4, 4, 0, 0, 0, 0, 100, 100, 100, 100, 100, 100, 100, 100, 0, 0, 0, 0).pixels(),
        fitted.pixels());
  }

  @Test void cropTakesTheMiddle() {
    Picture cropped = Resize.to(grey(1, 5, 1, 2, 3, 4, 5), ImageSize.size(1, 1).grey().framing(Framing.CROP));
    assertArrayEquals(new byte[] {3}, cropped.pixels());
    Picture high = Resize.to(grey(4, 2, 9, 9, 1, 2, 3, 4, 9, 9), ImageSize.size(2, 2).grey().framing(Framing.CROP));
    assertArrayEquals(new byte[] {1, 2, 3, 4}, high.pixels());
  }

  @Test void colours() {
    Picture red = new Picture(3, 1, 1, new byte[] {(byte) 255, 0, 0});
    assertEquals(76, red.grey().pixels()[0]);
    assertArrayEquals(new byte[] {7, 7, 7}, grey(1, 1, 7).colour().pixels());
  }

  @Test void constraints() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> new ImageSize(2, 1, 1, Framing.FIT)).getMessage()
        .contains("C1:"));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> ImageSize.size(0, 1)).getMessage().contains("C2:"));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> ImageSize.size(1, 9000)).getMessage()
        .contains("C2:"));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> new Picture(2, 1, 1, new byte[2])).getMessage()
        .contains("C1:"));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> new Picture(1, 1, 1, new byte[2])).getMessage()
        .contains("C2:"));
  }
}
