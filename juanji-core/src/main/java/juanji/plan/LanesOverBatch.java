package juanji.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.LocalContraction;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Pass 4: if no convolution has channels enough to fill vectors, lays the samples of a batch side by side: what is
/// N × C × spatial becomes N/L × C × spatial × L, and windows get a last axis along which they stand still. So kernels
/// have whole vectors of samples, and no channels are made up to fill blocks.
///
/// Convolutions, pools and what is pointwise or a sum between them take part; everything else sees its old shapes.
final class LanesOverBatch {
  /// The most cells of a window, so that a sum's filters stay in the first-level cache.
  private static final int MOST_TAPS = 49;

  private final int batch;
  private final int lanes;
  private final Map<Node, Node> wide = new IdentityHashMap<>();

  private LanesOverBatch(int batch, int lanes) {
    this.batch = batch;
    this.lanes = lanes;
  }

  /// @param lanes floats that the kernels compute at once
  static Graph run(Graph graph, int lanes) {
    OptionalInt batch = batch(graph, lanes);
    return batch.isEmpty() ? graph : new LanesOverBatch(batch.getAsInt(), lanes).rewrite(graph);
  }

  /// The batch of the graph's convolutions, if all of them have few channels and whole vectors of samples.
  private static OptionalInt batch(Graph graph, int lanes) {
    int batch = 0;
    for (Node node : graph.nodes()) {
      if (!(node instanceof Node.Apply a) || !(a.op() instanceof Contraction c) || c instanceof Contraction.MatMul) {
        continue;
      }
      Shape first = a.inputs().getFirst().shape();
      if (lanes < 2 || !few(c, a, lanes) || first.dim(0) % lanes != 0 || batch != 0 && first.dim(0) != batch) {
        return OptionalInt.empty();
      }
      batch = first.dim(0);
    }
    return batch == 0 ? OptionalInt.empty() : OptionalInt.of(batch);
  }

  private static boolean few(Contraction op, Node.Apply node, int lanes) {
    return switch (op) {
      case Contraction.Conv(Window window, int groups) -> groups == 1
          && few(window, node.inputs().getFirst().shape(), node.shape(), lanes);
      case Contraction.ConvInput(Window window, int groups, Shape _) -> groups == 1
          && few(window, node.inputs().getFirst().shape(), node.shape(), lanes);
      case Contraction.ConvFilter(Window window, int groups) -> groups == 1
          && few(window, node.inputs().get(0).shape(), node.inputs().get(1).shape(), lanes);
      case LocalContraction _, Contraction.MatMul _ -> false;
    };
  }

  private static boolean few(Window window, Shape source, Shape target, int lanes) {
    int least = Math.min(source.dim(1), target.dim(1));
    int most = Math.max(source.dim(1), target.dim(1));
    return least < lanes && most <= 2 * lanes && window.rank() <= 2 && window.taps() <= MOST_TAPS;
  }

  private Graph rewrite(Graph graph) {
    return Rewrite.graph(graph, (builder, node, inputs) -> {
      Optional<Node> laned = laned(builder, node, inputs);
      if (laned.isEmpty()) {
        return builder.apply(node.op(), inputs);
      }
      // Filters may be as many as samples.
      if (node.op() instanceof Contraction.ConvFilter || !overBatch(node.shape())) {
        return builder.reshape(laned.get(), node.shape());
      }
      wide.put(node, laned.get());
      return back(builder, laned.get(), node.shape());
    });
  }

  private boolean overBatch(Shape shape) {
    return shape.rank() >= 3 && shape.dim(0) == batch;
  }

