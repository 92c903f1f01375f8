package juanji.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.Exact;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Tape;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.PlanException;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Graphs that are made to trip one pass each.
class PlannerTest {
  private static final Window SAME = Window.of(2, Axis.of(3).withPadding(Padding.SAME));

  private final GraphBuilder b = new GraphBuilder();
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Draw draw = new Draw(5);

  private Node input(String name, int... dims) {
    inputs.put(name, tensor(Shape.of(dims)));
    return b.input(name, Shape.of(dims));
  }

  private Node.Parameter parameter(String name, int... dims) {
    parameters.put(name, tensor(Shape.of(dims)));
    return b.parameter(name, Shape.of(dims));
  }

  private Tensor tensor(Shape shape) {
    return new Exact(shape, draw.numbers(shape, Values.SIGNED)).toTensor();
  }

  private Node relu(Node x) {
    return b.apply(new Pointwise.Relu(), x);
  }

  private Node conv(Node x, Node w) {
    return b.apply(new Contraction.Conv(SAME, 1), x, w);
  }

  private void check() {
    Graph graph = b.build();
    for (Target target : Targets.ALL) {
      GraphContract.check(new GraphSample(graph, 1, inputs, parameters), target, 1e-5);
    }
  }

  private int steps(Target target) {
    return Compiler.compile(b.build(), 1, target).size();
  }

  @Test void parametersMayTradePlaces() {
    Node.Parameter p = parameter("p", 3, 2);
    Node.Parameter q = parameter("q", 3, 2);
    Node.Parameter r = parameter("r", 6);
    b.update(p, q).update(q, b.reshape(r, Shape.of(3, 2))).update(r, b.reshape(p, Shape.of(6)));
    check();
  }

  @Test void aParameterMayTakeTheOldValueOfAnotherThatChanges() {
    Node.Parameter p = parameter("p", 4);
    Node.Parameter q = parameter("q", 4);
    b.update(q, b.affine(q, 2, 1)).update(p, q);
    check();
  }

  @Test void outputsThatAreParametersHaveTheirOldValues() {
    Node.Parameter p = parameter("p", 4);
    Node.Parameter q = parameter("q", 2, 2);
    b.output("p", p).output("view", b.reshape(q, Shape.of(4))).output("moved", b.affine(p, 3, 0));
    b.update(p, b.affine(p, 3, 0)).update(q, b.apply(new Pointwise.Tanh(), q));
    check();
  }

  @Test void twoParametersMayTakeTheSameValue() {
    Node.Parameter p = parameter("p", 4);
    Node.Parameter q = parameter("q", 4);
    Node value = b.add(b.mul(p, q), input("x", 4));
    b.update(p, value).update(q, value).output("y", value);
    check();
  }

  @Test void aParameterThatIsOnlyWrittenIsAskedFor() {
    Node.Parameter p = parameter("p", 4);
    b.update(p, b.affine(input("x", 4), 2, 0));
    check();
    try (Workers workers = Workers.of(1)) {
      PlanException e = assertThrows(PlanException.class,
          () -> new Session(Compiler.compile(b.build(), 1, Target.scalar()), Map.of(), workers));
      assertEquals("""
          parameter 'p' is missing.
            C2: every parameter is given in its shape, here 4; received only [].
            Give a tensor of 4 under this name.""", e.getMessage());
    }
  }

  @Test void outputsMayBeInputsConstantsAndEachOther() {
    Node x = input("x", 2, 3);
    Node y = b.add(x, b.constant(Tensor.scalar(1)));
    b.output("x", x).output("y", y).output("again", y).output("flat", b.reshape(y, Shape.of(6)))
        .output("view", b.reshape(x, Shape.of(6))).output("one", b.constant(Tensor.scalar(1)))
        .output("parameter", parameter("p", 5));
    check();
  }

  @Test void emptyChainsAreCopiesOfNothing() {
    Node x = input("x", 2, 3);
    b.output("y", b.affine(b.affine(x, 1, 0), 1, 0)).output("z", b.mul(x, b.constant(Tensor.scalar(1))));
    check();
    assertEquals(0, steps(Target.scalar()));
  }

  @Test void negativeZeroIsAnotherConstantThanZero() {
    Node plus = b.apply(new Pointwise.Reciprocal(), b.constant(Tensor.scalar(0f)));
    Node minus = b.apply(new Pointwise.Reciprocal(), b.constant(Tensor.scalar(-0f)));
    Node x = input("x", 3);
    b.output("plus", b.mul(relu(b.affine(x, 0, 1)), plus)).output("minus", b.mul(relu(b.affine(x, 0, 1)), minus));
    assertEquals(Double.NEGATIVE_INFINITY, new GraphSample(b.build(), 1, inputs, parameters).expected(parameters)
        .outputs().get("minus").data()[0]);
    check();
  }

