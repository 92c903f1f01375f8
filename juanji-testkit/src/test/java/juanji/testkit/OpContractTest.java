package juanji.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import juanji.op.Algebra;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.Exact;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.ShapeException;
import juanji.op.Tape;
import juanji.op.View;
import juanji.op.Windowed;
import juanji.plan.Target;
import juanji.tensor.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Every contract over the whole table of operations.
@Execution(ExecutionMode.CONCURRENT)
class OpContractTest {
  private static Stream<DynamicTest> each(String contract, int light, int heavy, BiConsumer<Sample, Long> check) {
    return OpSamples.kinds().stream().map(kind -> dynamicTest(kind.label() + ": " + contract, () -> {
      long seed = 0;
      int count = kind instanceof Contraction || kind instanceof Windowed ? heavy : light;
      for (Sample sample : OpSamples.of(kind, 11, count).toList()) {
        check.accept(sample, seed++);
      }
      assertEquals(count, seed);
    }));
  }

  @Test void theTableHasEveryKind() {
    Set<Class<?>> expected = new HashSet<>();
    List<Class<?>> open = new ArrayList<>(List.of(Op.class));
    while (!open.isEmpty()) {
      Class<?> type = open.removeLast();
      if (type.isRecord()) {
        expected.add(type);
      } else if (type.isSealed()) {
        open.addAll(Arrays.asList(type.getPermittedSubclasses()));
      } else {
        assertEquals(CustomOp.class, type);
      }
    }
    assertEquals(expected, new HashSet<>(OpSamples.kinds().stream().map(Object::getClass).toList()));
  }

  @TestFactory Stream<DynamicTest> shapeRuleIsTheDefinitions() {
    return each("shape", 60, 60, Contracts::shape);
  }

  @TestFactory Stream<DynamicTest> gradientIsThatOfDifferences() {
    return each("gradient", 25, 12, (sample, seed) -> {
      // The gradient of maxima over regions has no gradient of its own: C5.
      if (!(sample.op() instanceof Regional.RoiPoolInput)) {
        Contracts.gradient(sample, seed);
      }
    });
  }

  @TestFactory Stream<DynamicTest> gradientOfALinearOperationIsItsAdjoint() {
    return OpSamples.kinds().stream().filter(OpContractTest::linear).map(kind -> dynamicTest(kind.label() + ": adjoint",
        () -> {
          for (Sample sample : OpSamples.of(kind, 12, 40).toList()) {
            for (int input = 0; input < sample.shapes().size(); input++) {
              if ((!(kind instanceof View.Expand) || input == 0)
                  && !(sample.values().get(input) instanceof Values.Whole)) {
                Contracts.adjoint(sample, input, input);
              }
            }
          }
        }));
  }

  private static boolean linear(Op kind) {
    return kind instanceof Contraction || kind instanceof Windowed.AvgPool || kind instanceof Windowed.AvgPoolInput
        || kind instanceof Reduction.Sum || kind instanceof Reduction.Mean || kind instanceof View
        || kind instanceof Pointwise.Add || kind instanceof Pointwise.Sub || kind instanceof Pointwise.Mul;
  }

  @TestFactory Stream<DynamicTest> everyScalarKernelIsTheDefinition() {
    return each("scalar kernel", 20, 25, (sample, seed) -> Contracts.kernel(sample, Targets.ALL.get(0), seed));
  }

  @TestFactory Stream<DynamicTest> everyVectorKernelIsTheDefinition() {
    return each("vector kernel", 20, 40, (sample, seed) -> Contracts.kernel(sample, Targets.ALL.get(1), seed));
  }

  @TestFactory Stream<DynamicTest> refusalsAreWordForWord() {
    return OpSamples.kinds().stream().flatMap(kind -> OpErrors.of(kind).stream()
        .map(e -> dynamicTest(kind.label() + ": " + e.label() + " " + e.shapes(), () -> assertEquals(e.message(),
            assertThrows(ShapeException.class, () -> e.op().shape(e.shapes())).getMessage()))));
  }

