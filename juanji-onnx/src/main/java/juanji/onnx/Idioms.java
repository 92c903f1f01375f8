package juanji.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.NodeProto;

/// Groups of nodes that say one operation together, since ONNX has no operator for it: what this library writes so is
/// read as the operation again.
///
/// Groups are found by their nodes, whoever wrote them. Whether their numbers are those of the operation is found where
/// they are known, when the group is translated ([Idiom#meaning]); a group whose numbers are others is what its nodes
/// say. A group's nodes are used within it alone, but for the last one.
final class Idioms {
  private final Map<String, NodeProto> makers = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Map<NodeProto, Idiom> found = new IdentityHashMap<>();
  private final Map<NodeProto, Idiom> inside = new IdentityHashMap<>();

  /// A group of nodes.
  interface Idiom {
    /// The nodes but for the last one, each after those that it needs.
    List<NodeProto> nodes();

    /// The operation as one node: what it is called, and the values that it takes and gives.
    NodeProto whole();

    /// What it computes.
    ///
    /// @param scope the values that are known, by name
    /// @return nothing if the numbers are not those of the operation
    Optional<Operator> meaning(Map<String, Value> scope);
  }

  /// @param order the nodes that are translated, each after those that it needs
  /// @param wanted the values that are asked for
  Idioms(List<NodeProto> order, Collection<String> wanted) {
    for (NodeProto node : order) {
      node.outputs().forEach(o -> makers.put(o, node));
      Wiring.needs(node).forEach(name -> uses.merge(name, 1, Integer::sum));
    }
    wanted.forEach(name -> uses.merge(name, 1, Integer::sum));
    for (NodeProto node : order) {
      Optional<? extends Idiom> idiom = !node.domain().isEmpty() ? Optional.empty() : switch (node.operator()) {
        case "Gather" -> LookupIdiom.of(this, node);
        case "Reshape" -> LocalIdiom.of(this, node);
        default -> Optional.empty();
      };
      idiom.filter(i -> apart(i.nodes(), node)).ifPresent(i -> {
        found.put(node, i);
        i.nodes().forEach(n -> inside.put(n, i));
      });
    }
  }

  /// The group whose last node this is.
  Optional<Idiom> endingAt(NodeProto node) {
    return Optional.ofNullable(found.get(node));
  }

  /// Whether a node lies within a group, before its last one.
  boolean holds(NodeProto node) {
    return inside.containsKey(node);
  }

  /// Whether the nodes' values are used by these nodes and the last one alone.
  private boolean apart(List<NodeProto> nodes, NodeProto last) {
    List<NodeProto> all = new ArrayList<>(nodes);
    all.add(last);
    Map<String, Integer> within = new HashMap<>();
    Set<NodeProto> once = new HashSet<>();
    all.forEach(n -> Wiring.needs(n).forEach(name -> within.merge(name, 1, Integer::sum)));
    return nodes.stream().allMatch(n -> once.add(n) && !inside.containsKey(n) && n.outputs().stream()
        .allMatch(o -> uses.getOrDefault(o, 0).equals(within.getOrDefault(o, 0))));
  }

  /// The node that makes a node's input, if it is of an operator.
  Optional<NodeProto> maker(NodeProto node, int input, String operator) {
    return input >= node.inputs().size() ? Optional.empty()
        : Optional.ofNullable(makers.get(node.inputs().get(input)))
            .filter(n -> n.domain().isEmpty() && n.operator().equals(operator) && n.outputs().size() == 1);
  }

  /// Whether a node has attributes of whole numbers, and no others.
  static boolean only(NodeProto node, Map<String, Object> attributes) {
    return node.attributes().stream().allMatch(a -> switch (a.value()) {
      case AttributeProto.Value.Whole(long number) -> attributes.get(a.name()) instanceof Long l && l == number;
      case AttributeProto.Value.Wholes(List<Long> numbers) -> numbers.equals(attributes.get(a.name()));
      default -> false;
    }) && attributes.keySet().stream().allMatch(name -> node.attribute(name).isPresent());
  }

  /// The whole numbers of a value that is known.
  static Optional<HostTensor> known(Map<String, Value> scope, String name) {
    return scope.get(name) instanceof Value.Host(HostTensor tensor) ? Optional.of(tensor) : Optional.empty();
  }
}
