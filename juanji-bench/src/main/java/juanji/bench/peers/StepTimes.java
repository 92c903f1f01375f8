package juanji.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import juanji.plan.Target;

/// Where a run of Juanji spends its time: the median of each step of the plan, slowest first.
final class StepTimes {
  private static final int WARM_UP = 8;
  private static final double WARM_SECONDS = 5;
  private static final int RUNS = 15;

  private StepTimes() {
  }

  /// The table for a workload.
  static String of(Workload workload, Target target, int threads) {
    try (JuanjiContestant contestant = new JuanjiContestant(workload, target, threads)) {
      contestant.choose(0);
      long begun = System.nanoTime();
      for (int i = 0; i < WARM_UP || System.nanoTime() - begun < WARM_SECONDS * 1e9; i++) {
        contestant.run();
      }
      List<long[]> times = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        times.add(contestant.time());
      }
      String[] rows = contestant.plan().toString().lines().toArray(String[]::new);
      double[] medians = IntStream.range(0, times.getFirst().length).mapToDouble(step -> {
        long[] sorted = times.stream().mapToLong(t -> t[step]).sorted().toArray();
        return sorted[sorted.length / 2] / 1000.0;
      }).toArray();
      double total = Arrays.stream(medians).sum();
      StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
          "%s: %.0f µs in %d steps%n     µs      %%  %s%n", workload, total, medians.length, rows[0]));
      IntStream.range(0, medians.length).boxed().sorted(Comparator.comparing(i -> -medians[i]))
          .forEach(i -> text.append(String.format(Locale.ROOT, "%7.0f %5.1f %%  %s%n", medians[i],
              100 * medians[i] / total, rows[i + 1])));
      return text.toString();
    }
  }
}
