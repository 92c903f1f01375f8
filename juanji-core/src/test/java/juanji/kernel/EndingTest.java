package juanji.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import juanji.op.Pointwise;
import juanji.op.Samples;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// What follows convolutions in one walk, against definitions.
class EndingTest {
  private static final Pointwise ADD = new Pointwise.Add();
  private static final List<Optional<Pointwise>> BOUNDS = List.of(Optional.empty(), Optional.of(new Pointwise.Relu()),
      Optional.of(new Pointwise.Clamp(-0.3, 0.6)), Optional.of(new Pointwise.Clamp(Double.NEGATIVE_INFINITY, 0.25)));

  /// The chains that end so, operand 1 being the bias and operand 2 the other tensor.
  private static List<Chain> endings(boolean more) {
    List<Chain> chains = new ArrayList<>();
    int first = more ? 3 : 2;
    for (boolean turned : List.of(false, true)) {
      for (Optional<Pointwise> bound : BOUNDS) {
        List<Chain.Stage> stages = new ArrayList<>();
        stages.add(turned ? new Chain.Stage(ADD, 1, 0) : new Chain.Stage(ADD, 0, 1));
        if (more) {
          stages.add(turned ? new Chain.Stage(ADD, 2, first) : new Chain.Stage(ADD, first, 2));
        }
        int last = first + stages.size() - 1;
        bound.ifPresent(b -> stages.add(new Chain.Stage(b, last, last)));
        if (stages.size() > 1) {
          chains.add(new Chain(first - 1, stages));
        }
      }
    }
    return chains;
  }

  @Test void endingsAreWhatTheirStagesSay() {
    Samples draw = new Samples(11);
    for (Shape shape : List.of(Shape.of(2, 5, 3, 4), Shape.of(1, 32, 2, 3), Shape.of(3, 19, 7, 11),
        Shape.of(2, 16, 40, 41))) {
      for (Layout layout : List.of(Layout.PLAIN, new Layout(4), new Layout(8), new Layout(16))) {
        for (boolean more : List.of(false, true)) {
          for (Chain chain : endings(more)) {
            check(draw, chain, shape, layout, more);
          }
        }
      }
    }
  }

  private static void check(Samples draw, Chain chain, Shape shape, Layout layout, boolean more) {
    Shape bias = Shape.of(shape.dim(1), 1, 1);
    List<Shape> shapes = more ? List.of(bias, shape) : List.of(bias);
    List<Layout> layouts = more ? List.of(Layout.PLAIN, layout) : List.of(Layout.PLAIN);
    assertNotNull(Ending.of(chain, new boolean[] {false, true, false, false, false, false}), chain.toString());
    List<double[]> values = shapes.stream().map(draw::signed).toList();
    double[] start = draw.signed(shape);
    values.forEach(v -> Arrays.setAll(v, i -> (float) v[i]));
    Arrays.setAll(start, i -> (float) start[i]);
    float[][] arrays = new float[1 + shapes.size()][];
    arrays[0] = Bench.pack(shape, layout, start);
    for (int i = 0; i < shapes.size(); i++) {
      arrays[1 + i] = Bench.pack(shapes.get(i), layouts.get(i), values.get(i));
    }
    Chain.Bound bound = chain.bind(shape, layout, shapes, layouts, 1, new ScalarLoops());
    bound.applyRange(new Operands(arrays, new int[arrays.length]), arrays[0], 0, 0, arrays[0].length,
        new float[bound.scratch()], 0);
    Bench.compare(shape, layout, Bench.reference(chain, shape, start, shapes, values), arrays[0], 1e-6,
        chain + " " + shape + " " + layout);
  }

  @Test void otherChainsAreNoEndings() {
    boolean[] still = {false, true, false, false, false, false};
    Chain.Stage bias = new Chain.Stage(ADD, 0, 1);
    Chain.Stage relu = new Chain.Stage(new Pointwise.Relu(), 3, 3);
    assertNull(Ending.of(Chain.NONE, still));
    assertNull(Ending.of(new Chain(2, List.of(bias)), still), "one walk anyway");
    assertNull(Ending.of(new Chain(2, List.of(bias, new Chain.Stage(new Pointwise.Tanh(), 3, 3))), still));
    assertNull(Ending.of(new Chain(2, List.of(new Chain.Stage(new Pointwise.Mul(), 0, 1), relu)), still));
    assertNull(Ending.of(new Chain(2, List.of(new Chain.Stage(ADD, 0, 0), relu)), still), "twice the start");
    assertNull(Ending.of(new Chain(2, List.of(new Chain.Stage(ADD, 0, 2), relu)), still), "no beat");
    assertNull(Ending.of(new Chain(2, List.of(bias, new Chain.Stage(new Pointwise.Relu(), 0, 0))), still),
        "the bias is lost");
    assertNull(Ending.of(new Chain(2, List.of(bias, new Chain.Stage(ADD, 3, 0))), still), "the start once more");
    assertNull(Ending.of(new Chain(2, List.of(bias, relu, new Chain.Stage(ADD, 4, 2))), still), "added at the end");
  }

  @Test void undefinedNumbersStay() {
    float[] y = {Float.NaN, -1, 1};
    new ScalarLoops().finish(y, 0, y, 0, new float[] {0.5f}, 0, 1, null, 0, 0, Float.POSITIVE_INFINITY, 3);
    assertEquals("[NaN, 0.0, 1.5]", Arrays.toString(y));
  }
}
