package juanji.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Decides between direct convolution and Winograd's algorithms by an estimate of the time that each takes.
///
/// The estimate depends on shapes and the length of a vector alone, never on a measurement at run time: the same
/// network gets the same kernels, and so the same bits, at every run. Timing candidates instead has to be asked for
/// ([juanji.plan.Tuning]). Its constants were fitted to the table in
/// `docs/benchmarks/kernels.md`; the unit is the time of one vector multiply-add at the machine's peak.
///
/// @param algorithm the best algorithm
/// @param gain how many times as fast it is expected to be as the direct kernel
record ConvChoice(Winograd algorithm, double gain) {
  private static final int L = Machine.LANES;
  /// The cells per axis of the algorithms.
  private static final int[] CELLS = {4, 6};
  /// The share of the peak that the register tiles reach.
  private static final double TILES = 0.9;
  private static final double FILTER_TILES = 0.8;
  /// For one vector at one frequency of one tile, there or back.
  private static final double TRANSFORM = 22;
  /// For one vector of a transformed filter, and of filters that the third-level cache does not hold.
  private static final double FILTER = 26;
  private static final double FAR_FILTER = 45;
  /// For one vector of a filter that is transformed in the cache ([WinogradFew]).
  private static final double NEAR_FILTER = 30;
  /// For one float of filters that comes from the third-level cache, or from memory.
  private static final double FAR = 10.0 / L;
  private static final double FARTHEST = 20.0 / L;
  /// For one float of filters that stay: between two runs the weights of the whole network pass through the caches, so
  /// they come from memory, which all threads share.
  private static final double STAYING = 40.0 / L;
  /// Floats that the second- and third-level caches hold, with room for others.
  private static final long NEAR_FLOATS = 64 * 1024;
  private static final long FAR_FLOATS = 3 * 1024 * 1024;
  /// Floats of transformed filters that are worth having in memory.
  private static final double MOST_FLOATS = 64.0 * 1024 * 1024;
  /// Winograd must win by this factor, as it is less accurate.
  private static final double MARGIN = 1.1;
  /// Below this, an algorithm is not even timed.
  private static final double HOPELESS = 0.6;

  /// The algorithm for a convolution or its input gradient, if one is worth it.
  ///
  /// @param fixed whether the filters stay, so that they are transformed once
  static Optional<ConvChoice> of(Window window, int groups, Shape source, Shape target, boolean fixed) {
    return best(all(window, groups, source, target, fixed));
  }

  /// The algorithm for a convolution's filter gradient, if one is worth it.
  static Optional<ConvChoice> ofFilter(Window window, int groups, Shape x, Shape dy) {
    return best(allOfFilter(window, groups, x, dy));
  }

  /// The algorithms that fit a convolution or its input gradient and are not hopeless.
  static List<ConvChoice> all(Window window, int groups, Shape source, Shape target, boolean fixed) {
    List<ConvChoice> all = new ArrayList<>();
    for (int cells : CELLS) {
      int results = cells - kernel(window, groups) + 1;
      if (results >= 2 && results < cells - 1) {
        Winograd algorithm = new Winograd(results, cells - results + 1);
        all.add(new ConvChoice(algorithm,
            direct(algorithm.taps(), source, target, fixed) / winograd(algorithm, source, target, fixed)));
      }
    }
    all.removeIf(c -> c.gain < HOPELESS);
    return all;
  }

  /// The algorithms that fit a convolution's filter gradient and are not hopeless.
  static List<ConvChoice> allOfFilter(Window window, int groups, Shape x, Shape dy) {
    List<ConvChoice> all = new ArrayList<>();
    for (int cells : CELLS) {
      int results = kernel(window, groups);
      if (results >= 3 && results < cells) {
        Winograd algorithm = new Winograd(results, cells - results + 1);
        all.add(new ConvChoice(algorithm, directFilter(results, x, dy) / winogradFilter(algorithm, x, dy)));
      }
    }
    all.removeIf(c -> c.gain < HOPELESS);
    return all;
  }

