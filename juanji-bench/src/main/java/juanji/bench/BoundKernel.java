package juanji.bench;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import juanji.kernel.CacheLine;
import juanji.kernel.Chain;
import juanji.kernel.Kernel;
import juanji.kernel.KernelProvider;
import juanji.kernel.KernelProvider.Placement;
import juanji.kernel.Layout;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Op;
import juanji.tensor.Shape;

/// The best kernel for an operation with memory of its own, run on one thread.
final class BoundKernel {
  private final Kernel kernel;
  private final Operands operands;
  private final float[] scratch;

  /// @param blocked whether the inputs lie in blocks where the kernel takes them so
  BoundKernel(Op op, List<Shape> inputs, boolean blocked) {
    KernelProvider provider = ServiceLoader.load(KernelProvider.class).stream().map(ServiceLoader.Provider::get)
        .max((a, b) -> Integer.compare(a.priority(), b.priority())).orElseThrow();
    Shape output = op.shape(inputs);
    List<Layout> available = inputs.stream()
        .map(s -> blocked && s.rank() >= 3 ? new Layout(provider.lanes()) : Layout.PLAIN).toList();
    Placement placement = provider.place(op, inputs, available, output, false).orElseThrow();
    this.kernel = provider.kernel(new Task(op, inputs, placement.inputs(), output, placement.output(),
        Chain.NONE.bind(output, placement.output(), List.of(), Collections.emptyList(), 1 + inputs.size(),
            provider.loops()))).orElseThrow();
    Random random = new Random(1);
    float[][] arrays = new float[3 + inputs.size()][];
    arrays[0] = values(random, placement.output().length(output));
    for (int i = 0; i < inputs.size(); i++) {
      arrays[1 + i] = values(random, placement.inputs().get(i).length(inputs.get(i)));
    }
    int at = 1 + inputs.size();
    for (Kernel.Packing p : kernel.packing().stream().toList()) {
      arrays[at++] = CacheLine.array(Math.toIntExact(p.floats()));
    }
    arrays[at] = CacheLine.array(Math.toIntExact(kernel.workspace()));
    int[] offsets = new int[arrays.length];
    Arrays.fill(offsets, CacheLine.FIRST);
    this.operands = new Operands(arrays, offsets);
    this.scratch = CacheLine.array(kernel.scratch());
  }

  private static float[] values(Random random, long length) {
    float[] result = CacheLine.array(Math.toIntExact(length));
    for (int i = 0; i < length; i++) {
      result[CacheLine.FIRST + i] = random.nextFloat() - 0.5f;
    }
    return result;
  }

  /// Runs all units of all phases.
  float run() {
    for (int phase = 0; phase < kernel.phases(); phase++) {
      int units = kernel.units(phase);
      for (int unit = 0; unit < units; unit++) {
        kernel.run(operands, phase, unit, scratch);
      }
    }
    return operands.array(0)[CacheLine.FIRST];
  }

  @Override public String toString() {
    return kernel.name() + ": " + kernel.reason();
  }
}
