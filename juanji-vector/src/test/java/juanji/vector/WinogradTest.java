package juanji.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import juanji.kernel.CacheLine;
import juanji.kernel.Chain;
import juanji.kernel.Kernel;
import juanji.kernel.Layout;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Axis;
import juanji.op.Contraction.Conv;
import juanji.op.Contraction.ConvFilter;
import juanji.op.Contraction.ConvInput;
import juanji.op.Exact;
import juanji.op.Op;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Winograd's algorithms: their transforms, their kernels against the reference, their error, and their choice.
@Execution(ExecutionMode.CONCURRENT)
final class WinogradTest {
  private static final List<Winograd> ALL = List.of(new Winograd(2, 3), new Winograd(3, 2), new Winograd(4, 3),
      new Winograd(3, 4), new Winograd(2, 5));

  private final Random random = new Random(7);

  private int from(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  private static Window window(int kernel, int before, int after) {
    Axis axis = Axis.of(kernel).withPadding(Padding.of(before, after));
    return Window.of(axis, axis);
  }

  private static Function<Task, Kernel> kernel(Winograd algorithm, Window window, boolean backward) {
    return task -> task.layouts().getFirst().equals(Driver.BLOCKED)
        ? new WinogradConv(task, new ConvChoice(algorithm, 1), window, backward) : null;
  }

  private static Function<Task, Kernel> few(Winograd algorithm, Window window, boolean backward) {
    return task -> task.layouts().getFirst().equals(Driver.BLOCKED)
        ? new WinogradFew(task, new ConvChoice(algorithm, 1), window, backward) : null;
  }

  private static void faces(Driver driver, Winograd algorithm, Window window, int n, int c, int k, int height,
      int width) {
    Shape x = Shape.of(n, c, height, width);
    Shape w = Shape.of(k, c, algorithm.taps(), algorithm.taps());
    Conv conv = new Conv(window, 1);
    driver.check(conv, List.of(x, w), List.of(kernel(algorithm, window, false), few(algorithm, window, false)));
    driver.check(new ConvInput(window, 1, Shape.of(height, width)), List.of(conv.shape(List.of(x, w)), w),
        List.of(kernel(algorithm, window, true), few(algorithm, window, true)));
  }

  @Test void filterGradientsMatchTheReference() {
    Driver driver = new Driver(3);
    for (int i = 0; i < 30; i++) {
      // The filter's cells are the results, tiles of dy the taps.
      Winograd algorithm = List.of(new Winograd(3, 2), new Winograd(3, 4), new Winograd(5, 2)).get(i % 3);
      int kernel = algorithm.results();
      Window window = Window.of(Axis.of(kernel).withPadding(Padding.of(from(0, kernel), from(0, kernel))),
          Axis.of(kernel).withPadding(Padding.of(from(0, kernel), from(0, kernel))));
      filterGradient(driver, algorithm, window, Shape.of(from(1, 4), from(1, 40), from(kernel, 14), from(kernel, 14)),
          from(1, 40));
    }
    // Several parts, chunks of channels and groups of panels.
    filterGradient(driver, new Winograd(3, 4), window(3, 1, 1), Shape.of(50, 130, 9, 10), 70);
    filterGradient(driver, new Winograd(3, 4), window(3, 1, 1), Shape.of(1, 3, 5, 1100), 3);
    // One part, sums that stay near.
    filterGradient(driver, new Winograd(3, 4), window(3, 1, 1), Shape.of(2, 150, 9, 10), 150);
    filterGradient(driver, new Winograd(3, 4), window(3, 1, 1), Shape.of(0, 8, 5, 5), 8);
    // Several parts with sums of their own, several blocks of tiles in each.
    filterGradient(driver, new Winograd(3, 4), window(3, 1, 1), Shape.of(70, 30, 13, 22), 50);
    assertTrue(driver.kernels >= 35 * 4);
    assertTrue(driver.overwritten >= 35 * 2);
  }

  private static void filterGradient(Driver driver, Winograd algorithm, Window window, Shape x, int filters) {
    Shape y = new Conv(window, 1).shape(List.of(x, Shape.of(filters, x.dim(1), algorithm.results(),
        algorithm.results())));
    ConvChoice choice = new ConvChoice(algorithm, 1);
    driver.check(new ConvFilter(window, 1), List.of(x, y), List.of(
        blocked(task -> new WinogradFilter(task, choice, window)),
        blocked(task -> new WinogradFilterParts(task, choice, window))));
  }

  private static Function<Task, Kernel> blocked(Function<Task, Kernel> kernel) {
    return task -> task.layouts().stream().allMatch(Driver.BLOCKED::equals) ? kernel.apply(task) : null;
  }

  @Test void convolutionsOfRandomGeometryMatchTheReference() {
    Driver driver = new Driver(1);
    for (int i = 0; i < 40; i++) {
      Winograd algorithm = ALL.get(i % ALL.size());
      int taps = algorithm.taps();
      Axis height = Axis.of(taps).withPadding(Padding.of(from(0, taps), from(0, taps)));
      Axis width = Axis.of(taps).withPadding(Padding.of(from(0, taps), from(0, taps)));
      // Few channels of wide maps are not put into blocks.
      int least = i % 2 == 0 ? 8 : 1;
      faces(driver, algorithm, Window.of(height, width), from(1, 4), from(least, 24), from(least, 24), from(taps, 14),
          from(taps, i % 2 == 0 ? 14 : 9));
    }
    assertTrue(driver.kernels >= 40 * 7, "kernels: " + driver.kernels);
  }

  @Test void wideMapsAndManyChannelsMatchTheReference() {
    Driver driver = new Driver(2);
    // Rows cut into ranges, many images per block, sums in segments, several groups of panels.
    faces(driver, new Winograd(4, 3), window(3, 1, 1), 1, 9, 11, 5, 301);
    faces(driver, new Winograd(2, 3), window(3, 1, 1), 2, 10, 9, 9, 130);
    faces(driver, new Winograd(4, 3), window(3, 1, 1), 41, 8, 24, 3, 4);
    faces(driver, new Winograd(4, 3), window(3, 0, 2), 1, 530, 17, 6, 5);
    faces(driver, new Winograd(4, 3), window(3, 1, 1), 1, 17, 130, 30, 17);
    // So many blocks of tiles that each is a unit of work, in parts of images and of several images.
    faces(driver, new Winograd(4, 3), window(3, 1, 1), 1, 10, 9, 125, 130);
    faces(driver, new Winograd(2, 3), window(3, 1, 1), 61, 9, 4, 7, 9);
    assertTrue(driver.kernels >= 7 * 8);
  }

  /// The root mean square of the error in relation to that of the results.
  private double error(Op op, Shape x, Shape w, Function<Task, Kernel> make) {
    List<Shape> inputs = List.of(x, w);
    Shape y = op.shape(inputs);
    Layout blocked = Driver.BLOCKED;
    Task task = new Task(op, inputs, List.of(blocked, Layout.PLAIN), y, blocked,
        Chain.NONE.bind(y, blocked, List.of(), List.of(), 3, new VectorLoops()));
    Kernel kernel = make.apply(task);
    Tensor image = normal(x, 1);
    Tensor filters = normal(w, Math.sqrt(2.0 / w.size(1)));
    float[] result = new float[(int) blocked.length(y)];
    Operands operands = new Operands(new float[][] {result, Driver.packed(image, blocked),
        Driver.packed(filters, Layout.PLAIN), new float[(int) kernel.packing().orElseThrow().floats()],
        new float[(int) kernel.workspace()]}, new int[] {0, 7, 7, 0, 0});
    float[] scratch = new float[CacheLine.FIRST + kernel.scratch()];
    for (int phase = 0; phase < kernel.phases(); phase++) {
      for (int unit = 0; unit < kernel.units(phase); unit++) {
        kernel.run(operands, phase, unit, scratch);
      }
    }
    double[] expected = op.reference(inputs, List.of(Exact.of(image).data(), Exact.of(filters).data()));
    double squares = 0;
    double errors = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = result[Driver.place(y, blocked, i) - 7] - expected[i];
      squares += expected[i] * expected[i];
      errors += difference * difference;
    }
    return Math.sqrt(errors / squares);
  }

