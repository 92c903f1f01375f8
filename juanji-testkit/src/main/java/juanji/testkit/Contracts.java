package juanji.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Exact;
import juanji.op.Op;
import juanji.op.Tape;
import juanji.plan.Target;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What every operation keeps, one method per contract; each throws an `AssertionError` that names the sample.
///
/// ```java
/// Contracts.gradient(new Sample(new Swish(), List.of(Shape.of(2, 3)), List.of(Values.APART)), 1);
/// ```
public final class Contracts {
  /// Half a difference quotient's step.
  private static final double STEP = 1e-5;
  /// A float's rounding error, relative.
  private static final double ROUNDING = 0x1p-24;

  private Contracts() {
  }

  /// The shape rule says what the definition gives, also where the batch is open until later.
  ///
  /// An operation may refuse an open batch (one that cuts it, say); if it takes one, binding the result's shape gives
  /// the shape of the result for bound inputs.
  public static void shape(Sample sample, long seed) {
    Shape y = sample.output();
    if (!y.bound()) {
      throw new AssertionError(sample + ": the shape " + y + " of bound inputs is open");
    }
    int length = sample.op().reference(sample.shapes(), sample.numbers(seed)).length;
    if (length != y.length()) {
      throw new AssertionError(sample + ": the definition gives " + length + " elements for a shape of " + y);
    }
    sample.open().ifPresent(open -> {
      Shape later = open.bind(sample.shapes().getFirst().dim(0));
      if (!later.equals(y)) {
        throw new AssertionError(sample + ": with an open batch the shape is " + open + ", but with a bound one " + y);
      }
    });
  }

  /// The gradients are those of central differences, in double precision; and so are the shapes.
  ///
  /// An input without a gradient must not change the result, unless the sample says that it may (classes, steps).
  public static void gradient(Sample sample, long seed) {
    List<double[]> values = sample.numbers(seed);
    Shape y = sample.output();
    double[] weights = new Draw(seed + 1).numbers(y, Values.SIGNED);
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    List<Exact> in = exact(sample, values);
    Exact out = tape.apply(sample.op(), in);
    List<Optional<Exact>> gradients = tape.gradients(out, new Exact(y, weights), in);
    if (gradients.size() != in.size()) {
      throw new AssertionError(sample + ": " + gradients.size() + " gradients for " + in.size() + " inputs");
    }
    for (int i = 0; i < in.size(); i++) {
      Optional<Exact> gradient = gradients.get(i);
      if (gradient.isPresent() && !gradient.get().shape().equals(in.get(i).shape())) {
        throw new AssertionError(sample + ": the gradient of input " + i + " has the shape " + gradient.get().shape());
      }
      if (gradient.isEmpty() && sample.values().get(i) instanceof Values.Whole) {
        continue;
      }
      double[] x = values.get(i);
      for (int j : some(x.length, seed)) {
        double at = x[j];
        x[j] = at + STEP;
        double above = dot(sample.op().reference(sample.shapes(), values), weights);
        x[j] = at - STEP;
        double below = dot(sample.op().reference(sample.shapes(), values), weights);
        x[j] = at;
        double expected = (above - below) / (2 * STEP);
        double actual = gradient.isPresent() ? gradient.get().data()[j] : 0;
        if (!(Math.abs(expected - actual) <= 1e-5 * Math.max(1, Math.abs(expected)))) {
          throw new AssertionError(sample + ": the gradient of input " + i + " at " + j + " is " + actual
              + ", but differences give " + expected);
        }
      }
    }
  }

  /// A linear operation's gradient is its adjoint: ⟨A(x), y⟩ = ⟨x, Aᵀ(y)⟩, exact to rounding, without differences.
  ///
  /// @param sample an operation that is linear in the input
  /// @param input which input; the others stay fixed
  public static void adjoint(Sample sample, int input, long seed) {
    List<double[]> values = sample.numbers(seed);
    double[] y = new Draw(seed + 1).numbers(sample.output(), Values.SIGNED);
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    List<Exact> in = exact(sample, values);
    Exact out = tape.apply(sample.op(), in);
    double[] x = values.get(input);
    Optional<Exact> back = tape.gradients(out, new Exact(sample.output(), y), in).get(input);
    List<double[]> zero = new ArrayList<>(values);
    zero.set(input, new double[x.length]);
    double forward = dot(out.data(), y) - dot(sample.op().reference(sample.shapes(), zero), y);
    double backward = back.map(b -> dot(b.data(), x)).orElse(0.0);
    if (!(Math.abs(forward - backward) <= 1e-11 * Math.max(1, out.data().length + x.length))) {
      throw new AssertionError(sample + ": ⟨A(x), y⟩ = " + forward + ", but ⟨x, Aᵀ(y)⟩ = " + backward + " for input "
          + input);
    }
  }

  /// Every kernel gives what the definition gives: the operation alone is planned and run on the target, with working
  /// memory filled with NaN, on one, two and three threads with the same bits.
  ///
  /// An element of y may be off by 8 · (√k + 4) · 2⁻²⁴ times the largest |y|, at least 1, for k summands each.
  public static void kernel(Sample sample, Target target, long seed) {
    GraphContract.check(sample.graph(seed), target, tolerance(sample));
  }

  /// How far single precision may be off: errors of k roundings grow as √k if they are random; 8 standard deviations.
  static double tolerance(Sample sample) {
    return 8 * (Math.sqrt(sample.summands()) + 4) * ROUNDING;
  }

  static List<Exact> exact(Sample sample, List<double[]> values) {
    return IntStream.range(0, values.size()).mapToObj(i -> new Exact(sample.shapes().get(i), values.get(i).clone()))
        .toList();
  }

  /// All indices, or 40 of them if there are more.
  private static int[] some(int length, long seed) {
    Draw draw = new Draw(seed + 2);
    return length <= 40 ? IntStream.range(0, length).toArray()
        : IntStream.range(0, 40).map(_ -> draw.between(0, length - 1)).toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /// The operation as a graph of its own.
  static GraphSample graph(Op op, List<Shape> shapes, List<double[]> values) {
    GraphBuilder builder = new GraphBuilder();
    List<Node> in = new ArrayList<>();
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < shapes.size(); i++) {
      in.add(builder.input("x" + i, shapes.get(i)));
      inputs.put("x" + i, new Exact(shapes.get(i), values.get(i)).toTensor());
    }
    return new GraphSample(builder.output("y", builder.apply(op, in)).build(), 1, inputs, Map.of());
  }
}