  private static Optional<ConvChoice> best(List<ConvChoice> all) {
    return all.stream().filter(c -> c.gain > MARGIN).max(Comparator.comparingDouble(ConvChoice::gain));
  }

  /// The cells of a square window that minimal filtering fits, or so many that no algorithm does.
  private static int kernel(Window window, int groups) {
    boolean fits = groups == 1 && window.rank() == 2 && window.axes().stream().allMatch(
        a -> a.kernel() == window.axes().getFirst().kernel() && a.stride() == 1 && a.dilation() == 1);
    return fits ? window.axes().getFirst().kernel() : Integer.MAX_VALUE / 2;
  }

  private static double direct(int taps, Shape source, Shape target, boolean fixed) {
    double filters = (double) source.dim(1) * padded(target.dim(1)) * taps * taps;
    double products = target.dim(0) * (double) target.size(2) * filters / L;
    return products / TILES + target.dim(0) * fetch(filters, fixed);
  }

  private static double winograd(Winograd algorithm, Shape source, Shape target, boolean fixed) {
    double tiles = (double) target.dim(0) * algorithm.tiles(target.dim(2)) * algorithm.tiles(target.dim(3));
    double blocks = Math.ceil(tiles / WinogradTiles.blockTiles(algorithm, (int) Math.min(tiles, Integer.MAX_VALUE),
        source.dim(1), target.dim(1)));
    double filters = (double) source.dim(1) * padded(target.dim(1)) * algorithm.frequencies();
    if (filters > MOST_FLOATS) {
      return Double.POSITIVE_INFINITY;
    }
    double planes = (padded(source.dim(1)) + padded(target.dim(1))) / (double) L;
    double rest = WinogradFew.pays(algorithm, source, target, fixed) ? filters / L * NEAR_FILTER
        : (fixed ? 0 : pack(filters)) + blocks * fetch(filters, fixed);
    return tiles * filters / L / TILES + tiles * planes * algorithm.frequencies() * TRANSFORM + rest;
  }

  private static double directFilter(int kernel, Shape x, Shape dy) {
    double filters = (double) x.dim(1) * padded(dy.dim(1)) * kernel * kernel;
    return dy.dim(0) * (double) dy.size(2) * filters / L / FILTER_TILES;
  }

  private static double winogradFilter(Winograd algorithm, Shape x, Shape dy) {
    int step = algorithm.taps();
    double tiles = (double) dy.dim(0) * Math.ceilDiv(dy.dim(2), step) * Math.ceilDiv(dy.dim(3), step);
    double sums = (double) x.dim(1) * padded(dy.dim(1)) * algorithm.frequencies();
    double planes = (padded(x.dim(1)) + padded(dy.dim(1))) / (double) L;
    if (sums > MOST_FLOATS) {
      return Double.POSITIVE_INFINITY;
    }
    double parts = Math.ceil(tiles / 100);
    return tiles * sums / L / FILTER_TILES + tiles * planes * algorithm.frequencies() * TRANSFORM
        + pack(sums) + parts * fetch(sums, false);
  }

  /// The time for transforming filters, there or back.
  private static double pack(double floats) {
    return floats / L * (floats <= FAR_FLOATS ? FILTER : FAR_FILTER);
  }

  /// The time for bringing filters near once.
  private static double fetch(double floats, boolean fixed) {
    return floats <= NEAR_FLOATS ? 0 : floats * (fixed ? STAYING : floats <= FAR_FLOATS ? FAR : FARTHEST);
  }

  private static int padded(int channels) {
    return Math.ceilDiv(channels, L) * L;
  }

  /// The expectation, for the plan's table.
  @Override public String toString() {
    return String.format(Locale.ROOT, "%.1f× as fast as direct", gain);
  }
}
