package juanji.plan;

import java.util.List;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.ChannelStatistics;
import juanji.op.Composite;
import juanji.op.Op;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Pass 2: writes composite operations out in terms of others, but for those that have kernels of their own. What a
/// gradient has written out already is found again, since equal operations on equal nodes are one node.
final class Expand {
  private Expand() {
  }

  static Graph run(Graph graph) {
    return Rewrite.graph(graph, (builder, node, inputs) -> new Expanding(builder).apply(node.op(), inputs));
  }

  /// Expands composites within composites, too.
  private record Expanding(GraphBuilder builder) implements Algebra<Node> {
    @Override public Node apply(Op op, List<Node> inputs) {
      return op instanceof Composite c && !whole(c) ? c.expand(this, inputs) : builder.apply(op, inputs);
    }

    private static boolean whole(Composite op) {
      return op instanceof ChannelStatistics || op instanceof Composite.Softmax || op instanceof Composite.LogSoftmax;
    }

    @Override public Node constant(Tensor value) {
      return builder.constant(value);
    }

    @Override public Shape shape(Node value) {
      return value.shape();
    }
  }
}
