package juanji.nn;

import java.util.List;
import juanji.graph.Node;

/// y = body(x) + shortcut(x).
///
/// The shortcut's weights are in the scope `shortcut` unless it is named otherwise.
///
/// Constraints: C1 body and shortcut give the same shape. Source: He et al., *Deep residual learning*, 2016.
///
/// @param body what is learned on top of the shortcut
/// @param shortcut what the body is added to, often the identity
public record Residual(Layer body, Layer shortcut) implements Layer {
  @Override public Node apply(Trace trace, Node x) {
    Node learned = trace.layer(body, x);
    Node kept = shortcut instanceof Identity ? x
        : trace.layer(shortcut instanceof Named ? shortcut : shortcut.named("shortcut"), x);
    if (!learned.shape().equals(kept.shape())) {
      throw trace.refusal(kind(), "C1: body and shortcut give the same shape; received " + learned.shape() + " and "
          + kept.shape() + ".", shortcut instanceof Identity
          ? "Give a shortcut, such as conv(" + learned.shape().dim(1)
              + ", 1), or keep the channels and use same padding."
          : "Give both the same filters and strides.", x.shape());
    }
    return trace.add(learned, kept);
  }

  @Override public String kind() {
    return "residual";
  }

  @Override public String toString() {
    return Source.call("residual", shortcut instanceof Identity ? List.of(body) : List.of(body, shortcut));
  }
}
