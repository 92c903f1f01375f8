package juanji.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.Exact;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ReceptiveFieldTest {
  private static final int CELLS = 61;

  /// The first and the last input cell that changes the element of y at `position`, found by changing each.
  private static int[] measured(Graph graph, int position) {
    double[] zero = new double[CELLS];
    double base = element(graph, zero, position);
    int[] seen = {CELLS, -1};
    for (int i = 0; i < CELLS; i++) {
      double[] changed = zero.clone();
      changed[i] = 1;
      if (element(graph, changed, position) != base) {
        seen[0] = Math.min(seen[0], i);
        seen[1] = i;
      }
    }
    return seen;
  }

  private static double element(Graph graph, double[] x, int position) {
    return Interpreter.run(graph, Map.of("x", new Exact(Shape.of(1, 1, CELLS), x))).outputs().get("y").data()[position];
  }

  /// Cells outside the field must not matter; where no padding is near, those at its ends must.
  private static boolean check(GraphBuilder builder, Node x, Node y) {
    Graph graph = builder.output("y", y).build();
    ReceptiveField.Along along = ReceptiveField.of(graph, x).get(y).axes().getFirst();
    int positions = (int) y.shape().size(1);
    boolean exact = false;
    for (int p : new int[] {0, positions / 2, positions - 1}) {
      int[] seen = measured(graph, p);
      double start = along.start() + p * along.jump();
      double end = start + along.size() - 1;
      assertTrue(seen[0] >= start && seen[1] <= end, Arrays.toString(seen) + " at position " + p + " of\n" + graph);
      if (start >= 10 && end < CELLS - 10) {
        exact = true;
        assertEquals(start, seen[0], "first cell of position " + p + " of\n" + graph);
        assertEquals(end, seen[1], "last cell of position " + p + " of\n" + graph);
      }
    }
    return exact;
  }

  private static Node ones(GraphBuilder builder, Window window) {
    return builder.constant(Tensor.full(window.kernel().prepend(1).prepend(1), 1));
  }

  @Test void windowsSeeWhatChangesThem() {
    SplittableRandom random = new SplittableRandom(2);
    int exact = 0;
    for (int i = 0; i < 60; i++) {
      GraphBuilder builder = new GraphBuilder();
      Node x = builder.input("x", Shape.of(1, CELLS).batched());
      Node y = x;
      for (int depth = random.nextInt(1, 4); depth > 0; depth--) {
        int kernel = random.nextInt(1, 5);
        int stride = random.nextInt(1, Math.min(kernel, 2) + 1);
        Window window = Window.of(Axis.of(kernel).withStride(stride)
            .withPadding(random.nextBoolean() ? Padding.SAME : Padding.VALID));
        y = random.nextBoolean() ? builder.apply(new Contraction.Conv(window, 1), y, ones(builder, window))
            : builder.apply(new Windowed.AvgPool(window, Windowed.Divisor.NONE), y);
      }
      exact += check(builder, x, y) ? 1 : 0;
    }
    assertTrue(exact > 40, exact + " fields lay clear of the borders");
  }

  @Test void dilationSeesFarWithHolesBetween() {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", Shape.of(1, CELLS).batched());
    Window window = Window.of(Axis.of(3).withDilation(4).withPadding(Padding.SAME));
    assertTrue(check(builder, x, builder.apply(new Contraction.Conv(window, 1), x, ones(builder, window))));
  }

  @Test void transposedConvolutionsShareCells() {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", Shape.of(1, CELLS).batched());
    Window window = Window.of(Axis.of(6).withStride(3));
    Shape larger = Shape.of(window.axes().getFirst().transposed(CELLS, 0));
    Node y = builder.apply(new Contraction.ConvInput(window, 1, larger), x, ones(builder, window));
    Graph graph = builder.output("y", y).build();
    ReceptiveField.Along along = ReceptiveField.of(graph, x).get(y).axes().getFirst();
    assertEquals(8.0 / 3, along.size(), 1e-12);
    assertEquals(1.0 / 3, along.jump(), 1e-12);
    assertEquals(-5.0 / 3, along.start(), 1e-12);
    int[] seen = measured(graph, 30);
    assertEquals(9, seen[0]);
    assertEquals(10, seen[1]);
  }

  @Test void everyElementOfAnUpsampledMapIsInsideItsField() {
    for (int kernel = 2; kernel <= 5; kernel++) {
      for (int stride = 2; stride <= 3; stride++) {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input("x", Shape.of(1, CELLS).batched());
        Window down = Window.of(Axis.of(4).withStride(4));
        Node small = builder.apply(new Contraction.Conv(down, 1), x, ones(builder, down));
        Window up = Window.of(Axis.of(kernel).withStride(stride));
        Shape larger = Shape.of(up.axes().getFirst().transposed(small.shape().dim(2), 0));
        Node y = builder.apply(new Contraction.ConvInput(up, 1, larger), small, ones(builder, up));
        Graph graph = builder.output("y", y).build();
        ReceptiveField.Along along = ReceptiveField.of(graph, x).get(y).axes().getFirst();
        for (int p = 0; p < larger.dim(0); p++) {
          int[] seen = measured(graph, p);
          double start = along.start() + p * along.jump();
          assertTrue(seen[0] > start - 1e-9 && seen[1] < start + along.size() - 1 + 1e-9,
              Arrays.toString(seen) + " at " + p + " of " + along + ", " + kernel + " cells, stride " + stride);
        }
      }
    }
  }

  @Test void repeatedElementsSeeWhatTheOneDid() {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", Shape.of(1, CELLS).batched());
    Window ten = Window.of(Axis.of(10).withStride(CELLS));
    Node one = builder.apply(new Contraction.Conv(ten, 1), x, ones(builder, ten));
    Node y = builder.add(one, builder.affine(x, 0, 0));
    Graph graph = builder.output("y", y).build();
    ReceptiveField.Along along = ReceptiveField.of(graph, x).get(y).axes().getFirst();
    int[] seen = measured(graph, 40);
    assertEquals(0, seen[0]);
    assertEquals(9, seen[1]);
    assertTrue(along.start() + 40 * along.jump() <= 0 && along.start() + along.size() >= 10, along.toString());
  }

  @Test void branchesMeetInTheSmallestFieldThatHoldsBoth() {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", Shape.of(1, CELLS).batched());
    Window back = Window.of(Axis.of(5).withPadding(Padding.Rule.CAUSAL));
    Window around = Window.of(Axis.of(3).withPadding(Padding.SAME));
    Node left = builder.apply(new Contraction.Conv(back, 1), x, ones(builder, back));
    Node both = builder.apply(new Contraction.Conv(around, 1), x, ones(builder, around));
    assertTrue(check(builder, x, builder.add(left, both)));
    Node joined = builder.apply(new View.Concat(1), left, both);
    assertEquals(new ReceptiveField.Along(6, 1, -4),
        ReceptiveField.of(builder.output("z", joined).build(), x).get(joined).axes().getFirst());
  }

  @Test void mixingPositionsSeesWhatAllSeeAndNoMore() {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", Shape.of(1, CELLS).batched());
    // 61 cells in windows of 4: the last one is left over.
    Node pooled = builder.apply(new Windowed.AvgPool(Window.of(Axis.of(4).withStride(4)), Windowed.Divisor.NONE), x);
    Node mean = builder.apply(new Reduction.Mean(List.of(2)), pooled);
    Graph graph = builder.output("y", mean).build();
    assertArrayEquals(new int[] {0, 59}, measured(graph, 0));
    assertEquals(60, ReceptiveField.of(graph, x).get(mean).axes().getFirst().size());
    Node flat = builder.reshape(builder.apply(new Pointwise.Relu(), pooled), Shape.of(Shape.UNBOUND, 15));
    assertEquals("60", ReceptiveField.of(builder.output("y", flat).build(), x).get(flat).toString());
  }

  @Test void slicesAndPadsShift() {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", Shape.of(1, CELLS).batched());
    Node sliced = builder.apply(new View.Slice(2, 7, 30), x);
    assertTrue(check(builder, x, sliced));
    Node padded = builder.apply(new View.Pad(2, 3, 0, 0), sliced);
    assertEquals(new ReceptiveField.Along(1, 1, 4),
        ReceptiveField.of(builder.output("z", padded).build(), x).get(padded).axes().getFirst());
  }

  @Test void onlyWhatDependsOnTheInputHasAField() {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", Shape.of(1, 9, 11).batched());
    Node w = builder.parameter("w", Shape.of(1));
    Node y = builder.add(x, builder.apply(new Pointwise.Relu(), w));
    Map<Node, ReceptiveField> fields = ReceptiveField.of(builder.output("y", y).build(), x);
    assertEquals(2, fields.size());
    assertEquals("1×1", fields.get(y).toString());
    assertTrue(Arrays.asList(x, y).containsAll(fields.keySet()));
  }
}
