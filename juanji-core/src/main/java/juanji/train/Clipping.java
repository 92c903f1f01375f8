package juanji.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Pointwise;
import juanji.tensor.Tensor;

/// An optimiser that sees gradients which are not too large.
///
/// - By their norm: all gradients times limit / max(limit, ‖g‖), with ‖g‖² the sum of the squares of all elements of
///   all gradients; their direction stays.
/// - By value: each element is limited to −limit … limit.
///
/// Constraints: C1 the limit is finite and above 0. Source: Pascanu, Mikolov and Bengio, *On the difficulty of training
/// recurrent neural networks*, 2013.
///
/// @param inner the optimiser
/// @param limit the largest norm or value
/// @param norm whether the norm is limited
public record Clipping(Optimizer inner, double limit, boolean norm) implements Optimizer {
  /// Checks C1.
  public Clipping {
    if (!(limit > 0 && limit < 1e30)) {
      throw Targets.refused("clipping", "C1", "the limit is above 0", limit, "Use 1.");
    }
  }

  @Override public double rate() {
    return inner.rate();
  }

  @Override public Optimizer rate(double value) {
    return new Clipping(inner.rate(value), limit, norm);
  }

  @Override public List<Node> update(Step step, List<Weight> weights) {
    GraphBuilder b = step.builder();
    if (!norm) {
      Pointwise.Clamp clamp = new Pointwise.Clamp(-limit, limit);
      return inner.update(step, weights.stream().map(w -> w.gradient(b.apply(clamp, w.gradient()))).toList());
    }
    Node squares = weights.stream().map(w -> step.squares(w.gradient())).reduce(b::add).orElseThrow();
    Node size = b.apply(new Pointwise.Clamp(limit, Double.POSITIVE_INFINITY),
        b.apply(new Pointwise.Sqrt(), squares));
    Node scale = b.apply(new Pointwise.Div(), b.constant(Tensor.scalar((float) limit)), size);
    return inner.update(step, weights.stream().map(w -> w.gradient(b.mul(w.gradient(), scale))).toList());
  }

  @Override public void finish(Step step, List<Weight> weights, List<Node> values) {
    inner.finish(step, weights, values);
  }

  @Override public Map<String, Float> scalars(long step) {
    return inner.scalars(step);
  }

  @Override public Optional<String> evaluated() {
    return inner.evaluated();
  }

  @Override public String toString() {
    return inner + (norm ? ".clipNorm(" : ".clipValue(") + Targets.literal(limit) + ")";
  }
}
