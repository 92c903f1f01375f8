package juanji.train;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Composite;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.tensor.Shape;

/// The pairs of a batch's samples, as values of N × N × 1.
///
/// Differences are squared and summed directly, not by ‖a‖² + ‖b‖² − 2 a · b: a plan fuses them into the sum, so that
/// nothing of N × N × D is stored, and close pairs lose no digits.
///
/// @param squares the squared distances
/// @param same 1 where both are of one class, themselves included
/// @param self 1 where both are the same sample
record Pairs(Node squares, Node same, Node self) {
  /// Squared distances below this count as 0: the root's gradient ends there.
  private static final double TINY = 1e-12;

  static Pairs of(String loss, Algebra<Node> algebra, Node embeddings, Node classes) {
    Shape shape = embeddings.shape();
    if (shape.rank() != 2 || !classes.shape().equals(shape.slice(0, 1))) {
      throw new IllegalArgumentException(loss + " cannot compare these samples.\n"
          + "  C1: the network gives N × D, and targets are N class numbers; received " + shape + " and "
          + classes.shape() + ".\n  End the network with a layer such as dense(64), and l2Norm().");
    }
    int d = shape.dim(1);
    Node down = algebra.reshape(embeddings, Shape.of(Shape.UNBOUND, 1, d));
    Node across = algebra.reshape(embeddings, Shape.of(1, Shape.UNBOUND, d));
    Node difference = algebra.sub(down, across);
    Node squares = algebra.apply(new Reduction.Sum(List.of(2)), algebra.mul(difference, difference));
    return new Pairs(squares, equal(algebra, classes),
        equal(algebra, algebra.apply(new Composite.SampleNumbers(), classes)));
  }

  private static Node equal(Algebra<Node> algebra, Node numbers) {
    return algebra.apply(new Pointwise.Equal(), algebra.reshape(numbers, Shape.of(Shape.UNBOUND, 1, 1)),
        algebra.reshape(numbers, Shape.of(1, Shape.UNBOUND, 1)));
  }

  /// The distances.
  Node distances(Algebra<Node> algebra) {
    return algebra.apply(new Pointwise.Sqrt(),
        algebra.apply(new Pointwise.Clamp(TINY, Double.POSITIVE_INFINITY), squares));
  }

  /// 1 where both are of different classes.
  Node different(Algebra<Node> algebra) {
    return algebra.affine(same, -1, 1);
  }

  /// 1 where both are of one class, but not the same sample.
  Node positive(Algebra<Node> algebra) {
    return algebra.sub(same, self);
  }
}
