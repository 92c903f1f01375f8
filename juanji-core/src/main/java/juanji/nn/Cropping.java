package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.View;
import juanji.tensor.Shape;

/// The input without its outermost cells, as many on both sides of each spatial axis.
///
/// x: N × C × spatial, y: N × C × (spatial − 2 · cells)
///
/// Constraints: C1 the input has 1 to 3 spatial axes; C2 the number is at least 0 and leaves a cell of each axis.
/// Source: Ronneberger et al., *U-Net*, 2015.
///
/// @param cells cells cut off at either end
public record Cropping(int cells) implements Rearrangement {
  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 3 || shape.rank() > 5) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × 1 to 3 spatial axes; received " + shape + ".",
          "Put it before flatten().", shape);
    }
    Node y = x;
    for (int axis = 2; axis < shape.rank(); axis++) {
      int in = shape.dim(axis);
      if (cells < 0 || cells > (in - 1) / 2) {
        throw trace.refusal(kind(), "C2: the number of cells is at least 0 and leaves one of each axis; received "
            + cells + " for " + shape + ".", "Cut off less, or use a larger input.", shape);
      }
      y = cells == 0 ? y : trace.apply(new View.Slice(axis, cells, in - cells), List.of(y));
    }
    return y;
  }

  @Override public String kind() {
    return "crop";
  }

  @Override public String toString() {
    return Source.call("crop", List.of(cells));
  }
}
