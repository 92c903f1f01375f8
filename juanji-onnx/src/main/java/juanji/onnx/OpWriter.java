package juanji.onnx;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;
import juanji.onnx.proto.AttributeProto;
import juanji.op.Axis;
import juanji.op.ChannelStatistics;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.LocalContraction;
import juanji.op.Nonlinearity;
import juanji.op.Normalizing;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.Summarizing;
import juanji.op.View;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Each operation as ONNX operators: the one place that knows what they are called there.
final class OpWriter {
  private OpWriter() {
  }

  /// Whether a composite operation has an operator of its own in a version of ONNX; else it is written out first.
  static boolean whole(Composite op, List<Shape> shapes, int opset) {
    return switch (op) {
      case Composite.Softmax _, Composite.LogSoftmax _, Composite.SampleNumbers _ -> true;
      case Composite.Normalize _, Composite.CrossEntropy _, Composite.MeanSquaredError _, ChannelStatistics _ -> false;
      case Summarizing.LpPool p -> WindowWriter.lpPool(p, shapes.getFirst());
      // Runtimes take odd sizes over pictures only.
      case Normalizing.LocalResponse n -> n.size() % 2 == 1 && shapes.getFirst().rank() == 4;
      case Normalizing.UnitLength _ -> false;
      case Nonlinearity.LeakyRelu _, Nonlinearity.HardSigmoid _, Nonlinearity.Softsign _, Nonlinearity.Prelu _ -> true;
      case Nonlinearity.Elu e -> e.equals(Nonlinearity.Elu.SELU) || e.scale() == 1 && (e.width() == 1
          || e.width() == e.alpha());
      case Nonlinearity.Gelu _ -> opset >= 20;
      case Nonlinearity.HardSwish _ -> opset >= 14;
      case Nonlinearity.Mish _ -> opset >= 18;
      case Nonlinearity.Silu _, Nonlinearity.Maxout _, Nonlinearity.Glu _ -> false;
    };
  }

  /// Writes an operation.
  ///
  /// @param in the names of its inputs
  /// @param y the shape of its result
  /// @return the name of its result; empty where ONNX has nothing for it
  static Optional<String> write(Sheet sheet, Op op, List<String> in, List<Shape> shapes, Shape y) {
    return switch (op) {
      case Contraction c -> contraction(sheet, c, in, shapes);
      case Pointwise p -> Optional.of(PointwiseWriter.write(sheet, p, in));
      case Windowed w -> windowed(sheet, w, in, shapes);
      case Regional r -> regional(sheet, r, in);
      case Reduction r -> Optional.of(reduction(sheet, r, in.getFirst(), shapes.getFirst()));
      case View v -> ViewWriter.write(sheet, v, in, shapes, y);
      case Composite c -> Optional.of(composite(sheet, c, in, shapes));
      case CustomOp c -> switch (c) {
        case OnnxOp own -> Optional.of(own(sheet, own, in));
        case Sampling own -> sampling(sheet, own, in, shapes);
        default -> Optional.empty();
      };
      case Random _ -> Optional.empty();
    };
  }

  private static Optional<String> contraction(Sheet sheet, Contraction kind, List<String> in, List<Shape> shapes) {
    return switch (kind) {
      case Contraction.Conv op -> Optional.of(WindowWriter.conv(sheet, op, in, shapes.getFirst()));
      case Contraction.ConvInput op -> Optional.of(WindowWriter.convInput(sheet, op, in, shapes.getFirst()));
      case Contraction.MatMul op -> Optional.of(matMul(sheet, op, in, shapes));
      case LocalContraction.LocalConv op -> Optional.of(WindowWriter.localConv(sheet, op, in, shapes));
      // Gradients, which only training needs.
      case Contraction.ConvFilter _, LocalContraction.LocalInput _, LocalContraction.LocalFilter _ -> Optional.empty();
    };
  }

