package juanji.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.Exact;
import juanji.op.Gather;
import juanji.op.LocalContraction;
import juanji.op.Nonlinearity;
import juanji.op.Op;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.ShapeException;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Random graphs, for checks that a plan computes what a graph means.
///
/// A graph grows operation by operation from inputs, parameters and constants: convolutions, transposed and local ones,
/// pools, pointwise operations with operands of all broadcastable shapes, reductions, views, embeddings, products,
/// norms, softmaxes, dropout; earlier values are taken up again, so that values have several consumers and paths meet.
/// Then come outputs (also of inner values, of inputs and parameters, and twice of the same) and, for a training step,
/// a loss, its gradients and updates of all odd kinds. All numbers stay small: growth is tried on exact values.
///
/// ```java
/// GraphContract.check(GraphSamples.inference(5), Target.best(), 1e-4);
/// ```
public final class GraphSamples {
  private static final double MOST = 12;

  private final Draw draw;
  private final int batch;
  private final GraphBuilder builder = new GraphBuilder();
  private final Map<Node, Exact> values = new IdentityHashMap<>();
  private final List<Node> pool = new ArrayList<>();
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  private GraphSamples(long seed) {
    this.draw = new Draw(seed);
    this.batch = draw.between(1, 3);
  }

  /// A graph without updates, whose weights stay.
  public static GraphSample inference(long seed) {
    GraphSamples growth = new GraphSamples(seed);
    growth.grow();
    growth.outputs();
    return growth.sample();
  }

  /// A graph with a loss, gradients and updates.
  public static GraphSample training(long seed) {
    GraphSamples growth = new GraphSamples(seed);
    growth.grow();
    growth.learn();
    growth.outputs();
    return growth.sample();
  }

  private GraphSample sample() {
    return new GraphSample(builder.build(), batch, inputs, parameters);
  }

  private void grow() {
    int rank = draw.of(List.of(1, 2, 2, 2, 3));
    input("x", draw.spatial(rank).prepend(draw.channels()).batched());
    if (draw.oneIn(3)) {
      input("z", pool.getFirst().shape());
    }
    int wanted = draw.between(4, 22);
    for (int tries = 0; tries < 6 * wanted && pool.size() < wanted; tries++) {
      Node x = recent();
      try {
        step(x).ifPresent(node -> {
          if (pool.stream().noneMatch(p -> p == node)) {
            pool.add(node);
          }
        });
      } catch (ShapeException e) {
        // The operation does not take this value; another one will.
        continue;
      }
    }
  }

  private Node recent() {
    int back = draw.oneIn(3) ? pool.size() : Math.min(pool.size(), 3);
    return pool.get(pool.size() - draw.between(1, back));
  }

  private Node input(String name, Shape shape) {
    Node node = builder.input(name, shape);
    Tensor tensor = tensor(shape.bind(batch), Values.SIGNED);
    inputs.put(name, tensor);
    values.put(node, Exact.of(tensor));
    pool.add(node);
    return node;
  }

  private Tensor tensor(Shape shape, Values kind) {
    return new Exact(shape, draw.numbers(shape, kind)).toTensor();
  }

  private Node parameter(Shape shape) {
    List<String> fitting = parameters.keySet().stream().filter(n -> parameters.get(n).shape().equals(shape)).toList();
    String name = !fitting.isEmpty() && draw.oneIn(4) ? draw.of(fitting) : "p" + parameters.size();
    Node node = builder.parameter(name, shape);
    Tensor value = parameters.computeIfAbsent(name, _ -> tensor(shape, Values.SIGNED));
    values.put(node, Exact.of(value));
    return node;
  }

  /// Applies an operation if its values stay small.
  private Optional<Node> apply(Op op, Node... of) {
    if (jumps(op, of)) {
      return Optional.empty();
    }
    Exact value = Exact.ALGEBRA.apply(op, IntStream.range(0, of.length).mapToObj(i -> values.get(of[i])).toList());
    for (double v : value.data()) {
      if (!(Math.abs(v) <= MOST)) {
        return Optional.empty();
      }
    }
    if (value.data().length == 0 || value.data().length > 60_000) {
      return Optional.empty();
    }
    Node node = builder.apply(op, List.of(of));
    values.put(node, value);
    return Optional.of(node);
  }

