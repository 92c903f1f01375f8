package juanji.kernel;

import java.util.Arrays;
import java.util.List;
import juanji.op.Axis;
import juanji.op.Gather;
import juanji.op.LocalContraction;
import juanji.op.Samples;
import juanji.op.Window;
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
