package juanji.onnx;

import java.util.Locale;
import juanji.graph.Node;
import juanji.nn.CustomLayer;
import juanji.nn.Trace;
import juanji.onnx.proto.NodeProto;

/// A node of an imported graph where networks are shown: in summaries, drawings and explanations. It is written by its
/// [OnnxNetwork], which alone has the values that it takes.
///
/// @param node the node
public record OnnxNode(NodeProto node) implements CustomLayer {
  @Override public Node apply(Trace trace, Node x) {
    throw new IllegalStateException("the node '" + Wiring.brief(node.name()) + "' is no layer of its own.\n"
        + "  C1: a node of an ONNX graph is written by its network; received the node alone.\n"
        + "  Use the network, cut where it is needed.");
  }

  /// The operator, such as `conv` or `maxPool`.
  @Override public String kind() {
    String name = node.operator();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  @Override public String toString() {
    return node.toString();
  }
}
