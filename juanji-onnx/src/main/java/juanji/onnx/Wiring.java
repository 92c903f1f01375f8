package juanji.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.OnnxException;

/// How the nodes of a graph hang together: each value is made once, by something, and not by itself.
final class Wiring {
  private final String file;
  private final GraphProto graph;
  private final Map<String, Integer> makers = new HashMap<>();

  /// @param outside the names of values that surrounding graphs have
  Wiring(String file, GraphProto graph, Collection<String> outside) {
    this.file = file;
    this.graph = graph;
    Set<String> known = new HashSet<>(outside);
    Set<String> weights = new HashSet<>();
    graph.initializers().forEach(t -> {
      if (!weights.add(t.name())) {
        throw broken("C2: a name stands for one value; '" + brief(t.name()) + "' is the name of two initializers.");
      }
    });
    Set<String> inputs = new HashSet<>();
    graph.inputs().forEach(i -> {
      if (!inputs.add(i.name())) {
        throw broken("C2: a name stands for one value; '" + brief(i.name()) + "' is the name of two inputs.");
      }
    });
    known.addAll(weights);
    known.addAll(inputs);
    known.addAll(graph.sparse());
    for (int i = 0; i < graph.nodes().size(); i++) {
      for (String output : graph.nodes().get(i).outputs()) {
        if (!output.isEmpty() && (makers.putIfAbsent(output, i) != null || weights.contains(output)
            || inputs.contains(output))) {
          throw broken("C2: a name stands for one value; '" + brief(output) + "' is made twice, the second time by "
              + "node " + i + " (" + brief(graph.nodes().get(i).operator()) + ").");
        }
      }
    }
    for (NodeProto node : graph.nodes()) {
      for (String input : needs(node)) {
        if (!known.contains(input) && !makers.containsKey(input)) {
          throw broken("C3: every input of a node is made by something; '" + brief(input) + "', which "
              + brief(node.operator()) + " '" + brief(node.name()) + "' takes, is not.");
        }
      }
    }
    graph.outputs().forEach(o -> {
      if (!known.contains(o.name()) && !makers.containsKey(o.name())) {
        throw broken("C3: every output of the graph is made by something; '" + brief(o.name()) + "' is not.");
      }
    });
  }

  private OnnxException broken(String constraint) {
    return new OnnxException(file, "is no usable network", constraint, "Export the network again.");
  }

  static String brief(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > 60 ? plain.substring(0, 60) + "…" : plain;
  }

  /// The names of values that a node takes, those that graphs within it take from outside included.
  static Set<String> needs(NodeProto node) {
    Set<String> names = new LinkedHashSet<>();
    node.inputs().stream().filter(n -> !n.isEmpty()).forEach(names::add);
    for (AttributeProto attribute : node.attributes()) {
      if (attribute.value() instanceof AttributeProto.Value.OfGraph(GraphProto inner)) {
        Set<String> own = new HashSet<>();
        inner.inputs().forEach(i -> own.add(i.name()));
        inner.initializers().forEach(i -> own.add(i.name()));
        inner.nodes().forEach(n -> own.addAll(n.outputs()));
        Set<String> free = new LinkedHashSet<>();
        inner.nodes().forEach(n -> free.addAll(needs(n)));
        inner.outputs().forEach(o -> free.add(o.name()));
        free.removeAll(own);
        names.addAll(free);
      }
    }
    return names;
  }

  /// The nodes that some values need, each after those that it needs itself, otherwise in the file's order.
  List<NodeProto> order(Collection<String> wanted) {
    Set<Integer> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(wanted);
    while (!open.isEmpty()) {
      Integer maker = makers.get(open.removeLast());
      if (maker != null && needed.add(maker)) {
        open.addAll(needs(graph.nodes().get(maker)));
      }
    }
    Map<Integer, Integer> waiting = new HashMap<>();
    Map<Integer, List<Integer>> followers = new HashMap<>();
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int node : needed) {
      Set<Integer> before = new HashSet<>();
      needs(graph.nodes().get(node)).forEach(name -> {
        if (makers.containsKey(name)) {
          before.add(makers.get(name));
        }
      });
      waiting.put(node, before.size());
      before.forEach(b -> followers.computeIfAbsent(b, _ -> new ArrayList<>()).add(node));
      if (before.isEmpty()) {
        ready.add(node);
      }
    }
    List<NodeProto> order = new ArrayList<>();
    while (!ready.isEmpty()) {
      int node = ready.remove();
      order.add(graph.nodes().get(node));
      for (int next : followers.getOrDefault(node, List.of())) {
        if (waiting.merge(next, -1, Integer::sum) == 0) {
          ready.add(next);
        }
      }
    }
    if (order.size() < needed.size()) {
      int stuck = needed.stream().filter(n -> waiting.get(n) > 0).min(Integer::compare).orElseThrow();
      NodeProto node = graph.nodes().get(stuck);
      throw broken("C4: no value needs itself; " + brief(node.operator()) + " '" + brief(node.name())
          + "', which makes '" + brief(String.join(", ", node.outputs())) + "', lies on a circle.");
    }
    return order;
  }
}
