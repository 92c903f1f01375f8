package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import juanji.graph.Node;

/// Layers one after the other.
///
/// An unnamed chain opens no scope: its layers are numbered together with those around it.
///
/// @param layers the layers in order
public record Sequence(List<Layer> layers) implements Layer {
  /// Takes a copy of the list.
  public Sequence {
    layers = List.copyOf(layers);
  }

  @Override public Node apply(Trace trace, Node x) {
    Node y = x;
    for (Layer layer : layers) {
      y = trace.layer(layer, y);
    }
    return y;
  }

  /// The same layers with the unnamed chains among them dissolved; no name changes.
  public Sequence flat() {
    List<Layer> flat = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer instanceof Sequence inner) {
        flat.addAll(inner.flat().layers);
      } else {
        flat.add(layer);
      }
    }
    return new Sequence(flat);
  }

  @Override public String kind() {
    return "chain";
  }

  @Override public String toString() {
    return Source.call("chain", layers);
  }
}