  /// A product of two matrices, perhaps with a bias, or of stacks of matrices.
  static String matMul(Sheet sheet, Contraction.MatMul op, List<String> in, List<Shape> shapes) {
    int rank = shapes.getFirst().rank();
    if (rank == 2 && (op.transposeA() || op.transposeB() || in.size() > 2)) {
      return sheet.apply("Gemm", in, AttributeProto.of("transA", op.transposeA() ? 1 : 0),
          AttributeProto.of("transB", op.transposeB() ? 1 : 0));
    }
    return sheet.apply("MatMul", List.of(op.transposeA() ? turned(sheet, in.get(0), rank) : in.get(0),
        op.transposeB() ? turned(sheet, in.get(1), rank) : in.get(1)));
  }

  private static String turned(Sheet sheet, String stack, int rank) {
    Integer[] order = new Integer[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i < rank - 2 ? i : 2 * rank - 3 - i;
    }
    return sheet.transpose(stack, order);
  }

  private static Optional<String> windowed(Sheet sheet, Windowed kind, List<String> in, List<Shape> shapes) {
    return switch (kind) {
      case Windowed.MaxPool op ->
          Optional.of(WindowWriter.maxPool(sheet, op.window(), in.getFirst(), shapes.getFirst()));
      case Windowed.AvgPool op -> Optional.of(WindowWriter.avgPool(sheet, op, in.getFirst(), shapes.getFirst()));
      case Windowed.MaxPoolInput op -> WindowWriter.unpool(sheet, op, in, shapes.getFirst());
      case Windowed.AvgPoolInput _ -> Optional.empty();
    };
  }

  private static Optional<String> regional(Sheet sheet, Regional kind, List<String> in) {
    AttributeProto scale = AttributeProto.of("spatial_scale", (float) kind.scale());
    return switch (kind) {
      case Regional.RoiPool op -> Optional.of(sheet.apply("MaxRoiPool", in,
          AttributeProto.of("pooled_shape", Sheet.longs(op.height(), op.width())), scale));
      case Regional.RoiAlign op -> {
        if (op.aligned() && sheet.opset() < 16) {
          yield Optional.empty();
        }
        String boxes = sheet.apply("Slice", List.of(in.get(1), sheet.wholes(1), sheet.wholes(5), sheet.wholes(1)));
        String pictures = sheet.whole(sheet.apply("Gather", List.of(in.get(1), sheet.wholes(Shape.of(), 0)),
            AttributeProto.of("axis", 1)));
        List<String> all = List.of(in.get(0), boxes, pictures);
        AttributeProto height = AttributeProto.of("output_height", op.height());
        AttributeProto width = AttributeProto.of("output_width", op.width());
        AttributeProto samples = AttributeProto.of("sampling_ratio", op.samples());
        yield Optional.of(sheet.opset() < 16 ? sheet.apply("RoiAlign", all, height, width, samples, scale)
            : sheet.apply("RoiAlign", all, height, width, samples, scale, AttributeProto.of(
                "coordinate_transformation_mode", op.aligned() ? "half_pixel" : "output_half_pixel")));
      }
      case Regional.RoiPoolInput _, Regional.RoiAlignInput _ -> Optional.empty();
    };
  }

  private static String reduction(Sheet sheet, Reduction kind, String x, Shape shape) {
    if (kind.axes().isEmpty()) {
      return sheet.apply("Identity", List.of(x));
    }
    boolean spatial = ViewWriter.spatial(kind.axes(), shape);
    long[] axes = kind.axes().stream().mapToLong(a -> a).toArray();
    return switch (kind) {
      case Reduction.Sum _ -> sheet.apply("ReduceSum", List.of(x, sheet.wholes(axes)));
      case Reduction.Mean _ -> spatial ? sheet.apply("GlobalAveragePool", List.of(x))
          : reduced(sheet, "ReduceMean", x, axes);
      case Reduction.Max _ -> spatial ? sheet.apply("GlobalMaxPool", List.of(x))
          : reduced(sheet, "ReduceMax", x, axes);
    };
  }

  private static String reduced(Sheet sheet, String operator, String x, long[] axes) {
    return sheet.opset() >= 18 ? sheet.apply(operator, List.of(x, sheet.wholes(axes)))
        : sheet.apply(operator, List.of(x), AttributeProto.of("axes",
            LongStream.of(axes).boxed().toList()));
  }

