package juanji.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

class WindowedTest {
  private static String refused(Axis axis, int in) {
    return assertThrows(ShapeException.class, () -> new Windowed.MaxPool(Window.of(axis)).shape(List.of(
        Shape.of(1, 1, in)))).getMessage();
  }

  @Test void c2RefusesWindowsInThePadding() {
    assertTrue(refused(Axis.of(2).withPadding(Padding.of(2, 0)), 5).contains("C2"));
    assertTrue(refused(Axis.of(2).withPadding(Padding.of(0, 2)), 5).contains("C2"));
    // Cells −1 and 1 of an input that has cell 0 only.
    assertTrue(refused(Axis.of(2).withDilation(2).withPadding(Padding.of(1, 1)), 1).contains("C2"));
  }

  @Test void c5RefusesWindowsLargerThanTheInput() {
    assertTrue(refused(Axis.of(5), 4).contains("C5"));
  }

  @Test void ceilingModePoolsAnInputSmallerThanTheWindow() {
    Windowed.MaxPool pool = new Windowed.MaxPool(Window.of(Axis.of(2).withStride(2).withCeiling(true)));
    assertEquals(Shape.of(1, 1, 1), pool.shape(List.of(Shape.of(1, 1, 1))));
    assertArrayEquals(new double[] {-3}, pool.reference(List.of(Shape.of(1, 1, 1)), List.of(new double[] {-3})));
  }

  @Test void notANumberGoesThroughRelu() {
    assertTrue(Double.isNaN(new Pointwise.Relu().at(Double.NaN)));
  }

  @Test void concatRefusesTheOpenBatch() {
    Shape open = Shape.of(3).batched();
    assertTrue(assertThrows(ShapeException.class, () -> new View.Concat(0).shape(List.of(open, open))).getMessage()
        .contains("C3"));
    assertEquals(Shape.of(6).batched(), new View.Concat(1).shape(List.of(open, open)));
  }
}