  @Test void aReluKeepsNan() {
    Node x = input("x", 2, 19, 5, 3);
    inputs.get("x").data()[7] = Float.NaN;
    inputs.get("x").data()[100] = Float.NEGATIVE_INFINITY;
    Node w = parameter("w", 19, 19, 1, 1);
    b.output("relu", relu(x)).output("max", b.apply(new Pointwise.Max(), x, b.affine(x, 0.5, 0)))
        .output("conv", relu(b.apply(new Contraction.Conv(Window.of(2, Axis.of(1)), 1), x, w)))
        .output("positive", b.apply(new Pointwise.Positive(), x))
        .output("pool", b.apply(new Windowed.MaxPool(SAME), x))
        .output("most", b.apply(new Reduction.Max(List.of(2, 3)), x));
    check();
  }

  @Test void chainsMayBeLongerThanAStep() {
    Node x = input("x", 2, 17, 5, 4);
    Node y = conv(x, parameter("w", 17, 17, 3, 3));
    for (int i = 0; i < 45; i++) {
      y = i % 3 == 0 ? b.add(y, parameter("p" + i, 17, 1, 1)) : i % 3 == 1 ? b.apply(new Pointwise.Tanh(), y)
          : b.mul(y, i % 2 == 0 ? x : parameter("p" + i, 5, 4));
    }
    b.output("y", y);
    check();
  }

  @Test void thousandsOfOperationsNeedNoStack() {
    Node y = input("x", 3);
    for (int i = 0; i < 5000; i++) {
      y = i % 2 == 0 ? b.apply(new Pointwise.Sigmoid(), y) : b.affine(y, 1, 0.25);
    }
    b.output("y", y);
    assertTrue(steps(Target.scalar()) < 1000);
    check();
  }

  /// Each of a chain of diamonds doubles the paths: what is repeated must not double the work.
  @Test void diamondsAreNotMultipliedOut() {
    Node y = input("x", 64);
    for (int i = 0; i < 24; i++) {
      Node left = relu(b.affine(y, 0.75, 0.1));
      y = b.affine(b.add(left, b.affine(left, 0.5, 0)), 0.5, 0);
    }
    b.output("y", y);
    check();
    long flops = Compiler.compile(b.build(), 1, Target.scalar()).flops();
    assertTrue(flops < 64 * 24 * 5 * 10, "diamonds cost " + flops);
  }

  @Test void operandsOfEveryShapeMeetAContraction() {
    List<int[]> shapes = List.of(new int[] {}, new int[] {1}, new int[] {3}, new int[] {5, 1}, new int[] {5, 3},
        new int[] {19, 1, 1}, new int[] {1, 19, 1, 1}, new int[] {2, 19, 1, 1}, new int[] {2, 1, 1, 1},
        new int[] {1, 1, 5, 3}, new int[] {19, 5, 3}, new int[] {19, 5, 1}, new int[] {2, 1, 5, 3},
        new int[] {2, 19, 5, 3}, new int[] {2, 19, 1, 3});
    Node x = input("x", 2, 19, 5, 3);
    for (int i = 0; i < shapes.size(); i++) {
      Node y = conv(x, parameter("w" + i, 19, 19, 3, 3));
      Node scaled = b.mul(y, parameter("s" + i, shapes.get(i)));
      b.output("y" + i, relu(b.add(scaled, input("i" + i, shapes.get(i)))));
    }
    check();
  }

  @Test void squareExtentsDoNotConfuseAxes() {
    Node x = input("x", 3, 3, 3, 3);
    for (int i = 0; i < 5; i++) {
      int[] dims = List.of(new int[] {3}, new int[] {3, 1}, new int[] {3, 1, 1}, new int[] {3, 1, 1, 1},
          new int[] {3, 3}).get(i);
      Node y = conv(x, parameter("w" + i, 3, 3, 3, 3));
      b.output("y" + i, b.mul(b.add(y, parameter("b" + i, dims)), parameter("s" + i, dims)));
    }
    check();
  }

