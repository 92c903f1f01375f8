package juanji.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is to be computed: named outputs, and new values for parameters, as expressions over inputs, parameters and
/// constants.
///
/// A graph is an immutable value. Its nodes are those that an output or an update needs, in an order in which each
/// comes after its inputs.
public final class Graph {
  private final Map<String, Node> outputs;
  private final Map<Node.Parameter, Node> updates;
  private final List<Node> nodes;

  Graph(Map<String, Node> outputs, Map<Node.Parameter, Node> updates) {
    this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    this.updates = Collections.unmodifiableMap(new LinkedHashMap<>(updates));
    this.nodes = List.copyOf(order(Stream.concat(outputs.values().stream(), updates.values().stream()).toList()));
  }

  /// Everything that `roots` need, inputs first; without recursion, since networks may be deep.
  private static List<Node> order(Collection<Node> roots) {
    record Visit(Node node, int next) {
    }

    List<Node> order = new ArrayList<>();
    Map<Node, Boolean> seen = new IdentityHashMap<>();
    List<Visit> stack = new ArrayList<>();
    for (Node root : roots) {
      if (seen.putIfAbsent(root, true) == null) {
        stack.add(new Visit(root, 0));
      }
      while (!stack.isEmpty()) {
        Visit top = stack.removeLast();
        if (top.next < top.node.inputs().size()) {
          stack.add(new Visit(top.node, top.next + 1));
          Node input = top.node.inputs().get(top.next);
          if (seen.putIfAbsent(input, true) == null) {
            stack.add(new Visit(input, 0));
          }
        } else {
          order.add(top.node);
        }
      }
    }
    return order;
  }

  /// The named results.
  public Map<String, Node> outputs() {
    return outputs;
  }

  /// The values that parameters take after a run.
  public Map<Node.Parameter, Node> updates() {
    return updates;
  }

  /// All nodes, each after its inputs.
  public List<Node> nodes() {
    return nodes;
  }

  /// The inputs that the outputs and updates need.
  public List<Node.Input> inputs() {
    return nodes.stream().filter(Node.Input.class::isInstance).map(Node.Input.class::cast).toList();
  }

  /// The parameters that occur in this graph: those that it reads, then those that it only writes.
  public List<Node.Parameter> parameters() {
    // Nodes are compared by identity, so each occurs once.
    return Stream.concat(nodes.stream().filter(Node.Parameter.class::isInstance).map(Node.Parameter.class::cast),
        updates.keySet().stream()).distinct().toList();
  }

  /// The output of the given name.
  ///
  /// @throws IllegalArgumentException if there is none
  public Node output(String name) {
    Node node = outputs.get(name);
    if (node == null) {
      throw new IllegalArgumentException("the graph has no output '" + name + "'.\n"
          + "  C1: outputs are " + outputs.keySet() + ".\n"
          + "  Name one of these.");
    }
    return node;
  }

  /// One line per node: its number, operation, inputs' numbers and shape.
  @Override public String toString() {
    Map<Node, Integer> numbers = new IdentityHashMap<>();
    StringBuilder text = new StringBuilder();
    for (Node node : nodes) {
      numbers.put(node, numbers.size());
      text.append('%').append(numbers.get(node)).append(" = ");
      text.append(node instanceof Node.Apply a ? a.op() + node.inputs().stream().map(i -> "%" + numbers.get(i))
          .collect(Collectors.joining(", ", "(", ")")) + " : " + node.shape()
          + (node.name().isEmpty() ? "" : "  # " + node.name()) : node.toString());
      text.append('\n');
    }
    outputs.forEach((name, node) -> text.append("output ").append(name).append(" = %").append(numbers.get(node))
        .append('\n'));
    updates.forEach((parameter, node) -> text.append("update ").append(parameter.name()).append(" = %")
        .append(numbers.get(node)).append('\n'));
    return text.toString();
  }
}
