package juanji.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.op.Axis;
import juanji.op.ChannelStatistics;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.Gather;
import juanji.op.LocalContraction;
import juanji.op.Nonlinearity;
import juanji.op.Normalizing;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.ShapeException;
import juanji.op.Summarizing;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// The one table of samples: for each kind of operation, seeded random geometries that it takes.
///
/// Kernels of 1 to 5 cells, strides and dilations of 1 to 3, every rule of padding and unequal paddings, ceiling mode,
/// one to three spatial axes, groups and depthwise, channels around the block sizes of vector kernels, batches of 1 to
/// 3, operands of all broadcastable shapes, all subsets of axes.
///
/// A new operation does not compile here until it has samples.
public final class OpSamples {
  private static final Window SOME = Window.of(2, Axis.of(3));

  private OpSamples() {
  }

  /// One operation of each kind.
  public static List<Op> kinds() {
    List<Op> kinds = new ArrayList<>(LocalSamples.kinds());
    kinds.addAll(GatherSamples.kinds());
    kinds.addAll(RegionalSamples.kinds());
    kinds.addAll(List.of(new Contraction.Conv(SOME, 1), new Contraction.ConvInput(SOME, 1, Shape.of(5, 5)),
        new Contraction.ConvFilter(SOME, 1), new Contraction.MatMul(false, false), new Pointwise.Add(),
        new Pointwise.Sub(), new Pointwise.Mul(), new Pointwise.Div(), new Pointwise.Max(), new Pointwise.Greater(),
        new Pointwise.Equal(), new Pointwise.Affine(2, 1), new Pointwise.Relu(), new Pointwise.Positive(),
        new Pointwise.Tanh(), new Pointwise.Sigmoid(), new Pointwise.Exp(), new Pointwise.Log(),
        new Pointwise.Reciprocal(), new Pointwise.Sqrt(), new Pointwise.Abs(), new Pointwise.Sign(),
        new Windowed.MaxPool(SOME), new Windowed.MaxPoolInput(SOME),
        new Windowed.AvgPool(SOME, Windowed.Divisor.INSIDE),
        new Windowed.AvgPoolInput(SOME, Windowed.Divisor.INSIDE, Shape.of(5, 5)), new Reduction.Sum(List.of(0)),
        new Reduction.Mean(List.of(0)), new Reduction.Max(List.of(0)), new View.Reshape(Shape.of(1)),
        new View.Permute(List.of(0)), new View.Slice(0, 0, 1), new View.Pad(0, 1, 1, 0), new View.Concat(0),
        new View.Expand(false), new Random.Mask(0.5, 1), new Composite.Normalize(List.of(0), 0.1),
        new ChannelStatistics.Moments(), new ChannelStatistics.CentredSums(),
        new Composite.Softmax(0), new Composite.LogSoftmax(0), new Composite.CrossEntropy(),
        new Composite.MeanSquaredError(), new Composite.SampleNumbers(), new Pointwise.Clamp(0, 1),
        new Pointwise.Softplus(), new Pointwise.Erf(), new Nonlinearity.LeakyRelu(0.1),
        Nonlinearity.Elu.SELU, new Nonlinearity.Gelu(true), new Random.Uniform(1), new Summarizing.LpPool(SOME, 3),
        new Nonlinearity.Silu(), new Nonlinearity.Mish(), new Nonlinearity.HardSigmoid(), new Nonlinearity.HardSwish(),
        new Nonlinearity.Softsign(), new Nonlinearity.Prelu(), new Nonlinearity.Maxout(2), new Nonlinearity.Glu(0),
        new Normalizing.LocalResponse(5, 0.1, 0.75, 2), new Normalizing.UnitLength(List.of(0), 1e-12)));
    return kinds;
  }

  /// Samples of the same kind of operation as the given one; what differs between operations of a kind is drawn anew.
  ///
  /// A custom operation has no samples but its own.
  public static Stream<Sample> of(Op kind, long seed, int count) {
    Draw draw = new Draw(seed);
    return Stream.generate(() -> one(kind, draw)).flatMap(Optional::stream).limit(kind instanceof CustomOp ? 0 : count);
  }

