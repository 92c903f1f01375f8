package juanji.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Random;
import juanji.graph.GraphBuilder;
import juanji.op.Composite;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Softmax and its logarithm along rows and columns of many lengths, against double precision.
class SoftmaxTest {
  private final Random random = new Random(9);

  private static float[] run(Composite op, Shape shape, float[] x, Target target) {
    GraphBuilder b = new GraphBuilder();
    b.output("y", b.apply(op, List.of(b.input("x", shape))));
    try (Workers workers = Workers.of(2)) {
      return new Session(Compiler.compile(b.build(), 1, target), Map.of(), workers)
          .run(Map.of("x", Tensor.of(shape, x))).get("y").data();
    }
  }

  private void check(Shape shape, int axis, double scale) {
    float[] x = new float[shape.length()];
    double[] wide = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (scale * random.nextGaussian());
      wide[i] = x[i];
    }
    for (Composite op : List.of(new Composite.Softmax(axis), new Composite.LogSoftmax(axis))) {
      double[] exact = op.reference(List.of(shape), List.of(wide));
      for (Target target : Targets.ALL) {
        float[] y = run(op, shape, x, target);
        for (int i = 0; i < y.length; i++) {
          // What the rounding of x less the greatest makes is relative to the logarithm.
          double bound = op instanceof Composite.Softmax
              ? exact[i] * (1e-6 + 1e-7 * Math.abs(Math.log(exact[i]))) + 1e-38
              : 1e-6 + 1e-7 * Math.abs(exact[i]) + 1e-7 * scale;
          assertEquals(exact[i], y[i], bound, op + " of " + shape + " number " + i);
        }
      }
    }
  }

  @Test void rowsOfAllLengths() {
    for (int n : new int[] {1, 2, 3, 7, 15, 16, 17, 31, 56, 100, 1023, 1024, 1025, 5000}) {
      check(Shape.of(n < 100 ? 131 : 3, n), 1, n % 2 == 0 ? 1 : 20);
    }
  }

  @Test void columnsOfAllLengths() {
    for (int columns : new int[] {1, 2, 15, 16, 33, 700}) {
      check(Shape.of(2, 5, columns), 1, 3);
      check(Shape.of(1, 130, columns), 1, 30);
    }
    check(Shape.of(3, 40, 9, 11), 1, 5);
    check(Shape.of(300, 3), 0, 2);
    check(Shape.of(2, 3, 4, 70_000), 2, 2);
  }

  @Test void largeNumbersDoNotOverflow() {
    for (Target target : Targets.ALL) {
      float[] y = run(new Composite.Softmax(1), Shape.of(1, 3), new float[] {3e38f, 3e38f, -3e38f}, target);
      assertEquals(List.of(0.5f, 0.5f, 0f), List.of(y[0], y[1], y[2]));
      y = run(new Composite.LogSoftmax(1), Shape.of(1, 2), new float[] {1000, Float.NEGATIVE_INFINITY}, target);
      assertEquals(List.of(0f, Float.NEGATIVE_INFINITY), List.of(y[0], y[1]));
      y = run(new Composite.Softmax(1), Shape.of(1, 2), new float[] {Float.NaN, 1}, target);
      assertEquals(List.of(Float.NaN, Float.NaN), List.of(y[0], y[1]));
    }
  }

  @Test void anEmptyBatchHasAnEmptyResult() {
    for (Target target : Targets.ALL) {
      assertEquals(0, run(new Composite.Softmax(1), Shape.of(0, 3), new float[0], target).length);
    }
  }
}
