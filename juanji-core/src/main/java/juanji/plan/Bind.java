package juanji.plan;

import java.util.List;
import juanji.graph.Graph;
import juanji.op.View;

/// Pass 1: gives every open batch extent its size.
final class Bind {
  private Bind() {
  }

  static Graph run(Graph graph, int batch) {
    return Rewrite.graph(graph, input -> input.shape().bind(batch),
        (builder, node, inputs) -> node.op() instanceof View.Reshape r
            ? builder.reshape(inputs.getFirst(), r.shape(List.of(inputs.getFirst().shape())))
            : builder.apply(node.op(), inputs));
  }
}
