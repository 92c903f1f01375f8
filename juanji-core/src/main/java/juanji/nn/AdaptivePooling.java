package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.tensor.Shape;

/// The mean or the largest value of a given number of bins, for inputs of any size.
///
/// x: N × C × spatial, y: N × C × bins. Along each axis, bin i of n takes the cells from ⌊i · in / n⌋ to
/// ⌈(i + 1) · in / n⌉, so that every cell is in a bin; where n does not divide the input, neighbouring bins share cells
/// and differ in size. There may be more bins than cells.
///
/// Constraints: C1 the input is batch × channels × 1 to 3 spatial axes, as many as there are numbers of bins, or one
/// number for all; C2 there is at least one bin. Source: PyTorch's AdaptiveAvgPool and AdaptiveMaxPool.
///
/// ```java
/// adaptiveAvgPool(7)                        // 7×7 for pictures of any size
/// adaptiveMaxPool(1, 4)
/// ```
///
/// @param average whether the mean is taken; else the largest value
/// @param bins bins per axis, or one number for all axes
public record AdaptivePooling(boolean average, List<Integer> bins) implements Layer {
  /// Checks C2.
  public AdaptivePooling {
    bins = List.copyOf(bins);
    if (bins.isEmpty() || bins.size() > 3 || bins.stream().anyMatch(b -> b < 1 || b > 1 << 20)) {
      throw new IllegalArgumentException("pooling into " + bins + " bins does not exist.\n"
          + "  C2: there is at least one bin along each of 1 to 3 axes, and at most 2²⁰; received " + bins + ".\n"
          + "  Use positive numbers.");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    int rank = shape.rank() - 2;
    if (rank < 1 || rank > 3 || bins.size() != 1 && bins.size() != rank) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × " + (bins.size() == 1 ? "1 to 3" : bins.size())
          + " spatial axes; received " + shape + ".", "Pool before flatten(), with one number for all axes or one per "
              + "spatial axis.", shape);
    }
    int[] out = new int[rank];
    for (int i = 0; i < rank; i++) {
      out[i] = bins.get(bins.size() == 1 ? 0 : i);
    }
    return Bins.pooled(trace, x, out, average, false);
  }

  @Override public String kind() {
    return average ? "adaptiveAvgPool" : "adaptiveMaxPool";
  }

  @Override public String toString() {
    return Source.call(kind(), bins);
  }
}
