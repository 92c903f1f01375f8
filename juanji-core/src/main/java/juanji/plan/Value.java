package juanji.plan;

import juanji.graph.Node;
import juanji.kernel.Layout;

/// A node's value in one layout: what lies at one place in memory.
///
/// @param node whose value, compared by identity
/// @param layout how it lies
/// @param repeated whether it is computed for a second time, for steps long after those that read the first
record Value(Node node, Layout layout, boolean repeated) {
  /// A value that is computed for the first time.
  Value(Node node, Layout layout) {
    this(node, layout, false);
  }

  /// This value, computed for a second time.
  Value again() {
    return new Value(node, layout, true);
  }

  /// The floats it takes.
  long length() {
    return layout.length(node.shape());
  }
}
