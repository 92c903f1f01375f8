package juanji.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import juanji.op.LocalContraction.LocalConv;
import juanji.op.LocalContraction.LocalFilter;
import juanji.op.LocalContraction.LocalInput;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

class LocalContractionTest {
  private static final Window WINDOW = Window.of(new Axis(3, 2, 1, Padding.of(1, 0), false),
      new Axis(2, 1, 3, Padding.of(2), false));

  @Test void eachPlaceUsesItsOwnSet() {
    Shape x = Shape.of(2, 3, 7, 5);
    Shape tiles = Shape.of(2, 3);
    Samples draw = new Samples(1);
    LocalConv op = new LocalConv(WINDOW, tiles);
    Shape w = Shape.of(2, 3, 3, 3, 2, 4);
    Shape y = op.shape(List.of(x, w));
    assertEquals(Shape.of(2, 4, 3, 6), y);
    double[] xs = draw.signed(x);
    double[] ws = draw.signed(w);
    double[] actual = op.reference(List.of(x, w), List.of(xs, ws));
    for (int n = 0; n < 2; n++) {
      for (int k = 0; k < 4; k++) {
        for (int oh = 0; oh < 3; oh++) {
          for (int ow = 0; ow < 6; ow++) {
            assertEquals(at(xs, ws, n, k, oh, ow), actual[((n * 4 + k) * 3 + oh) * 6 + ow], 1e-12);
          }
        }
      }
    }
  }

  private static double at(double[] xs, double[] ws, int n, int k, int oh, int ow) {
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      for (int th = 0; th < 3; th++) {
        for (int tw = 0; tw < 2; tw++) {
          int ih = oh * 2 + th - 1;
          int iw = ow + tw * 3 - 2;
          if (ih >= 0 && ih < 7 && iw >= 0 && iw < 5) {
            int set = oh % 2 * 3 + ow % 3;
            sum += xs[((n * 3 + c) * 7 + ih) * 5 + iw] * ws[(((set * 3 + c) * 3 + th) * 2 + tw) * 4 + k];
          }
        }
      }
    }
    return sum;
  }

  @Test void theThreeFacesAreAdjoint() {
    Samples draw = new Samples(2);
    for (int round = 0; round < 15; round++) {
      List<Samples.Sample> faces = draw.locals();
      Shape x = faces.get(0).shapes().get(0);
      Shape w = faces.get(0).shapes().get(1);
      Shape y = faces.get(0).output();
      assertEquals(x, faces.get(1).output());
      assertEquals(w, faces.get(2).output());
      double[] xs = draw.signed(x);
      double[] ws = draw.signed(w);
      double[] ys = draw.signed(y);
      double form = GradientTest.dot(faces.get(0).op().reference(List.of(x, w), List.of(xs, ws)), ys);
      assertEquals(form, GradientTest.dot(xs, faces.get(1).op().reference(List.of(y, w), List.of(ys, ws))), 1e-10);
      assertEquals(form, GradientTest.dot(ws, faces.get(2).op().reference(List.of(x, y), List.of(xs, ys))), 1e-10);
      faces.forEach(face -> GradientTest.adjoint(face, draw));
    }
  }

  private static String refused(Op op, Shape... shapes) {
    return assertThrows(ShapeException.class, () -> op.shape(List.of(shapes))).getMessage();
  }

  @Test void c1WeightsHaveTwoExtentsPerSpatialAxis() {
    assertEquals("""
        localConv cannot take its input.
          C1: the weights of a window over 2 axes have 6 axes (sets, channels, kernel, filters); received 4 × 3 × 3 × 2.
          Use one extent of sets and one of the kernel per spatial axis.""",
        refused(new LocalConv(WINDOW, Shape.of(1, 1)), Shape.of(2, 3, 7, 5), Shape.of(4, 3, 3, 2)));
  }

  @Test void c2InputAndOutputHaveTheSameBatch() {
    assertEquals("""
        localFilter cannot take its input.
          C2: x and y have the same batch; received 2 × 3 × 7 × 5 and 3 × 4 × 3 × 6.
          Use the output that belongs to the input.""",
        refused(new LocalFilter(WINDOW, Shape.of(1, 1)), Shape.of(2, 3, 7, 5), Shape.of(3, 4, 3, 6)));
  }

  @Test void c3WeightsHaveTheExtentsOfSetsAndKernel() {
    assertEquals("""
        localConv cannot take its input.
          C3: the weights are sets × channels × kernel × filters, 2 × 3 × 3 × 3 × 2 × 4; received \
        2 × 2 × 3 × 3 × 2 × 4.
          Use weights of 2 × 3 × 3 × 3 × 2 × 4.""",
        refused(new LocalConv(WINDOW, Shape.of(2, 3)), Shape.of(2, 3, 7, 5), Shape.of(2, 2, 3, 3, 2, 4)));
  }

  @Test void c6TheWindowTakesThePositionsOfY() {
    assertEquals("""
        localInput cannot take its input.
          C6: the window (3 stride 2 pad 1+0 × 2 dilation 3 pad 2) takes 3 × 6 positions over 7 × 5; received \
        2 × 4 × 3 × 5.
          Use the spatial extents that belong to the output.""",
        refused(new LocalInput(WINDOW, Shape.of(2, 3), Shape.of(7, 5)), Shape.of(2, 4, 3, 5),
            Shape.of(2, 3, 3, 3, 2, 4)));
  }

  @Test void c7ThereAreAtMostAsManySetsAsPlaces() {
    assertEquals("""
        localConv cannot take its input.
          C7: along each axis there are from 1 set of weights to as many as places; received 4 × 6 sets for 3 × 6 \
        places.
          Use at most 3 × 6 sets.""",
        refused(new LocalConv(WINDOW, Shape.of(4, 6)), Shape.of(2, 3, 7, 5), Shape.of(4, 6, 3, 3, 2, 4)));
  }
}