  @Test void refusedGeometriesAreWordForWord() {
    OpErrors.geometries().forEach((geometry, message) -> assertEquals(message,
        assertThrows(IllegalArgumentException.class, geometry::run).getMessage()));
  }

  /// The slopes at kinks, where differences do not decide.
  @Test void kinksHaveTheStatedGradient() {
    assertArrayEquals(new double[] {0, 0, 1}, slope(new Pointwise.Relu(), -1, 0, 1));
    assertArrayEquals(new double[] {-1, 0, 1}, slope(new Pointwise.Abs(), -1, 0, 1));
    assertArrayEquals(new double[] {0, 0, 0}, new Pointwise.Relu().reference(List.of(Shape.of(3)),
        List.of(new double[] {-1, 0, -0.0})));
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    Exact a = new Exact(Shape.of(3), new double[] {1, 2, 3});
    Exact b = new Exact(Shape.of(3), new double[] {2, 2, 2});
    Exact y = tape.apply(new Pointwise.Max(), a, b);
    List<double[]> parts = tape.gradients(y, new Exact(Shape.of(3), new double[] {1, 1, 1}), List.of(a, b)).stream()
        .map(g -> g.orElseThrow().data()).toList();
    assertArrayEquals(new double[] {0, 1, 1}, parts.get(0), "the first of equals takes it");
    assertArrayEquals(new double[] {1, 0, 0}, parts.get(1));
    assertArrayEquals(new double[] {0.5, 0.5, 0}, slope(new Reduction.Max(List.of(0)), 4, 4, 1));
  }

  private static double[] slope(Op op, double... at) {
    Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
    Exact x = new Exact(Shape.of(at.length), at);
    Exact y = tape.apply(op, x);
    double[] ones = new double[y.data().length];
    Arrays.fill(ones, 1);
    return tape.gradients(y, new Exact(y.shape(), ones), List.of(x)).getFirst().orElseThrow().data();
  }

  /// What a check is worth: a wrong gradient, a wrong shape and a wrong definition are seen.
  @Test void brokenOperationsAreSeen() {
    OpCheck.of(new Swish(1), Shape.of(2, 3, 5)).check();
    assertTrue(assertThrows(AssertionError.class, () -> OpCheck.of(new Swish(1.01), Shape.of(2, 3, 5)).check())
        .getMessage().contains("the gradient of input 0"));
    assertThrows(AssertionError.class, () -> Contracts.shape(Sample.of(new Longer(), Values.SIGNED, Shape.of(3)), 1));
    for (Target target : Targets.ALL) {
      Contracts.kernel(Sample.of(new Swish(1), Values.SIGNED, Shape.of(2, 3)), target, 1);
    }
  }

  /// x · sigmoid(x), with a gradient that is right for an error of 1.
  record Swish(double error) implements CustomOp {
    @Override public Shape shape(List<Shape> inputs) {
      return inputs.getFirst();
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      return Arrays.stream(inputs.getFirst()).map(x -> x / (1 + Math.exp(-x))).toArray();
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> inputs, V output,
        V gradient) {
      V x = inputs.getFirst();
      V s = algebra.apply(new Pointwise.Sigmoid(), x);
      V slope = algebra.add(output, algebra.mul(s, algebra.affine(output, -1, 1)));
      return List.of(Optional.of(algebra.affine(algebra.mul(gradient, slope), error, 0)));
    }
  }

  /// An operation whose shape rule is wrong.
  record Longer() implements CustomOp {
    @Override public Shape shape(List<Shape> inputs) {
      return Shape.of(inputs.getFirst().dim(0) + 1);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      return inputs.getFirst();
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> inputs, V output,
        V gradient) {
      return List.of(Optional.empty());
    }
  }
}
