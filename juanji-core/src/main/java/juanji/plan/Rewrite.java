package juanji.plan;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.tensor.Shape;

/// Rebuilds a graph node by node; what the passes that lead from graph to graph have in common.
final class Rewrite {
  /// What becomes of a node whose inputs have been rebuilt.
  interface Rule {
    Node apply(GraphBuilder builder, Node.Apply node, List<Node> inputs);
  }

  /// What becomes of the shape of an input.
  interface Sizes {
    Shape of(Node.Input input);
  }

  private Rewrite() {
  }

  static Graph graph(Graph graph, Rule rule) {
    return graph(graph, Node::shape, rule);
  }

  static Graph graph(Graph graph, Sizes sizes, Rule rule) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> rebuilt = new IdentityHashMap<>();
    for (Node node : graph.nodes()) {
      builder.scope(node.name());
      rebuilt.put(node, switch (node) {
        case Node.Input i -> builder.input(i.name(), sizes.of(i));
        case Node.Parameter p -> builder.parameter(p.name(), p.shape());
        case Node.Constant c -> builder.constant(c.value());
        case Node.Apply a -> rule.apply(builder, a, a.inputs().stream().map(rebuilt::get).toList());
      });
    }
    graph.outputs().forEach((name, node) -> builder.output(name, rebuilt.get(node)));
    graph.updates().forEach((parameter, node) ->
        builder.update(builder.parameter(parameter.name(), parameter.shape()), rebuilt.get(node)));
    return builder.build();
  }
}