  private static String composite(Sheet sheet, Composite kind, List<String> in, List<Shape> shapes) {
    String x = in.getFirst();
    return switch (kind) {
      case Composite.Softmax(int axis) -> sheet.apply("Softmax", in, AttributeProto.of("axis", axis));
      case Composite.LogSoftmax(int axis) -> sheet.apply("LogSoftmax", in, AttributeProto.of("axis", axis));
      case Composite.SampleNumbers _ -> {
        String samples = sheet.apply("Gather", List.of(sheet.apply("Shape", in), sheet.wholes(Shape.of(), 0)),
            AttributeProto.of("axis", 0));
        yield sheet.real(sheet.apply("Range", List.of(sheet.wholes(Shape.of(), 0), samples,
            sheet.wholes(Shape.of(), 1))));
      }
      case Summarizing.LpPool op -> WindowWriter.lpPool(sheet, op, x, shapes.getFirst());
      case Normalizing.LocalResponse op -> sheet.apply("LRN", in, AttributeProto.of("size", op.size()),
          PointwiseWriter.real("alpha", op.alpha() * op.size()), PointwiseWriter.real("beta", op.beta()),
          PointwiseWriter.real("bias", op.k()));
      case Nonlinearity op -> nonlinearity(sheet, op, in);
      case Composite.Normalize _, Composite.CrossEntropy _, Composite.MeanSquaredError _, Normalizing.UnitLength _,
          ChannelStatistics _ -> throw writtenOut(kind);
    };
  }

  private static String nonlinearity(Sheet sheet, Nonlinearity kind, List<String> in) {
    return switch (kind) {
      case Nonlinearity.LeakyRelu op -> sheet.apply("LeakyRelu", in, PointwiseWriter.real("alpha", op.negative()));
      case Nonlinearity.Elu op -> op.equals(Nonlinearity.Elu.SELU)
          ? sheet.apply("Selu", in, PointwiseWriter.real("alpha", op.alpha()),
              PointwiseWriter.real("gamma", op.scale()))
          : sheet.apply(op.width() == 1 ? "Elu" : "Celu", in, PointwiseWriter.real("alpha", op.alpha()));
      case Nonlinearity.Gelu op -> sheet.apply("Gelu", in,
          AttributeProto.of("approximate", op.exact() ? "none" : "tanh"));
      case Nonlinearity.Mish _ -> sheet.apply("Mish", in);
      case Nonlinearity.HardSigmoid _ -> sheet.apply("HardSigmoid", in, PointwiseWriter.real("alpha", 1.0 / 6),
          PointwiseWriter.real("beta", 0.5));
      case Nonlinearity.HardSwish _ -> sheet.apply("HardSwish", in);
      case Nonlinearity.Softsign _ -> sheet.apply("Softsign", in);
      case Nonlinearity.Prelu _ -> sheet.apply("PRelu", in);
      case Nonlinearity.Silu _, Nonlinearity.Maxout _, Nonlinearity.Glu _ -> throw writtenOut(kind);
    };
  }

  /// What came from an ONNX file goes back to one.
  private static String own(Sheet sheet, OnnxOp kind, List<String> in) {
    return switch (kind) {
      case OnnxOp.Function op -> function(sheet, op.kind(), in);
      case OnnxOp.Power _ -> sheet.apply("Pow", in);
      case OnnxOp.Remainder op -> {
        if (!op.floored()) {
          yield sheet.apply("Mod", in, AttributeProto.of("fmod", 1));
        }
        String times = sheet.apply("Floor", List.of(sheet.apply("Div", in)));
        yield sheet.apply("Sub", List.of(in.get(0), sheet.apply("Mul", List.of(times, in.get(1)))));
      }
      case OnnxOp.Select _ -> {
        String zero = sheet.apply("Equal", List.of(in.get(0), sheet.number(0)));
        yield sheet.apply("Where", List.of(zero, in.get(2), in.get(1)));
      }
      case OnnxOp.Product op -> op.axes().isEmpty() ? sheet.apply("Identity", in)
          : reduced(sheet, "ReduceProd", in.getFirst(), op.axes().stream().mapToLong(a -> a).toArray());
      case OnnxOp.ArgMax op -> sheet.real(sheet.apply("ArgMax", in, AttributeProto.of("axis", op.axis()),
          AttributeProto.of("select_last_index", op.last() ? 1 : 0)));
    };
  }

