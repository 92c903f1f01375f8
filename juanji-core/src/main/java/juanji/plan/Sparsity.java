package juanji.plan;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Contraction;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;

/// Finds contractions whose gradient is zero almost everywhere, whatever the numbers are.
///
/// A maximum over a whole map, such as global max pooling behind a convolution, hands its gradient to the one place
/// where the maximum was (equal maxima share it). What is multiplied with that gradient stays as sparse. A kernel that
/// looks for the numbers that are not zero does a small part of the work of one that multiplies them all.
final class Sparsity {
  /// From so many places per maximum on, a gradient counts as sparse.
  private static final int PLACES = 16;
  /// How many operations back a maximum is looked for.
  private static final int DEPTH = 8;

  private Sparsity() {
  }

  /// Whether a group is a gradient of a convolution whose own gradient is sparse.
  static boolean of(Group group) {
    return group.anchor().map(anchor -> switch (anchor.op()) {
      case Contraction.ConvInput _ -> sparse(group.inputs().get(0), DEPTH);
      case Contraction.ConvFilter _ -> sparse(group.inputs().get(1), DEPTH);
      default -> false;
    }).orElse(false);
  }

  private static boolean sparse(Node node, int depth) {
    if (depth == 0 || !(node instanceof Node.Apply apply)) {
      return false;
    }
    List<Node> inputs = apply.inputs();
    return switch (apply.op()) {
      case Pointwise.Equal _ -> isMaximumOf(inputs.get(1), inputs.get(0)) || isMaximumOf(inputs.get(0), inputs.get(1));
      case Pointwise.Mul _ -> inputs.stream().anyMatch(i -> i.shape().equals(node.shape()) && sparse(i, depth - 1));
      case Pointwise.Relu _, Pointwise.Abs _, View.Reshape _ -> sparse(inputs.getFirst(), depth - 1);
      case Pointwise.Affine affine -> affine.offset() == 0 && sparse(inputs.getFirst(), depth - 1);
      default -> false;
    };
  }

  private static boolean isMaximumOf(Node maximum, Node of) {
    return maximum instanceof Node.Apply apply && apply.op() instanceof Reduction.Max
        && apply.inputs().getFirst() == of && of.shape().size() >= PLACES * maximum.shape().size();
  }
}
