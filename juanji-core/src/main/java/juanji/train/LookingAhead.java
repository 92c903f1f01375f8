package juanji.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;

/// Lookahead: the inner optimiser moves fast weights w; after every few steps the slow weights follow,
/// s ← s + share · (w − s), and the fast ones go on from there, w ← s. Models are evaluated and kept with the slow
/// weights.
///
/// Constraints: C1 at least 1 step, and 0 < share ≤ 1. Source: Zhang et al., *Lookahead optimizer: k steps forward, 1
/// step back*, 2019, with 5 steps and a share of 0.5.
///
/// @param inner the optimiser
/// @param every after how many steps the slow weights move
/// @param share how far they follow
public record LookingAhead(Optimizer inner, int every, double share) implements Optimizer {
  private static final String NAME = "slow";
  private static final String SIGNAL = "lookahead.meets";

  /// Checks C1.
  public LookingAhead {
    if (every < 1 || !(share > 0 && share <= 1)) {
      throw Targets.refused("looking ahead", "C1", "there is at least 1 step, and a share above 0 and up to 1",
          every + " and " + share, "Use 5 steps and a share of 0.5.");
    }
  }

  @Override public double rate() {
    return inner.rate();
  }

  @Override public Optimizer rate(double value) {
    return new LookingAhead(inner.rate(value), every, share);
  }

  @Override public List<Node> update(Step step, List<Weight> weights) {
    GraphBuilder b = step.builder();
    List<Node> fast = inner.update(step, weights);
    Node meets = step.scalar(SIGNAL);
    Node apart = b.affine(meets, -1, 1);
    List<Node> values = new ArrayList<>();
    for (int i = 0; i < fast.size(); i++) {
      Node.Parameter slow = step.copied(NAME, weights.get(i).parameter());
      Node followed = b.add(b.affine(slow, 1 - share, 0), b.affine(fast.get(i), share, 0));
      // One of the two factors is 1 and the other 0, so that both sides meet to the last bit.
      Node met = b.mul(followed, meets);
      b.update(slow, b.add(b.mul(slow, apart), met));
      values.add(b.add(b.mul(fast.get(i), apart), met));
    }
    return values;
  }

  @Override public void finish(Step step, List<Weight> weights, List<Node> values) {
    inner.finish(step, weights, values);
  }

  @Override public Map<String, Float> scalars(long step) {
    Map<String, Float> all = new HashMap<>(inner.scalars(step));
    all.put(SIGNAL, step % every == 0 ? 1f : 0f);
    return all;
  }

  @Override public Optional<String> evaluated() {
    return Optional.of(NAME);
  }

  @Override public String toString() {
    return inner + ".lookingAhead(" + every + ", " + share + ")";
  }
}
