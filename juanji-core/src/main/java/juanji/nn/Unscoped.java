package juanji.nn;

import java.util.List;
import juanji.graph.Node;

/// A layer that opens no scope: the layers inside it are named as if they stood in its place, as those of an unnamed
/// chain are.
///
/// ```java
/// chain(conv(16, 1).named("squeeze"), unscoped(concat(
///     conv(64, 1).named("expand1x1"),           // expand1x1.weight rather than concat1.expand1x1.weight
///     conv(64, 3).same().named("expand3x3"))))
/// ```
///
/// @param layer the layer
public record Unscoped(Layer layer) implements Layer {
  @Override public Node apply(Trace trace, Node x) {
    return layer.apply(trace, x);
  }

  @Override public String kind() {
    return layer.kind();
  }

  @Override public Layer named(String name) {
    return layer.named(name);
  }

  @Override public String toString() {
    return Source.call("unscoped", List.of(layer));
  }
}
