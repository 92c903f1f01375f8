package juanji.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;

/// How long kernels take for the same task, on memory of its own. The kernels take turns, so that a disturbance meets
/// all of them, and the best time of each counts, since disturbances only ever add.
final class Timings {
  /// What each kernel may take, warming up and timed.
  private static final long WARM_UP = 100_000_000;
  private static final long BUDGET = 150_000_000;
  private static final int LEAST_ROUNDS = 3;
  /// A kernel replaces the expected one only if it is faster by more than what two timings of one kernel differ by.
  private static final double MARGIN = 0.97;

  private final List<Kernel> kernels;
  private final long[] best;

  private Timings(List<Kernel> kernels, long[] best) {
    this.kernels = kernels;
    this.best = best;
  }

  static Timings of(Task task, List<Kernel> kernels, LayOut.Placed step, int threads) {
    float[][] values = values(step);
    long[] best = new long[kernels.size()];
    Arrays.fill(best, Long.MAX_VALUE);
    List<Operands> operands = kernels.stream().map(k -> operands(values, k)).toList();
    try (Workers workers = Workers.of(threads)) {
      for (int i = 0; i < best.length; i++) {
        Kernel kernel = kernels.get(i);
        // Phases that are run once do not count, but what they make is needed.
        workers.run(kernel, operands.get(i), 0, kernel.phases(), true);
        long start = System.nanoTime();
        do {
          time(workers, kernel, operands.get(i), first(task, kernel));
        } while (System.nanoTime() - start < WARM_UP);
      }
      long start = System.nanoTime();
      for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() - start < BUDGET * best.length; round++) {
        for (int i = 0; i < best.length; i++) {
          best[i] = Math.min(best[i],
              time(workers, kernels.get(i), operands.get(i), first(task, kernels.get(i))));
        }
      }
    }
    return new Timings(kernels, best);
  }

  private static int first(Task task, Kernel kernel) {
    return task.weightsStay() && kernel.packing().isPresent() ? 1 : 0;
  }

  private static long time(Workers workers, Kernel kernel, Operands operands, int first) {
    long start = System.nanoTime();
    workers.run(kernel, operands, first, kernel.phases(), true);
    return System.nanoTime() - start;
  }

  /// Numbers for the output and the inputs: neither so small that arithmetic slows down, nor all alike.
  private static float[][] values(LayOut.Placed step) {
    List<Value> all = new ArrayList<>(List.of(step.output()));
    all.addAll(step.inputs());
    SplittableRandom random = new SplittableRandom(1);
    float[][] values = new float[all.size()][];
    for (int i = 0; i < values.length; i++) {
      int length = Math.toIntExact(all.get(i).length());
      values[i] = CacheLine.array(length);
      for (int j = 0; j < length; j++) {
        values[i][CacheLine.FIRST + j] = (float) random.nextDouble() - 0.5f;
      }
    }
    return values;
  }

  private static Operands operands(float[][] values, Kernel kernel) {
    List<float[]> arrays = new ArrayList<>(List.of(values));
    kernel.packing().ifPresent(p -> arrays.add(CacheLine.array(Math.toIntExact(p.floats()))));
    if (kernel.workspace() > 0) {
      arrays.add(CacheLine.array(Math.toIntExact(kernel.workspace())));
    }
    int[] offsets = new int[arrays.size()];
    Arrays.fill(offsets, CacheLine.FIRST);
    return new Operands(arrays.toArray(float[][]::new), offsets);
  }

  /// The number of the kernel to take.
  int fastest() {
    int fastest = 0;
    for (int i = 1; i < best.length; i++) {
      if (best[i] < best[fastest] * (fastest == 0 ? MARGIN : 1)) {
        fastest = i;
      }
    }
    return fastest;
  }

  /// The times, such as `direct 5×16 12.1 ms, winograd F4 5×16 4.8 ms`.
  @Override public String toString() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < best.length; i++) {
      texts.add(kernels.get(i).name() + String.format(Locale.ROOT, " %.3g ms", best[i] / 1e6));
    }
    return String.join(", ", texts);
  }
}
