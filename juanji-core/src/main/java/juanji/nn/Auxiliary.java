package juanji.nn;

import java.util.List;
import juanji.graph.Node;

/// A head beside the network, which helps to train it: y = x, and in training the head's scores are held against the
/// same classes as the network's own.
///
/// The training's loss is that of the network's scores, and of each head's scores times its weight. In inference the
/// head is not computed; its weights are kept with the others.
///
/// x: N × …, y = x; the head gives N × classes.
///
/// Constraints: C1 the weight is finite and at least 0; C2 the head gives one score per class.
/// Source: Szegedy et al., *Going deeper with convolutions*, 2015, with weights of 0.3.
///
/// ```java
/// chain(conv(64, 3).same(), relu(),
///     auxiliary(chain(globalAvgPool(), flatten(), dense(10)), 0.3),
///     conv(64, 3).same(), relu(), globalAvgPool(), flatten(), dense(10))
/// ```
///
/// @param head what ends in scores
/// @param weight how much its loss counts
public record Auxiliary(Layer head, double weight) implements Layer {
  /// Checks C1.
  public Auxiliary {
    if (!(weight >= 0 && weight < Double.MAX_VALUE)) {
      throw new IllegalArgumentException("an auxiliary head cannot count " + weight + " times.\n"
          + "  C1: the weight is finite and at least 0; received " + weight + ".\n"
          + "  Use 0.3.");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    Node scores = trace.layer(head, x);
    if (scores.shape().rank() != 2) {
      throw trace.refusal(kind(), "C2: the head gives one score per class; received " + scores.shape() + ".",
          "End it with flatten() and dense(classes).", x.shape());
    }
    if (trace.training()) {
      trace.auxiliary(scores, weight);
    }
    return x;
  }

  @Override public String kind() {
    return "auxiliary";
  }

  @Override public String toString() {
    return Source.call("auxiliary", List.of(head, weight));
  }
}
