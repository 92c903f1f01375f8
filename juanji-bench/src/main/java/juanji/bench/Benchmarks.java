package juanji.bench;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs benchmarks and prints a table with their speed in relation to the machine's peak in the same run.
///
/// Arguments: regular expressions that choose benchmarks, such as `ConvBenchmark`; none for all. Parameters are chosen
/// as `layer=C64_K3`. The peak is always measured.
public final class Benchmarks {
  private Benchmarks() {
  }

  /// Runs the chosen benchmarks.
  public static void main(String[] args) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.forks(1).warmupIterations(4).warmupTime(TimeValue.milliseconds(700)).measurementIterations(30)
        .measurementTime(TimeValue.milliseconds(100)).shouldFailOnError(true)
        .jvmArgsAppend("--add-modules", "jdk.incubator.vector");
    options.include("PeakBenchmark").include("StreamBenchmark");
    boolean all = true;
    for (String arg : args) {
      int equals = arg.indexOf('=');
      if (equals < 0) {
        options.include(arg);
        all = false;
      } else {
        options.param(arg.substring(0, equals), arg.substring(equals + 1).split(","));
      }
    }
    if (all) {
      options.include("juanji");
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    double peak = results.stream().filter(r -> r.getParams().getBenchmark().contains("PeakBenchmark"))
        .mapToDouble(r -> PeakBenchmark.flops() / best(r)).findFirst().orElseThrow();
    double stream = results.stream().filter(r -> r.getParams().getBenchmark().contains("StreamBenchmark"))
        .mapToDouble(r -> StreamBenchmark.floats() / best(r)).findFirst().orElseThrow();
    IO.println("\n| benchmark | µs | speed | of the peak, or of what memory allows |\n|---|---|---|---|");
    for (RunResult result : results) {
      IO.println(row(result.getParams(), best(result), peak, stream));
    }
  }

  /// The best iteration in nanoseconds: what the kernel does when nothing else runs on the machine.
  private static double best(RunResult result) {
    return result.getPrimaryResult().getStatistics().getMin() * 1000;
  }

  private static String row(BenchmarkParams params, double nanoseconds, double peak, double stream) {
    String type = params.getBenchmark().replaceAll(".*\\.(\\w+)Benchmark\\..*", "$1");
    String name = String.join(" ", params.getParamsKeys().stream().map(params::getParam).toList());
    double flops = switch (type) {
      case "Peak" -> PeakBenchmark.flops();
      case "Conv" -> ConvBenchmark.Layer.valueOf(params.getParam("layer")).flops();
      case "MatMul" -> MatMulBenchmark.Product.valueOf(params.getParam("product")).flops();
      default -> 0;
    };
    String time = String.format(Locale.ROOT, "%.1f", nanoseconds / 1000);
    if (flops == 0) {
      double floats = switch (type) {
        case "Pass" -> PassBenchmark.Pass.valueOf(params.getParam("pass")).floats();
        case "Stream" -> StreamBenchmark.floats();
        default -> PoolBenchmark.floats(PoolBenchmark.Kind.valueOf(params.getParam("kind")));
      };
      return String.format(Locale.ROOT, "| %s %s | %s | %.1f GB/s | %.0f %% |", type, name, time,
          4 * floats / nanoseconds, 100 * floats / nanoseconds / stream);
    }
    return String.format(Locale.ROOT, "| %s %s | %s | %.1f GFLOP/s | %.0f %% |", type, name, time, flops / nanoseconds,
        100 * flops / nanoseconds / peak);
  }
}