  /// Whether rounding could take an input across a step or a kink: then a plan may rightly differ from the definition.
  private boolean jumps(Op op, Node... of) {
    double[] at = switch (op) {
      case Pointwise.Relu _, Pointwise.Positive _, Pointwise.Sign _, Pointwise.Abs _ -> values.get(of[0]).data();
      case Pointwise.Greater _, Pointwise.Equal _, Pointwise.Max _ ->
          Exact.ALGEBRA.sub(values.get(of[0]), values.get(of[1])).data();
      default -> new double[0];
    };
    // Zeros of a product or a ReLU are exact; equal results of two ways to compute something need not be.
    boolean equal = (op instanceof Pointwise.Greater || op instanceof Pointwise.Equal) && of[0] != of[1];
    for (double v : at) {
      if ((v != 0 || equal) && Math.abs(v) < 1e-5) {
        return true;
      }
    }
    return false;
  }

  private Optional<Node> then(Optional<Node> node, Op op) {
    return node.flatMap(n -> apply(op, n));
  }

  private Optional<Node> step(Node x) {
    return switch (draw.between(0, 16)) {
      case 0, 1, 2 -> convolution(x);
      case 3 -> pooling(x);
      case 4, 5 -> unary(x);
      case 6, 7, 8 -> binary(x, operand(x));
      case 9 -> draw.oneIn(2) ? meeting(x) : binary(x, x);
      case 10 -> reduction(x);
      case 11 -> view(x);
      case 12 -> product(x);
      case 13 -> normal(x);
      case 14 -> dropped(x);
      case 15 -> embedded();
      default -> apply(draw.of(List.of(new Composite.Softmax(1), new Composite.LogSoftmax(1))), x);
    };
  }

  private static int spatialRank(Node x) {
    return x.shape().rank() - 2;
  }

  private Optional<Node> convolution(Node x) {
    int rank = spatialRank(x);
    if (rank < 1 || rank > 3 || x.shape().dim(1) == Shape.UNBOUND) {
      return Optional.empty();
    }
    int channels = x.shape().dim(1);
    List<Integer> divisors = IntStream.rangeClosed(1, channels).filter(g -> channels % g == 0).boxed().toList();
    int groups = draw.oneIn(3) ? draw.of(divisors) : 1;
    Shape spatial = x.shape().slice(2, x.shape().rank());
    if (!spatial.bound()) {
      return Optional.empty();
    }
    // Same padding keeps the extents, so that residuals meet.
    Window window = draw.oneIn(2) ? Window.of(rank, draw.axis(false).withStride(1).withPadding(
        Padding.SAME)) : draw.window(rank, false);
    int filters = draw.oneIn(2) ? channels : groups * draw.between(1, 5);
    Optional<Node> y;
    if (groups == 1 && draw.oneIn(5)) {
      Shape out = window.output(spatial);
      Shape tiles = Shape.of(IntStream.range(0, rank).map(i -> draw.between(1, Math.max(1, out.dim(i)))).toArray());
      Node w = weight(LocalContraction.weights(window, tiles, channels, filters));
      y = apply(new LocalContraction.LocalConv(window, tiles), x, w);
    } else if (draw.oneIn(4)) {
      Shape back = Shape.of(IntStream.range(0, rank).map(i -> window.axes().get(i).transposed(spatial.dim(i),
          draw.between(0, window.axes().get(i).stride() - 1))).map(d -> Math.max(0, d)).toArray());
      Node w = weight(window.kernel().prepend(Math.max(1, filters / groups)).prepend(channels));
      y = apply(new Contraction.ConvInput(window, groups, back), x, w);
    } else {
      Node w = weight(window.kernel().prepend(channels / groups).prepend(filters));
      y = apply(new Contraction.Conv(window, groups), x, w);
    }
    return finished(y);
  }

  /// Filters, sometimes computed from parameters.
  private Node weight(Shape shape) {
    Node w = parameter(shape);
    double scale = 1 / Math.sqrt(Math.max(1, shape.size(1)));
    Node scaled = builder.affine(w, scale, 0);
    values.put(scaled, Exact.ALGEBRA.affine(values.get(w), scale, 0));
    return scaled;
  }

