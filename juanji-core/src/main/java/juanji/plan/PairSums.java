package juanji.plan;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.ChannelStatistics;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.tensor.Shape;

/// The last part of pass 3: finds pairs of sums that one walk through memory gives, each channel's mean and variance,
/// and Σ g with Σ g · (x − m), whatever wrote them: batch-norm in training, or its formula spelled out.
final class PairSums {
  /// A pair's sum.
  ///
  /// @param whole the operation that gives both
  /// @param inputs what it reads, in the old graph
  /// @param row which of its rows this sum is
  private record Half(ChannelStatistics whole, List<Node> inputs, int row) {
  }

  /// Σ (x − m) · g or Σ (x − m)² over the batch and all places.
  ///
  /// @param g null of the square
  private record Product(Node x, Node m, Node g) {
  }

  private final Map<Node, Half> halves = new IdentityHashMap<>();
  private final Map<Node, Node> rebuilt = new IdentityHashMap<>();

  private PairSums() {
  }

  static Graph run(Graph graph) {
    PairSums pairs = new PairSums();
    pairs.find(graph);
    return Rewrite.graph(graph, pairs::apply);
  }

  private void find(Graph graph) {
    Map<Node, Node> sums = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply a && a.op() instanceof Reduction.Sum && overChannels(a)) {
        sums.put(a.inputs().getFirst(), a);
      }
    }
    for (Node node : graph.nodes()) {
      if (!(node instanceof Node.Apply a) || !overChannels(a)) {
        continue;
      }
      Optional<Product> product = product(a.inputs().getFirst());
      if (a.op() instanceof Reduction.Mean && product.filter(p -> p.g() == null).isPresent()) {
        product.filter(p -> p.m() instanceof Node.Apply m && m.op() instanceof Reduction.Mean && overChannels(m)
            && m.inputs().getFirst() == p.x()).ifPresent(p -> {
              halves.put(p.m(), new Half(new ChannelStatistics.Moments(), List.of(p.x()), 0));
              halves.put(a, new Half(new ChannelStatistics.Moments(), List.of(p.x()), 1));
            });
      } else if (a.op() instanceof Reduction.Sum && product.filter(p -> p.g() != null).isPresent()) {
        product.filter(p -> sums.containsKey(p.g())).ifPresent(p -> {
          List<Node> inputs = List.of(p.g(), p.x(), p.m());
          halves.putIfAbsent(sums.get(p.g()), new Half(new ChannelStatistics.CentredSums(), inputs, 0));
          halves.put(a, new Half(new ChannelStatistics.CentredSums(), inputs, 1));
        });
      }
    }
  }

  /// Whether a sum or mean leaves one number per channel of a picture.
  private static boolean overChannels(Node.Apply a) {
    if (!(a.op() instanceof Reduction r) || a.shape().rank() < 3) {
      return false;
    }
    return r.axes().stream().sorted().toList().equals(ChannelStatistics.axes(a.shape().rank()));
  }

  private static Optional<Product> product(Node node) {
    if (!(node instanceof Node.Apply a && a.op() instanceof Pointwise.Mul)) {
      return Optional.empty();
    }
    Node left = a.inputs().get(0);
    Node right = a.inputs().get(1);
    Optional<Product> first = centred(left, right);
    return first.isPresent() ? first : centred(right, left);
  }

  /// A value less one number per channel, times another of its shape.
  private static Optional<Product> centred(Node difference, Node other) {
    if (!(difference instanceof Node.Apply d && d.op() instanceof Pointwise.Sub) || !other.shape().equals(d.shape())) {
      return Optional.empty();
    }
    Node x = d.inputs().get(0);
    Node m = d.inputs().get(1);
    Shape s = d.shape();
    boolean perChannel = m.shape().rank() == s.rank() && m.shape().dim(1) == s.dim(1) && m.shape().size() == s.dim(1);
    return x.shape().equals(s) && perChannel ? Optional.of(new Product(x, m, other == difference ? null : other))
        : Optional.empty();
  }

  private Node apply(GraphBuilder builder, Node.Apply node, List<Node> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      rebuilt.put(node.inputs().get(i), inputs.get(i));
    }
    Half half = halves.get(node);
    // What the other half reads may come later in the order; then each is computed for itself.
    boolean fits = half != null && rebuilt.keySet().containsAll(half.inputs());
    Node result = fits ? half(builder, half, node.shape()) : builder.apply(node.op(), inputs);
    rebuilt.put(node, result);
    return result;
  }

  private Node half(GraphBuilder builder, Half half, Shape shape) {
    Node both = builder.apply(half.whole(), half.inputs().stream().map(rebuilt::get).toList());
    return builder.reshape(builder.apply(new View.Slice(0, half.row(), half.row() + 1), both), shape);
  }
}
