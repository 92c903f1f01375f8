package juanji.vector;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import juanji.op.Axis;
import juanji.op.LocalContraction;
import juanji.op.LocalContraction.LocalConv;
import juanji.op.LocalContraction.LocalFilter;
import juanji.op.LocalContraction.LocalInput;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// The kernels of convolutions with sets of weights against the reference, over random geometries.
final class LocalTest {
  private final Random random = new Random(7);

  private int from(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  @Test void convolutionsWithSetsOfWeightsMatchTheReference() {
    Driver driver = new Driver(7);
    for (int round = 0; round < 40; round++) {
      int rank = from(1, 3);
      Window window = new Window(IntStream.range(0, rank).mapToObj(_ -> new Axis(from(1, 4), from(1, 2), from(1, 2),
          from(0, 1) == 0 ? Padding.SAME : Padding.FULL, false)).toList());
      Shape spatial = Shape.of(IntStream.range(0, rank).map(_ -> from(2, rank == 3 ? 4 : 8)).toArray());
      int batch = from(1, Machine.LANES + 3);
      Shape out = window.output(spatial);
      Shape tiles = Shape.of(IntStream.of(out.toArray()).map(d -> from(1, d)).toArray());
      Shape x = spatial.prepend(from(1, 4)).prepend(batch);
      Shape y = out.prepend(Machine.LANES * from(1, 3)).prepend(batch);
      Shape w = LocalContraction.weights(window, tiles, x.dim(1), y.dim(1));
      driver.check(new LocalConv(window, tiles), List.of(x, w));
      driver.check(new LocalInput(window, tiles, spatial), List.of(y, w));
      driver.check(new LocalFilter(window, tiles), List.of(x, y));
    }
    assertTrue(driver.kernels > 160, "kernels were found");
  }
}