  private static Optional<String> sampling(Sheet sheet, Sampling kind, List<String> in, List<Shape> shapes) {
    return switch (kind) {
      case Sampling.Grid op when sheet.opset() >= 16 -> {
        boolean early = sheet.opset() < 20;
        String mode = switch (op.mode()) {
          case NEAREST -> "nearest";
          case LINEAR -> early ? "bilinear" : "linear";
          case CUBIC -> early ? "bicubic" : "cubic";
        };
        yield Optional.of(sheet.apply("GridSample", in, AttributeProto.of("mode", mode),
            AttributeProto.of("padding_mode", op.outside().name().toLowerCase(Locale.ROOT)),
            AttributeProto.of("align_corners", op.corners() ? 1 : 0)));
      }
      case Sampling.Columns op when sheet.opset() >= 19 -> Optional.of(columns(sheet, op, in, shapes.getFirst()));
      case Sampling.Grid _, Sampling.Columns _, Sampling.GridGradient _, Sampling.ColumnsGradient _ ->
          Optional.empty();
    };
  }

  /// Each cell of each window as a channel: a deformable convolution whose filters pick one cell.
  private static String columns(Sheet sheet, Sampling.Columns op, List<String> in, Shape x) {
    int taps = op.window().taps();
    int channels = x.dim(1);
    Shape kernel = op.window().kernel();
    Tensor filters = Tensor.zeros(Shape.of(channels * taps, 1, kernel.dim(0), kernel.dim(1)));
    for (int i = 0; i < channels * taps; i++) {
      filters.data()[i * taps + i % taps] = 1;
    }
    List<Axis.Placed> placed = op.window().over(x.slice(2, 4));
    List<Long> pads = List.of((long) placed.get(0).before(), (long) placed.get(1).before(),
        (long) placed.get(0).after(), (long) placed.get(1).after());
    return sheet.apply("DeformConv", List.of(in.get(0), sheet.constant(filters), in.get(1), "", in.get(2)),
        AttributeProto.of("group", channels), AttributeProto.of("offset_group", op.groups()),
        AttributeProto.of("pads", pads),
        AttributeProto.of("strides", op.window().axes().stream().map(a -> (long) a.stride()).toList()),
        AttributeProto.of("dilations", op.window().axes().stream().map(a -> (long) a.dilation()).toList()));
  }

  private static String function(Sheet sheet, OnnxOp.Function.Kind kind, List<String> in) {
    return switch (kind) {
      case FLOOR -> sheet.apply("Floor", in);
      case CEIL -> sheet.apply("Ceil", in);
      case ROUND -> sheet.apply("Round", in);
      case TRUNCATE -> sheet.apply("Mul", List.of(sheet.apply("Sign", in),
          sheet.apply("Floor", List.of(sheet.apply("Abs", in)))));
      case SIN -> sheet.apply("Sin", in);
      case COS -> sheet.apply("Cos", in);
      case TAN -> sheet.apply("Tan", in);
      case ASIN -> sheet.apply("Asin", in);
      case ACOS -> sheet.apply("Acos", in);
      case ATAN -> sheet.apply("Atan", in);
      case SINH -> sheet.apply("Sinh", in);
      case COSH -> sheet.apply("Cosh", in);
      case ASINH -> sheet.apply("Asinh", in);
      case ACOSH -> sheet.apply("Acosh", in);
      case ATANH -> sheet.apply("Atanh", in);
      case IS_NAN -> sheet.real(sheet.apply("IsNaN", in));
      case IS_POSITIVE_INFINITY -> sheet.real(sheet.apply("IsInf", in, AttributeProto.of("detect_negative", 0)));
      case IS_NEGATIVE_INFINITY -> sheet.real(sheet.apply("IsInf", in, AttributeProto.of("detect_positive", 0)));
    };
  }

  private static AssertionError writtenOut(Composite op) {
    return new AssertionError(op.label() + " is written out before");
  }
}
