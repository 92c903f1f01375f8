package juanji.train;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Composite;
import juanji.op.Pointwise;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What training makes small: one number for a batch of outputs and the classes they should have told.
///
/// ```java
/// Trainer.of(model).loss(Loss.crossEntropy());
/// ```
public interface Loss {
  /// The loss as a node.
  ///
  /// @param scores the network's outputs, N × K
  /// @param classes the right classes, N numbers from 0 to K − 1
  /// @return a scalar, the mean over the batch
  Node of(Algebra<Node> algebra, Node scores, Node classes);

  /// The mean of −ln softmax(scores)[class].
  static Loss crossEntropy() {
    return new Logarithmic();
  }

  /// The mean of (scores − onehot(class))² over samples and classes.
  static Loss meanSquaredError() {
    return new Quadratic();
  }

  /// A loss by the word that names it on the command line and in model files.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  static Loss named(String name) {
    return switch (name) {
      case "crossEntropy()", "cross-entropy" -> crossEntropy();
      case "meanSquaredError()", "mse" -> meanSquaredError();
      default -> throw new IllegalArgumentException("there is no loss '" + name + "'.\n"
          + "  C1: a loss is cross-entropy or mse.\n"
          + "  Use cross-entropy to tell classes apart.");
    };
  }

  /// Cross-entropy.
  record Logarithmic() implements Loss {
    @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
      return algebra.apply(new Composite.CrossEntropy(), scores, classes);
    }

    @Override public String toString() {
      return "crossEntropy()";
    }
  }

  /// Mean squared error against one-hot vectors.
  record Quadratic() implements Loss {
    @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
      Shape shape = scores.shape();
      float[] numbers = new float[shape.dim(-1)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i;
      }
      Node oneHot = algebra.apply(new Pointwise.Equal(), algebra.reshape(classes, shape.with(-1, 1)),
          algebra.constant(Tensor.of(Shape.of(numbers.length), numbers)));
      return algebra.apply(new Composite.MeanSquaredError(), List.of(scores, oneHot));
    }

    @Override public String toString() {
      return "meanSquaredError()";
    }
  }
}
