package juanji.op;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import juanji.tensor.Shape;

/// Operations with shapes that they take: a seeded choice of small asymmetric geometries.
public final class Samples {
  /// An operation and its inputs' shapes.
  public record Sample(Op op, List<Shape> shapes) {
    /// The result's shape.
    public Shape output() {
      return op.shape(shapes);
    }
  }

  private final SplittableRandom random;

  /// Samples drawn from a seed.
  public Samples(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /// A number from `low` to `high`, both included.
  public int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  private Axis axis(boolean pooling) {
    int kernel = between(1, 4);
    int dilation = between(1, 3);
    int span = dilation * (kernel - 1) + 1;
    Padding padding = switch (between(0, 5)) {
      case 0 -> Padding.SAME;
      case 1 -> Padding.Rule.SAME_LOWER;
      case 2 -> Padding.FULL;
      case 3 -> Padding.Rule.CAUSAL;
      case 4 -> Padding.VALID;
      default -> Padding.of(between(0, span - 1), between(0, span - 1));
    };
    return new Axis(kernel, between(1, 3), dilation, padding, pooling && between(0, 2) == 0);
  }

  private Window window(int rank, boolean pooling) {
    return new Window(IntStream.range(0, rank).mapToObj(_ -> axis(pooling)).toList());
  }

  private Shape spatial(int rank) {
    return Shape.of(IntStream.range(0, rank).map(_ -> between(2, rank == 3 ? 6 : 11)).toArray());
  }

  /// The three faces of one convolution.
  public List<Sample> convolution() {
    while (true) {
      int rank = between(1, 3);
      int groups = between(1, 3);
      int channels = groups * between(1, 6);
      int filters = groups * between(1, 6);
      int batch = between(1, 3);
      Window window = between(0, 5) == 0 ? Window.of(rank, Axis.of(1)) : window(rank, false);
      Shape spatial = spatial(rank);
      Shape out = window.output(spatial);
      if (IntStream.of(out.toArray()).allMatch(d -> d > 0)) {
        Shape x = spatial.prepend(channels).prepend(batch);
        Shape w = window.kernel().prepend(channels / groups).prepend(filters);
        Shape y = out.prepend(filters).prepend(batch);
        return List.of(new Sample(new Contraction.Conv(window, groups), List.of(x, w)),
            new Sample(new Contraction.ConvInput(window, groups, spatial), List.of(y, w)),
            new Sample(new Contraction.ConvFilter(window, groups), List.of(x, y)));
      }
    }
  }

  /// The three faces of a convolution with sets of weights.
  public List<Sample> locals() {
    while (true) {
      int rank = between(1, 3);
      Window window = between(0, 5) == 0 ? Window.of(rank, Axis.of(1)) : window(rank, false);
      Shape spatial = spatial(rank);
      Shape out = window.output(spatial);
      if (IntStream.of(out.toArray()).allMatch(d -> d > 0) && out.length() * window.taps() < 2000) {
        Shape tiles = Shape.of(IntStream.of(out.toArray()).map(d -> between(1, d)).toArray());
        Shape x = spatial.prepend(between(1, 4)).prepend(between(1, 5));
        Shape y = out.prepend(between(1, 5)).prepend(x.dim(0));
        Shape w = LocalContraction.weights(window, tiles, x.dim(1), y.dim(1));
        return List.of(new Sample(new LocalContraction.LocalConv(window, tiles), List.of(x, w)),
            new Sample(new LocalContraction.LocalInput(window, tiles, spatial), List.of(y, w)),
            new Sample(new LocalContraction.LocalFilter(window, tiles), List.of(x, y)));
      }
    }
  }

  /// A table of regions, some of them outside of pictures of twice the given size, some empty, some of no picture.
  public double[] regions(Shape table, Shape x) {
    double[] regions = new double[table.length()];
    for (int r = 0; r < table.dim(0); r++) {
      regions[r * 5] = between(0, 7) == 0 ? -1 : between(0, x.dim(0) - 1);
      for (int i = 1; i < 5; i++) {
        regions[r * 5 + i] = (float) random.nextDouble(-3, 2 * x.dim(i % 2 == 1 ? 3 : 2) + 3);
      }
    }
    return regions;
  }

  /// Views that take slices, and their adjoints.
  public List<Sample> takes() {
    Shape x = shape(between(1, 4));
    int axis = between(0, x.rank() - 1);
    int extent = x.dim(axis);
    List<Integer> index = IntStream.range(0, between(1, 9)).mapToObj(_ -> between(-1, extent - 1)).toList();
    return List.of(new Sample(new Gather.Take(axis, index), List.of(x)),
        new Sample(new Gather.TakeInput(axis, index, extent), List.of(x.with(axis, index.size()))));
  }

  /// All operations on windows of one geometry.
  public List<Sample> pooling() {
    while (true) {
      int rank = between(1, 3);
      Window window = window(rank, true);
      Shape spatial = spatial(rank);
      Shape x = spatial.prepend(between(1, 5)).prepend(between(1, 3));
      try {
        Shape y = new Windowed.MaxPool(window).shape(List.of(x));
        List<Sample> samples = new ArrayList<>();
        samples.add(new Sample(new Windowed.MaxPool(window), List.of(x)));
        samples.add(new Sample(new Windowed.MaxPoolInput(window), List.of(x, y)));
        for (Windowed.Divisor divisor : Windowed.Divisor.values()) {
          samples.add(new Sample(new Windowed.AvgPool(window, divisor), List.of(x)));
          samples.add(new Sample(new Windowed.AvgPoolInput(window, divisor, spatial), List.of(y)));
        }
        return samples;
      } catch (ShapeException e) {
        // This window does not fit; the next one may.
        continue;
      }
    }
  }

  /// Products of all four kinds.
  public List<Sample> products() {
    List<Sample> samples = new ArrayList<>();
    int m = between(1, 9);
    int n = between(1, 9);
    int k = between(1, 9);
    Shape stack = shape(between(0, 2));
    for (boolean a : new boolean[] {false, true}) {
      for (boolean b : new boolean[] {false, true}) {
        samples.add(new Sample(new Contraction.MatMul(a, b), List.of(matrix(stack, a ? k : m, a ? m : k),
            matrix(stack, b ? n : k, b ? k : n))));
      }
    }
    return samples;
  }

  /// A stack of matrices.
  public static Shape matrix(Shape stack, int rows, int columns) {
    int[] dims = IntStream.concat(IntStream.of(stack.toArray()), IntStream.of(rows, columns)).toArray();
    return Shape.of(dims);
  }

  /// A shape of the given rank with extents from 1 to 6.
  public Shape shape(int rank) {
    return Shape.of(IntStream.range(0, rank).map(_ -> between(1, 6)).toArray());
  }

  /// Some axes of a shape, in any order.
  public List<Integer> axes(int rank) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (random.nextBoolean()) {
        axes.add(between(0, axes.size()), i);
      }
    }
    return axes;
  }

  /// The three reductions over the same axes.
  public List<Sample> reductions() {
    Shape x = shape(between(0, 5));
    List<Integer> axes = axes(x.rank());
    return List.of(new Sample(new Reduction.Sum(axes), List.of(x)), new Sample(new Reduction.Mean(axes), List.of(x)),
        new Sample(new Reduction.Max(axes), List.of(x)));
  }

  /// A shape that broadcasts to the given one.
  public Shape narrow(Shape wide) {
    int[] dims = wide.toArray();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = random.nextBoolean() ? dims[i] : 1;
    }
    return Shape.of(dims).slice(between(0, dims.length), dims.length);
  }

  /// Operations that move elements.
  public List<Sample> views() {
    Shape x = shape(between(1, 5));
    int axis = between(0, x.rank() - 1);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      order.add(between(0, i), i);
    }
    int from = between(0, x.dim(axis) - 1);
    Shape small = narrow(x);
    return List.of(new Sample(new View.Reshape(Shape.of(x.length())), List.of(x)),
        new Sample(new View.Permute(order), List.of(x)),
        new Sample(new View.Slice(axis, from, between(from + 1, x.dim(axis))), List.of(x)),
        new Sample(new View.Pad(axis, between(0, 2), between(0, 2), 1.5), List.of(x)),
        new Sample(new View.Concat(axis), List.of(x, x.with(axis, between(1, 4)), x.with(axis, between(1, 4)))),
        new Sample(new View.Expand(false), List.of(small, x)), new Sample(new View.Expand(true), List.of(small, x)));
  }

  /// The operations on one element.
  public static List<Pointwise> unary() {
    return List.of(new Pointwise.Affine(-1.5, 0.25), new Pointwise.Relu(), new Pointwise.Positive(),
        new Pointwise.Tanh(), new Pointwise.Sigmoid(), new Pointwise.Exp(), new Pointwise.Log(),
        new Pointwise.Reciprocal(), new Pointwise.Sqrt(), new Pointwise.Abs(), new Pointwise.Sign(),
        new Pointwise.Clamp(0.5, 1.5),
        new Pointwise.Clamp(Double.NEGATIVE_INFINITY, 1), new Pointwise.Clamp(1, Double.POSITIVE_INFINITY),
        new Pointwise.Erf(), new Pointwise.Softplus());
  }

  /// The operations on two elements.
  public static List<Pointwise> binary() {
    return List.of(new Pointwise.Add(), new Pointwise.Sub(), new Pointwise.Mul(), new Pointwise.Div(),
        new Pointwise.Max(), new Pointwise.Greater(), new Pointwise.Equal());
  }

  /// All pointwise operations, with inputs that are repeated along some axes.
  public List<Sample> pointwise() {
    List<Sample> samples = new ArrayList<>();
    Shape y = shape(between(0, 4));
    unary().forEach(op -> samples.add(new Sample(op, List.of(y))));
    binary().forEach(op -> samples.add(between(0, 1) == 0 ? new Sample(op, List.of(y, narrow(y)))
        : new Sample(op, List.of(narrow(y), y))));
    return samples;
  }

  /// The composites.
  public List<Sample> composites() {
    Shape x = shape(between(1, 4));
    int axis = between(0, x.rank() - 1);
    Shape scores = Shape.of(between(1, 5), between(2, 6));
    int pieces = between(1, 3);
    Shape even = x.with(axis, 2 * between(1, 3));
    Shape channels = shape(between(0, 2)).prepend(pieces * between(1, 4)).prepend(between(1, 3));
    return List.of(new Sample(new Composite.Normalize(axes(x.rank()), 0.1), List.of(x)),
        new Sample(new Composite.Softmax(axis), List.of(x)), new Sample(new Composite.LogSoftmax(axis), List.of(x)),
        new Sample(new Composite.CrossEntropy(), List.of(scores, scores)),
        new Sample(new Composite.MeanSquaredError(), List.of(x, x)),
        new Sample(new Composite.SampleNumbers(), List.of(x)),
        new Sample(new Nonlinearity.LeakyRelu(0.25), List.of(x)),
        new Sample(new Nonlinearity.Elu(1.25, 1.5, 0.75), List.of(x)),
        new Sample(new Nonlinearity.Gelu(true), List.of(x)), new Sample(new Nonlinearity.Gelu(false), List.of(x)),
        new Sample(new Nonlinearity.Silu(), List.of(x)), new Sample(new Nonlinearity.Mish(), List.of(x)),
        new Sample(new Nonlinearity.HardSigmoid(), List.of(x)), new Sample(new Nonlinearity.HardSwish(), List.of(x)),
        new Sample(new Nonlinearity.Softsign(), List.of(x)), new Sample(new Nonlinearity.Glu(axis), List.of(even)),
        new Sample(new Nonlinearity.Prelu(), List.of(x, narrow(x))),
        new Sample(new Nonlinearity.Maxout(pieces), List.of(channels)),
        new Sample(new Normalizing.LocalResponse(between(1, 5), 0.3, 0.75, 2), List.of(channels)),
        new Sample(new Normalizing.UnitLength(axes(x.rank()), 0.01), List.of(x)));
  }

  /// Numbers that suit an operation: distinct, away from 0 and from each other where it has a kink, and positive.
  public double[] values(Shape shape) {
    double[] values = new double[shape.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble(0.1, 2);
    }
    return values;
  }

  /// Numbers from −1 to 1.
  public double[] signed(Shape shape) {
    double[] values = new double[shape.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble(-1, 1);
    }
    return values;
  }
}
