package juanji.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CacheLineTest {
  @Test void numbersBehindTheFirstLineAreRoomEnough() {
    for (int floats : new int[] {0, 1, 100, 5_000, 1 << 21}) {
      assertTrue(CacheLine.array(floats).length >= CacheLine.FIRST + floats, floats + " floats");
    }
    assertEquals(64, 16 + CacheLine.FIRST * Float.BYTES, "an array's header and the numbers before a line fill a line");
  }

  @Test void smallArraysStaySmallAndLargeOnesFillHalfARegion() {
    assertEquals(CacheLine.FIRST + 100, CacheLine.array(100).length);
    assertTrue(CacheLine.array(5_000).length >= 1 << 17, "half a region of the smallest size");
    assertEquals(CacheLine.FIRST + (1 << 21), CacheLine.array(1 << 21).length, "no more than is needed");
  }

  @Test void whatNoArrayHoldsIsRefused() {
    assertThrows(ArithmeticException.class, () -> CacheLine.array(Integer.MAX_VALUE));
  }
}
