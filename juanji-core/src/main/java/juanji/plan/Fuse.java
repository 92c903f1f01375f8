package juanji.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import juanji.graph.Graph;
import juanji.graph.Node;
import juanji.kernel.Chain;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.LocalContraction;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.View;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Pass 5: groups nodes into steps, so that pointwise work is done while its data is in the cache.
///
/// - A contraction or window operation takes the longest chain of pointwise operations behind it, as long as each value
///   has one consumer: convolution, bias, batch-norm, ReLU and residual need no rule of their own.
/// - A reduction takes the pointwise operations that lead to its input and to nothing else.
/// - The remaining pointwise operations join their consumer if they have only one.
/// - A cheap operation on one large value (and small ones) is repeated in each of its consumers rather than written to
///   memory, if all of these are pointwise or reductions: reading its result would cost as much as reading its input.
final class Fuse {
  /// More stages or operands than this would not fit in the cache with their runs.
  private static final int MOST_STAGES = 12;
  private static final int MOST_OPERANDS = 8;

  private final Map<Node, Integer> numbers = new IdentityHashMap<>();
  private final Map<Node, Set<Node.Apply>> consumers = new IdentityHashMap<>();
  private final Set<Node> kept = identitySet();
  private final Set<Node> repeated = identitySet();
  private final Set<Node> claimed = identitySet();
  private final List<Group> groups = new ArrayList<>();

  private Fuse(Graph graph) {
    for (Node node : graph.nodes()) {
      numbers.put(node, numbers.size());
      for (Node input : node.inputs()) {
        consumers.computeIfAbsent(input, _ -> identitySet()).add((Node.Apply) node);
      }
    }
    kept.addAll(graph.outputs().values());
    kept.addAll(graph.updates().values());
  }

  private static <N> Set<N> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  static List<Group> run(Graph graph) {
    Fuse fuse = new Fuse(graph);
    List<Node.Apply> nodes = graph.nodes().stream().filter(Node.Apply.class::isInstance).map(Node.Apply.class::cast)
        .toList();
    nodes.reversed().forEach(fuse::considerRepeating);
    nodes.forEach(fuse::anchor);
    for (Node.Apply node : nodes.reversed()) {
      if (!fuse.claimed.contains(node) && !fuse.repeated.contains(node)) {
        fuse.rest(node);
      }
    }
    fuse.complete();
    return fuse.schedule(graph);
  }

  /// Gives a step to every node that a group needs and no group computes: one that was to be repeated, but did not fit
  /// into all of its consumers.
  private void complete() {
    Set<Node> computed = identitySet();
    groups.forEach(g -> computed.add(g.result()));
    for (int i = 0; i < groups.size(); i++) {
      for (Node node : groups.get(i).needs()) {
        if (node instanceof Node.Apply apply && computed.add(apply)) {
          repeated.remove(apply);
          rest(apply);
        }
      }
    }
  }

  private void considerRepeating(Node.Apply node) {
    if (!(node.op() instanceof Pointwise p) || !cheap(p) || kept.contains(node) || of(node).size() < 2) {
      return;
    }
    long large = node.inputs().stream().filter(i -> i.shape().equals(node.shape())).distinct().count();
    boolean fits = large == 1 && of(node).stream().allMatch(c -> c.op() instanceof Reduction
        || c.op() instanceof Pointwise && c.shape().equals(node.shape()));
    if (fits) {
      repeated.add(node);
    }
  }

  /// Whether an operation takes less time than reading its operand from memory.
  static boolean cheap(Pointwise op) {
    return switch (op) {
      case Pointwise.Add _, Pointwise.Sub _, Pointwise.Mul _, Pointwise.Max _, Pointwise.Greater _, Pointwise.Equal _,
          Pointwise.Affine _, Pointwise.Relu _, Pointwise.Positive _, Pointwise.Abs _,
          Pointwise.Clamp _ -> true;
      case Pointwise.Div _, Pointwise.Tanh _, Pointwise.Sigmoid _, Pointwise.Exp _, Pointwise.Log _,
          Pointwise.Reciprocal _, Pointwise.Sqrt _, Pointwise.Sign _, Pointwise.Softplus _, Pointwise.Erf _ -> false;
    };
  }

  private Set<Node.Apply> of(Node node) {
    return consumers.getOrDefault(node, Set.of());
  }

