package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// DropBlock: in training, square blocks of each channel are 0, about a share p of all elements, and what is left is
/// multiplied by (number of elements) / (number of those kept); in inference y = x.
///
/// Blocks lie wholly inside the feature map; where it is smaller than a block, they are as large as it is. A block
/// begins at a position with probability p / block^d · Π sᵢ / (sᵢ − block + 1) for d spatial axes of extents sᵢ; blocks
/// may overlap.
///
/// Constraints: C1 0 ≤ p < 1, and a block has at least one cell; C2 the input is batch × channels × spatial axes.
/// Source: Ghiasi et al., *DropBlock: a regularization method for convolutional networks*, 2018.
///
/// @param p the share dropped
/// @param block the extent of a block along each spatial axis
public record BlockDropping(double p, int block) implements Layer {
  /// Checks C1.
  public BlockDropping {
    Dropping.check("dropBlock", p);
    if (block < 1) {
      throw new IllegalArgumentException("dropBlock(" + p + ", " + block + ") does not exist.\n"
          + "  C1: a block has at least one cell along each axis; received " + block + ".\n"
          + "  Use 7 for feature maps of 28 × 28, and less for smaller ones.");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 3) {
      throw trace.refusal(kind(), "C2: the input is batch × channels × spatial axes; received " + shape + ".",
          "Put it before flatten(), or use dropout.", shape);
    }
    if (!trace.training() || p == 0) {
      return x;
    }
    double begins = p;
    Node places = x;
    List<Axis> axes = new ArrayList<>();
    for (int axis = 2; axis < shape.rank(); axis++) {
      int extent = shape.dim(axis);
      int own = Math.min(block, extent);
      int positions = extent - own + 1;
      begins *= (double) extent / positions / own;
      places = positions == extent ? places : trace.apply(new View.Slice(axis, 0, positions), places);
      axes.add(Axis.of(own).withPadding(Padding.FULL));
    }
    Node mask = trace.apply(new Random.Mask(1 - begins, trace.salt()), places, trace.step());
    Node dropped = trace.affine(trace.apply(new Pointwise.Positive(), mask), -1, 1);
    Node kept = trace.affine(trace.apply(new Windowed.MaxPool(new Window(axes)), dropped), -1, 1);
    Node share = trace.apply(new Reduction.Mean(IntStream.range(0, shape.rank()).boxed().toList()), kept);
    // Where all is dropped, the result is 0 rather than 0 / 0.
    Node scale = trace.apply(new Pointwise.Reciprocal(),
        trace.apply(new Pointwise.Max(), share, trace.constant(Tensor.scalar(1e-6f))));
    return trace.mul(x, trace.mul(kept, scale));
  }

  @Override public String kind() {
    return "dropBlock";
  }

  @Override public String toString() {
    return Source.call("dropBlock", List.of(p, block));
  }
}
