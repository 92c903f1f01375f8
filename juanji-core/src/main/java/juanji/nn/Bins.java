package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Gather;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Pooling into a given number of bins, whatever the input's extents are.
///
/// Bin i of `out` takes the cells from ⌊i · in / out⌋ to ⌈(i + 1) · in / out⌉: bins that may overlap and differ in
/// size. They are pooled by one window: the cells of each bin are laid out behind each other first, filled up to the
/// largest bin by a repeated cell, which changes no maximum, or by zeros, which change no sum.
final class Bins {
  private Bins() {
  }

  /// What leads to the bins along an axis.
  enum Rule {
    /// A window of ⌈in / out⌉ cells that moves by ⌊in / out⌋.
    WINDOW,
    /// Bins from ⌊i · in / out⌋ to ⌈(i + 1) · in / out⌉.
    ADAPTIVE
  }

  /// Whether a window of ⌈in / out⌉ cells with stride ⌊in / out⌋ takes `out` positions.
  static Rule rule(int in, int out) {
    return in >= out && Axis.of(Math.ceilDiv(in, out)).withStride(in / out).over(in).out() == out ? Rule.WINDOW
        : Rule.ADAPTIVE;
  }

  private static int start(int i, int in, int out) {
    return (int) ((long) i * in / out);
  }

  private static int end(int i, int in, int out) {
    return (int) Math.ceilDiv((i + 1L) * in, out);
  }

  /// The bins' maxima or means.
  ///
  /// @param out the bins along each spatial axis
  /// @param windows whether [Rule#WINDOW] goes before [Rule#ADAPTIVE] where both give `out` bins
  static Node pooled(Trace trace, Node x, int[] out, boolean average, boolean windows) {
    if (IntStream.range(0, out.length).allMatch(i -> out[i] == x.shape().dim(2 + i))) {
      return x;
    }
    Node cells = x;
    List<Axis> axes = new ArrayList<>();
    int[][] counts = new int[out.length][];
    for (int i = 0; i < out.length; i++) {
      int in = x.shape().dim(2 + i);
      int bins = out[i];
      counts[i] = new int[bins];
      if (in % bins == 0 || windows && rule(in, bins) == Rule.WINDOW) {
        axes.add(Axis.of(Math.ceilDiv(in, bins)).withStride(in / bins));
        Arrays.fill(counts[i], Math.ceilDiv(in, bins));
        continue;
      }
      for (int b = 0; b < bins; b++) {
        counts[i][b] = end(b, in, bins) - start(b, in, bins);
      }
      int largest = IntStream.of(counts[i]).max().orElse(1);
      List<Integer> index = new ArrayList<>();
      for (int b = 0; b < bins; b++) {
        for (int j = 0; j < largest; j++) {
          index.add(j < counts[i][b] ? start(b, in, bins) + j : average ? -1 : end(b, in, bins) - 1);
        }
      }
      cells = trace.apply(new Gather.Take(2 + i, index), cells);
      axes.add(Axis.of(largest).withStride(largest));
    }
    Window window = new Window(axes);
    if (!average) {
      return trace.apply(new Windowed.MaxPool(window), cells);
    }
    Node sums = trace.apply(new Windowed.AvgPool(window, Windowed.Divisor.NONE), cells);
    return trace.mul(sums, trace.constant(shares(out, counts)));
  }

  /// 1 / the number of cells of each bin.
  private static Tensor shares(int[] out, int[][] counts) {
    Tensor shares = Tensor.zeros(Shape.of(out));
    for (int b = 0; b < shares.data().length; b++) {
      int rest = b;
      long cells = 1;
      for (int i = out.length - 1; i >= 0; i--) {
        cells *= counts[i][rest % out[i]];
        rest /= out[i];
      }
      shares.data()[b] = 1f / cells;
    }
    return shares;
  }
}
