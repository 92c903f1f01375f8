package juanji.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether the kernels that matter were compiled and reach their share of the machine's peak on one thread.
///
/// The just-in-time compiler may give up on a method and leave it in its interpreter, or compile it with its sums in
/// memory: such a kernel computes correctly, but several times slower. The shares are well below what a quiet machine
/// shows ([Kernels: measured](../../../../../../docs/benchmarks/kernels.md)), so that noise does not alarm.
public final class SelfCheck {
  private static final double SECONDS = 0.5;
  /// How long a kernel may take until it is fast.
  private static final double PATIENCE = 4;

  /// A kernel and its share.
  private record Line(String kernel, double gigaflops, double share, double least) {
    boolean passed() {
      return share >= least;
    }
  }

  private final double peak;
  private final List<Line> lines;

  private SelfCheck(double peak, List<Line> lines) {
    this.peak = peak;
    this.lines = lines;
  }

  /// Measures for some seconds.
  public static SelfCheck run() {
    PeakBenchmark peakBenchmark = new PeakBenchmark();
    double peak = PeakBenchmark.flops() / least(peakBenchmark::peak, Double.MAX_VALUE);
    List<Line> lines = new ArrayList<>();
    for (ConvBenchmark.Face face : ConvBenchmark.Face.values()) {
      lines.add(convolution(ConvBenchmark.Layer.C64_K3, face, 0.6, peak));
      lines.add(convolution(ConvBenchmark.Layer.C256_64_K1, face, 0.45, peak));
      lines.add(convolution(ConvBenchmark.Layer.C128_K3_S2, face, 0.45, peak));
      lines.add(convolution(ConvBenchmark.Layer.DEPTHWISE_K3, face, 0.12, peak));
    }
    MatMulBenchmark product = new MatMulBenchmark();
    product.product = MatMulBenchmark.Product.SQUARE_512;
    product.prepare();
    lines.add(line("matrix product 512", product.product.flops(), product::run, 0.6, peak));
    return new SelfCheck(peak, lines);
  }

  private static Line convolution(ConvBenchmark.Layer layer, ConvBenchmark.Face face, double least, double peak) {
    ConvBenchmark benchmark = new ConvBenchmark();
    benchmark.layer = layer;
    benchmark.face = face;
    benchmark.prepare();
    return line("convolution " + layer + " " + face, layer.flops(), benchmark::run, least, peak);
  }

  private static Line line(String kernel, double flops, Runnable run, double least, double peak) {
    double nanoseconds = least(run, flops / peak / least);
    return new Line(kernel, flops / nanoseconds, flops / nanoseconds / peak, least);
  }

  /// The shortest run within a while, in nanoseconds; a longer while if none is as short as wanted.
  private static double least(Runnable run, double wanted) {
    long begun = System.nanoTime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5 || System.nanoTime() - begun < (least > wanted ? PATIENCE : SECONDS) * 1e9; i++) {
      long before = System.nanoTime();
      run.run();
      least = Math.min(least, System.nanoTime() - before);
    }
    return least;
  }

  /// GFLOP/s of one thread with sums in registers.
  public double peak() {
    return peak;
  }

  /// Whether every kernel reaches its share.
  public boolean passed() {
    return lines.stream().allMatch(Line::passed);
  }

  @Override public String toString() {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
        "self-check of the kernels, one thread; peak %.1f GFLOP/s%n", peak));
    for (Line line : lines) {
      text.append(String.format(Locale.ROOT, "  %-44s %7.1f GFLOP/s, %3.0f %% of the peak%s%n", line.kernel,
          line.gigaflops, 100 * line.share, line.passed() ? "" : String.format(Locale.ROOT,
              ": BELOW the expected %.0f %%", 100 * line.least)));
    }
    return text.append(passed() ? "all as expected" : "some kernels are slower than they should be: the compiler may "
        + "have given up on them, or the machine is busy").toString();
  }
}
