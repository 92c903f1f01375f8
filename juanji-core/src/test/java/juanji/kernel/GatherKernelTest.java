package juanji.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import juanji.op.Axis;
import juanji.op.Gather;
import juanji.op.LocalContraction;
import juanji.op.Op;
import juanji.op.Random;
import juanji.op.Regional;
import juanji.op.Samples;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// The scalar kernels of views that take elements and of convolutions with sets of weights against their definitions.
class GatherKernelTest {
  @Test void convolutionsWithSetsOfWeights() {
    ScalarKernelTest.checkAll(21, 60, Samples::locals);
  }

  @Test void largerConvolutionsWithSetsOfWeights() {
    Samples draw = new Samples(22);
    Bench bench = new Bench(22);
    Window window = Window.of(Axis.of(3).withStride(2), Axis.of(5).withDilation(2));
    Shape x = Shape.of(9, 7, 21, 23);
    Shape tiles = Shape.of(10, 4);
    Shape w = LocalContraction.weights(window, tiles, 7, 19);
    Shape y = Shape.of(9, 19, 10, 15);
    for (Samples.Sample sample : List.of(
        new Samples.Sample(new LocalContraction.LocalConv(window, tiles), List.of(x, w)),
        new Samples.Sample(new LocalContraction.LocalInput(window, tiles, Shape.of(21, 23)), List.of(y, w)),
        new Samples.Sample(new LocalContraction.LocalFilter(window, tiles), List.of(x, y)))) {
      ScalarKernelTest.check(bench, draw, sample, 1e-4);
    }
  }

  @Test void slices() {
    ScalarKernelTest.checkAll(23, 150, Samples::takes);
  }

  @Test void valuesAtMaxima() {
    Samples draw = new Samples(25);
    Bench bench = new Bench(25);
    for (int round = 0; round < 60; round++) {
      Samples.Sample pool = draw.pooling().get(1);
      Shape x = pool.shapes().getFirst();
      Window window = ((Windowed.MaxPoolInput) pool.op()).window();
      double[] keys = draw.signed(x);
      boolean ties = round % 2 == 1;
      Arrays.setAll(keys, i -> ties ? Math.rint(2 * keys[i]) : keys[i]);
      ScalarKernelTest.checkValues(bench, draw, new Samples.Sample(new Gather.Pick(window), List.of(x, x)),
          List.of(keys, draw.signed(x)), 1e-6);
    }
  }

  @Test void uniformNumbers() {
    Samples draw = new Samples(26);
    for (int length : new int[] {1, 77, 65_537, 200_000}) {
      Samples.Sample sample = new Samples.Sample(new Random.Uniform(5), List.of(Shape.of(length), Shape.of()));
      double[] numbers = sample.op().reference(sample.shapes(), List.of(new double[length], new double[] {9}));
      assertTrue(Arrays.stream(numbers).allMatch(u -> u > 0 && u < 1 && u == (float) u));
      assertEquals(0.5, Arrays.stream(numbers).average().orElseThrow(), 2 / Math.sqrt(length));
      ScalarKernelTest.checkValues(new Bench(26), draw, sample, List.of(new double[length], new double[] {9}), 1e-6);
    }
  }

  @Test void regions() {
    Samples draw = new Samples(27);
    Bench bench = new Bench(27);
    for (int round = 0; round < 40; round++) {
      Shape x = Shape.of(draw.between(1, 3), draw.between(1, 4), draw.between(1, 9), draw.between(1, 9));
      Shape regions = Shape.of(draw.between(1, 5), 5);
      double[] table = draw.regions(regions, x);
      int height = draw.between(1, 4);
      int width = draw.between(1, 4);
      Regional.RoiPool pool = new Regional.RoiPool(height, width, 0.5);
      Regional.RoiAlign align = new Regional.RoiAlign(height, width, 0.5, draw.between(0, 3), round % 2 == 0);
      for (Op op : List.of(pool, align)) {
        Shape y = op.shape(List.of(x, regions));
        Op back = op == pool ? new Regional.RoiPoolInput(height, width, 0.5) : new Regional.RoiAlignInput(align);
        double[] values = draw.signed(x);
        ScalarKernelTest.checkValues(bench, draw, new Samples.Sample(op, List.of(x, regions)),
            List.of(values, table), 1e-5);
        ScalarKernelTest.checkValues(bench, draw, new Samples.Sample(back, List.of(x, regions, y)),
            List.of(values, table, draw.signed(y)), 1e-5);
      }
    }
  }

  @Test void rowsOfTables() {
    Samples draw = new Samples(24);
    Bench bench = new Bench(24);
    for (int round = 0; round < 40; round++) {
      Shape ids = draw.shape(draw.between(0, 3));
      int rows = draw.between(1, 40);
      int width = draw.between(1, 7);
      int[] dims = Arrays.copyOf(ids.toArray(), ids.rank() + 1);
      dims[ids.rank()] = width;
      double[] numbers = new double[ids.length()];
      Arrays.setAll(numbers, _ -> draw.between(-1, rows) + (draw.between(0, 9) == 0 ? 0.5 : 0));
      Shape table = Shape.of(rows, width);
      ScalarKernelTest.checkValues(bench, draw, new Samples.Sample(new Gather.Lookup(), List.of(ids, table)),
          List.of(numbers, draw.signed(table)), 1e-6);
      ScalarKernelTest.checkValues(bench, draw, new Samples.Sample(new Gather.LookupInput(rows),
          List.of(ids, Shape.of(dims))), List.of(numbers, draw.signed(Shape.of(dims))), 1e-5);
    }
  }
}
