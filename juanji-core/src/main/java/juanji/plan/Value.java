package juanji.plan;

import juanji.graph.Node;
import juanji.kernel.Layout;

/// A node's value in one layout: what lies at one place in memory.
///
/// @param node whose value, compared by identity
/// @param layout how it lies
record Value(Node node, Layout layout) {
  /// The floats it takes.
  long length() {
    return layout.length(node.shape());
  }
}