  @Test void scalesMoveIntoConvolutionsWithBiasAndGroups() {
    Node x = input("x", 2, 6, 5, 4);
    for (int groups : new int[] {1, 2, 6}) {
      Node w = parameter("w" + groups, 12, 6 / groups, 3, 3);
      Node y = b.apply(new Contraction.Conv(SAME, groups), x, w);
      Node biased = b.add(y, parameter("b" + groups, 12, 1, 1));
      b.output("plain" + groups, b.mul(y, parameter("s" + groups, 12, 1, 1)));
      b.output("biased" + groups, b.add(b.mul(biased, parameter("t" + groups, 1, 12, 1, 1)),
          parameter("u" + groups, 12, 1, 1)));
    }
    Node dense = b.apply(new Contraction.MatMul(false, true), b.reshape(x, Shape.of(2, 120)), parameter("d", 7, 120));
    b.output("dense", b.mul(b.add(dense, parameter("e", 7)), parameter("f", 7)));
    check();
  }

  /// A bias that has an axis more turns channels into something else.
  @Test void aScaleDoesNotMoveThroughABiasOfHigherRank() {
    Node x = input("x", 4, 2, 6);
    Node y = b.apply(new Contraction.Conv(Window.of(1, Axis.of(3).withPadding(Padding.SAME)), 1), x,
        parameter("w", 4, 2, 3));
    Node lifted = b.add(y, parameter("b", 2, 4, 4, 6));
    b.output("y", b.mul(lifted, parameter("s", 4, 1, 1)));
    check();
  }

  @Test void aScaledConvolutionThatIsNeededUnscaledTooIsComputedOnce() {
    Node x = input("x", 2, 6, 5, 4);
    Node y = conv(x, parameter("w", 8, 6, 3, 3));
    b.output("features", y).output("y", relu(b.mul(y, parameter("s", 8, 1, 1))));
    check();
    String table = Compiler.compile(b.build(), 1, Target.scalar()).toString();
    assertEquals(1, table.lines().filter(l -> l.contains(" conv")).count(), table);
  }

  @Test void averagesThatAreExpandedKeepTheirShare() {
    Node x = input("x", 3, 5, 4);
    Node m = b.apply(new Reduction.Sum(List.of(1)), x);
    Node spread = b.apply(new View.Expand(true), m, x);
    b.output("first", b.sub(spread, x)).output("second", b.sub(x, spread)).output("both", b.mul(spread, spread))
        .output("alone", spread);
    Node scalar = b.reshape(b.apply(new Reduction.Sum(List.of(0, 1, 2)), x), Shape.of());
    b.output("scalar", b.apply(new Pointwise.Div(), b.apply(new View.Expand(true), scalar, x), x));
    check();
  }

  @Test void valuesInBlocksLendTheirShape() {
    Node x = input("x", 2, 16, 5, 4);
    Node y = conv(x, parameter("w", 24, 16, 3, 3));
    Node small = b.apply(new Reduction.Mean(List.of(2, 3)), y);
    Node mask = b.apply(new Random.Mask(0.5, 3), y, b.constant(Tensor.scalar(4)));
    b.output("expanded", b.apply(new View.Expand(false), small, y)).output("dropped", b.mul(y, mask));
    check();
  }

  @Test void aConvolutionThatIsComputedOnceKeepsItsFiltersUntilThen() {
    Node.Parameter scale = parameter("scale", 2, 1, 1, 1);
    Node filters = b.mul(parameter("w", 2, 8, 3, 3), scale);
    // Made behind the filters and before the convolution, of weights alone, too.
    Node factor = b.mul(parameter("factor", 2, 1, 1), parameter("other", 2, 1, 1));
    Node shift = b.apply(new Pointwise.Tanh(), b.mul(factor, factor));
    Node y = relu(b.add(conv(parameter("picture", 1, 8, 3, 3), filters), shift));
    b.output("y", y).output("more", b.mul(y, input("x", 1, 2, 3, 3)));
    check();
  }

  @Test void whatFeedsAConvolutionAndItsChainIsComputedOnce() {
    Node a = b.apply(new Pointwise.Exp(), input("x", 2, 8, 5, 4));
    b.output("y", relu(b.add(conv(a, parameter("w", 8, 8, 3, 3)), a)));
    check();
    String table = Compiler.compile(b.build(), 1, Target.scalar()).toString();
    assertEquals(1, table.lines().filter(l -> l.contains("exp")).count(), table);
  }

