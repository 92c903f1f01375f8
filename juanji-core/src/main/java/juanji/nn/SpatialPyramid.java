package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.graph.Node;
import juanji.op.View;
import juanji.tensor.Shape;

/// Maxima over grids of several sizes, joined to one vector whose length does not depend on the input's size: what lets
/// one network take pictures of any size.
///
/// x: N × C × spatial, y: N × C · Σ levelʳ for r spatial axes. A level of n has n bins along each axis; its values lie
/// behind each other by channel, then by row and column; levels follow in the order given.
///
/// Along each axis the bins are those of a window of ⌈in / n⌉ cells that moves by ⌊in / n⌋ wherever it takes n
/// positions, and else the bins of [AdaptivePooling], since the promised length always holds: 7 cells in 4 bins would
/// give windows of 2 cells at stride 1, which take 6 positions. [#usesWindow(int, int)] says which.
///
/// Constraints: C1 the input is batch × channels × 1 to 3 spatial axes; C2 there is at least one level, of at least one
/// bin. Source: He et al., *Spatial pyramid pooling in deep convolutional networks*, 2014.
///
/// ```java
/// spatialPyramid(4, 2, 1)                   // 21 · C numbers per picture
/// ```
///
/// @param levels bins along each axis, one number per level
public record SpatialPyramid(List<Integer> levels) implements Layer {
  /// Checks C2.
  public SpatialPyramid {
    levels = List.copyOf(levels);
    if (levels.isEmpty() || levels.stream().anyMatch(l -> l < 1 || l > 1024)) {
      throw new IllegalArgumentException("a spatial pyramid of levels " + levels + " does not exist.\n"
          + "  C2: there is at least one level, and each has from 1 to 1024 bins along each axis; received " + levels
          + ".\n"
          + "  Use numbers such as 4, 2, 1.");
    }
  }

  /// Whether a window of ⌈in / bins⌉ cells with stride ⌊in / bins⌋ makes the bins along an axis; else they are
  /// adaptive.
  public static boolean usesWindow(int in, int bins) {
    return Bins.rule(in, bins) == Bins.Rule.WINDOW;
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    int rank = shape.rank() - 2;
    if (rank < 1 || rank > 3) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × 1 to 3 spatial axes; received " + shape + ".",
          "Put it where flatten() would be.", shape);
    }
    List<Node> parts = new ArrayList<>();
    for (int level : levels) {
      int[] out = new int[rank];
      Arrays.fill(out, level);
      Node y = Bins.pooled(trace, x, out, false, true);
      parts.add(trace.reshape(y, Shape.of(shape.dim(0), (int) y.shape().size(1))));
    }
    return parts.size() == 1 ? parts.getFirst() : trace.apply(new View.Concat(1), parts);
  }

  @Override public String kind() {
    return "spatialPyramid";
  }

  @Override public String toString() {
    return Source.call("spatialPyramid", levels);
  }
}
