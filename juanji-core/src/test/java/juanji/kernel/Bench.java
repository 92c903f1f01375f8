package juanji.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import juanji.op.Op;
import juanji.tensor.Shape;

/// Runs kernels under hard conditions: units in any order, all memory filled with NaN, operands at odd offsets, guards
/// around what may be written.
final class Bench {
  private static final float GUARD = 12345;

  private final SplittableRandom random;

  Bench(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /// A tensor's elements as they lie in memory; padding lanes are NaN.
  static float[] pack(Shape shape, Layout layout, double[] values) {
    float[] packed = new float[(int) layout.length(shape)];
    Arrays.fill(packed, Float.NaN);
    for (int i = 0; i < values.length; i++) {
      packed[place(shape, layout, i)] = (float) values[i];
    }
    return packed;
  }

  /// Where the element of a flat row-major index lies.
  static int place(Shape shape, Layout layout, int index) {
    if (layout.plain()) {
      return index;
    }
    int plane = (int) shape.size(2);
    int p = index % plane;
    int c = index / plane % shape.dim(1);
    int n = index / plane / shape.dim(1);
    return ((n * layout.blocks(shape) + c / layout.block()) * plane + p) * layout.block() + c % layout.block();
  }

  /// Runs a kernel.
  ///
  /// @param packed the operands from 1 on
  /// @param length of the output
  float[] run(Kernel kernel, List<float[]> packed, int length) {
    List<float[]> arrays = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    int before = random.nextInt(0, 9);
    float[] out = new float[before + length + 9];
    Arrays.fill(out, GUARD);
    Arrays.fill(out, before, before + length, Float.NaN);
    arrays.add(out);
    offsets.add(before);
    for (float[] operand : packed) {
      int offset = random.nextInt(0, 9);
      // The array ends with the operand: reading on would throw.
      float[] array = new float[offset + operand.length];
      Arrays.fill(array, Float.NaN);
      System.arraycopy(operand, 0, array, offset, operand.length);
      arrays.add(array);
      offsets.add(offset);
    }
    LongStream.concat(kernel.packing().stream().mapToLong(Kernel.Packing::floats), LongStream.of(kernel.workspace()))
        .forEach(space -> {
          float[] own = new float[5 + (int) space];
          Arrays.fill(own, Float.NaN);
          arrays.add(own);
          offsets.add(5);
        });
    Operands operands = new Operands(arrays.toArray(float[][]::new), offsets.stream().mapToInt(i -> i).toArray());
    float[] scratch = new float[CacheLine.FIRST + kernel.scratch()];
    for (int phase = 0; phase < kernel.phases(); phase++) {
      for (int unit : shuffled(kernel.units(phase))) {
        Arrays.fill(scratch, Float.NaN);
        kernel.run(operands, phase, unit, scratch);
      }
    }
    for (int i = 0; i < out.length; i++) {
      if (i < before || i >= before + length) {
        assertEquals(GUARD, out[i], kernel.name() + " writes outside its output");
      }
    }
    return Arrays.copyOfRange(out, before, before + length);
  }

  private int[] shuffled(int n) {
    int[] order = IntStream.range(0, n).toArray();
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  /// The chain's result by the operations' definitions.
  static double[] reference(Chain chain, Shape shape, double[] start, List<Shape> shapes, List<double[]> values) {
    List<Shape> allShapes = new ArrayList<>(List.of(shape));
    List<double[]> all = new ArrayList<>(List.of(start));
    allShapes.addAll(shapes);
    all.addAll(values);
    for (Chain.Stage stage : chain.stages()) {
      List<Integer> from = stage.op().inputs() == 1 ? List.of(stage.a()) : List.of(stage.a(), stage.b());
      List<Shape> in = from.stream().map(allShapes::get).toList();
      all.add(stage.op().reference(in, from.stream().map(all::get).toList()));
      allShapes.add(stage.op().shape(in));
    }
    return all.getLast();
  }

  /// Compares a kernel's result with the expected one, to a tolerance relative to the largest element.
  static void compare(Shape shape, Layout layout, double[] expected, float[] actual, double tolerance, String where) {
    double scale = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
    for (int i = 0; i < expected.length; i++) {
      float value = actual[place(shape, layout, i)];
      assertTrue(Math.abs(expected[i] - value) <= tolerance * scale, () -> where + ": expected "
          + Arrays.toString(Arrays.copyOf(expected, Math.min(20, expected.length))) + " but was "
          + Arrays.toString(Arrays.copyOf(actual, Math.min(20, actual.length))));
    }
  }

  /// Runs the scalar kernel of a task in the plain layout and compares it with the definition.
  void check(Op op, List<Shape> inputs, List<double[]> values, Chain chain, List<Shape> chainShapes,
      List<double[]> chainValues, double tolerance) {
    Shape output = op.shape(inputs);
    ScalarProvider provider = new ScalarProvider();
    Chain.Bound bound = chain.bind(output, Layout.PLAIN, chainShapes, plain(chainShapes), 1 + inputs.size(),
        provider.loops());
    Task task = new Task(op, inputs, plain(inputs), output, Layout.PLAIN, bound);
    List<float[]> packed = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      packed.add(pack(inputs.get(i), Layout.PLAIN, values.get(i)));
    }
    for (int i = 0; i < chainShapes.size(); i++) {
      packed.add(pack(chainShapes.get(i), Layout.PLAIN, chainValues.get(i)));
    }
    Kernel kernel = provider.kernel(task).orElseThrow();
    float[] actual = run(kernel, packed, output.length());
    double[] expected = reference(chain, output, op.reference(inputs, values), chainShapes, chainValues);
    compare(output, Layout.PLAIN, expected, actual, tolerance, op + " of " + inputs + " with " + chain + " by "
        + kernel.name());
  }

  static List<Layout> plain(List<Shape> shapes) {
    return shapes.stream().map(_ -> Layout.PLAIN).toList();
  }
}
