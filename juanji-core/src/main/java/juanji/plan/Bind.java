package juanji.plan;

import java.util.List;
import java.util.Map;
import juanji.graph.Graph;
import juanji.op.View;

/// Pass 1: gives every open extent its size: the batch's, or the one given for an input of another kind.
final class Bind {
  private Bind() {
  }

  static Graph run(Graph graph, int batch, Map<String, Integer> sizes) {
    return Rewrite.graph(graph, input -> input.shape().bind(sizes.getOrDefault(input.name(), batch)),
        (builder, node, inputs) -> node.op() instanceof View.Reshape r
            ? builder.reshape(inputs.getFirst(), r.shape(List.of(inputs.getFirst().shape())))
            : builder.apply(node.op(), inputs));
  }
}
