package juanji.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.kernel.CacheLine;
import juanji.kernel.Chain;
import juanji.kernel.Kernel;
import juanji.kernel.KernelProvider.Placement;
import juanji.kernel.Layout;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Exact;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Runs one kernel under hostile conditions and compares it with the reference: units in a shuffled order, padding
/// lanes and scratch memory full of NaN, operands at odd offsets, and the output over each operand that the kernel may
/// write over.
final class Driver {
  static final Layout BLOCKED = new Layout(Machine.LANES);
  private static final int RESIDUAL = 2;
  /// Of an element's error, in relation to the sum of the sizes of the products that it is a sum of.
  private static final double TOLERANCE = 4e-6;

  private final VectorProvider provider = new VectorProvider();
  private final Random random;
  private final boolean sparse;
  int kernels;
  int overwritten;

  Driver(long seed) {
    this(seed, false);
  }

  /// @param sparse whether nine in ten numbers are zero, and tasks say so
  Driver(long seed, boolean sparse) {
    this.random = new Random(seed);
    this.sparse = sparse;
  }

  /// Runs an operation in every layout of its inputs that the provider offers, without and with a chain.
  void check(Op op, List<Shape> inputs) {
    check(op, inputs, task -> provider.kernel(task).orElse(null));
  }

  /// Runs an operation on a kernel in every layout of its inputs that the provider offers, without and with a chain.
  ///
  /// @param make the kernel of a task; null if there is none
  void check(Op op, List<Shape> inputs, Function<Task, Kernel> make) {
    check(op, inputs, List.of(make));
  }

  /// Runs an operation on several kernels, which are compared with the same results.
  void check(Op op, List<Shape> inputs, List<Function<Task, Kernel>> makers) {
    Shape output = op.shape(inputs);
    Expected expected = new Expected(op, inputs, inputs.stream().map(this::values).toList());
    for (boolean blocked : new boolean[] {false, true}) {
      List<Layout> available = inputs.stream().map(s -> blocked && s.rank() >= 3 ? BLOCKED : Layout.PLAIN).toList();
      provider.place(op, inputs, available, output, sparse).ifPresent(placement -> makers.forEach(make -> {
        run(expected, placement, output, false, make);
        run(expected, placement, output, true, make);
      }));
    }
  }

  private void run(Expected expected, Placement placement, Shape output, boolean chained,
      Function<Task, Kernel> make) {
    Op op = expected.op;
    List<Shape> inputs = expected.inputs;
    Shape bias = output.rank() == 2 ? Shape.of(output.dim(1))
        : Shape.of(IntStream.range(0, output.rank() - 1).map(i -> i == 0 ? output.dim(1) : 1).toArray());
    // One of several walks, or the usual ending of one walk.
    boolean ending = chained && random.nextBoolean();
    Chain.Stage relu = new Chain.Stage(new Pointwise.Relu(), ending ? 4 : 3, ending ? 4 : 3);
    Chain.Stage more = new Chain.Stage(new Pointwise.Add(), ending ? 3 : 4, 2);
    Chain chain = chained ? new Chain(RESIDUAL, List.of(new Chain.Stage(new Pointwise.Add(), 0, 1),
        ending ? more : relu, ending ? relu : more)) : Chain.NONE;
    List<Shape> extra = chained ? List.of(bias, output) : List.of();
    List<Layout> extraLayouts = chained ? List.of(Layout.PLAIN, placement.output()) : List.of();
    List<Tensor> extraValues = extra.stream().map(this::values).toList();
    Task task = new Task(op, inputs, placement.inputs(), output, placement.output(),
        chain.bind(output, placement.output(), extra, extraLayouts, 1 + inputs.size(), provider.loops()), false,
        sparse, Optional.empty());
    Kernel kernel = make.apply(task);
    if (kernel == null) {
      return;
    }
    kernels++;
    List<float[]> arrays = new ArrayList<>();
    arrays.add(nan((int) placement.output().length(output) + 7));
    for (int i = 0; i < inputs.size(); i++) {
      arrays.add(packed(expected.values.get(i), placement.inputs().get(i)));
    }
    for (int i = 0; i < extra.size(); i++) {
      arrays.add(packed(extraValues.get(i), extraLayouts.get(i)));
    }
    kernel.packing().ifPresent(p -> arrays.add(nan((int) p.floats() + 7)));
    arrays.add(nan((int) kernel.workspace() + 7));
    int[] offsets = new int[arrays.size()];
    Arrays.fill(offsets, 7);
    String what = op + " " + inputs + " " + placement + " " + kernel.name() + ", " + kernel.reason();
    Operands operands = new Operands(arrays.toArray(float[][]::new), offsets);
    float[] first = execute(kernel, operands, arrays.getFirst(), 0);
    // What was packed serves again.
    assertEquals(-1, Arrays.mismatch(bits(unpacked(first, output, placement.output())),
        bits(unpacked(execute(kernel, operands, arrays.getFirst(), kernel.packing().isPresent() ? 1 : 0), output,
            placement.output()))), what);
    List<Layout> layouts = Stream.concat(placement.inputs().stream(), extraLayouts.stream()).toList();
    List<Shape> shapes = Stream.concat(inputs.stream(), extra.stream()).toList();
    for (int i = 0; i < shapes.size(); i++) {
      if (kernel.overwrites(i + 1) && shapes.get(i).equals(output) && layouts.get(i).equals(placement.output())) {
        overwritten++;
        assertEquals(-1, Arrays.mismatch(bits(unpacked(first, output, placement.output())),
            bits(unpacked(over(kernel, arrays, i + 1), output, placement.output()))), what + " over operand " + i);
      }
    }

    double[] results = expected.results.get();
    double[] scale = expected.scale.get();
    double[] actual = unpacked(first, output, placement.output());
    // Winograd's errors come from all the cells under a tile, also where an element sees few of them.
    boolean shared = kernel.name().startsWith("winograd");
    double most = Arrays.stream(scale).max().orElse(0);
    for (int i = 0; i < results.length; i++) {
      double e = results[i];
      if (chained) {
        int channel = output.rank() == 2 ? i % output.dim(1)
            : (int) (i / output.size(2) % output.dim(1));
        double biased = e + extraValues.get(0).data()[channel];
        double added = extraValues.get(1).data()[i];
        e = ending ? Math.max(0, biased + added) : Math.max(0, biased) + added;
      }
      double tolerance = TOLERANCE * ((shared ? most : scale[i]) + 2);
      int at = i;
      assertTrue(Math.abs(actual[i] - e) <= tolerance, () -> what + (chained ? " chained" : "") + ": element " + at
          + " of " + output + " is " + actual[at] + " instead of " + results[at]);
    }
  }

