package juanji.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import juanji.op.Regional.RoiAlign;
import juanji.op.Regional.RoiAlignInput;
import juanji.op.Regional.RoiPool;
import juanji.op.Regional.RoiPoolInput;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

class RegionalTest {
  private static final Shape X = Shape.of(2, 3, 7, 9);

  private static double[] apply(Op op, Shape x, double[] values, double... table) {
    return op.reference(List.of(x, Shape.of(table.length / 5, 5)), List.of(values, table));
  }

  @Test void poolingTakesTheLargestCellOfEachBin() {
    Samples draw = new Samples(1);
    double[] x = draw.signed(X);
    for (int round = 0; round < 200; round++) {
      double[] table = draw.regions(Shape.of(1, 5), X);
      int height = draw.between(1, 4);
      int width = draw.between(1, 5);
      double[] y = apply(new RoiPool(height, width, 0.5), X, x, table);
      // Whole cells from the rounded corners, both included; a bin of h cells in `height` rows.
      int left = round(table[1] * 0.5);
      int top = round(table[2] * 0.5);
      double cellsWide = Math.max(round(table[3] * 0.5) - left + 1, 1);
      double cellsHigh = Math.max(round(table[4] * 0.5) - top + 1, 1);
      for (int i = 0; i < y.length; i++) {
        int c = i / width / height;
        double best = Double.NEGATIVE_INFINITY;
        for (int h = 0; h < 7; h++) {
          for (int w = 0; w < 9; w++) {
            boolean inside = h - top >= Math.floor(i / width % height * cellsHigh / height)
                && h - top < Math.ceil((i / width % height + 1) * cellsHigh / height)
                && w - left >= Math.floor(i % width * cellsWide / width)
                && w - left < Math.ceil((i % width + 1) * cellsWide / width);
            if (inside && table[0] >= 0) {
              best = Math.max(best, x[(((int) table[0] * 3 + c) * 7 + h) * 9 + w]);
            }
          }
        }
        assertEquals(best == Double.NEGATIVE_INFINITY ? 0 : best, y[i]);
      }
    }
  }

  private static int round(double v) {
    return (int) (Math.signum(v) * Math.floor(Math.abs(v) + 0.5));
  }

  @Test void samplesOfAPlaneAreItsValuesAtTheCentresOfBins() {
    Shape x = Shape.of(1, 1, 12, 14);
    double[] plane = new double[12 * 14];
    for (int i = 0; i < plane.length; i++) {
      plane[i] = 3 + 0.5 * (i / 14) - 2 * (i % 14);
    }
    for (int samples : new int[] {0, 1, 2, 3}) {
      for (boolean aligned : new boolean[] {false, true}) {
        double[] y = apply(new RoiAlign(2, 3, 0.25, samples, aligned), x, plane, 0, 6, 8, 40, 38);
        double shift = aligned ? 0.5 : 0;
        for (int i = 0; i < 6; i++) {
          double h = 8 * 0.25 - shift + (i / 3 + 0.5) * (30 * 0.25 / 2);
          double w = 6 * 0.25 - shift + (i % 3 + 0.5) * (34 * 0.25 / 3);
          assertEquals(3 + 0.5 * h - 2 * w, y[i], 1e-12);
        }
      }
    }
  }

  @Test void samplesAtAndBeyondTheBorder() {
    Shape x = Shape.of(1, 1, 2, 2);
    double[] values = {1, 2, 3, 4};
    // One sample in the middle of the region: half a cell outside it is the border's value, beyond one cell it is 0.
    RoiAlign one = new RoiAlign(1, 1, 1, 1, true);
    assertArrayEquals(new double[] {1}, apply(one, x, values, 0, -0.5, -0.5, 0.5, 0.5));
    assertArrayEquals(new double[] {0}, apply(one, x, values, 0, -2, -2, 0.5, 0.5));
    assertArrayEquals(new double[] {4}, apply(one, x, values, 0, 2, 2, 3, 3));
    assertArrayEquals(new double[] {2.5}, apply(one, x, values, 0, 0.5, 0.5, 1.5, 1.5));
    // Not aligned, an empty region is one cell large; aligned, it is a point, and no samples are 0.
    assertArrayEquals(new double[] {2.5}, apply(new RoiAlign(1, 1, 1, 1, false), x, values, 0, 0, 0, 0, 0));
    assertArrayEquals(new double[] {2.5}, apply(one, x, values, 0, 1, 1, 1, 1));
    assertArrayEquals(new double[] {0}, apply(new RoiAlign(1, 1, 1, 0, true), x, values, 0, 1, 1, 1, 1));
  }

