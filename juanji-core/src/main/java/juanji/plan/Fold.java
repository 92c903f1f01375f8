package juanji.plan;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Contraction;
import juanji.op.Exact;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.View;
import juanji.tensor.Shape;

/// Pass 3: computes at once what is known, drops what changes nothing, and moves per-channel scales that depend on
/// weights alone into the convolution before them (batch-norm in inference).
///
/// Where a graph has no updates, weights are as good as constants: what depends on them alone is computed once per
/// session, so a scale moved into the weights costs nothing per run.
final class Fold {
  /// Constants with more elements than this are not computed here but by the plan.
  private static final int SMALL = 4096;

  private final boolean weightsStay;
  private final Set<Node> fixed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> shared = Collections.newSetFromMap(new IdentityHashMap<>());

  private Fold(boolean weightsStay) {
    this.weightsStay = weightsStay;
  }

  static Graph run(Graph graph) {
    Fold fold = new Fold(graph.updates().isEmpty());
    Set<Node> once = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Node> often = Collections.newSetFromMap(new IdentityHashMap<>());
    Stream.of(graph.outputs().values(), graph.updates().values()).forEach(often::addAll);
    graph.nodes().forEach(n -> n.inputs().stream().filter(i -> !once.add(i)).forEach(often::add));
    return Rewrite.graph(graph, (builder, node, inputs) -> {
      Node rebuilt = fold.note(fold.rebuild(builder, node.op(), inputs));
      if (often.contains(node)) {
        fold.shared.add(rebuilt);
      }
      return rebuilt;
    });
  }

  /// Remembers which values depend on weights and constants alone.
  private Node note(Node node) {
    if (node instanceof Node.Apply && weightsStay && node.inputs().stream().allMatch(this::isFixed)) {
      fixed.add(node);
    }
    return node;
  }

  private boolean isFixed(Node node) {
    return node instanceof Node.Parameter || node instanceof Node.Constant || fixed.contains(node);
  }

  private Node rebuild(GraphBuilder builder, Op op, List<Node> inputs) {
    Shape shape = op.shape(inputs.stream().map(Node::shape).toList());
    if (inputs.stream().allMatch(Node.Constant.class::isInstance) && shape.size() <= SMALL) {
      return builder.constant(Exact.ALGEBRA.apply(op, inputs.stream()
          .map(n -> Exact.of(((Node.Constant) n).value())).toList()).toTensor());
    }
    return switch (op) {
      case Pointwise.Affine(double factor, double offset) when factor == 1 && offset == 0 -> inputs.getFirst();
      case Pointwise.Affine outer when inputs.getFirst() instanceof Node.Apply a
          && a.op() instanceof Pointwise.Affine inner ->
          rebuild(builder, new Pointwise.Affine(outer.factor() * inner.factor(),
              outer.factor() * inner.offset() + outer.offset()), a.inputs());
      case View.Reshape r when inputs.getFirst().shape().equals(shape) -> inputs.getFirst();
      case View.Reshape r when inputs.getFirst() instanceof Node.Apply a && a.op() instanceof View.Reshape ->
          rebuild(builder, new View.Reshape(shape), a.inputs());
      case View.Expand e when inputs.get(0).shape().equals(shape) -> inputs.getFirst();
      case Pointwise.Binary b -> binary(builder, b, inputs, shape);
      default -> builder.apply(op, inputs);
    };
  }

  private Node binary(GraphBuilder builder, Pointwise.Binary op, List<Node> inputs, Shape shape) {
    Node a = inputs.get(0);
    Node b = inputs.get(1);
    // Broadcasting repeats a value anyway: the expansion need not be written to memory.
    if (unexpanded(a) && b.shape().equals(shape)) {
      return note(rebuild(builder, op, List.of(collapse(builder, a), b)));
    }
    if (unexpanded(b) && a.shape().equals(shape)) {
      return note(rebuild(builder, op, List.of(a, collapse(builder, b))));
    }
    if (op instanceof Pointwise.Mul) {
      if (isOne(b) && a.shape().equals(shape)) {
        return a;
      }
      if (isOne(a) && b.shape().equals(shape)) {
        return b;
      }
      if (weightsStay && isFixed(b) && a instanceof Node.Apply applied && a.shape().equals(shape)) {
        return scaled(builder, applied, b, shape);
      }
    }
    return builder.apply(op, inputs);
  }

  private static boolean unexpanded(Node node) {
    return node instanceof Node.Apply a && a.op() instanceof View.Expand;
  }

  /// The value that an expansion repeats, already divided by the number of repetitions if the expansion averages.
  private Node collapse(GraphBuilder builder, Node expansion) {
    Node.Apply a = (Node.Apply) expansion;
    Node value = a.inputs().getFirst();
    double share = (double) value.shape().size() / a.shape().size();
    return ((View.Expand) a.op()).averaging()
        ? note(rebuild(builder, new Pointwise.Affine(share, 0), List.of(value))) : value;
  }

  private static boolean isOne(Node node) {
    return node instanceof Node.Constant c && c.shape().size() == 1 && c.value().data()[0] == 1;
  }

  /// conv(x, w) · s = conv(x, w · s) and (u + b) · s = u · s + b · s, for a scale per channel that depends on weights
  /// alone. What something else needs, too, stays as it is: it would be computed twice.
  private Node scaled(GraphBuilder builder, Node.Apply value, Node scale, Shape shape) {
    int rank = shape.rank();
    int axis = 1 - rank + scale.shape().rank();
    boolean perChannel = rank >= 3 && axis >= 0 && scale.shape().dim(axis) == shape.dim(1)
        && scale.shape().size() == shape.dim(1);
    if (perChannel && !shared.contains(value) && value.op() instanceof Contraction.Conv conv
        && isFixed(value.inputs().get(1))) {
      int[] dims = new int[rank];
      Arrays.fill(dims, 1);
      dims[0] = shape.dim(1);
      Node perFilter = note(builder.reshape(scale, Shape.of(dims)));
      Node weights = note(builder.apply(new Pointwise.Mul(), value.inputs().get(1), perFilter));
      return builder.apply(conv, value.inputs().getFirst(), weights);
    }
    if (perChannel && !shared.contains(value) && value.op() instanceof Pointwise.Add
        && isFixed(value.inputs().get(1)) && value.inputs().getFirst() instanceof Node.Apply inner
        && inner.op() instanceof Contraction.Conv && inner.shape().equals(shape) && !shared.contains(inner)) {
      Node left = scaled(builder, inner, scale, shape);
      Node right = note(builder.apply(new Pointwise.Mul(), value.inputs().get(1), scale));
      return builder.apply(new Pointwise.Add(), left, right);
    }
    return builder.apply(new Pointwise.Mul(), value, scale);
  }
}