  /// Often followed by what usually follows: bias, norm, activation.
  private Optional<Node> finished(Optional<Node> y) {
    Optional<Node> z = y;
    for (int i = draw.between(0, 3); i > 0 && z.isPresent(); i--) {
      Node x = z.get();
      if (draw.oneIn(4)) {
        pool.add(x);
      }
      Node other = channelwise(x.shape());
      Optional<Node> next = switch (draw.between(0, 4)) {
        case 0 -> apply(new Pointwise.Add(), x, other);
        case 1 -> apply(new Pointwise.Mul(), x, other);
        case 2 -> apply(new Pointwise.Relu(), x);
        case 3 -> meeting(x);
        default -> unary(x);
      };
      z = next.isPresent() ? next : z;
    }
    return z;
  }

  /// A value with a number per channel, in one of the shapes that say so; sometimes computed.
  private Node channelwise(Shape shape) {
    int[] ones = new int[Math.max(1, shape.rank() - 1)];
    Arrays.fill(ones, 1);
    ones[0] = shape.rank() > 1 && shape.dim(1) != Shape.UNBOUND ? shape.dim(1) : 1;
    Shape broadcast = Shape.of(ones);
    Node p = draw.oneIn(2) ? parameter(broadcast) : reshaped(parameter(Shape.of(ones[0])), broadcast);
    return draw.oneIn(3) ? reshaped(p, broadcast.prepend(1)) : p;
  }

  private Node reshaped(Node node, Shape shape) {
    return apply(new View.Reshape(shape), node).orElseThrow();
  }

  /// An operand that broadcasts with x: constant, parameter or computed, of any narrower shape.
  private Node operand(Node x) {
    Shape wide = values.get(x).shape();
    if (draw.oneIn(4)) {
      return channelwise(x.shape());
    }
    if (draw.oneIn(4)) {
      List<Node> same = pool.stream().filter(p -> p.shape().equals(x.shape())).toList();
      return draw.of(same);
    }
    if (draw.oneIn(3)) {
      Optional<Node> reduced = reduction(x);
      if (reduced.isPresent()) {
        return reduced.get();
      }
    }
    boolean open = !x.shape().bound();
    Shape narrow = draw.narrow(wide);
    if (open && narrow.rank() == wide.rank()) {
      // A stored value has no batch.
      narrow = narrow.with(0, 1);
    }
    if (draw.oneIn(4)) {
      double number = draw.of(List.of(0.0, 1.0, -1.0, 0.5));
      Tensor tensor = Tensor.full(narrow, (float) number);
      Node constant = builder.constant(tensor);
      values.put(constant, Exact.of(tensor));
      return constant;
    }
    return parameter(narrow);
  }

  private Optional<Node> unary(Node x) {
    Op safe = draw.of(List.of(new Pointwise.Relu(), new Pointwise.Relu(), new Pointwise.Tanh(),
        new Pointwise.Sigmoid(), new Pointwise.Abs(), new Pointwise.Positive(), new Pointwise.Sign(),
        new Pointwise.Affine(draw.between(-4, 4) / 2.0, draw.between(-2, 2) / 4.0), new Pointwise.Exp(),
        new Pointwise.Affine(1, 0), new Pointwise.Softplus(), new Pointwise.Erf(), new Nonlinearity.Silu(),
        Nonlinearity.Elu.SELU, new Nonlinearity.Gelu(true)));
    if (!draw.oneIn(4)) {
      return apply(safe, x);
    }
    Optional<Node> positive = then(apply(new Pointwise.Abs(), x), new Pointwise.Affine(1, 0.5));
    return then(positive, draw.of(List.of(new Pointwise.Log(), new Pointwise.Sqrt(), new Pointwise.Reciprocal())));
  }

  private Optional<Node> binary(Node x, Node other) {
    Node a = draw.oneIn(2) ? x : other;
    Node b = a == x ? other : x;
    return switch (draw.between(0, 7)) {
      case 0, 1, 2 -> apply(new Pointwise.Add(), a, b);
      case 3 -> apply(new Pointwise.Sub(), a, b);
      case 4, 5 -> apply(new Pointwise.Mul(), a, b);
      case 6 -> apply(draw.of(List.of(new Pointwise.Max(), new Pointwise.Greater(), new Pointwise.Equal())), a, b);
      default -> then(apply(new Pointwise.Abs(), b), new Pointwise.Affine(1, 0.5))
          .flatMap(d -> apply(new Pointwise.Div(), a, d));
    };
  }

