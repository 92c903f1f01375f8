package juanji.train;

import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Composite;
import juanji.op.Pointwise;

/// The mean over samples and classes of a function of d = score − target, where the target is 1 for a sample's class
/// and else 0, or a given number.
///
/// | | function |
/// |---|---|
/// | squared | d² |
/// | absolute | \|d\| |
/// | Huber | ½ d² up to \|d\| = δ, beyond it δ · (\|d\| − ½ δ) |
///
/// Constraints: C1 scores are N × K, targets N class numbers or N × K numbers; C2 δ > 0.
/// Source of the last: Huber, *Robust estimation of a location parameter*, 1964.
///
/// @param measure the function
/// @param delta δ, of Huber's function
public record DifferenceLoss(Measure measure, double delta) implements Loss {
  /// The function.
  public enum Measure {
    /// d².
    SQUARED,
    /// |d|.
    ABSOLUTE,
    /// Squared near 0, absolute beyond.
    HUBER
  }

  /// Checks C2.
  public DifferenceLoss {
    if (!(delta > 0 && delta < 1e30)) {
      throw Targets.refused("Huber loss", "C2", "delta is above 0", delta, "Use 1.");
    }
  }

  @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
    Node targets = Targets.matrix(algebra, scores, classes);
    return switch (measure) {
      case SQUARED -> algebra.apply(new Composite.MeanSquaredError(), scores, targets);
      case ABSOLUTE -> Targets.mean(algebra, algebra.apply(new Pointwise.Abs(), algebra.sub(scores, targets)));
      case HUBER -> {
        Node d = algebra.sub(scores, targets);
        Node near = algebra.apply(new Pointwise.Clamp(-delta, delta), d);
        yield Targets.mean(algebra, algebra.mul(near, algebra.sub(d, algebra.affine(near, 0.5, 0))));
      }
    };
  }

  @Override public String toString() {
    return switch (measure) {
      case SQUARED -> "meanSquaredError()";
      case ABSOLUTE -> "meanAbsoluteError()";
      case HUBER -> "huber(" + Targets.literal(delta) + ")";
    };
  }
}
