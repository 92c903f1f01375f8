package juanji.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import juanji.op.Algebra;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Samples;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// Every scalar kernel in the plain layout against the definition of its operation, with and without a chain.
class ScalarKernelTest {
  private static final Chain CHAIN = new Chain(3, List.of(new Chain.Stage(new Pointwise.Mul(), 0, 1),
      new Chain.Stage(new Pointwise.Add(), 4, 2), new Chain.Stage(new Pointwise.Relu(), 5, 5),
      new Chain.Stage(new Pointwise.Sub(), 3, 6)));

  /// A shape with the extent of one axis only, or a scalar where there is no such axis.
  private static Shape along(Shape shape, int axis) {
    int[] dims = IntStream.range(0, shape.rank()).map(i -> i == axis ? shape.dim(i) : 1).toArray();
    return shape.rank() > axis ? Shape.of(dims).slice(axis, shape.rank()) : Shape.of();
  }

  static void check(Bench bench, Samples draw, Samples.Sample sample, double tolerance) {
    List<double[]> values = sample.shapes().stream().map(draw::signed).toList();
    checkValues(bench, draw, sample, values, tolerance);
  }

  static void checkValues(Bench bench, Samples draw, Samples.Sample sample, List<double[]> values,
      double tolerance) {
    // What the kernel sees has been rounded: so must be what the definition sees.
    values.forEach(v -> Arrays.setAll(v, i -> (float) v[i]));
    bench.check(sample.op(), sample.shapes(), values, Chain.NONE, List.of(), List.of(), tolerance);
    Shape y = sample.output();
    if (sample.op() instanceof Reduction) {
      return;
    }
    for (List<Shape> shapes : List.of(List.of(along(y, 1), draw.narrow(y), y), List.of(Shape.of(), along(y, 1), y),
        List.of(draw.narrow(y), draw.narrow(y), draw.narrow(y)))) {
      bench.check(sample.op(), sample.shapes(), values, CHAIN, shapes, shapes.stream().map(draw::signed).toList(),
          tolerance);
    }
  }

  static void checkAll(long seed, int rounds, Function<Samples, List<Samples.Sample>> source) {
    Samples draw = new Samples(seed);
    Bench bench = new Bench(seed);
    for (int round = 0; round < rounds; round++) {
      source.apply(draw).forEach(sample -> check(bench, draw, sample, 2e-5));
    }
  }

  @Test void convolutions() {
    checkAll(1, 200, Samples::convolution);
  }

  @Test void largeConvolutions() {
    Samples draw = new Samples(2);
    Bench bench = new Bench(2);
    Window same = Window.of(2, Axis.of(3).withPadding(Padding.SAME));
    Window one = Window.of(2, Axis.of(1));
    Window line = Window.of(1, Axis.of(5).withPadding(Padding.FULL));
    check(bench, draw, new Samples.Sample(new Contraction.Conv(same, 1),
        List.of(Shape.of(2, 9, 23, 31), Shape.of(11, 9, 3, 3))), 1e-4);
    check(bench, draw, new Samples.Sample(new Contraction.Conv(one, 1),
        List.of(Shape.of(1, 6, 53, 47), Shape.of(5, 6, 1, 1))), 1e-4);
    check(bench, draw, new Samples.Sample(new Contraction.ConvInput(one, 1, Shape.of(53, 47)),
        List.of(Shape.of(1, 5, 53, 47), Shape.of(5, 6, 1, 1))), 1e-4);
    check(bench, draw, new Samples.Sample(new Contraction.ConvFilter(one, 1),
        List.of(Shape.of(3, 19, 53, 47), Shape.of(3, 5, 53, 47))), 1e-4);
    check(bench, draw, new Samples.Sample(new Contraction.Conv(line, 3),
        List.of(Shape.of(2, 6, 4999), Shape.of(3, 2, 5))), 1e-4);
    check(bench, draw, new Samples.Sample(new Contraction.ConvInput(line, 3, Shape.of(4999)),
        List.of(Shape.of(2, 3, 5003), Shape.of(3, 2, 5))), 1e-4);
    check(bench, draw, new Samples.Sample(new Contraction.ConvFilter(line, 3),
        List.of(Shape.of(2, 6, 4999), Shape.of(2, 3, 5003))), 1e-4);
  }

  @Test void products() {
    checkAll(3, 40, Samples::products);
  }

  @Test void largeProducts() {
    Samples draw = new Samples(4);
    Bench bench = new Bench(4);
    for (int[] size : new int[][] {{67, 131, 70}, {1, 300, 257}, {3, 129, 5}, {130, 10, 129}}) {
      for (boolean a : new boolean[] {false, true}) {
        for (boolean b : new boolean[] {false, true}) {
          Shape stack = Shape.of(2);
          check(bench, draw, new Samples.Sample(new Contraction.MatMul(a, b),
              List.of(Samples.matrix(stack, a ? size[2] : size[0], a ? size[0] : size[2]),
                  Samples.matrix(stack, b ? size[1] : size[2], b ? size[2] : size[1]))), 1e-5);
        }
      }
    }
  }

