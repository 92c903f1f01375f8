package juanji.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// Activation functions against their textbook formulas, on both sides of their kinks and far out.
class NonlinearityTest {
  /// ½ (1 + erf(x / √2)) by Simpson's rule over the density.
  private static double distribution(double x) {
    int n = 20_000;
    double h = x / n;
    double sum = 1 + Math.exp(-x * x / 2);
    for (int i = 1; i < n; i++) {
      sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-i * h * i * h / 2);
    }
    return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
  }

  private static double softplus(double x) {
    return Math.log(1 + Math.exp(x));
  }

  private static final double LAMBDA = 1.0507009873554805;
  private static final double ALPHA = 1.6732632423543772;

  private static final Map<Op, DoubleUnaryOperator> FORMULAS = Map.ofEntries(
      Map.entry(new Nonlinearity.LeakyRelu(0.1), x -> x > 0 ? x : 0.1 * x),
      Map.entry(new Nonlinearity.Elu(1, 0.7, 1), x -> x > 0 ? x : 0.7 * (Math.exp(x) - 1)),
      Map.entry(new Nonlinearity.Elu(1, 0.7, 0.7), x -> x > 0 ? x : 0.7 * (Math.exp(x / 0.7) - 1)),
      Map.entry(Nonlinearity.Elu.SELU, x -> LAMBDA * (x > 0 ? x : ALPHA * (Math.exp(x) - 1))),
      Map.entry(new Nonlinearity.Gelu(true), x -> x * distribution(x)),
      Map.entry(new Nonlinearity.Gelu(false),
          x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))),
      Map.entry(new Nonlinearity.Silu(), x -> x / (1 + Math.exp(-x))),
      Map.entry(new Nonlinearity.Mish(), x -> x * Math.tanh(softplus(x))),
      Map.entry(new Nonlinearity.HardSigmoid(), x -> x <= -3 ? 0 : x >= 3 ? 1 : x / 6 + 0.5),
      Map.entry(new Nonlinearity.HardSwish(), x -> x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6),
      Map.entry(new Nonlinearity.Softsign(), x -> x / (1 + Math.abs(x))),
      Map.entry(new Pointwise.Softplus(), NonlinearityTest::softplus),
      Map.entry(new Pointwise.Clamp(0, 6), x -> x < 0 ? 0 : x > 6 ? 6 : x),
      Map.entry(new Pointwise.Erf(), x -> 2 * distribution(x * Math.sqrt(2)) - 1));

  private static double[] run(Op op, double... x) {
    return op.reference(List.of(Shape.of(x.length)), List.of(x));
  }

  static double[] slopes(Op op, double... x) {
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    Exact in = new Exact(Shape.of(x.length), x);
    Exact y = tape.apply(op, in);
    double[] ones = new double[x.length];
    Arrays.fill(ones, 1);
    return tape.gradients(y, new Exact(y.shape(), ones), List.of(in)).getFirst().orElseThrow().data();
  }

  @Test void functionsAndSlopesAreTheirFormulas() {
    FORMULAS.forEach((op, formula) -> {
      for (double x = -5.03; x < 7; x += 0.37) {
        assertEquals(formula.applyAsDouble(x), run(op, x)[0], 1e-9, op + " of " + x);
        double step = 1e-5;
        double expected = (formula.applyAsDouble(x + step) - formula.applyAsDouble(x - step)) / (2 * step);
        assertEquals(expected, slopes(op, x)[0], 1e-6, "slope of " + op + " at " + x);
      }
    });
  }

  /// The slope just below, at and just above a kink.
  private static void kink(Op op, double x, double below, double at, double above) {
    double[] slopes = slopes(op, x - 1e-9, x, x + 1e-9);
    assertEquals(below, slopes[0], 1e-6, op + " below " + x);
    assertEquals(at, slopes[1], 1e-6, op + " at " + x);
    assertEquals(above, slopes[2], 1e-6, op + " above " + x);
  }

  @Test void kinksHaveTheirLeftSlope() {
    assertEquals(0, run(new Pointwise.Relu(), 0)[0]);
    kink(new Pointwise.Relu(), 0, 0, 0, 1);
    kink(new Nonlinearity.LeakyRelu(0.1), 0, 0.1, 0.1, 1);
    kink(new Nonlinearity.Elu(1, 0.7, 1), 0, 0.7, 0.7, 1);
    kink(Nonlinearity.Elu.SELU, 0, LAMBDA * ALPHA, LAMBDA * ALPHA, LAMBDA);
    kink(new Nonlinearity.Elu(1, 0.7, 0.7), 0, 1, 1, 1);
    kink(new Nonlinearity.HardSigmoid(), -3, 0, 0, 1.0 / 6);
    kink(new Nonlinearity.HardSigmoid(), 3, 1.0 / 6, 0, 0);
    kink(new Nonlinearity.HardSwish(), -3, 0, 0, -0.5);
    kink(new Pointwise.Clamp(0, 6), 0, 0, 0, 1);
    kink(new Pointwise.Clamp(0, 6), 6, 1, 0, 0);
    kink(new Nonlinearity.Softsign(), 0, 1, 1, 1);
  }

  @Test void nothingOverflowsFarOut() {
    FORMULAS.keySet().forEach(op -> {
      double[] y = run(op, -1e30, 1e30);
      double[] slopes = slopes(op, -1000, 1000);
      for (int i = 0; i < 2; i++) {
        assertTrue(Double.isFinite(y[i]) || op instanceof Nonlinearity.Gelu, op + " gives " + y[i]);
        assertTrue(Double.isFinite(slopes[i]), op + " has a slope of " + slopes[i]);
      }
    });
  }

  @Test void errorFunctionHasItsKnownValues() {
    Pointwise.Erf erf = new Pointwise.Erf();
    assertEquals(0.8427007929497149, erf.at(1), 1e-15);
    assertEquals(0.9953222650189527, erf.at(2), 1e-15);
    assertEquals(-0.9999779095030014, erf.at(-3), 1e-15);
    assertEquals(1.1283791670955126e-10, erf.at(1e-10), 1e-25);
    assertEquals(1, erf.at(Double.POSITIVE_INFINITY));
    assertTrue(Double.isNaN(erf.at(Double.NaN)));
  }

  @Test void learnedSlopesGetTheNegativePart() {
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    Exact x = new Exact(Shape.of(2, 2, 2), new double[] {-1, 2, 3, -4, 0, -6, -7, 8});
    Exact a = new Exact(Shape.of(2, 1), new double[] {0.5, -0.25});
    Exact y = tape.apply(new Nonlinearity.Prelu(), x, a);
    assertEquals(List.of(-0.5, 2.0, 3.0, 1.0, 0.0, -3.0, 1.75, 8.0), Arrays.stream(y.data()).boxed().toList());
    double[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
    var gradients = tape.gradients(y, new Exact(y.shape(), ones), List.of(x, a));
    assertEquals(List.of(0.5, 1.0, 1.0, -0.25, 0.5, 0.5, -0.25, 1.0),
        Arrays.stream(gradients.get(0).orElseThrow().data()).boxed().toList());
    assertEquals(List.of(-7.0, -11.0), Arrays.stream(gradients.get(1).orElseThrow().data()).boxed().toList());
  }

  @Test void maxoutTakesNeighbouringChannels() {
    Shape x = Shape.of(1, 4, 2);
    double[] y = new Nonlinearity.Maxout(2).reference(List.of(x), List.of(new double[] {1, 8, 2, 7, 3, 6, 4, 5}));
    assertEquals(List.of(2.0, 8.0, 4.0, 6.0), Arrays.stream(y).boxed().toList());
  }

  @Test void c1RangesAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new Nonlinearity.LeakyRelu(-0.1));
    assertThrows(IllegalArgumentException.class, () -> new Nonlinearity.Elu(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Nonlinearity.Maxout(0));
    assertThrows(IllegalArgumentException.class, () -> new Pointwise.Clamp(1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Normalizing.UnitLength(List.of(1), 0));
    assertThrows(IllegalArgumentException.class, () -> new Normalizing.LocalResponse(0, 1, 1, 1));
    assertEquals("""
        glu cannot take its input.
          C1: axis 1 exists and has an even extent; received 2 × 3.
          Give twice as many channels as should come out.""",
        assertThrows(ShapeException.class, () -> new Nonlinearity.Glu(1).shape(List.of(Shape.of(2, 3)))).getMessage());
    assertTrue(assertThrows(ShapeException.class, () -> new Nonlinearity.Maxout(2).shape(List.of(Shape.of(2, 3))))
        .getMessage().contains("C2"));
  }
}