  @Test void regionsOfNoPictureAndOfNonsenseAreZero() {
    double[] x = new Samples(2).values(X);
    for (Op op : List.of(new RoiPool(2, 2, 1), new RoiAlign(2, 2, 1, 0, false), new RoiAlign(2, 2, 1, 2, true))) {
      for (double picture : new double[] {-1, 2, 0.5, Double.NaN, 1e30}) {
        assertArrayEquals(new double[12], apply(op, X, x, picture, 0, 0, 4, 4));
      }
      assertEquals(12, apply(op, X, x, 0, Double.NaN, 1e30, Double.POSITIVE_INFINITY, -1e30).length);
      assertEquals(12, apply(op, X, x, 0, -1e9, -1e9, 1e9, 1e9).length);
    }
  }

  @Test void gradients() {
    Samples draw = new Samples(3);
    for (int round = 0; round < 20; round++) {
      Shape regions = Shape.of(3, 5);
      double[] table = draw.regions(regions, X);
      RoiAlign align = new RoiAlign(2, 3, 0.5, draw.between(0, 2), round % 2 == 0);
      RoiPool pool = new RoiPool(2, 3, 0.5);
      double[] x = draw.signed(X);
      double[] dy = draw.signed(Shape.of(3, 3, 2, 3));
      // RoiAlign is linear in x; RoiPool is where no maximum changes.
      double[] dx = draw.signed(X);
      assertEquals(GradientTest.dot(apply(align, X, dx, table), dy), GradientTest.dot(dx,
          new RoiAlignInput(align).reference(List.of(X, regions, Shape.of(3, 3, 2, 3)), List.of(x, table, dy))), 1e-10);
      Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
      Exact in = new Exact(X, x);
      Exact where = new Exact(regions, table);
      Exact y = tape.apply(pool, in, where);
      var gradients = tape.gradients(y, new Exact(y.shape(), dy), List.of(in, where));
      assertTrue(gradients.get(1).isEmpty());
      double[] moved = x.clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] += 1e-9 * dx[i];
      }
      assertEquals(GradientTest.dot(apply(pool, X, moved, table), dy) - GradientTest.dot(y.data(), dy),
          1e-9 * GradientTest.dot(dx, gradients.get(0).orElseThrow().data()), 1e-13);
    }
  }

  private static String refused(Op op, Shape... shapes) {
    return assertThrows(ShapeException.class, () -> op.shape(List.of(shapes))).getMessage();
  }

  @Test void c1PicturesHaveFourAxes() {
    assertEquals("""
        roiPool cannot take its input.
          C1: x is batch × channels × height × width; received 2 × 3 × 7.
          Give pictures or feature maps of two spatial axes.""",
        refused(new RoiPool(2, 2, 1), Shape.of(2, 3, 7), Shape.of(4, 5)));
  }

  @Test void c2RegionsAreRowsOfFive() {
    assertEquals("""
        roiAlign cannot take its input.
          C2: the regions are R × 5 (picture, x1, y1, x2, y2), R at least 1; received 4 × 4.
          Give one row of five numbers per region.""",
        refused(new RoiAlign(2, 2, 1, 0, false), X, Shape.of(4, 4)));
  }

  @Test void c3GradientsHaveTheOutputsShape() {
    assertEquals("""
        roiPoolInput cannot take its input.
          C3: the gradient has the shape of the output, 4 × 3 × 2 × 2; received 4 × 3 × 2 × 3.
          Use the output that belongs to the input.""",
        refused(new RoiPoolInput(2, 2, 1), X, Shape.of(4, 5), Shape.of(4, 3, 2, 3)));
  }

  @Test void c4SizesArePositive() {
    assertEquals("""
        regions cannot be brought to 0 × 7 by a scale of 1.0 and 0 samples.
          C4: height and width are at least 1, the scale is above 0, and there are 0 (as many as cells) to 64 samples; \
        received 0, 7, 1.0 and 0.
          Use positive numbers, such as 7, 7, 1.0 / 16 and 2.""",
        assertThrows(IllegalArgumentException.class, () -> new RoiPool(0, 7, 1)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new RoiAlign(1, 1, 0, 0, true));
    assertThrows(IllegalArgumentException.class, () -> new RoiAlign(1, 1, 1, 65, true));
  }
}
