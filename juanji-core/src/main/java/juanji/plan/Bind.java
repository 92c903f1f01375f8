package juanji.plan;

import juanji.graph.Graph;

/// Pass 1: gives every open batch extent its size.
final class Bind {
  private Bind() {
  }

  static Graph run(Graph graph, int batch) {
    return Rewrite.graph(graph, input -> input.shape().bind(batch),
        (builder, node, inputs) -> builder.apply(node.op(), inputs));
  }
}