  /// The node with samples side by side, if it takes part.
  private Optional<Node> laned(GraphBuilder builder, Node.Apply node, List<Node> inputs) {
    List<Node> old = node.inputs();
    return switch (node.op()) {
      case Contraction.Conv(Window window, int groups) -> Optional.of(builder.apply(
          new Contraction.Conv(still(window), groups), large(builder, old.get(0), inputs.get(0)),
          extended(builder, inputs.get(1))));
      case Contraction.ConvInput(Window window, int groups, Shape spatial) -> Optional.of(builder.apply(
          new Contraction.ConvInput(still(window), groups, append(spatial, lanes)),
          large(builder, old.get(0), inputs.get(0)), extended(builder, inputs.get(1))));
      case Contraction.ConvFilter(Window window, int groups) -> Optional.of(builder.apply(
          new Contraction.ConvFilter(still(window), groups), large(builder, old.get(0), inputs.get(0)),
          large(builder, old.get(1), inputs.get(1))));
      case Windowed op when op.window().rank() <= 2 && any(old) && overBatch(node.shape()) ->
          Optional.of(builder.apply(still(op), large(builder, old, inputs)));
      case Pointwise op when any(old) && overBatch(node.shape())
          && old.stream().allMatch(i -> i.shape().equals(node.shape()) || !batched(i.shape(), node.shape().rank())) ->
          Optional.of(builder.apply(op, IntStream.range(0, old.size()).mapToObj(i ->
              old.get(i).shape().equals(node.shape()) ? large(builder, old.get(i), inputs.get(i))
                  : old.get(i).shape().size() == 1 ? inputs.get(i) : extended(builder, inputs.get(i))).toList()));
      case Reduction op when any(old) -> Optional.of(builder.apply(still(op, old.getFirst().shape().rank()),
          large(builder, old.getFirst(), inputs.getFirst())));
      default -> Optional.empty();
    };
  }

  /// Whether an operand differs from sample to sample.
  private static boolean batched(Shape operand, int rank) {
    return operand.rank() == rank && operand.dim(0) != 1;
  }

  private boolean any(List<Node> nodes) {
    return nodes.stream().anyMatch(wide::containsKey);
  }

  private List<Node> large(GraphBuilder builder, List<Node> old, List<Node> inputs) {
    return IntStream.range(0, old.size()).mapToObj(i -> large(builder, old.get(i), inputs.get(i))).toList();
  }

  /// A value with samples side by side.
  private Node large(GraphBuilder builder, Node old, Node input) {
    return wide.computeIfAbsent(old, _ -> {
      Shape s = input.shape();
      Node cut = builder.reshape(input, s.with(0, lanes).prepend(batch / lanes));
      List<Integer> order = new ArrayList<>(IntStream.rangeClosed(0, s.rank()).boxed().toList());
      order.add(order.remove(1));
      return builder.apply(new View.Permute(order), cut);
    });
  }

  /// A value with its samples one after the other again.
  private static Node back(GraphBuilder builder, Node laned, Shape shape) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, laned.shape().rank()).boxed().toList());
    order.add(1, order.removeLast());
    return builder.reshape(builder.apply(new View.Permute(order), laned), shape);
  }

  private static Node extended(GraphBuilder builder, Node node) {
    return builder.reshape(node, append(node.shape(), 1));
  }

  private static Shape append(Shape shape, int extent) {
    int[] dims = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
    dims[shape.rank()] = extent;
    return Shape.of(dims);
  }

  private static Window still(Window window) {
    List<Axis> axes = new ArrayList<>(window.axes());
    axes.add(Axis.of(1));
    return new Window(axes);
  }

  private Op still(Windowed op) {
    return switch (op) {
      case Windowed.MaxPool(Window w) -> new Windowed.MaxPool(still(w));
      case Windowed.MaxPoolInput(Window w) -> new Windowed.MaxPoolInput(still(w));
      case Windowed.AvgPool(Window w, Windowed.Divisor d) -> new Windowed.AvgPool(still(w), d);
      case Windowed.AvgPoolInput(Window w, Windowed.Divisor d, Shape s) ->
          new Windowed.AvgPoolInput(still(w), d, append(s, lanes));
    };
  }

  /// A summary over the batch is one over the lanes, too.
  private static Op still(Reduction op, int rank) {
    List<Integer> axes = new ArrayList<>(op.axes());
    if (axes.contains(0)) {
      axes.add(rank);
    }
    return switch (op) {
      case Reduction.Sum _ -> new Reduction.Sum(axes);
      case Reduction.Mean _ -> new Reduction.Mean(axes);
      case Reduction.Max _ -> new Reduction.Max(axes);
    };
  }
}