  private Tensor normal(Shape shape, double deviation) {
    float[] data = new float[shape.length()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (deviation * random.nextGaussian());
    }
    return Tensor.of(shape, data);
  }

  @Test void errorsStayWithinTheDocumentedBounds() {
    for (int channels : new int[] {16, 128}) {
      Shape x = Shape.of(1, channels, 14, 14);
      Shape w = Shape.of(16, channels, 3, 3);
      Window same = window(3, 1, 1);
      Conv conv = new Conv(same, 1);
      double direct = error(conv, x, w, task -> new DirectConv(task, same, 1, false));
      double two = error(conv, x, w, kernel(new Winograd(2, 3), same, false));
      double four = error(conv, x, w, kernel(new Winograd(4, 3), same, false));
      double fives = error(new Conv(window(5, 2, 2), 1), x, Shape.of(16, channels, 5, 5),
          kernel(new Winograd(2, 5), window(5, 2, 2), false));
      String errors = direct + " " + two + " " + four + " " + fives;
      assertTrue(two < Math.max(4e-7, 3 * direct), errors);
      assertTrue(four < 5e-6, errors);
      assertTrue(fives < 5e-6, errors);
    }
  }

  @Test void deepLayersWithStepOneAreChosen() {
    Window same = window(3, 1, 1);
    assertTrue(choose(same, 8, 64, 64, 56, 1).isPresent());
    assertEquals(4, choose(same, 8, 64, 64, 56, 1).orElseThrow().algorithm().results());
    assertEquals(2, choose(window(5, 2, 2), 8, 64, 64, 28, 1).orElseThrow().algorithm().results());
    // Few channels, one cell, steps, gaps and groups are not worth it or not possible.
    assertFalse(choose(same, 8, 3, 64, 56, 1).isPresent());
    assertFalse(choose(window(1, 0, 0), 8, 64, 64, 56, 1).isPresent());
    assertFalse(choose(same, 8, 64, 64, 56, 2).isPresent());
    Axis strided = Axis.of(3).withStride(2);
    assertFalse(choose(Window.of(strided, strided), 8, 64, 64, 56, 1).isPresent());
    Axis dilated = Axis.of(3).withDilation(2);
    assertFalse(choose(Window.of(dilated, dilated), 8, 64, 64, 56, 1).isPresent());
    assertFalse(choose(Window.of(Axis.of(3), Axis.of(5)), 8, 64, 64, 56, 1).isPresent());
  }

