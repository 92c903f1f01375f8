package juanji.nn;

import java.util.regex.Pattern;
import juanji.graph.Node;

/// A layer under a name chosen for it.
///
/// Constraints: C1 the name has letters, digits, `_`, `-`, and dots only between other characters; it is at most 200
/// characters long.
///
/// @param layer the layer
/// @param name its name within its scope
public record Named(Layer layer, String name) implements Layer {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

  /// Checks C1.
  public Named {
    if (name.length() > 200 || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a layer cannot be named '" + Source.brief(name) + "'.\n"
          + "  C1: names have up to 200 letters, digits, '_', '-', and dots between them; received " + name.length()
          + " characters.\n"
          + "  Choose a name such as 'conv1' or 'layer4.0'.");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    return layer.apply(trace, x);
  }

  @Override public String kind() {
    return layer.kind();
  }

  @Override public Layer named(String other) {
    return new Named(layer, other);
  }

  @Override public String toString() {
    return layer + ".named(" + Source.quote(name) + ")";
  }
}
