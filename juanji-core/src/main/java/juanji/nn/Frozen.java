package juanji.nn;

import java.util.List;
import juanji.graph.Node;

/// A layer whose weights stay as they are in training, and which behaves as in inference: no statistics move, nothing
/// is dropped.
///
/// @param layer the layer; its names stay what they are without freezing
public record Frozen(Layer layer) implements Layer {
  @Override public Node apply(Trace trace, Node x) {
    return trace.layer(this, x);
  }

  @Override public String kind() {
    return layer.kind();
  }

  @Override public Layer named(String name) {
    return new Frozen(layer.named(name));
  }

  @Override public String toString() {
    return Source.call("frozen", List.of(layer));
  }
}