  private static Optional<ConvChoice> choose(Window window, int n, int c, int k, int size, int groups) {
    Shape x = Shape.of(n, c, size, size);
    Shape y = new Conv(window, groups).shape(List.of(x, Shape.of(k, c / groups, window.axes().get(0).kernel(),
        window.axes().get(1).kernel())));
    return ConvChoice.of(window, groups, x, y, false);
  }

  @Test void filtersThatChangeAreTransformedNearIfTilesAreFew() {
    assertTrue(kernelFor(32, 512, 4, false) instanceof WinogradFew);
    assertTrue(kernelFor(32, 512, 4, true) instanceof WinogradConv, "they are transformed once");
    assertTrue(kernelFor(32, 512, 28, false) instanceof WinogradConv, "many tiles");
    assertTrue(kernelFor(8, 64, 14, false) instanceof WinogradConv, "few filters");
  }

  @Test void partsHaveSumsOfTheirOwnIfChannelsAreFew() {
    int channels = 4 * Machine.LANES;
    assertTrue(filterKernelFor(64, channels, channels, 32) instanceof WinogradFilterParts);
    assertTrue(filterKernelFor(32, 128, 128, 16) instanceof WinogradFilterParts, "sums are far, but few");
    assertTrue(filterKernelFor(64, 128, 512, 32) instanceof WinogradFilter, "many filters");
    assertTrue(filterKernelFor(2, channels, channels, 32) instanceof WinogradFilter, "few tiles");
    assertTrue(filterKernelFor(1, channels, channels, 1100) instanceof WinogradFilter, "wide maps");
  }

  private static Kernel filterKernelFor(int n, int channels, int filters, int size) {
    ConvFilter op = new ConvFilter(window(3, 1, 1), 1);
    List<Shape> inputs = List.of(Shape.of(n, channels, size, size), Shape.of(n, filters, size, size));
    Shape y = Shape.of(filters, channels, 3, 3);
    return new VectorProvider().kernel(new Task(op, inputs, List.of(Driver.BLOCKED, Driver.BLOCKED), y, Layout.PLAIN,
        Chain.NONE.bind(y, Layout.PLAIN, List.of(), List.of(), 3, new VectorLoops()))).orElseThrow();
  }

  private static Kernel kernelFor(int n, int channels, int size, boolean stay) {
    Conv conv = new Conv(window(3, 1, 1), 1);
    List<Shape> inputs = List.of(Shape.of(n, channels, size, size), Shape.of(channels, channels, 3, 3));
    Shape y = conv.shape(inputs);
    return new VectorProvider().kernel(new Task(conv, inputs, List.of(Driver.BLOCKED, Layout.PLAIN), y,
        Driver.BLOCKED, Chain.NONE.bind(y, Driver.BLOCKED, List.of(), List.of(), 3, new VectorLoops()), stay, false,
        Optional.empty())).orElseThrow();
  }

  @Test void exactProvidersHaveNone() {
    Conv conv = new Conv(window(3, 1, 1), 1);
    List<Shape> inputs = List.of(Shape.of(8, 64, 28, 28), Shape.of(64, 64, 3, 3));
    Shape y = conv.shape(inputs);
    Task task = new Task(conv, inputs, List.of(Driver.BLOCKED, Layout.PLAIN), y, Driver.BLOCKED,
        Chain.NONE.bind(y, Driver.BLOCKED, List.of(), List.of(), 3, new VectorLoops()));
    assertTrue(new VectorProvider().kernel(task).orElseThrow() instanceof WinogradConv);
    assertTrue(new VectorProvider().exact().kernel(task).orElseThrow() instanceof DirectConv);
  }

  @Test void filterMatricesHoldThePowersOfThePoints() {
    assertEquals("[[0.25, 0.0, 0.0], [-0.16666667, -0.16666667, -0.16666667], [-0.16666667, 0.16666667, -0.16666667], "
        + "[0.041666668, 0.083333336, 0.16666667], [0.041666668, -0.083333336, 0.16666667], [0.0, 0.0, 1.0]]",
        Arrays.deepToString(new Winograd(4, 3).filterMatrix()));
    assertEquals("[[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]]",
        Arrays.deepToString(new Winograd(2, 3).filterMatrix()));
  }
}
