package juanji.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.Samples;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// Chains, reductions and reorders in plain and blocked layouts against definitions; padding lanes hold NaN.
class LayoutKernelTest {
  private static final Loops LOOPS = new ScalarLoops();

  private static List<Layout> layouts(Shape shape) {
    return shape.rank() < 3 ? List.of(Layout.PLAIN)
        : List.of(Layout.PLAIN, new Layout(4), new Layout(8), new Layout(16));
  }

  private static List<Layout> like(Shape shape, Layout layout, List<Shape> operands) {
    return operands.stream().map(s -> s.equals(shape) ? layout : Layout.PLAIN).toList();
  }

  private static List<float[]> packed(List<Shape> shapes, List<Layout> layouts, List<double[]> values) {
    List<float[]> packed = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      packed.add(Bench.pack(shapes.get(i), layouts.get(i), values.get(i)));
    }
    return packed;
  }

  private static List<double[]> rounded(List<Shape> shapes, Samples draw) {
    List<double[]> values = shapes.stream().map(draw::signed).toList();
    values.forEach(v -> Arrays.setAll(v, i -> (float) v[i]));
    return values;
  }

  /// All shapes that broadcast to `shape` with its rank, and their tails.
  private static List<Shape> patterns(Shape shape) {
    List<Shape> patterns = new ArrayList<>();
    for (int mask = 0; mask < 1 << shape.rank(); mask++) {
      int bits = mask;
      int[] dims = IntStream.range(0, shape.rank()).map(i -> (bits >> i & 1) == 0 ? 1 : shape.dim(i)).toArray();
      Shape full = Shape.of(dims);
      patterns.add(full);
      int lead = 0;
      while (lead < dims.length && dims[lead] == 1) {
        patterns.add(full.slice(++lead, dims.length));
      }
    }
    return patterns;
  }

  private static void checkChain(Bench bench, Chain chain, Shape shape, Layout layout, List<Shape> operands,
      Samples draw) {
    List<double[]> values = rounded(operands, draw);
    List<Layout> own = like(shape, layout, operands);
    Chain.Bound bound = chain.bind(shape, layout, operands, own, 1, LOOPS);
    float[] actual = bench.run(PointwiseKernel.of(bound, layout), packed(operands, own, values),
        (int) layout.length(shape));
    double[] expected = Bench.reference(chain, shape, new double[shape.length()], operands, values);
    Bench.compare(shape, layout, expected, actual, 1e-5, shape + " " + layout + " with " + operands);
  }

  @Test void everyPatternOfRepetition() {
    Samples draw = new Samples(1);
    Bench bench = new Bench(1);
    // Two operands at once, so that rows are where both are simple.
    Chain chain = new Chain(3, List.of(new Chain.Stage(new Pointwise.Sub(), 1, 2),
        new Chain.Stage(new Pointwise.Mul(), 4, 3)));
    for (Shape shape : List.of(Shape.of(), Shape.of(5), Shape.of(3, 5), Shape.of(2, 5, 3), Shape.of(2, 19, 1),
        Shape.of(1, 5, 1, 1), Shape.of(3, 5, 1, 1), Shape.of(2, 19, 2, 3), Shape.of(1, 16, 2, 3),
        Shape.of(2, 3, 2, 3, 2), Shape.of(2, 37, 5, 9))) {
      for (Layout layout : layouts(shape)) {
        for (Shape pattern : patterns(shape)) {
          checkChain(bench, chain, shape, layout, List.of(shape, pattern, draw.narrow(shape)), draw);
        }
      }
    }
  }

  @Test void longRowsAndManyShortOnes() {
    Samples draw = new Samples(2);
    Bench bench = new Bench(2);
    Chain chain = new Chain(2, List.of(new Chain.Stage(new Pointwise.Add(), 1, 2),
        new Chain.Stage(new Pointwise.Relu(), 3, 3)));
    for (Shape shape : List.of(Shape.of(2, 5, 71, 67), Shape.of(1, 3, 200, 191), Shape.of(9000, 3, 1))) {
      for (Layout layout : layouts(shape)) {
        Shape channels = Shape.of(IntStream.range(1, shape.rank()).map(i -> i == 1 ? shape.dim(1) : 1).toArray());
        for (Shape second : List.of(shape, Shape.of(), channels)) {
          checkChain(bench, chain, shape, layout, List.of(shape, second), draw);
        }
      }
    }
  }

  @Test void aChainMayWriteOverItsOperand() {
    Samples draw = new Samples(3);
    Shape shape = Shape.of(3, 70, 11, 13);
    Chain chain = new Chain(2, List.of(new Chain.Stage(new Pointwise.Mul(), 1, 2),
        new Chain.Stage(new Pointwise.Sub(), 3, 1)));
    for (Layout layout : layouts(shape)) {
      List<Shape> operands = List.of(shape, Shape.of(70, 1, 1));
      List<double[]> values = rounded(operands, draw);
      Chain.Bound bound = chain.bind(shape, layout, operands, like(shape, layout, operands), 1, LOOPS);
      Kernel kernel = PointwiseKernel.of(bound, layout);
      float[] both = Bench.pack(shape, layout, values.get(0));
      float[] scale = Bench.pack(operands.get(1), Layout.PLAIN, values.get(1));
      Operands memory = new Operands(new float[][] {both, both, scale}, new int[3]);
      float[] scratch = new float[CacheLine.FIRST + kernel.scratch()];
      for (int unit = 0; unit < kernel.units(0); unit++) {
        kernel.run(memory, 0, unit, scratch);
      }
      double[] expected = Bench.reference(chain, shape, new double[shape.length()], operands, values);
      Bench.compare(shape, layout, expected, both, 1e-5, "in place " + layout);
    }
  }

  private static void checkReductions(Bench bench, Samples draw, Shape x, List<Integer> axes, Layout layout,
      boolean chained) {
    Chain chain = chained ? new Chain(2, List.of(new Chain.Stage(new Pointwise.Sub(), 0, 1),
        new Chain.Stage(new Pointwise.Mul(), 3, 2))) : Chain.NONE;
    List<Shape> operands = chained ? List.of(draw.narrow(x), x) : List.of();
    List<Shape> all = new ArrayList<>(List.of(x));
    all.addAll(operands);
    List<double[]> values = rounded(all, draw);
    List<Layout> own = like(x, layout, all);
    Chain.Bound bound = chain.bind(x, layout, operands, own.subList(1, own.size()), 2, LOOPS);
    for (Reduction op : List.of(new Reduction.Sum(axes), new Reduction.Mean(axes), new Reduction.Max(axes))) {
      Shape y = op.shape(List.of(x));
      Task task = new Task(op, List.of(x), List.of(layout), y, Layout.PLAIN, bound);
      Kernel kernel = new ScalarProvider(LOOPS).kernel(task).orElseThrow();
      float[] actual = bench.run(kernel, packed(all, own, values), y.length());
      double[] elements = Bench.reference(chain, x, values.getFirst(), operands,
          values.subList(1, values.size()));
      Bench.compare(y, Layout.PLAIN, op.reference(List.of(x), List.of(elements)), actual, 1e-5, op + " of " + x + " "
          + layout + (chained ? " with " + operands : ""));
    }
  }

  @Test void reductionsOverAnyAxes() {
    Samples draw = new Samples(4);
    Bench bench = new Bench(4);
    for (Shape x : List.of(Shape.of(), Shape.of(7), Shape.of(3, 5), Shape.of(2, 5, 3), Shape.of(2, 19, 3, 2),
        Shape.of(3, 16, 1, 1), Shape.of(2, 3, 2, 3, 2), Shape.of(3, 37, 7, 9))) {
      for (int mask = 0; mask < 1 << x.rank(); mask++) {
        int bits = mask;
        List<Integer> axes = IntStream.range(0, x.rank()).filter(i -> (bits >> i & 1) != 0).boxed().toList();
        for (Layout layout : layouts(x)) {
          checkReductions(bench, draw, x, axes, layout, false);
          checkReductions(bench, draw, x, axes, layout, true);
        }
      }
    }
  }

  @Test void largeReductions() {
    Samples draw = new Samples(5);
    Bench bench = new Bench(5);
    record Case(Shape x, List<Integer> axes) {
    }

    for (Case c : List.of(new Case(Shape.of(4, 21, 37, 41), List.of(0, 2, 3)),
        new Case(Shape.of(4, 21, 37, 41), List.of(0, 1, 2, 3)), new Case(Shape.of(4, 21, 37, 41), List.of(2, 3)),
        new Case(Shape.of(3, 21, 37, 41), List.of(1)), new Case(Shape.of(5, 2, 181, 97), List.of(0)),
        new Case(Shape.of(700, 131), List.of(1)), new Case(Shape.of(700, 131), List.of(0)),
        new Case(Shape.of(3, 90_001), List.of(1)), new Case(Shape.of(90_001, 3), List.of(0)),
        new Case(Shape.of(300_007), List.of(0)))) {
      for (Layout layout : layouts(c.x)) {
        checkReductions(bench, draw, c.x, c.axes, layout, false);
        checkReductions(bench, draw, c.x, c.axes, layout, true);
      }
    }
  }

  @Test void reordersThereAndBack() {
    Samples draw = new Samples(6);
    Bench bench = new Bench(6);
    for (Shape shape : List.of(Shape.of(2, 5, 3), Shape.of(3, 19, 4, 7), Shape.of(1, 32, 2, 3, 5))) {
      for (Layout layout : layouts(shape).subList(1, 4)) {
        double[] values = draw.signed(shape);
        float[] plain = Bench.pack(shape, Layout.PLAIN, values);
        float[] blocked = bench.run(ReorderKernel.of(shape, Layout.PLAIN, layout), List.of(plain),
            (int) layout.length(shape));
        float[] expected = Bench.pack(shape, layout, values);
        for (int i = 0; i < expected.length; i++) {
          assertEquals(Float.isNaN(expected[i]) ? 0 : expected[i], blocked[i]);
        }
        assertArrayEquals(plain, bench.run(ReorderKernel.of(shape, layout, Layout.PLAIN), List.of(expected),
            plain.length));
      }
    }
  }
}
