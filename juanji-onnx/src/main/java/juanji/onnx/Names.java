package juanji.onnx;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import juanji.onnx.proto.NodeProto;

/// Names of nodes as names of places in a network.
final class Names {
  private Names() {
  }

  /// A name of letters, digits, `_`, `-`, and dots between them: `/layer1/Conv` becomes `layer1.Conv`.
  static String path(String name) {
    String cut = name.length() > 150 ? name.substring(0, 150) : name;
    String path = cut.replaceAll("[/:.]+", ".").replaceAll("[^A-Za-z0-9_.-]", "_").replaceAll("^\\.+|\\.+$", "");
    return path.isEmpty() ? "_" : path;
  }

  /// A name that no other node has: the node's own, or its operator's with a number.
  static String fresh(NodeProto node, Set<String> taken) {
    boolean anonymous = node.name().isEmpty();
    String base = path(anonymous ? node.operator() : node.name());
    String name = anonymous ? base + "_1" : base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  /// The names of a graph's nodes.
  static Map<NodeProto, String> of(List<NodeProto> nodes) {
    Set<String> taken = new HashSet<>();
    Map<NodeProto, String> names = new IdentityHashMap<>();
    nodes.forEach(node -> names.put(node, fresh(node, taken)));
    return names;
  }
}
