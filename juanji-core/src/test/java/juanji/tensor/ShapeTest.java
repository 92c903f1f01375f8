package juanji.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShapeTest {
  private static final Shape IMAGE = Shape.of(2, 3, 5, 7);

  @Test void sizesAreProductsOfExtents() {
    assertEquals(210, IMAGE.size());
    assertEquals(35, IMAGE.size(2));
    assertEquals(1, IMAGE.size(4));
    assertEquals(1, Shape.of().size());
    assertEquals(0, Shape.of(3, 0, 2).size());
    assertEquals(1L << 40, Shape.of(1 << 20, 1 << 20).size());
    assertArrayEquals(new int[] {105, 35, 7, 1}, IMAGE.strides());
  }

  @Test void axesCountFromBothEnds() {
    assertEquals(7, IMAGE.dim(-1));
    assertEquals(2, IMAGE.dim(0));
    assertEquals(Shape.of(2, 3, 5, 1), IMAGE.with(-1, 1));
    assertEquals(Shape.of(3, 5), IMAGE.slice(1, 3));
    assertEquals(Shape.of(3, 5, 7), IMAGE.sample());
    assertEquals(Shape.of(9, 2, 3, 5, 7), IMAGE.prepend(9));
  }

  @Test void anOpenBatchIsBoundLater() {
    Shape open = IMAGE.sample().batched();
    assertFalse(open.bound());
    assertEquals("N × 3 × 5 × 7", open.toString());
    assertEquals(105, open.size(1));
    assertThrows(IllegalStateException.class, open::size);
    assertEquals(Shape.of(8, 3, 5, 7), open.bind(8));
    assertTrue(open.bind(8).bound());
  }

  @Test void c1RefusesExtentsBelowZero() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Shape.of(3, -2)).getMessage().contains("C1"));
  }

  @Test void c2RefusesSizesBeyondLong() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Shape.of(1 << 30, 1 << 30, 1 << 30)).getMessage()
        .contains("C2"));
    assertThrows(IllegalArgumentException.class, () -> Shape.of(1 << 30, 1 << 30).length());
  }

  @Test void shapesAreValues() {
    int[] dims = {4, 5};
    Shape shape = Shape.of(dims);
    dims[0] = 9;
    shape.toArray()[1] = 9;
    assertEquals(Shape.of(4, 5), shape);
    assertEquals(Shape.of(4, 5).hashCode(), shape.hashCode());
    assertNotEquals(Shape.of(5, 4), shape);
    assertEquals("scalar", Shape.of().toString());
  }

  @Test void tensorsCheckTheirNumberOfValues() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Tensor.of(Shape.of(2, 2), 1, 2, 3)).getMessage()
        .contains("C1"));
    Tensor t = Tensor.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    assertEquals(6, t.at(1, 2));
    assertEquals(4, t.reshape(Shape.of(3, 2)).at(1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> t.at(0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> t.at(0));
  }
}