  /// A sample, or nothing if the geometry drawn does not exist.
  private static Optional<Sample> one(Op kind, Draw draw) {
    try {
      Sample sample = switch (kind) {
        case Contraction op -> contraction(op, draw);
        case Pointwise op -> pointwise(op, draw);
        case Windowed op -> windowed(op, draw);
        case Regional op -> RegionalSamples.one(op, draw);
        case Reduction op -> reduction(op, draw);
        case View op -> view(op, draw);
        case Random op -> random(op, draw);
        case Composite op -> composite(op, draw);
        case CustomOp op -> throw new IllegalArgumentException("'" + op.label() + "' is not in the table.\n"
            + "  C1: the samples of an operation of your own are yours to give; received " + op + ".\n"
            + "  Use OpCheck with shapes that it takes.");
      };
      return sample.output().size() == 0 ? Optional.empty() : Optional.of(sample);
    } catch (ShapeException e) {
      return Optional.empty();
    }
  }

  private static Sample contraction(Contraction kind, Draw draw) {
    if (kind instanceof LocalContraction local) {
      return LocalSamples.one(local, draw);
    }
    if (kind instanceof Contraction.MatMul) {
      boolean a = draw.oneIn(2);
      boolean b = draw.oneIn(2);
      int m = draw.between(1, 20);
      int n = draw.channels();
      int k = draw.between(1, 40);
      Shape stack = draw.shape(draw.oneIn(2) ? 0 : draw.between(1, 2));
      return Sample.of(new Contraction.MatMul(a, b), Values.SIGNED, matrix(stack, a ? k : m, a ? m : k),
          matrix(stack, b ? n : k, b ? k : n));
    }
    int rank = draw.of(List.of(1, 2, 2, 3));
    boolean depthwise = draw.oneIn(5);
    int groups = depthwise ? draw.channels() : draw.of(List.of(1, 1, 2, 3));
    int channels = depthwise ? groups : groups * (groups == 1 ? draw.channels() : draw.of(List.of(1, 2, 5, 8, 16)));
    int filters = depthwise ? groups * draw.of(List.of(1, 1, 2))
        : groups * (groups == 1 ? draw.channels() : draw.of(List.of(1, 3, 4, 8, 16)));
    Window window = draw.window(rank, false);
    Shape spatial = draw.spatial(rank);
    int batch = draw.between(1, 3);
    Shape x = spatial.prepend(channels).prepend(batch);
    Shape w = window.kernel().prepend(channels / groups).prepend(filters);
    Shape y = new Contraction.Conv(window, groups).shape(List.of(x, w));
    return switch (kind) {
      case Contraction.Conv _ -> Sample.of(new Contraction.Conv(window, groups), Values.SIGNED, x, w);
      case Contraction.ConvInput _ ->
          Sample.of(new Contraction.ConvInput(window, groups, spatial), Values.SIGNED, y, w);
      case Contraction.ConvFilter _ -> Sample.of(new Contraction.ConvFilter(window, groups), Values.SIGNED, x, y);
      case Contraction.MatMul _, LocalContraction _ -> throw new AssertionError("drawn above");
    };
  }

  private static Shape matrix(Shape stack, int rows, int columns) {
    return Shape.of(IntStream.concat(IntStream.of(stack.toArray()), IntStream.of(rows, columns)).toArray());
  }

  private static Sample pointwise(Pointwise kind, Draw draw) {
    Shape y = draw.oneIn(4) ? draw.spatial(draw.between(1, 3)).prepend(draw.channels()).prepend(draw.between(1, 3))
        : draw.shape(draw.between(0, 5));
    return switch (kind) {
      case Pointwise.Affine _ -> Sample.of(new Pointwise.Affine(draw.between(-6, 6) / 4.0, draw.between(-6, 6) / 8.0),
          Values.SIGNED, y);
      case Pointwise.Clamp _ -> Sample.of(draw.of(List.of(new Pointwise.Clamp(-0.3, 0.2),
          new Pointwise.Clamp(0, Double.POSITIVE_INFINITY), new Pointwise.Clamp(Double.NEGATIVE_INFINITY, 0.1))),
          Values.APART, y);
      case Pointwise.Log _, Pointwise.Reciprocal _, Pointwise.Sqrt _ -> Sample.of(kind, Values.POSITIVE, y);
      case Pointwise.Tanh _, Pointwise.Sigmoid _, Pointwise.Exp _, Pointwise.Softplus _, Pointwise.Erf _ ->
          Sample.of(kind, new Values.Uniform(-4, 4), y);
      case Pointwise.Unary _ -> Sample.of(kind, Values.APART, y);
      case Pointwise.Div _ -> new Sample(kind, pair(y, draw), List.of(Values.SIGNED, Values.POSITIVE));
      // Odd multiples of 0.005 and of 0.01 are never equal, so that no kink is near.
      case Pointwise.Max _, Pointwise.Greater _, Pointwise.Equal _ ->
          new Sample(kind, pair(y, draw), List.of(Values.APART, new Values.Apart(0.02)));
      case Pointwise.Binary _ -> new Sample(kind, pair(y, draw), List.of(Values.SIGNED, Values.SIGNED));
    };
  }

