package juanji.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What a workload's rounds gave.
///
/// @param workload which one
/// @param sides Juanji, then the peers
/// @param flops multiplications and additions of a run by the definition
/// @param peak the machine's, with the threads in use
/// @param tolerance how far the peers' numbers may be off
record Result(Workload workload, List<Side> sides, double flops, double peak, double tolerance) {
  /// One system.
  ///
  /// @param peer which one
  /// @param version in words
  /// @param setting the number of its best setting
  /// @param words the setting in words
  /// @param error how far its numbers are off Juanji's
  /// @param seconds of a run, round by round
  /// @param memory the most resident memory in KiB, once known
  record Side(Peer peer, String version, int setting, String words, double error, List<Double> seconds,
      List<Long> memory) {
    Side(Peer peer, String version, int setting, String words, double error) {
      this(peer, version, setting, words, error, new ArrayList<>(), new ArrayList<>());
    }
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  /// Samples per second, round by round.
  List<Double> speeds(Side side) {
    return side.seconds().stream().map(s -> workload.batch() / s).toList();
  }

  /// How much faster Juanji was, round by round.
  List<Double> ratios(Side peer) {
    List<Double> own = sides.getFirst().seconds();
    return IntStream.range(0, own.size()).mapToObj(i -> peer.seconds().get(i) / own.get(i)).toList();
  }

  /// GFLOP/s of Juanji at the median.
  double gigaflops() {
    return flops / median(sides.getFirst().seconds()) / 1e9;
  }

  /// Whether all systems computed the same.
  boolean agrees() {
    return sides.stream().allMatch(s -> s.error() <= tolerance);
  }

  private String row(Side side) {
    List<Double> speeds = speeds(side);
    String text = String.format(Locale.ROOT, "%s %s: %,.1f images/s (slowest round %,.1f), %.3f ms a run, %d MiB [%s]",
        workload.id(), side.peer(), median(speeds), speeds.stream().min(Double::compare).orElseThrow(),
        median(side.seconds()) * 1000, side.memory().getFirst() >> 10, side.words());
    return side.peer() == Peer.JUANJI
        ? text + String.format(Locale.ROOT, ", %.1f GFLOP/s of %.1f", gigaflops(), peak)
        : text + String.format(Locale.ROOT, ", ratio %.2f, differs by %.1e", median(ratios(side)), side.error());
  }

  @Override public String toString() {
    return String.join("\n", sides.stream().map(this::row).toList());
  }
}
