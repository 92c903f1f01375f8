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

  /// PyTorch's `AvgPool1d(3, 2, padding=1, ceil_mode=True)` of 1 … 6: the last window holds 6 and one padded cell, and
  /// hangs over by one.
  @Test void overhangIsNotCounted() {
    Axis axis = new Axis(3, 2, 1, Padding.of(1), true);
    Shape x = Shape.of(1, 1, 6);
    double[] values = {1, 2, 3, 4, 5, 6};
    assertEquals(1, axis.over(6).overhang());
    assertEquals(8, axis.over(6).padded());
    assertArrayEquals(new double[] {1, 3, 5, 3}, new Windowed.AvgPool(Window.of(axis), Windowed.Divisor.WINDOW)
        .reference(List.of(x), List.of(values)), 1e-12);
    assertArrayEquals(new double[] {1.5, 3, 5, 6}, new Windowed.AvgPool(Window.of(axis), Windowed.Divisor.INSIDE)
        .reference(List.of(x), List.of(values)), 1e-12);
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