  @Test void pooling() {
    checkAll(5, 100, Samples::pooling);
  }

  @Test void theFirstOfEqualMaximaTakesTheGradient() {
    Samples draw = new Samples(6);
    Bench bench = new Bench(6);
    for (int round = 0; round < 60; round++) {
      Samples.Sample sample = draw.pooling().get(1);
      double[] x = draw.signed(sample.shapes().get(0));
      Arrays.setAll(x, i -> Math.rint(x[i]));
      checkValues(bench, draw, sample, List.of(x, draw.signed(sample.shapes().get(1))), 2e-5);
    }
  }

  @Test void views() {
    checkAll(7, 120, Samples::views);
  }

  @Test void largeViews() {
    Samples draw = new Samples(8);
    Bench bench = new Bench(8);
    Shape x = Shape.of(3, 5, 61, 67);
    check(bench, draw, new Samples.Sample(new View.Permute(List.of(0, 2, 3, 1)), List.of(x)), 1e-6);
    check(bench, draw, new Samples.Sample(new View.Permute(List.of(1, 0, 2, 3)), List.of(x)), 1e-6);
    check(bench, draw, new Samples.Sample(new View.Expand(true), List.of(Shape.of(5, 1, 1), x)), 1e-6);
    check(bench, draw, new Samples.Sample(new View.Slice(2, 7, 59), List.of(x)), 1e-6);
  }

  @Test void pointwise() {
    Samples draw = new Samples(9);
    Bench bench = new Bench(9);
    for (int round = 0; round < 60; round++) {
      for (Samples.Sample sample : draw.pointwise()) {
        checkValues(bench, draw, sample, sample.shapes().stream().map(draw::values).toList(), 1e-5);
      }
    }
  }

  @Test void composites() {
    checkAll(10, 20, Samples::composites);
  }

  @Test void masks() {
    Samples draw = new Samples(11);
    Bench bench = new Bench(11);
    for (int length : new int[] {1, 77, 65_537, 200_000}) {
      Samples.Sample mask = new Samples.Sample(new Random.Mask(0.7, 5), List.of(Shape.of(length), Shape.of()));
      checkValues(bench, draw, mask, List.of(new double[length], new double[] {123}), 1e-6);
    }
  }

  /// Twice the input.
  private record Twice() implements CustomOp {
    @Override public Shape shape(List<Shape> inputs) {
      return inputs.getFirst();
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      return Arrays.stream(inputs.getFirst()).map(v -> 2 * v).toArray();
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> inputs, V output, V gradient) {
      return List.of(Optional.of(algebra.affine(gradient, 2, 0)));
    }
  }

  @Test void customOperationsRunByDefinition() {
    checkAll(12, 10, draw -> List.of(new Samples.Sample(new Twice(), List.of(draw.shape(3)))));
  }

  @Test void blockedLayoutsAreRefusedWhereTheyAreNotComputed() {
    Shape x = Shape.of(1, 4, 3, 3);
    Layout blocked = new Layout(8);
    Chain.Bound none = Chain.NONE.bind(x, blocked, List.of(), List.of(), 2, new ScalarLoops());
    Windowed pool = new Windowed.MaxPool(Window.of(2, Axis.of(1)));
    ScalarProvider provider = new ScalarProvider();
    Task pooling = new Task(pool, List.of(x), List.of(blocked), x, blocked, none);
    assertTrue(assertThrows(IllegalArgumentException.class, () -> provider.kernel(pooling)).getMessage()
        .contains("C1"));
  }

  @Test void theOrderOfUnitsDoesNotChangeBits() {
    Shape x = Shape.of(7, 3, 129, 67);
    Reduction sum = new Reduction.Sum(List.of(0, 1, 2, 3));
    ScalarProvider provider = new ScalarProvider();
    Task task = new Task(sum, List.of(x), List.of(Layout.PLAIN), sum.shape(List.of(x)), Layout.PLAIN,
        Chain.NONE.bind(x, Layout.PLAIN, List.of(), List.of(), 2, provider.loops()));
    Kernel kernel = provider.kernel(task).orElseThrow();
    assertEquals(2, kernel.phases());
    List<float[]> packed = List.of(Bench.pack(x, Layout.PLAIN, new Samples(13).signed(x)));
    List<float[]> results = new ArrayList<>();
    for (int seed = 0; seed < 5; seed++) {
      results.add(new Bench(seed).run(kernel, packed, 1));
    }
    results.forEach(r -> assertArrayEquals(results.getFirst(), r));
  }
}