  /// Starts a group at a contraction, a window operation or a reduction.
  private void anchor(Node.Apply node) {
    switch (node.op()) {
      case Contraction _, Windowed _ -> {
        Members members = new Members(node.shape(), true);
        Node.Apply end = node;
        claimed.add(node);
        while (!kept.contains(end) && of(end).size() == 1) {
          Node.Apply next = of(end).iterator().next();
          if (!(next.op() instanceof Pointwise) || claimed.contains(next) || repeated.contains(next)
              || !members.admits(next, Set.of(node))) {
            break;
          }
          members.add(next);
          claimed.add(next);
          end = next;
        }
        grow(members, node);
        groups.add(members.group(Optional.of(node), node.inputs(), node, end));
      }
      case Reduction _ -> {
        claimed.add(node);
        Node input = node.inputs().getFirst();
        Members members = new Members(input.shape(), false);
        if (input instanceof Node.Apply producer && producer.op() instanceof Pointwise && joins(producer, members, node)
            && members.admits(producer, Set.of())) {
          members.add(producer);
          take(producer);
          grow(members, node);
        }
        groups.add(members.prologue(node));
      }
      case Pointwise _, View _, Regional _, Random _, Composite _, CustomOp _ -> { }
    }
  }

  /// Starts a group at a node that no anchor took.
  private void rest(Node.Apply node) {
    claimed.add(node);
    switch (node.op()) {
      case Pointwise _ -> {
        Members members = new Members(node.shape(), false);
        members.add(node);
        grow(members, node);
        groups.add(members.group(Optional.empty(), List.of(), node, node));
      }
      case Contraction _, Windowed _, Reduction _, View _, Regional _, Random _, Composite _, CustomOp _ ->
          groups.add(new Group(Optional.of(node), node.inputs(), Chain.NONE, List.of(), node));
    }
  }

  /// Whether a pointwise node may be computed within the group: everything else that needs it is there, too, or it is
  /// repeated. A contraction needs its inputs in memory, so what it reads is not left to its own chain.
  private boolean joins(Node.Apply node, Members members, Node.Apply anchor) {
    return node.shape().equals(members.shape) && !kept.contains(node)
        && node.inputs().stream().anyMatch(i -> i.shape().equals(node.shape()))
        && (repeated.contains(node) || !claimed.contains(node)
        && of(node).stream().allMatch(c -> c == anchor && !members.anchored || members.contains(c)));
  }

  private void take(Node.Apply node) {
    if (!repeated.contains(node)) {
      claimed.add(node);
    }
  }

  /// Takes pointwise operations that lead to the group and nowhere else.
  private void grow(Members members, Node.Apply anchor) {
    boolean more = true;
    while (more) {
      more = false;
      for (Node.Apply member : List.copyOf(members.nodes)) {
        for (Node input : member.inputs()) {
          if (input != anchor && input instanceof Node.Apply producer && producer.op() instanceof Pointwise
              && !members.contains(producer) && joins(producer, members, anchor)
              && members.admits(producer, Set.of(anchor))) {
            members.add(producer);
            take(producer);
            more = true;
          }
        }
      }
    }
  }

  /// Groups in an order in which each comes after what it needs: that of the graph, but gradients of weights come as
  /// soon as what they need is there, and an update as soon as nothing is left, either, that reads the old value. What
  /// they need, such as the gradient of a layer's output, is not kept longer than that, and still lies in the cache.
  private List<Group> schedule(Graph graph) {
    groups.sort(Comparator.comparing(g -> numbers.get(g.result())));
    Map<Node, List<Node>> replaced = new IdentityHashMap<>();
    graph.updates().forEach((parameter, fresh) -> replaced.computeIfAbsent(fresh, _ -> new ArrayList<>())
        .add(parameter));
    Set<Node> needed = identitySet();
    needed.addAll(graph.outputs().values());
    Set<Group> late = identitySet();
    for (Group g : groups.reversed()) {
      if (replaced.containsKey(g.result()) && !needed.contains(g.result())) {
        late.add(g);
      } else {
        needed.addAll(g.needs());
      }
    }
    Map<Node, Integer> readers = new IdentityHashMap<>();
    groups.forEach(g -> distinct(g).forEach(n -> readers.merge(n, 1, Integer::sum)));
    Set<Node> missing = identitySet();
    groups.forEach(g -> missing.add(g.result()));
    List<Group> order = new ArrayList<>();
    List<Group> eager = new ArrayList<>(groups.stream().filter(g -> late.contains(g) || eager(g)).toList());
    for (Group g : groups) {
      if (late.contains(g) || !missing.contains(g.result())) {
        continue;
      }
      append(g, order, readers, missing);
      for (int i = 0; i < eager.size(); i++) {
        Group next = eager.get(i);
        boolean ready = missing.contains(next.result()) && next.needs().stream().noneMatch(missing::contains)
            && (!late.contains(next) || replaced.get(next.result()).stream().allMatch(p ->
            readers.getOrDefault(p, 0) == (distinct(next).contains(p) ? 1 : 0)));
        if (ready) {
          append(next, order, readers, missing);
        }
        if (!missing.contains(next.result())) {
          eager.remove(i);
          i = ready ? -1 : i - 1;
        }
      }
    }
    // What is left reads another's old value, which reads its own.
    groups.stream().filter(g -> missing.contains(g.result())).toList().forEach(g -> append(g, order, readers, missing));
    return order;
  }

