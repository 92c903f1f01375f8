package juanji.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Every gradient against central differences, and the faces of the convolution against each other.
class GradientTest {
  private static final double STEP = 1e-5;

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double weighted(Samples.Sample sample, List<double[]> values, double[] weights) {
    return dot(sample.op().reference(sample.shapes(), values), weights);
  }

  /// Compares each input's gradient with central differences.
  static void check(Samples.Sample sample, List<double[]> values, Samples draw) {
    Shape y = sample.output();
    double[] weights = draw.signed(y);
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    List<Exact> in = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      in.add(new Exact(sample.shapes().get(i), values.get(i)));
    }
    Exact out = tape.apply(sample.op(), in);
    assertEquals(y, out.shape());
    assertEquals(y.size(), out.data().length);
    List<Optional<Exact>> gradients = tape.gradients(out, new Exact(y, weights), in);
    for (int i = 0; i < in.size(); i++) {
      String where = sample + " input " + i;
      Optional<Exact> gradient = gradients.get(i);
      if (gradient.isPresent()) {
        assertEquals(in.get(i).shape(), gradient.get().shape(), where);
      }
      double[] x = values.get(i);
      for (int j = 0; j < x.length; j++) {
        double at = x[j];
        x[j] = at + STEP;
        double above = weighted(sample, values, weights);
        x[j] = at - STEP;
        double below = weighted(sample, values, weights);
        x[j] = at;
        double expected = (above - below) / (2 * STEP);
        double actual = gradient.isPresent() ? gradient.get().data()[j] : 0;
        assertEquals(expected, actual, 2e-6 * Math.max(1, Math.abs(expected)), where + " element " + j);
      }
    }
  }

  static void checkAll(long seed, int rounds, Function<Samples, List<Samples.Sample>> source) {
    Samples draw = new Samples(seed);
    for (int round = 0; round < rounds; round++) {
      for (Samples.Sample sample : source.apply(draw)) {
        if (sample.op() instanceof Windowed.MaxPoolInput) {
          continue;
        }
        check(sample, new ArrayList<>(sample.shapes().stream().map(draw::values).toList()), draw);
      }
    }
  }

  @Test void pointwise() {
    checkAll(1, 40, Samples::pointwise);
  }

  @Test void reductions() {
    checkAll(2, 60, Samples::reductions);
  }

  @Test void views() {
    checkAll(3, 40, Samples::views);
  }

  @Test void products() {
    checkAll(4, 10, Samples::products);
  }

  @Test void pooling() {
    checkAll(5, 12, Samples::pooling);
  }

  @Test void composites() {
    checkAll(6, 25, Samples::composites);
  }

  @Test void classNumbersHaveNoGradient() {
    Samples draw = new Samples(7);
    Shape scores = Shape.of(3, 5);
    Exact x = new Exact(scores, draw.signed(scores));
    Exact classes = new Exact(Shape.of(3), new double[] {4, 0, 2});
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    Exact loss = tape.apply(new Composite.CrossEntropy(), x, classes);
    List<Optional<Exact>> gradients = tape.gradients(loss, Exact.of(Tensor.scalar(1)), List.of(x, classes));
    assertTrue(gradients.get(1).isEmpty());
    double[] softmax = new Composite.Softmax(1).reference(List.of(scores), List.of(x.data()));
    for (int i = 0; i < 15; i++) {
      double hot = i % 5 == (int) classes.data()[i / 5] ? 1 : 0;
      assertEquals((softmax[i] - hot) / 3, gradients.get(0).orElseThrow().data()[i], 1e-12);
    }
  }

  @Test void theThreeFacesOfAConvolutionAreAdjoint() {
    Samples draw = new Samples(8);
    for (int round = 0; round < 25; round++) {
      List<Samples.Sample> faces = draw.convolution();
      Samples.Sample conv = faces.get(0);
      Shape x = conv.shapes().get(0);
      Shape w = conv.shapes().get(1);
      Shape y = conv.output();
      double[] xs = draw.signed(x);
      double[] ws = draw.signed(w);
      double[] ys = draw.signed(y);
      double form = dot(conv.op().reference(List.of(x, w), List.of(xs, ws)), ys);
      assertEquals(form, dot(xs, faces.get(1).op().reference(List.of(y, w), List.of(ys, ws))), 1e-10, conv.toString());
      assertEquals(form, dot(ws, faces.get(2).op().reference(List.of(x, y), List.of(xs, ys))), 1e-10, conv.toString());
      assertEquals(x, faces.get(1).output());
      assertEquals(w, faces.get(2).output());
      // The form is linear in each part: so are its derivatives, which the other faces must give.
      for (Samples.Sample face : faces) {
        adjoint(face, draw);
      }
    }
  }

  /// The derivative of ⟨face(a, b), c⟩ along (da, db) equals ⟨face(da, b), c⟩ + ⟨face(a, db), c⟩.
  static void adjoint(Samples.Sample face, Samples draw) {
    List<Shape> shapes = face.shapes();
    double[] a = draw.signed(shapes.get(0));
    double[] b = draw.signed(shapes.get(1));
    double[] da = draw.signed(shapes.get(0));
    double[] db = draw.signed(shapes.get(1));
    double[] c = draw.signed(face.output());
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    Exact first = new Exact(shapes.get(0), a);
    Exact second = new Exact(shapes.get(1), b);
    Exact out = tape.apply(face.op(), first, second);
    List<Optional<Exact>> gradients = tape.gradients(out, new Exact(face.output(), c), List.of(first, second));
    assertEquals(dot(face.op().reference(shapes, List.of(da, b)), c), dot(da, gradients.get(0).orElseThrow().data()),
        1e-10, face.toString());
    assertEquals(dot(face.op().reference(shapes, List.of(a, db)), c), dot(db, gradients.get(1).orElseThrow().data()),
        1e-10, face.toString());
  }

  @Test void averagePoolingIsAdjointToItsInputGradient() {
    Samples draw = new Samples(9);
    for (int round = 0; round < 30; round++) {
      List<Samples.Sample> samples = draw.pooling();
      for (int i = 2; i < samples.size(); i += 2) {
        Samples.Sample forward = samples.get(i);
        Samples.Sample backward = samples.get(i + 1);
        double[] x = draw.signed(forward.shapes().getFirst());
        double[] y = draw.signed(forward.output());
        assertEquals(dot(forward.op().reference(forward.shapes(), List.of(x)), y),
            dot(x, backward.op().reference(backward.shapes(), List.of(y))), 1e-10, forward.toString());
      }
    }
  }
}