  private static List<Shape> pair(Shape y, Draw draw) {
    Shape narrow = draw.narrow(y);
    return switch (draw.between(0, 3)) {
      case 0 -> List.of(y, y);
      case 1 -> List.of(narrow, y);
      case 2 -> List.of(draw.narrow(y), narrow);
      default -> List.of(y, narrow);
    };
  }

  private static Sample windowed(Windowed kind, Draw draw) {
    int rank = draw.of(List.of(1, 2, 2, 3));
    Window window = draw.window(rank, true);
    Shape spatial = draw.spatial(rank);
    Shape x = spatial.prepend(draw.channels()).prepend(draw.between(1, 3));
    Shape y = new Windowed.MaxPool(window).shape(List.of(x));
    Windowed.Divisor divisor = draw.of(List.of(Windowed.Divisor.values()));
    return switch (kind) {
      case Windowed.MaxPool _ -> Sample.of(new Windowed.MaxPool(window), Values.APART, x);
      case Windowed.MaxPoolInput _ -> new Sample(new Windowed.MaxPoolInput(window), List.of(x, y),
          List.of(draw.oneIn(2) ? Values.APART : new Values.Whole(-2, 2), Values.SIGNED));
      case Windowed.AvgPool _ -> Sample.of(new Windowed.AvgPool(window, divisor), Values.SIGNED, x);
      case Windowed.AvgPoolInput _ -> Sample.of(new Windowed.AvgPoolInput(window, divisor, spatial), Values.SIGNED, y);
    };
  }

  private static Sample reduction(Reduction kind, Draw draw) {
    Shape x = draw.oneIn(3) ? draw.spatial(2).prepend(draw.channels()).prepend(draw.between(1, 3))
        : draw.shape(draw.between(0, 5));
    List<Integer> axes = draw.axes(x.rank());
    return switch (kind) {
      case Reduction.Sum _ -> Sample.of(new Reduction.Sum(axes), Values.SIGNED, x);
      case Reduction.Mean _ -> Sample.of(new Reduction.Mean(axes), Values.SIGNED, x);
      case Reduction.Max _ -> Sample.of(new Reduction.Max(axes), Values.APART, x);
    };
  }

  private static Sample view(View kind, Draw draw) {
    Shape x = draw.shape(draw.between(1, 5));
    int axis = draw.between(0, x.rank() - 1);
    int size = x.dim(axis);
    return switch (kind) {
      case View.Reshape _ -> Sample.of(new View.Reshape(draw.oneIn(2) ? Shape.of(x.length())
          : Shape.of(Shape.UNBOUND, (int) x.size(1))), Values.SIGNED, x);
      case View.Permute _ -> Sample.of(new View.Permute(draw.order(x.rank())), Values.SIGNED, x);
      case View.Slice _ -> {
        int from = draw.between(0, size - 1);
        yield Sample.of(new View.Slice(axis, from, draw.between(from + 1, size)), Values.SIGNED, x);
      }
      case View.Pad _ -> Sample.of(new View.Pad(axis, draw.between(0, 2), draw.between(0, 2), draw.between(-2, 2)),
          Values.SIGNED, x);
      case View.Concat _ -> {
        List<Shape> parts = new ArrayList<>();
        for (int i = draw.between(1, 4); i > 0; i--) {
          parts.add(x.with(axis, draw.between(1, 4)));
        }
        yield Sample.of(new View.Concat(axis), Values.SIGNED, parts.toArray(Shape[]::new));
      }
      case Gather op -> GatherSamples.one(op, draw);
      case View.Expand _ -> Sample.of(new View.Expand(draw.oneIn(2)), Values.SIGNED, draw.narrow(x), x);
    };
  }

  private static Sample random(Random kind, Draw draw) {
    return switch (kind) {
      case Random.Mask _ -> new Sample(new Random.Mask(draw.of(List.of(0.25, 0.7, 1.0)), draw.between(0, 999)),
          List.of(draw.shape(draw.between(0, 4)), Shape.of()), List.of(Values.SIGNED, new Values.Whole(0, 16_777_216)));
      case Random.Uniform _ -> new Sample(new Random.Uniform(draw.between(0, 999)),
          List.of(draw.shape(draw.between(0, 4)), Shape.of()), List.of(Values.SIGNED, new Values.Whole(0, 16_777_216)));
    };
  }

