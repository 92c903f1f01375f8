package juanji.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.IntStream;
import juanji.kernel.Kernel;
import juanji.kernel.KernelProvider;
import juanji.kernel.Task;
import juanji.op.Axis;
import juanji.op.Contraction.Conv;
import juanji.op.Contraction.ConvFilter;
import juanji.op.Contraction.ConvInput;
import juanji.op.Contraction.MatMul;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Every kernel against the reference, over random geometries.
@Execution(ExecutionMode.CONCURRENT)
final class KernelTest {
  private final Random random = new Random(42);

  private int from(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  private Padding padding(int span) {
    return switch (random.nextInt(7)) {
      case 0 -> Padding.VALID;
      case 1 -> Padding.Rule.SAME_UPPER;
      case 2 -> Padding.Rule.SAME_LOWER;
      case 3 -> Padding.FULL;
      case 4 -> Padding.Rule.CAUSAL;
      default -> Padding.of(from(0, span), from(0, span));
    };
  }

  private Window window(int rank, int mostKernel) {
    return Window.of(IntStream.range(0, rank).mapToObj(i -> {
      int dilation = random.nextInt(3) == 0 ? from(1, 3) : 1;
      Axis axis = Axis.of(from(1, mostKernel)).withStride(from(1, 3)).withDilation(dilation);
      return axis.withPadding(padding(Math.min(3, axis.span())));
    }).toArray(Axis[]::new));
  }

  /// Spatial extents over which the window takes at least one position.
  private int[] spatial(Window window, int most) {
    for (int extra = 0;; extra++) {
      int bound = most + extra;
      int[] dims = IntStream.range(0, window.rank()).map(i -> from(1, bound)).toArray();
      if (Arrays.stream(window.output(Shape.of(dims)).toArray()).allMatch(d -> d > 0)) {
        return dims;
      }
    }
  }

  private static Shape planes(int first, int second, int[] spatial) {
    return Shape.of(spatial).prepend(second).prepend(first);
  }

  private void faces(Driver driver, Window window, int groups, int n, int c, int k, int[] spatial) {
    Shape x = planes(n, c, spatial);
    Shape w = planes(k, c / groups, window.kernel().toArray());
    Conv conv = new Conv(window, groups);
    Shape y = conv.shape(List.of(x, w));
    driver.check(conv, List.of(x, w));
    driver.check(new ConvInput(window, groups, Shape.of(spatial)), List.of(y, w));
    driver.check(new ConvFilter(window, groups), List.of(x, y));
  }

  @Test void convolutionsOfRandomGeometryMatchTheReference() {
    Driver driver = new Driver(1);
    for (int i = 0; i < 240; i++) {
      int rank = 1 + i % 3;
      Window window = window(rank, rank == 3 ? 3 : 5);
      int[] spatial = spatial(window, rank == 1 ? 70 : rank == 2 ? 16 : 6);
      faces(driver, window, 1, from(1, 3), from(1, 40), from(1, 40), spatial);
    }
    assertEquals(240 * 12, driver.kernels);
    assertTrue(driver.overwritten >= 240 * 2, "written over: " + driver.overwritten);
  }

  @Test void sparseGradientsMatchTheReference() {
    Driver driver = new Driver(14, true);
    for (int i = 0; i < 60; i++) {
      int rank = 1 + i % 3;
      Window window = window(rank, rank == 3 ? 3 : 5);
      int[] spatial = spatial(window, rank == 1 ? 70 : rank == 2 ? 16 : 6);
      int c = from(Machine.LANES / 2, 5 * Machine.LANES);
      int k = from(Machine.LANES / 2, 3 * Machine.LANES);
      Shape x = planes(from(1, 3), c, spatial);
      Shape w = planes(k, c, window.kernel().toArray());
      Shape y = new Conv(window, 1).shape(List.of(x, w));
      Function<Task, Kernel> sparse = task -> new VectorProvider().kernel(task)
          .filter(kernel -> kernel instanceof SparseInput || kernel instanceof SparseFilter).orElseThrow();
      driver.check(new ConvInput(window, 1, Shape.of(spatial)), List.of(y, w), sparse);
      driver.check(new ConvFilter(window, 1), List.of(x, y), sparse);
    }
    assertEquals(60 * 8, driver.kernels);
    assertTrue(driver.overwritten >= 60, "written over: " + driver.overwritten);
  }

  @Test void groupedConvolutionsMatchTheReference() {
    Driver driver = new Driver(2);
    for (int i = 0; i < 40; i++) {
      Window window = window(2, 3);
      int groups = from(2, 3);
      int k = groups * Machine.LANES * from(1, 2);
      int c = groups * (random.nextBoolean() ? Machine.LANES : from(1, 9));
      faces(driver, window, groups, from(1, 3), c, k, spatial(window, 9));
    }
    assertTrue(driver.kernels >= 40 * 6, "kernels: " + driver.kernels);
  }

  @Test void convolutionsOfSmallGroupsMatchTheReference() {
    Driver driver = new Driver(12);
    for (int i = 0; i < 40; i++) {
      int rank = 1 + i % 3;
      Window window = window(rank, 3);
      int groups = from(2, 9);
      faces(driver, window, groups, from(1, 3), groups * from(1, 11), groups * from(2, 11),
          spatial(window, rank == 1 ? 40 : rank == 2 ? 9 : 5));
    }
    // Groups that share a block with one neighbour, and channels with several filters each.
    Window same = Window.of(Axis.of(3).withPadding(Padding.SAME), Axis.of(3).withPadding(Padding.SAME));
    faces(driver, same, 4, 2, 4 * 37, 4 * 41, new int[] {5, 6});
    faces(driver, same, 24, 2, 24, 48, new int[] {5, 6});
    assertTrue(driver.kernels >= 42 * 6, "kernels: " + driver.kernels);
  }

  @Test void groupsThatFitIntoABlockMatchTheReference() {
    Driver driver = new Driver(13);
    for (int i = 0; i < 60; i++) {
      int rank = 1 + i % 3;
      int width = 1 << from(1, 2);
      Window window = window(rank, rank == 3 ? 3 : 5);
      int groups = from(Machine.LANES / 2 / width + 1, 40 / width);
      faces(driver, window, groups, from(1, 3), groups * width, groups * width,
          spatial(window, rank == 1 ? 70 : rank == 2 ? 16 : 6));
    }
    assertEquals(60 * 12, driver.kernels);
    assertTrue(driver.overwritten >= 60 * 2, "written over: " + driver.overwritten);
  }

  @Test void depthwiseConvolutionsMatchTheReference() {
    Driver driver = new Driver(3);
    for (int i = 0; i < 60; i++) {
      int rank = 1 + i % 3;
      Window window = window(rank, rank == 3 ? 3 : 5);
      int c = from(Machine.LANES / 2 + 1, 40);
      faces(driver, window, c, from(1, 3), c, c, spatial(window, rank == 1 ? 70 : rank == 2 ? 16 : 6));
    }
    assertEquals(60 * 12, driver.kernels);
    assertTrue(driver.overwritten >= 60 * 2, "written over: " + driver.overwritten);
  }

  @Test void convolutionsOfLargeExtentsMatchTheReference() {
    Driver driver = new Driver(4);
    Window same = Window.of(Axis.of(3).withPadding(Padding.SAME), Axis.of(3).withPadding(Padding.SAME));
    faces(driver, same, 1, 2, 130, 70, new int[] {9, 7});
    faces(driver, Window.of(Axis.of(1), Axis.of(1)), 1, 1, 400, 200, new int[] {7, 7});
    faces(driver, Window.of(Axis.of(1).withStride(2), Axis.of(1).withStride(2)), 1, 3, 64, 48, new int[] {14, 14});
    faces(driver, Window.of(Axis.of(7).withStride(2).withPadding(Padding.of(3)),
        Axis.of(7).withStride(2).withPadding(Padding.of(3))), 1, 2, 3, 24, new int[] {40, 56});
    faces(driver, same, 1, 1, 24, 16, new int[] {120, 60});
    faces(driver, Window.of(Axis.of(3).withPadding(Padding.Rule.CAUSAL)), 1, 1, 5, 9, new int[] {20_000});
    faces(driver, Window.of(Axis.of(1)), 1, 2, 16, 8, new int[] {9_000});
    faces(driver, same, 1, 1, 4, 3, new int[] {4, 3_000});
    // Channels in segments, and several small images together, the last ones fewer.
    Axis halving = Axis.of(3).withStride(2).withPadding(Padding.of(1));
    faces(driver, Window.of(halving, halving), 1, 21, 150, 40, new int[] {8, 7});
    faces(driver, Window.of(halving, halving), 1, 1, 90, 70, new int[] {40, 40});
    faces(driver, Window.of(Axis.of(3), Axis.of(3)), 1, 11, 140, 40, new int[] {6, 6});
    // An input gradient with steps whose filters are far: small images together, the last ones fewer.
    faces(driver, Window.of(halving, halving), 1, 7, 260, 230, new int[] {7, 6});
    // Filter gradients of no images at all.
    driver.check(new ConvFilter(Window.of(halving, halving), 1), List.of(Shape.of(0, 20, 8, 8), Shape.of(0, 40, 4, 4)));
    assertEquals(12 * 12 + 4, driver.kernels);
  }

  @Test void convolutionsOfSingleCellsMatchTheReference() {
    Driver driver = new Driver(9);
    for (int i = 0; i < 30; i++) {
      int rank = 1 + i % 3;
      Window window = Window.of(IntStream.range(0, rank).mapToObj(_ -> Axis.of(1).withStride(from(1, 2)))
          .toArray(Axis[]::new));
      int[] spatial = IntStream.range(0, rank).map(_ -> from(1, rank == 1 ? 90 : 9)).toArray();
      faces(driver, window, 1, from(1, 7), from(1, 60), from(1, 60), spatial);
    }
    // Several chunks that end within an image, passes over channels, and ranges of panels.
    Window one = Window.of(Axis.of(1), Axis.of(1));
    faces(driver, one, 1, 9, 600, 40, new int[] {5, 5});
    faces(driver, one, 1, 1, 2100, 24, new int[] {3, 3});
    // Read in place: several images per chunk, and the last with fewer; several parts of an image; many segments.
    faces(driver, one, 1, 11, 20, 40, new int[] {7, 7});
    faces(driver, one, 1, 2, 20, 70, new int[] {25, 23});
    faces(driver, one, 1, 1, 700, 24, new int[] {9, 9});
    // Planes of a power of two crowd each other and are gathered; so are steps within parts of an image.
    faces(driver, one, 1, 1, 300, 20, new int[] {32, 32});
    faces(driver, Window.of(Axis.of(1).withStride(2), Axis.of(1).withStride(2)), 1, 1, 280, 20, new int[] {40, 36});
    assertEquals(37 * 12, driver.kernels);
  }

  /// A window that stands still along a last axis of one vector.
  private static Window still(Window window) {
    List<Axis> axes = new ArrayList<>(window.axes());
    axes.add(Axis.of(1));
    return new Window(axes);
  }

  private static int[] lanes(int[] spatial) {
    int[] dims = Arrays.copyOf(spatial, spatial.length + 1);
    dims[spatial.length] = Machine.LANES;
    return dims;
  }

  @Test void convolutionsWithSamplesSideBySideMatchTheReference() {
    Driver driver = new Driver(11);
    for (int i = 0; i < 80; i++) {
      int rank = 1 + i % 2;
      Window window = window(rank, i % 4 == 0 ? 5 : 3);
      int[] spatial = spatial(window, rank == 1 ? 40 : 14);
      Window still = still(window);
      int c = from(1, 9);
      int k = from(1, 2 * Machine.LANES);
      assertTrue(LaneConv.fits(still, 1, planes(1, c, lanes(spatial)), planes(1, k, lanes(spatial))));
      faces(driver, still, 1, from(1, 3), c, k, lanes(spatial));
    }
    assertEquals(80 * 12, driver.kernels);
    assertTrue(driver.overwritten >= 80, "written over: " + driver.overwritten);
  }

  @Test void convolutionsIntoFewChannelsMatchTheReference() {
    Driver driver = new Driver(15);
    for (int i = 0; i < 60; i++) {
      int rank = 2 + i % 2;
      Window window = Window.of(IntStream.range(0, rank).mapToObj(_ -> {
        Axis axis = Axis.of(from(1, 5)).withDilation(from(1, 2));
        return axis.withPadding(padding(Math.min(3, axis.span())));
      }).toArray(Axis[]::new));
      int[] spatial = IntStream.range(0, rank).map(a -> a == rank - 1 ? from(Machine.LANES + 8, 70)
          : from(9, rank == 2 ? 24 : 10)).toArray();
      int few = from(1, Machine.LANES / 2 - 1);
      int n = from(1, 3);
      Shape x = planes(n, from(1, 20), spatial);
      Shape w = planes(few, x.dim(1), window.kernel().toArray());
      Conv conv = new Conv(window, 1);
      Shape y = conv.shape(List.of(x, w));
      if (y.dim(-1) >= Machine.LANES) {
        driver.check(conv, List.of(x, w), KernelTest::ofRows);
      }
      // Into x, of few channels.
      Shape few2 = x.with(1, few);
      Shape v = planes(from(1, 20), few, window.kernel().toArray());
      driver.check(new ConvInput(window, 1, Shape.of(spatial)), List.of(conv.shape(List.of(few2, v)), v),
          KernelTest::ofRows);
    }
    // Many source channels, several stripes, steps of one row.
    Window same = Window.of(Axis.of(3).withPadding(Padding.SAME), Axis.of(3).withPadding(Padding.SAME));
    driver.check(new Conv(same, 1), List.of(Shape.of(1, 130, 60, 90), Shape.of(3, 130, 3, 3)), KernelTest::ofRows);
    assertTrue(driver.kernels > 60 * 6, "kernels: " + driver.kernels);
  }

  /// The kernel of a task whose result has few channels, which is to be this one.
  private static Kernel ofRows(Task task) {
    Kernel kernel = new VectorProvider().kernel(task).orElseThrow();
    assertTrue(kernel instanceof RowConv, task.op() + " " + task.inputs() + " has " + kernel.name());
    return kernel;
  }

  @Test void poolingOfFewChannelsMatchesTheReference() {
    Driver driver = new Driver(16);
    for (int i = 0; i < 40; i++) {
      Axis two = Axis.of(2).withStride(2);
      Window window = Window.of(two.withCeiling(i % 3 == 0), two);
      // Without a last incomplete window: an odd number of rows has none to spare in ceiling mode.
      int rows = i % 3 == 0 ? 2 * from(3, 12) : from(6, 25);
      Shape x = Shape.of(from(1, 3), from(1, Machine.LANES / 2 - 1), rows, 2 * from(Machine.LANES / 2, 30));
      List<Windowed> ops = List.of(new Windowed.MaxPool(window),
          new Windowed.AvgPool(window, Windowed.Divisor.values()[i % 3]));
      for (Windowed op : ops) {
        driver.check(op, List.of(x), task -> {
          Kernel kernel = new VectorProvider().kernel(task).orElseThrow();
          assertEquals(task.layout().plain(), kernel instanceof RowPool);
          return kernel;
        });
      }
    }
    assertEquals(40 * 8, driver.kernels);
  }

  @Test void poolingOfSamplesSideBySideMatchesTheReference() {
    Driver driver = new Driver(12);
    for (int i = 0; i < 40; i++) {
      Axis axis = i % 2 == 0 ? Axis.of(2).withStride(2) : Axis.of(3).withStride(from(1, 2)).withPadding(Padding.of(1));
      Window window = still(Window.of(1 + i % 2, axis));
      int[] spatial = lanes(IntStream.range(0, window.rank() - 1).map(_ -> from(3, 12)).toArray());
      Shape x = planes(from(1, 3), from(1, 7), spatial);
      Shape y = new Windowed.MaxPool(window).shape(List.of(x));
      driver.check(new Windowed.MaxPool(window), List.of(x));
      driver.check(new Windowed.MaxPoolInput(window), List.of(x, y));
      driver.check(new Windowed.AvgPool(window, Windowed.Divisor.WINDOW), List.of(x));
      driver.check(new Windowed.AvgPoolInput(window, Windowed.Divisor.WINDOW, Shape.of(spatial)), List.of(y));
    }
    assertTrue(driver.kernels >= 40 * 8, "kernels: " + driver.kernels);
  }

  @Test void filterGradientsOfSingleCellsMatchTheReference() {
    Driver driver = new Driver(7);
    for (int i = 0; i < 24; i++) {
      int rank = 1 + i % 3;
      Window window = Window.of(IntStream.range(0, rank).mapToObj(_ -> Axis.of(1).withStride(from(1, 2)))
          .toArray(Axis[]::new));
      int[] spatial = IntStream.range(0, rank).map(_ -> from(1, rank == 1 ? 200 : 12)).toArray();
      Shape x = planes(from(1, 4), from(1, 40), spatial);
      Shape y = new Conv(window, 1).shape(List.of(x, planes(from(1, 40), x.dim(1), IntStream.generate(() -> 1)
          .limit(rank).toArray())));
      driver.check(new ConvFilter(window, 1), List.of(x, y));
    }
    // Ranges of channels, groups of panels, and an empty batch.
    Window one = Window.of(Axis.of(1), Axis.of(1));
    driver.check(new ConvFilter(one, 1), List.of(Shape.of(2, 300, 9, 11), Shape.of(2, 130, 9, 11)));
    driver.check(new ConvFilter(one, 1), List.of(Shape.of(0, 8, 3, 3), Shape.of(0, 16, 3, 3)));
    assertEquals(26 * 4, driver.kernels);
    assertTrue(driver.overwritten >= 26 * 2, "written over: " + driver.overwritten);
  }

  @Test void depthwiseWindowsOfNineTapsMatchTheReference() {
    Driver driver = new Driver(8);
    for (int i = 0; i < 24; i++) {
      int step = 1 + i % 2;
      int gap = i % 3 == 0 ? 2 : 1;
      Axis axis = Axis.of(3).withStride(step).withDilation(gap).withPadding(Padding.of(from(0, 2 * gap)));
      int c = from(Machine.LANES / 2 + 1, 20);
      int[] spatial = {from(2 * gap + 1, 30), from(2 * gap + 1, 30)};
      faces(driver, Window.of(axis, axis), c, from(1, 3), c, c, spatial);
    }
    assertEquals(24 * 12, driver.kernels);
    assertTrue(driver.overwritten >= 24 * 2, "written over: " + driver.overwritten);
  }

  @Test void productsOfMatricesMatchTheReference() {
    Driver driver = new Driver(5);
    for (int i = 0; i < 120; i++) {
      boolean a = random.nextBoolean();
      boolean b = random.nextBoolean();
      int m = i % 4 == 0 ? from(1, 17) : from(1, 130);
      int n = from(1, 90);
      int k = i % 5 == 0 ? from(300, 2200) : from(1, 70);
      Shape first = a ? Shape.of(k, m) : Shape.of(m, k);
      Shape second = b ? Shape.of(n, k) : Shape.of(k, n);
      int stack = i % 3 == 0 ? from(1, 4) : 0;
      driver.check(new MatMul(a, b), stack == 0 ? List.of(first, second)
          : List.of(first.prepend(stack), second.prepend(stack)));
    }
    assertTrue(driver.kernels >= 120 * 2, "kernels: " + driver.kernels);
    assertTrue(driver.overwritten >= 60, "written over: " + driver.overwritten);
  }

  @Test void poolingMatchesTheReference() {
    Driver driver = new Driver(6);
    for (int i = 0; i < 150; i++) {
      int rank = 1 + i % 3;
      Window window = Window.of(IntStream.range(0, rank).mapToObj(j -> {
        Axis axis = Axis.of(from(1, 4)).withStride(from(1, 3)).withDilation(from(1, 2));
        int most = (axis.span() - 1) / 2;
        return axis.withPadding(Padding.of(from(0, most), from(0, most))).withCeiling(random.nextBoolean());
      }).toArray(Axis[]::new));
      int[] spatial = IntStream.range(0, rank).map(j -> from(8, rank == 3 ? 9 : 15)).toArray();
      int c = from(Machine.LANES / 2 + 1, 30);
      Shape x = planes(from(1, 3), c, spatial);
      Windowed.Divisor divisor = Windowed.Divisor.values()[i % 3];
      Shape y = new Windowed.MaxPool(window).shape(List.of(x));
      driver.check(new Windowed.MaxPool(window), List.of(x));
      driver.check(new Windowed.MaxPoolInput(window), List.of(x, y));
      driver.check(new Windowed.AvgPool(window, divisor), List.of(x));
      driver.check(new Windowed.AvgPoolInput(window, divisor, Shape.of(spatial)), List.of(y));
    }
    assertEquals(150 * 16, driver.kernels);
  }

  @Test void theProviderIsFoundAsAService() {
    assertTrue(ServiceLoader.load(KernelProvider.class).stream().anyMatch(p -> p.type() == VectorProvider.class));
  }
}
