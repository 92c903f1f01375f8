package juanji.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Contraction;
import juanji.op.Exact;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Pass 3: computes at once what is known, drops what changes nothing, and moves per-channel scales that depend on
/// weights alone into the convolution before them (batch-norm in inference). Factors that are small, or the same for
/// all that is summed, are multiplied last: so batch-norm's gradient needs two sums over its input instead of four.
///
/// Where a graph has no updates, weights are as good as constants: what depends on them alone is computed once per
/// session, so a scale moved into the weights costs nothing per run.
final class Fold {
  /// Constants with more elements than this are not computed here but by the plan.
  private static final int SMALL = 4096;
  /// A factor that fewer elements share than this, or the result of so short a sum, is not worth a step of its own.
  private static final int SHARED = 64;

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
    return PairSums.run(shareSums(Rewrite.graph(graph, (builder, node, inputs) -> {
      Node rebuilt = fold.note(fold.rebuild(builder, node.op(), inputs));
      if (often.contains(node)) {
        fold.shared.add(rebuilt);
      }
      return rebuilt;
    })));
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
      // Of what it is expanded along, only the shape matters.
      case View.Expand e when inputs.get(0) instanceof Node.Constant c && inputs.get(1).shape().size() <= SMALL ->
          builder.constant(Exact.ALGEBRA.apply(op, List.of(Exact.of(c.value()),
              Exact.of(Tensor.zeros(inputs.get(1).shape())))).toTensor());
      case Pointwise.Binary b -> binary(builder, b, inputs, shape);
      case Reduction r -> summary(builder, r, inputs.getFirst());
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
      return product(builder, a, b, shape);
    }
    return builder.apply(op, inputs);
  }

  /// A product with two small factors, which broadcast to a large one: (x · s) · t = x · (s · t).
  private Node product(GraphBuilder builder, Node a, Node b, Shape shape) {
    for (boolean swapped : new boolean[] {false, true}) {
      Node outer = swapped ? b : a;
      Node other = swapped ? a : b;
      Optional<Scaled> inner = Scaled.of(outer);
      if (inner.isPresent() && outer.shape().equals(shape) && slight(other, shape)) {
        return product(builder, inner.get().large(), times(builder, inner.get().small(), other), shape);
      }
    }
    return times(builder, a, b);
  }

  private Node times(GraphBuilder builder, Node a, Node b) {
    return note(builder.apply(new Pointwise.Mul(), a, b));
  }

  private static boolean slight(Node node, Shape shape) {
    return node.shape().size() * SHARED <= shape.size();
  }

  /// A product of a value and a small one.
  private record Scaled(Node large, Node small) {
    static Optional<Scaled> of(Node node) {
      if (!(node instanceof Node.Apply apply) || !(apply.op() instanceof Pointwise.Mul)) {
        return Optional.empty();
      }
      Node a = apply.inputs().get(0);
      Node b = apply.inputs().get(1);
      return a.shape().equals(node.shape()) && slight(b, node.shape()) ? Optional.of(new Scaled(a, b))
          : b.shape().equals(node.shape()) && slight(a, node.shape()) ? Optional.of(new Scaled(b, a))
          : Optional.empty();
    }
  }

  /// A sum or mean: factors that are the same for all its elements are multiplied with the result,
  /// Σ x · s · y = (Σ x · y) · s.
  private Node summary(GraphBuilder builder, Reduction op, Node x) {
    boolean brief = x.shape().size() < SHARED * op.shape(List.of(x.shape())).size();
    if (brief || op instanceof Reduction.Max) {
      return note(builder.apply(op, x));
    }
    List<Node> factors = new ArrayList<>();
    Node rest = without(builder, x, op.axes(), factors);
    Node sum = note(builder.apply(op, rest));
    for (Node factor : factors) {
      sum = product(builder, sum, factor, sum.shape());
    }
    return sum;
  }

  /// A product without those of its small factors that are the same along the axes, which are added to the list.
  private Node without(GraphBuilder builder, Node x, List<Integer> axes, List<Node> factors) {
    Optional<Scaled> scaled = Scaled.of(x);
    if (scaled.isPresent() && even(scaled.get().small().shape(), x.shape(), axes)) {
      factors.add(scaled.get().small());
      return without(builder, scaled.get().large(), axes, factors);
    }
    if (x instanceof Node.Apply a && a.op() instanceof Pointwise.Mul
        && a.inputs().stream().allMatch(i -> i.shape().equals(x.shape()))) {
      int before = factors.size();
      List<Node> parts = a.inputs().stream().map(i -> without(builder, i, axes, factors)).toList();
      return factors.size() == before ? x : times(builder, parts.get(0), parts.get(1));
    }
    return x;
  }

  /// Whether a value of shape `s` that broadcasts to `x` is the same along the given axes.
  private static boolean even(Shape s, Shape x, List<Integer> axes) {
    int shift = x.rank() - s.rank();
    return axes.stream().allMatch(axis -> axis < shift || s.dim(axis - shift) == 1);
  }

  /// Means of what is summed, too, over the same axes: they follow from the sums.
  private static Graph shareSums(Graph graph) {
    Set<Key> sums = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply a && a.op() instanceof Reduction.Sum sum) {
        sums.add(new Key(a.inputs().getFirst(), sum.axes()));
      }
    }
    return Rewrite.graph(graph, (builder, node, inputs) -> {
      if (node.op() instanceof Reduction.Mean mean
          && sums.contains(new Key(node.inputs().getFirst(), mean.axes()))) {
        double share = (double) node.shape().size() / node.inputs().getFirst().shape().size();
        return builder.apply(new Pointwise.Affine(share, 0), builder.apply(new Reduction.Sum(mean.axes()), inputs));
      }
      return builder.apply(node.op(), inputs);
    });
  }

  /// What is summarised and along which axes.
  private record Key(Node x, List<Integer> axes) {
    @Override public boolean equals(Object other) {
      return other instanceof Key k && k.x == x && k.axes.equals(axes);
    }

    @Override public int hashCode() {
      return 31 * System.identityHashCode(x) + axes.hashCode();
    }
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