  /// Two earlier values of the same shape: residuals and diamonds.
  private Optional<Node> meeting(Node x) {
    List<Node> same = pool.stream().filter(p -> p != x && p.shape().equals(x.shape())).toList();
    return same.isEmpty() ? Optional.empty() : binary(x, draw.of(same));
  }

  private Optional<Node> reduction(Node x) {
    int rank = x.shape().rank();
    List<Integer> axes = draw.oneIn(3) && rank > 2 ? IntStream.range(2, rank).boxed().toList() : draw.axes(rank);
    return apply(draw.of(List.of(new Reduction.Mean(axes), new Reduction.Mean(axes), new Reduction.Max(axes),
        new Reduction.Sum(axes))), x);
  }

  private Optional<Node> pooling(Node x) {
    int rank = spatialRank(x);
    if (rank < 1 || rank > 3 || !x.shape().sample().bound()) {
      return Optional.empty();
    }
    Window window = draw.window(rank, true);
    return draw.oneIn(2) ? apply(new Windowed.MaxPool(window), x)
        : apply(new Windowed.AvgPool(window, draw.of(List.of(Windowed.Divisor.values()))), x);
  }

  private Optional<Node> view(Node x) {
    Shape shape = x.shape();
    int rank = shape.rank();
    if (rank < 2 || !shape.sample().bound()) {
      return Optional.empty();
    }
    int axis = draw.between(1, rank - 1);
    int size = shape.dim(axis);
    return switch (draw.between(0, 7)) {
      case 7 -> apply(new Gather.Take(axis, GatherSamples.places(size, draw)), x);
      case 0 -> apply(new View.Reshape(Shape.of(shape.dim(0), (int) shape.size(1))), x);
      case 1 -> apply(new View.Permute(draw.order(rank)), x);
      case 2 -> {
        int from = draw.between(0, size - 1);
        yield apply(new View.Slice(axis, from, draw.between(from + 1, size)), x);
      }
      case 3 -> apply(new View.Pad(axis, draw.between(0, 2), draw.between(0, 2), draw.between(-1, 1)), x);
      case 4, 5 -> {
        List<Node> fitting = pool.stream().filter(p -> p.shape().rank() == rank && p.shape().dim(axis) > 0
            && p.shape().with(axis, 1).equals(shape.with(axis, 1))).toList();
        List<Node> parts = new ArrayList<>(List.of(x));
        for (int i = draw.between(0, 3); i > 0; i--) {
          parts.add(draw.between(0, parts.size()), draw.of(fitting));
        }
        yield apply(new View.Concat(axis), parts.toArray(Node[]::new));
      }
      default -> reduction(x).flatMap(small -> apply(new View.Expand(draw.oneIn(2)), small, x));
    };
  }

  private Optional<Node> product(Node x) {
    int rank = x.shape().rank();
    if (rank < 2 || !x.shape().sample().bound()) {
      return Optional.empty();
    }
    if (rank == 3 && draw.oneIn(2)) {
      return then(apply(new Contraction.MatMul(draw.oneIn(2), !draw.oneIn(2)), x, x), new Pointwise.Affine(0.25, 0));
    }
    int features = (int) x.shape().size(1);
    Optional<Node> flat = rank == 2 ? Optional.of(x)
        : apply(new View.Reshape(Shape.of(x.shape().dim(0), features)), x);
    int units = draw.between(1, 20);
    boolean transposed = draw.oneIn(2);
    Node w = weight(transposed ? Shape.of(units, features) : Shape.of(features, units));
    Optional<Node> y = flat.flatMap(f -> apply(new Contraction.MatMul(false, transposed), f, w));
    return finished(y);
  }

  private Optional<Node> normal(Node x) {
    int rank = x.shape().rank();
    List<Integer> axes = draw.oneIn(2) ? IntStream.range(0, rank).filter(a -> a != 1).boxed().toList()
        : draw.axes(rank);
    Optional<Node> normal = apply(new Composite.Normalize(axes, 0.1), x);
    return draw.oneIn(2) ? normal : normal.flatMap(n -> apply(new Pointwise.Mul(), n, channelwise(n.shape())));
  }

