package juanji.train;

import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What losses have in common: targets as matrices, and means as scalars.
final class Targets {
  private Targets() {
  }

  /// One target per score, N × K: given as such, or 1 for each sample's class and else 0. A single score has the class
  /// number itself, 0 or 1, as its target.
  static Node matrix(Algebra<Node> algebra, Node scores, Node classes) {
    Shape shape = scores.shape();
    if (shape.rank() != 2 || !classes.shape().equals(shape) && !classes.shape().equals(shape.slice(0, 1))) {
      throw new IllegalArgumentException("a loss cannot compare these scores and targets.\n"
          + "  C1: scores are N × K, and targets N class numbers or N × K; received " + shape + " and "
          + classes.shape() + ".\n  End the network with a layer such as dense(classes).");
    }
    if (classes.shape().rank() == 2) {
      return classes;
    }
    Node column = algebra.reshape(classes, shape.with(1, 1));
    if (shape.dim(1) == 1) {
      return column;
    }
    float[] numbers = new float[shape.dim(1)];
    IntStream.range(0, numbers.length).forEach(i -> numbers[i] = i);
    return algebra.apply(new Pointwise.Equal(), column, algebra.constant(Tensor.of(Shape.of(numbers.length), numbers)));
  }

  /// One target per score for losses that ask which class it is.
  static Node hard(String loss, Algebra<Node> algebra, Node scores, Node classes) {
    if (classes.shape().rank() != 1) {
      throw new IllegalArgumentException(loss + " cannot use shares of several classes as a target.\n"
          + "  C2: each sample has one class number; received targets of " + classes.shape() + ".\n"
          + "  Give class numbers, or use cross-entropy.");
    }
    return matrix(algebra, scores, classes);
  }

  private static List<Integer> axes(Node x) {
    return IntStream.range(0, x.shape().rank()).boxed().toList();
  }

  /// The mean over all elements, a scalar.
  static Node mean(Algebra<Node> algebra, Node x) {
    return algebra.reshape(algebra.apply(new Reduction.Mean(axes(x)), x), Shape.of());
  }

  /// The sum of all elements, a scalar.
  static Node sum(Algebra<Node> algebra, Node x) {
    return algebra.reshape(algebra.apply(new Reduction.Sum(axes(x)), x), Shape.of());
  }

  /// The mean over the samples of the sum over the classes, a scalar.
  static Node meanOfSums(Algebra<Node> algebra, Node x) {
    return mean(algebra, algebra.apply(new Reduction.Sum(List.of(1)), x));
  }

  static Node relu(Algebra<Node> algebra, Node x) {
    return algebra.apply(new Pointwise.Relu(), x);
  }

  static IllegalArgumentException refused(String loss, String label, String constraint, Object received,
      String remedy) {
    return new IllegalArgumentException(loss + " of " + received + " does not exist.\n  " + label + ": " + constraint
        + "; received " + received + ".\n  " + remedy);
  }

  /// A number as in code: whole ones without a fraction.
  static String literal(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString(Math.round(value))
        : Double.toString(value);
  }
}
