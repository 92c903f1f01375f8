package juanji.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import juanji.op.Gather.Lookup;
import juanji.op.Gather.LookupInput;
import juanji.op.Gather.Take;
import juanji.op.Gather.TakeInput;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

class GatherTest {
  private static final double[] ABCD = {1, 2, 3, 4};

  private static double[] bordered(Border border, int before, int after) {
    return border.pad(0, 4, before, after).reference(List.of(Shape.of(4)), List.of(ABCD));
  }

  @Test void bordersContinueTheInput() {
    assertArrayEquals(new double[] {0, 0, 0, 1, 2, 3, 4, 0}, bordered(Border.ZERO, 3, 1));
    assertArrayEquals(new double[] {4, 3, 2, 1, 2, 3, 4, 3}, bordered(Border.REFLECT, 3, 1));
    assertArrayEquals(new double[] {1, 1, 1, 1, 2, 3, 4, 4}, bordered(Border.REPLICATE, 3, 1));
    assertArrayEquals(new double[] {2, 3, 4, 1, 2, 3, 4, 1}, bordered(Border.CIRCULAR, 3, 1));
    assertArrayEquals(new double[] {4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2}, bordered(Border.CIRCULAR, 5, 2));
  }

  @Test void c1ReflectedBordersAreNarrowerThanTheInput() {
    assertEquals("""
        an axis of 4 cells cannot be padded by 4 and 0.
          C1: both sides are padded by 0 or more, and by less than the input where it is reflected; received 4 and 0 \
        for REFLECT.
          Pad by less, or use another border.""",
        assertThrows(IllegalArgumentException.class, () -> bordered(Border.REFLECT, 4, 0)).getMessage());
  }

  @Test void takesHaveTheirAdjointsAsGradients() {
    GradientTest.checkAll(31, 60, Samples::takes);
  }

  @Test void slicesGoWhereTheyCameFrom() {
    Shape x = Shape.of(2, 3, 2);
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Take take = new Take(1, List.of(2, -1, 0, 2));
    assertArrayEquals(new double[] {5, 6, 0, 0, 1, 2, 5, 6, 11, 12, 0, 0, 7, 8, 11, 12},
        take.reference(List.of(x), List.of(values)));
    assertArrayEquals(new double[] {3, 0, 5, 0, 0, 0}, new TakeInput(0, List.of(0, -1, 2, 0), 6)
        .reference(List.of(Shape.of(4)), List.of(new double[] {1, 2, 5, 2})));
    assertArrayEquals(new double[] {4, 3, 2, 1}, Take.reversed(0, 4).reference(List.of(Shape.of(4)), List.of(ABCD)));
  }

  @Test void bordersShiftAndOtherTakesDoNot() {
    assertEquals(OptionalInt.of(2), ((Take) Border.REFLECT.pad(0, 4, 2, 1)).shift());
    assertEquals(OptionalInt.empty(), Take.reversed(0, 4).shift());
  }

  @Test void tablesAreLookedUpAndAddedTo() {
    Shape ids = Shape.of(2, 3);
    double[] numbers = {2, 0, -1, 2, 3, 0.5};
    double[] table = {1, 10, 2, 20, 3, 30};
    assertArrayEquals(new double[] {3, 30, 1, 10, 0, 0, 3, 30, 0, 0, 0, 0},
        new Lookup().reference(List.of(ids, Shape.of(3, 2)), List.of(numbers, table)));
    assertArrayEquals(new double[] {3, 4, 0, 0, 8, 10}, new LookupInput(3).reference(List.of(ids, Shape.of(2, 3, 2)),
        List.of(numbers, new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})));
    Samples draw = new Samples(32);
    Exact given = new Exact(ids, numbers);
    Exact rows = new Exact(Shape.of(3, 2), table);
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    Exact y = tape.apply(new Lookup(), given, rows);
    double[] weights = draw.signed(y.shape());
    var gradients = tape.gradients(y, new Exact(y.shape(), weights), List.of(given, rows));
    assertTrue(gradients.get(0).isEmpty());
    double[] along = draw.signed(rows.shape());
    assertEquals(GradientTest.dot(weights, new Lookup().reference(List.of(ids, rows.shape()), List.of(numbers, along))),
        GradientTest.dot(along, gradients.get(1).orElseThrow().data()), 1e-12);
  }

  private static String refused(Op op, Shape... shapes) {
    return assertThrows(ShapeException.class, () -> op.shape(List.of(shapes))).getMessage();
  }

  @Test void c1TheAxisExists() {
    assertEquals("""
        take cannot take its input.
          C1: the axis exists and its extent is known; received axis 2 of 3 × 4.
          Name one of the input's axes other than the batch.""", refused(new Take(2, List.of(0)), Shape.of(3, 4)));
    assertEquals("""
        lookup cannot take its input.
          C1: the table is rows × features; received 4.
          Give a table of two axes behind the ids.""", refused(new Lookup(), Shape.of(3), Shape.of(4)));
  }

  @Test void c2IndicesAreInside() {
    assertEquals("""
        take cannot take its input.
          C2: every index is −1 or from 0 to 3; received 4 for axis 1 of 3 × 4.
          Take slices that the input has.""", refused(new Take(1, List.of(0, 4)), Shape.of(3, 4)));
    assertEquals("""
        lookupInput cannot take its input.
          C2: there is one row of features per id; received ids of 3 and 4 × 2.
          Use the output that belongs to the ids.""", refused(new LookupInput(5), Shape.of(3), Shape.of(4, 2)));
  }

  @Test void c3ThereAreAsManySlicesAsIndices() {
    assertEquals("""
        takeInput cannot take its input.
          C3: there are as many slices as indices, 2; received 3 × 4 for axis 1.
          Use the output that belongs to the input.""", refused(new TakeInput(1, List.of(0, 4), 6), Shape.of(3, 4)));
  }
}