  private Optional<Node> dropped(Node x) {
    Node step = builder.input("step", Shape.of());
    inputs.putIfAbsent("step", Tensor.scalar(draw.between(0, 1000)));
    values.put(step, Exact.of(inputs.get("step")));
    return apply(new Random.Mask(draw.of(List.of(0.5, 0.8, 1.0)), draw.between(0, 99)), x, step)
        .flatMap(mask -> apply(new Pointwise.Mul(), x, mask));
  }

  /// Rows of a table that an input of whole numbers names, some of them no row.
  private Optional<Node> embedded() {
    int rows = draw.between(2, 9);
    Node ids = builder.input("ids", Shape.of(7).batched());
    inputs.computeIfAbsent("ids", _ -> tensor(Shape.of(batch, 7), new Values.Whole(-1, 9)));
    values.put(ids, Exact.of(inputs.get("ids")));
    return then(apply(new Gather.Lookup(), ids, parameter(Shape.of(rows, draw.between(1, 9)))),
        new View.Permute(List.of(0, 2, 1)));
  }

  private void outputs() {
    builder.output("last", pool.getLast());
    for (int i = draw.between(0, 3); i > 0; i--) {
      builder.output("some" + i, draw.of(pool));
    }
    if (draw.oneIn(4)) {
      builder.output("again", pool.getLast());
    }
    if (draw.oneIn(6) && !parameters.isEmpty()) {
      String name = draw.of(List.copyOf(parameters.keySet()));
      builder.output("parameter", builder.parameter(name, parameters.get(name).shape()));
    }
  }

  private void learn() {
    Node last = pool.getLast();
    Node loss = builder.apply(new Composite.MeanSquaredError(), last, draw.oneIn(3) ? pool.getFirst().shape()
        .equals(last.shape()) ? pool.getFirst() : last : target(last));
    builder.output("loss", loss);
    List<Node.Parameter> wanted = parameters.keySet().stream()
        .map(n -> builder.parameter(n, parameters.get(n).shape())).toList();
    List<Optional<Node>> gradients = builder.gradients(loss, wanted);
    Node rate = builder.input("rate", Shape.of());
    inputs.put("rate", Tensor.scalar(0.01f));
    for (int i = 0; i < wanted.size(); i++) {
      Optional<Node> gradient = gradients.get(i);
      if (gradient.isPresent() && !draw.oneIn(8)) {
        update(wanted.get(i), gradient.get(), rate);
      } else if (draw.oneIn(2)) {
        oddUpdate(wanted.get(i), wanted);
      }
    }
    if (draw.oneIn(3)) {
      List<Node> given = pool.stream().filter(Node.Input.class::isInstance).toList();
      builder.gradients(loss, given).getFirst().ifPresent(g -> builder.output("dx", g));
    }
  }

  private Node target(Node like) {
    Shape shape = values.get(like).shape();
    Node node = builder.input("target", like.shape());
    inputs.put("target", tensor(shape, Values.SIGNED));
    return node;
  }

  private void update(Node.Parameter p, Node gradient, Node rate) {
    switch (draw.between(0, 3)) {
      case 0 -> {
        String name = "v/" + p.name();
        Node.Parameter v = builder.parameter(name, p.shape());
        parameters.put(name, tensor(p.shape(), Values.SIGNED));
        Node moved = builder.add(builder.affine(v, 0.9, 0), gradient);
        builder.update(v, moved);
        builder.update(p, builder.sub(p, builder.mul(moved, rate)));
      }
      case 1 -> builder.update(p, gradient);
      default -> builder.update(p, builder.sub(p, builder.mul(gradient, rate)));
    }
  }

  /// A new value that is another parameter, a constant, or the same elements under another shape.
  private void oddUpdate(Node.Parameter p, List<Node.Parameter> all) {
    List<Node.Parameter> same = all.stream().filter(q -> q.shape().equals(p.shape())).toList();
    List<Node.Parameter> large = all.stream().filter(q -> q.shape().size() == p.shape().size()).toList();
    switch (draw.between(0, 3)) {
      case 0 -> builder.update(p, draw.of(same));
      case 1 -> builder.update(p, builder.reshape(draw.of(large), p.shape()));
      case 2 -> builder.update(p, builder.constant(tensor(p.shape(), Values.SIGNED)));
      default -> builder.update(p, builder.affine(draw.of(same), 0.5, 0.25));
    }
  }
}