  /// Whether a group's result is a weight's gradient, or costs nothing.
  private static boolean eager(Group group) {
    return group.anchor().map(Node.Apply::op).map(op -> switch (op) {
      case Contraction.ConvFilter _, LocalContraction.LocalFilter _, View.Reshape _ -> true;
      case Contraction.MatMul m -> m.transposeA();
      case Reduction _ -> true;
      case Contraction _, Windowed _, Regional _, Pointwise _, Random _, View _, Composite _,
          CustomOp _ -> false;
    }).orElse(false);
  }

  private static Set<Node> distinct(Group group) {
    Set<Node> nodes = identitySet();
    nodes.addAll(group.needs());
    return nodes;
  }

  private static void append(Group group, List<Group> order, Map<Node, Integer> readers, Set<Node> missing) {
    order.add(group);
    missing.remove(group.result());
    distinct(group).forEach(n -> readers.merge(n, -1, Integer::sum));
  }

  /// The pointwise nodes of a group under construction.
  private final class Members {
    private final Shape shape;
    private final boolean anchored;
    private final List<Node.Apply> nodes = new ArrayList<>();
    private final Set<Node> known = identitySet();

    Members(Shape shape, boolean anchored) {
      this.shape = shape;
      this.anchored = anchored;
    }

    boolean contains(Node node) {
      return known.contains(node);
    }

    void add(Node.Apply node) {
      nodes.add(node);
      known.add(node);
    }

    /// Whether a node fits in: the same shape, room for its operands, and operands that every kernel can apply.
    boolean admits(Node.Apply node, Set<Node> anchor) {
      Set<Node> operands = identitySet();
      for (Node.Apply member : nodes) {
        operands.addAll(member.inputs());
      }
      operands.addAll(node.inputs());
      operands.removeIf(o -> known.contains(o) || anchor.contains(o));
      return node.shape().equals(shape) && nodes.size() < MOST_STAGES && operands.size() <= MOST_OPERANDS
          && (!anchored || node.inputs().stream().allMatch(o -> known.contains(o) || simple(o.shape())));
    }

    /// As large as the result, or one number, or one per channel, or one per sample and channel: what runs evenly
    /// along whole planes.
    private boolean simple(Shape s) {
      return s.equals(shape) || s.size() == 1 || channels(s) == s.size()
          || shape.rank() > 2 && s.rank() == shape.rank() && s.size(2) == 1 && s.dim(1) == shape.dim(1);
    }

    /// How many channels an operand has a number for, axes matched from the last.
    private long channels(Shape s) {
      int axis = 1 - shape.rank() + s.rank();
      return axis < 0 || shape.rank() < 2 ? 1 : s.dim(axis);
    }

    Group group(Optional<Node.Apply> anchor, List<Node> inputs, Node start, Node.Apply result) {
      List<Node> operands = new ArrayList<>();
      Chain chain = chain(anchor.isPresent() ? start : null, operands);
      return new Group(anchor, inputs, chain, operands, result);
    }

    Group prologue(Node.Apply reduction) {
      if (nodes.isEmpty()) {
        return new Group(Optional.of(reduction), reduction.inputs(), Chain.NONE, List.of(), reduction);
      }
      // The chain starts from a value as large as the reduction's input, or from any if all are broadcast.
      Node start = nodes.stream().flatMap(n -> n.inputs().stream()).filter(i -> !known.contains(i))
          .filter(i -> i.shape().equals(shape)).findFirst().orElseThrow();
      List<Node> operands = new ArrayList<>();
      Chain chain = chain(start, operands);
      return new Group(Optional.of(reduction), List.of(start), chain, operands, reduction);
    }

    /// Numbers the values: 0 the start, then the operands, then each stage's result.
    private Chain chain(Node start, List<Node> operands) {
      nodes.sort(Comparator.comparing(numbers::get));
      for (Node.Apply node : nodes) {
        for (Node input : node.inputs()) {
          if (input != start && !known.contains(input) && operands.stream().noneMatch(o -> o == input)) {
            operands.add(input);
          }
        }
      }
      Map<Node, Integer> values = new IdentityHashMap<>();
      if (start != null) {
        values.put(start, 0);
      }
      for (Node operand : operands) {
        values.put(operand, 1 + operands.indexOf(operand));
      }
      List<Chain.Stage> stages = new ArrayList<>();
      for (Node.Apply node : nodes) {
        int a = values.get(node.inputs().getFirst());
        int b = values.get(node.inputs().getLast());
        stages.add(new Chain.Stage((Pointwise) node.op(), a, b));
        values.put(node, operands.size() + stages.size());
      }
      return new Chain(operands.size(), stages);
    }
  }
}