  @Test void repeatedOperationsInConsumersOfAllKinds() {
    Node x = input("x", 3, 7, 5);
    Node cheap = b.affine(x, 2, 0.5);
    b.output("sum", b.apply(new Reduction.Sum(List.of(1)), cheap)).output("tanh", b.apply(new Pointwise.Tanh(), cheap))
        .output("max", b.apply(new Reduction.Max(List.of(0, 2)), cheap)).output("square", b.mul(cheap, cheap));
    Node equal = b.apply(new Pointwise.Equal(), cheap, b.apply(new Reduction.Max(List.of(2)), cheap));
    b.output("winners", b.apply(new Reduction.Sum(List.of(2)), equal));
    check();
  }

  /// The same sum computed in two steps must have the same bits, or no element equals its maximum.
  @Test void aMaximumEqualsItsElementAtAnyLength() {
    for (int length : new int[] {1, 7, 8, 13, 100, 515, 1031}) {
      Node x = input("x" + length, 3, length);
      Node value = b.affine(b.mul(x, x), 0.3, -0.7);
      Node equal = b.apply(new Pointwise.Equal(), value, b.apply(new Reduction.Max(List.of(1)), value));
      b.output("count" + length, b.apply(new Reduction.Sum(List.of(1)), equal));
    }
    check();
  }

  @Test void theSameNodeMayBeBothInputsOfALoss() {
    Node x = input("x", 3, 5);
    Node p = b.apply(new Composite.Softmax(1), x);
    Node loss = b.apply(new Composite.CrossEntropy(), p, p);
    Node gradient = b.gradients(loss, List.of(p)).getFirst().orElseThrow();
    b.output("gradient", gradient);
    check();
    double[] values = new Exact(Shape.of(3, 5), draw.numbers(Shape.of(3, 5), Values.POSITIVE)).data();
    Composite.CrossEntropy op = new Composite.CrossEntropy();
    List<Shape> shapes = List.of(Shape.of(3, 5), Shape.of(3, 5));
    Exact at = new Exact(Shape.of(3, 5), values);
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    Exact y = tape.apply(op, at, at);
    double[] actual = tape.gradients(y, Exact.of(Tensor.scalar(1)), List.of(at)).getFirst().orElseThrow().data();
    for (int i = 0; i < values.length; i++) {
      double[] above = values.clone();
      double[] below = values.clone();
      above[i] += 1e-6;
      below[i] -= 1e-6;
      double slope = (op.reference(shapes, List.of(above, above))[0] - op.reference(shapes, List.of(below, below))[0])
          / 2e-6;
      assertEquals(slope, actual[i], 1e-7);
    }
  }

  @Test void aConstantKeepsItsValueWhenTheArrayThatItCameFromChanges() {
    Tensor given = tensor(Shape.of(3));
    float before = given.data()[0];
    b.output("y", b.add(input("x", 3), b.constant(given)));
    given.data()[0] = 99;
    check();
    assertEquals(before + inputs.get("x").data()[0], new GraphSample(b.build(), 1, inputs, parameters)
        .expected(parameters).outputs().get("y").data()[0], 1e-6);
  }

  @Test void sessionsShareWeightsThatNoneUpdates() {
    Node x = input("x", 2, 8, 5, 4);
    b.output("y", relu(conv(x, b.affine(parameter("w", 8, 8, 3, 3), 0.5, 0))));
    for (Target target : Targets.ALL) {
      Plan plan = Compiler.compile(b.build(), 1, target);
      try (Workers workers = Workers.of(2)) {
        List<Session> sessions = new ArrayList<>();
        IntStream.range(0, 3).forEach(_ -> sessions.add(new Session(plan, parameters, workers)));
        Tensor first = sessions.getFirst().run(inputs).get("y");
        for (Session session : sessions) {
          Bits.same("y of another session", first, session.run(inputs).get("y"));
        }
        // Weights changed from outside count after a refresh, and only then.
        parameters.get("w").data()[0] += 1;
        Bits.same("y before the refresh", first, sessions.getFirst().run(inputs).get("y"));
        sessions.getFirst().refresh();
        Bits.close("y after the refresh", new GraphSample(b.build(), 1, inputs, parameters).expected(parameters)
            .outputs().get("y"), sessions.getFirst().run(inputs).get("y"), 1e-5);
      }
    }
  }

  @Test void windowsThatSeeOnlyPaddingGiveZeros() {
    Node y = input("y", 2, 8, 3);
    Window far = Window.of(1, Axis.of(1).withStride(3).withPadding(Padding.of(3, 3)));
    b.output("x", b.apply(new Contraction.ConvInput(far, 1, Shape.of(1)), y, parameter("w", 8, 16, 1)));
    check();
  }
}