  private static Sample composite(Composite kind, Draw draw) {
    Shape x = draw.shape(draw.between(1, 4));
    int axis = draw.between(0, x.rank() - 1);
    return switch (kind) {
      case Composite.Normalize _ -> Sample.of(new Composite.Normalize(draw.axes(x.rank()), 0.1), Values.SIGNED, x);
      case ChannelStatistics.Moments _ -> Sample.of(new ChannelStatistics.Moments(), Values.SIGNED,
          draw.shape(draw.between(2, 5)));
      case ChannelStatistics.CentredSums _ -> {
        Shape g = draw.shape(draw.between(2, 5));
        Shape m = Shape.of(IntStream.range(0, g.rank()).map(i -> i == 1 ? g.dim(1) : 1).toArray());
        yield Sample.of(new ChannelStatistics.CentredSums(), Values.SIGNED, g, g, m);
      }
      case Composite.Softmax _ -> Sample.of(new Composite.Softmax(axis), Values.APART, x);
      case Composite.LogSoftmax _ -> Sample.of(new Composite.LogSoftmax(axis), Values.APART, x);
      case Composite.CrossEntropy _ -> {
        Shape scores = Shape.of(draw.between(1, 5), draw.between(1, 19));
        boolean classes = draw.oneIn(2);
        yield new Sample(new Composite.CrossEntropy(), List.of(scores, classes ? scores.slice(0, 1) : scores),
            List.of(Values.APART, classes ? new Values.Whole(0, scores.dim(1) - 1) : Values.POSITIVE));
      }
      case Composite.MeanSquaredError _ -> Sample.of(new Composite.MeanSquaredError(), Values.SIGNED, x, x);
      case Composite.SampleNumbers _ -> Sample.of(new Composite.SampleNumbers(), Values.SIGNED, x);
      case Nonlinearity op -> nonlinearity(op, x, draw);
      case Summarizing.LpPool _ -> {
        Window window = draw.window(draw.between(1, 2), false);
        yield Sample.of(new Summarizing.LpPool(window, draw.of(List.of(1.0, 1.5, 2.0, 3.0))), Values.POSITIVE,
            draw.spatial(window.rank()).prepend(draw.channels()).prepend(draw.between(1, 3)));
      }
      case Normalizing.LocalResponse _ -> Sample.of(new Normalizing.LocalResponse(draw.between(1, 5),
          draw.between(1, 4) / 8.0, draw.of(List.of(0.5, 0.75, 1.0)), draw.between(1, 2)), Values.SIGNED,
          draw.shape(draw.between(2, 4)));
      case Normalizing.UnitLength _ -> Sample.of(new Normalizing.UnitLength(draw.axes(x.rank()), 1e-3), Values.APART,
          x);
    };
  }

  private static Sample nonlinearity(Nonlinearity kind, Shape x, Draw draw) {
    int axis = draw.between(0, x.rank() - 1);
    return switch (kind) {
      case Nonlinearity.LeakyRelu _ -> Sample.of(new Nonlinearity.LeakyRelu(draw.between(0, 4) / 4.0), Values.APART, x);
      case Nonlinearity.Elu _ -> Sample.of(draw.of(List.of(Nonlinearity.Elu.SELU, new Nonlinearity.Elu(1, 0.5, 1),
          new Nonlinearity.Elu(1, 0.7, 0.7))), Values.APART, x);
      case Nonlinearity.Gelu _ -> Sample.of(new Nonlinearity.Gelu(draw.oneIn(2)), new Values.Uniform(-4, 4), x);
      case Nonlinearity.Silu _, Nonlinearity.Mish _, Nonlinearity.Softsign _ -> Sample.of(kind, Values.APART, x);
      // Kinks at ±3 lie between odd multiples of 0.05.
      case Nonlinearity.HardSigmoid _, Nonlinearity.HardSwish _ -> Sample.of(kind, new Values.Apart(0.1), x);
      case Nonlinearity.Prelu _ -> new Sample(kind, List.of(x, draw.narrow(x)), List.of(Values.APART, Values.SIGNED));
      case Nonlinearity.Maxout _ -> {
        int pieces = draw.between(1, 4);
        Shape wide = draw.shape(draw.between(2, 4));
        yield Sample.of(new Nonlinearity.Maxout(pieces), Values.APART, wide.with(1, pieces * wide.dim(1)));
      }
      case Nonlinearity.Glu _ -> Sample.of(new Nonlinearity.Glu(axis), Values.SIGNED, x.with(axis, 2 * x.dim(axis)));
    };
  }
}