  /// What all kernels of an operation are compared with: worked out once, and not for operations without a kernel.
  private static final class Expected {
    final Op op;
    final List<Shape> inputs;
    final List<Tensor> values;
    final Once results;
    /// The sum of the products' sizes, which bounds the rounding error.
    final Once scale;

    Expected(Op op, List<Shape> inputs, List<Tensor> values) {
      this.op = op;
      this.inputs = inputs;
      this.values = values;
      this.results = new Once(() -> op.reference(inputs, values.stream().map(v -> Exact.of(v).data()).toList()));
      this.scale = new Once(this::magnitude);
    }

    private double[] magnitude() {
      if (op instanceof Windowed.MaxPoolInput) {
        double[] result = new double[op.shape(inputs).length()];
        Arrays.fill(result, inputs.getFirst().rank() * 10.0);
        return result;
      }
      return op.reference(inputs, values.stream()
          .map(v -> Arrays.stream(Exact.of(v).data()).map(Math::abs).toArray()).toList());
    }
  }

  private static final class Once {
    private final Supplier<double[]> source;
    private double[] value;

    Once(Supplier<double[]> source) {
      this.source = source;
    }

    double[] get() {
      if (value == null) {
        value = source.get();
      }
      return value;
    }
  }

  private float[] execute(Kernel kernel, Operands operands, float[] output, int firstPhase) {
    Arrays.fill(output, Float.NaN);
    runAll(kernel, operands, firstPhase);
    return output.clone();
  }

  /// The output in the memory of an operand.
  private float[] over(Kernel kernel, List<float[]> arrays, int operand) {
    List<float[]> own = new ArrayList<>(arrays);
    float[] output = arrays.get(operand).clone();
    own.set(0, output);
    own.set(operand, output);
    int[] offsets = new int[own.size()];
    Arrays.fill(offsets, 7);
    runAll(kernel, new Operands(own.toArray(float[][]::new), offsets), 0);
    return output;
  }

  private void runAll(Kernel kernel, Operands operands, int firstPhase) {
    float[] scratch = nan(CacheLine.FIRST + kernel.scratch());
    for (int phase = firstPhase; phase < kernel.phases(); phase++) {
      List<Integer> units = new ArrayList<>(IntStream.range(0, kernel.units(phase)).boxed().toList());
      Collections.shuffle(units, random);
      for (int unit : units) {
        kernel.run(operands, phase, unit, scratch);
        Arrays.fill(scratch, Float.NaN);
      }
    }
  }

  private static float[] nan(int length) {
    float[] result = new float[length];
    Arrays.fill(result, Float.NaN);
    return result;
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private Tensor values(Shape shape) {
    float[] data = new float[shape.length()];
    for (int i = 0; i < data.length; i++) {
      // Few distinct values now and then, so that maxima have ties.
      boolean zero = sparse && random.nextInt(10) > 0;
      data[i] = zero ? 0 : random.nextBoolean() ? (float) random.nextGaussian() : random.nextInt(3) - 1;
    }
    return Tensor.of(shape, data);
  }

  static int place(Shape shape, Layout layout, int index) {
    if (layout.plain()) {
      return index + 7;
    }
    int plane = (int) shape.size(2);
    int block = layout.block();
    int channel = index / plane % shape.dim(1);
    int image = index / plane / shape.dim(1);
    return ((image * layout.blocks(shape) + channel / block) * plane + index % plane) * block + channel % block + 7;
  }

  static float[] packed(Tensor value, Layout layout) {
    float[] result = nan((int) layout.length(value.shape()) + 7);
    for (int i = 0; i < value.data().length; i++) {
      result[place(value.shape(), layout, i)] = value.data()[i];
    }
    return result;
  }

  private static double[] unpacked(float[] from, Shape shape, Layout layout) {
    double[] result = new double[shape.length()];
    Arrays.setAll(result, i -> from[place(shape, layout, i)]);
    return result;
  }
}
