package juanji.train;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Composite;
import juanji.op.Pointwise;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Cross-entropy: the mean over the samples of −Σₖ tₖ · ln softmax(x)ₖ.
///
/// Targets t are 1 for the right class, or shares given for each class (soft targets). Smoothing ε makes them
/// (1 − ε) · t + ε / K. Weights w multiply each class's term; for class numbers the sum is then divided by Σ of the
/// right classes' weights rather than by N, as in PyTorch.
///
/// Constraints: C1 scores are N × K, targets N class numbers or N × K shares; C2 0 ≤ smoothing < 1; C3 there are no
/// weights or K of them, finite and at least 0, and not all 0. Source of smoothing: Szegedy et al., *Rethinking the
/// Inception architecture*, 2016.
///
/// @param smoothing ε
/// @param weights one per class, or none
public record CrossEntropyLoss(double smoothing, List<Double> weights) implements Loss {
  /// Checks C2 and what can be checked of C3.
  public CrossEntropyLoss {
    weights = List.copyOf(weights);
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw Targets.refused("cross-entropy", "C2", "smoothing is from 0 to below 1", smoothing, "Use 0.1.");
    }
    if (!weights.isEmpty() && (!weights.stream().allMatch(w -> w >= 0 && w < 1e30)
        || weights.stream().allMatch(w -> w == 0))) {
      throw Targets.refused("cross-entropy", "C3", "weights are at least 0, and not all are 0", weights,
          "Use weights such as 1 for common classes and 5 for rare ones.");
    }
  }

  /// With another smoothing.
  public CrossEntropyLoss smoothing(double value) {
    return new CrossEntropyLoss(value, weights);
  }

  /// With a weight for each class.
  public CrossEntropyLoss weights(double... values) {
    return new CrossEntropyLoss(smoothing, DoubleStream.of(values).boxed().toList());
  }

  @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
    if (smoothing == 0 && weights.isEmpty()) {
      return algebra.apply(new Composite.CrossEntropy(), scores, classes);
    }
    Node targets = Targets.matrix(algebra, scores, classes);
    int k = scores.shape().dim(1);
    Node smooth = smoothing == 0 ? targets : algebra.affine(targets, 1 - smoothing, smoothing / k);
    Node terms = algebra.mul(algebra.affine(algebra.apply(new Composite.LogSoftmax(1), scores), -1, 0), smooth);
    if (weights.isEmpty()) {
      return Targets.meanOfSums(algebra, terms);
    }
    if (weights.size() != k) {
      throw Targets.refused("cross-entropy", "C3", "there is one weight for each of the " + k + " classes", weights,
          "Give " + k + " weights.");
    }
    float[] values = new float[k];
    for (int i = 0; i < k; i++) {
      values[i] = weights.get(i).floatValue();
    }
    Node perClass = algebra.constant(Tensor.of(Shape.of(k), values));
    Node weighted = algebra.mul(terms, perClass);
    if (classes.shape().rank() == 2) {
      return Targets.meanOfSums(algebra, weighted);
    }
    // All samples of a batch may be of classes of weight 0; their loss is 0, not 0 / 0.
    Node total = algebra.apply(new Pointwise.Clamp(1e-30, Double.POSITIVE_INFINITY),
        Targets.sum(algebra, algebra.mul(targets, perClass)));
    return algebra.apply(new Pointwise.Div(), Targets.sum(algebra, weighted), total);
  }

  @Override public String toString() {
    return "crossEntropy()" + (smoothing == 0 ? "" : ".smoothing(" + smoothing + ")") + (weights.isEmpty() ? ""
        : weights.stream().map(Targets::literal).collect(Collectors.joining(", ", ".weights(", ")")));
  }
}
