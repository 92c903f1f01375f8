package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import juanji.onnx.proto.AttributeProto;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.LocalContraction;
import juanji.op.Summarizing;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Operations with windows as ONNX operators.
///
/// Extents are known, so all padding is written in cells: no runtime needs to share a rule for same padding, for
/// incomplete windows or for what they hang over.
final class WindowWriter {
  private static final double LEAST = -Float.MAX_VALUE;

  private WindowWriter() {
  }

  private static AttributeProto wholes(String name, int... values) {
    return AttributeProto.of(name, Sheet.longs(values));
  }

  private static int[] each(Window window, ToIntFunction<Axis> of) {
    return window.axes().stream().mapToInt(of).toArray();
  }

  private static Shape spatial(Shape x) {
    return x.slice(2, x.rank());
  }

  private static int[] before(Window window, Shape spatial) {
    return window.over(spatial).stream().mapToInt(Axis.Placed::before).toArray();
  }

  private static int[] after(Window window, Shape spatial) {
    return window.over(spatial).stream().mapToInt(Axis.Placed::after).toArray();
  }

  private static int[] joined(int[] first, int[] second) {
    return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
  }

  private static List<AttributeProto> shared(Window window) {
    List<AttributeProto> all = new ArrayList<>(List.of(wholes("kernel_shape", each(window, Axis::kernel)),
        wholes("strides", each(window, Axis::stride))));
    if (dilated(window)) {
      all.add(wholes("dilations", each(window, Axis::dilation)));
    }
    return all;
  }

  private static boolean dilated(Window window) {
    return window.axes().stream().anyMatch(a -> a.dilation() > 1);
  }

  private static AttributeProto[] with(List<AttributeProto> shared, AttributeProto... more) {
    List<AttributeProto> all = new ArrayList<>(shared);
    all.addAll(List.of(more));
    return all.toArray(AttributeProto[]::new);
  }

  /// A convolution of x, w and perhaps a bias.
  static String conv(Sheet sheet, Contraction.Conv op, List<String> in, Shape x) {
    int[] pads = joined(before(op.window(), spatial(x)), after(op.window(), spatial(x)));
    return sheet.apply("Conv", in, with(shared(op.window()), wholes("pads", pads),
        AttributeProto.of("group", op.groups())));
  }

  /// A transposed convolution of y, w and perhaps a bias.
  static String convInput(Sheet sheet, Contraction.ConvInput op, List<String> in, Shape y) {
    Window window = op.window();
    int[] before = before(window, op.spatial());
    int rank = window.rank();
    int[] after = new int[rank];
    int[] extra = new int[rank];
    for (int i = 0; i < rank; i++) {
      Axis axis = window.axes().get(i);
      // Of the whole, what is not cut off in front and not there behind; or the cells that no window reaches.
      int whole = (y.dim(2 + i) - 1) * axis.stride() + axis.span();
      int missing = op.spatial().dim(i) - (whole - before[i]);
      after[i] = Math.max(0, -missing);
      extra[i] = Math.max(0, missing);
    }
    return sheet.apply("ConvTranspose", in, with(shared(window), wholes("pads", joined(before, after)),
        wholes("output_padding", extra), AttributeProto.of("group", op.groups())));
  }

  /// A convolution whose weights differ from place to place: the window's cells are gathered place by place, and
  /// multiplied by each place's own matrix.
  static String localConv(Sheet sheet, LocalContraction.LocalConv op, List<String> in, List<Shape> shapes) {
    Shape from = spatial(shapes.get(0));
    int channels = shapes.get(0).dim(1);
    int[] before = before(op.window(), from);
    int[] after = after(op.window(), from);
    Shape padded = Shape.of(IntStream.range(0, from.rank()).map(i -> before[i] + from.dim(i) + after[i]).toArray());
    Shape out = op.window().output(from);
    int places = out.length();
    int taps = op.window().taps();
    String flat = sheet.reshape(around(sheet, in.get(0), before, after, 0), -1, channels, padded.length());
    String cells = sheet.apply("Gather", List.of(flat, sheet.wholes(Shape.of(places, taps),
        cells(op.window(), padded, out))), AttributeProto.of("axis", 2));
    String rows = sheet.reshape(sheet.transpose(cells, 2, 0, 1, 3), places, -1, channels * taps);
    String matrices = sheet.reshape(in.get(1), op.tiles().length(), channels * taps, shapes.get(1).dim(-1));
    if (op.tiles().length() < places) {
      long[] sets = IntStream.of(LocalContraction.sets(op.tiles(), out)).asLongStream().toArray();
      matrices = sheet.apply("Gather", List.of(matrices, sheet.wholes(sets)), AttributeProto.of("axis", 0));
    }
    String y = sheet.transpose(sheet.apply("MatMul", List.of(rows, matrices)), 1, 2, 0);
    return sheet.reshape(y, out.prepend(shapes.get(1).dim(-1)).prepend(Shape.UNBOUND));
  }

  private static String around(Sheet sheet, String x, int[] before, int[] after, double with) {
    return sheet.pad(x, joined(new int[2], before), joined(new int[2], after), with);
  }

  /// The cells of each position of a window, as indices into a padded plane.
  static long[] cells(Window window, Shape padded, Shape out) {
    int taps = window.taps();
    Shape kernel = window.kernel();
    long[] cells = new long[out.length() * taps];
    for (int i = 0; i < cells.length; i++) {
      int position = i / taps;
      int tap = i % taps;
      long step = 1;
      for (int axis = window.rank() - 1; axis >= 0; axis--) {
        Axis a = window.axes().get(axis);
        cells[i] += step * (position % out.dim(axis) * a.stride() + tap % kernel.dim(axis) * a.dilation());
        position /= out.dim(axis);
        tap /= kernel.dim(axis);
        step *= padded.dim(axis);
      }
    }
    return cells;
  }

  static String maxPool(Sheet sheet, Window window, String x, Shape shape) {
    Padded padded = Padded.of(sheet, window, x, shape);
    return sheet.apply("MaxPool", List.of(padded.x), with(shared(window), wholes("pads", padded.pads)));
  }

  /// An input with as much padding as MaxPool may not add itself, since runtimes refuse padding of a kernel or more.
  ///
  /// @param extents its spatial extents then
  /// @param before the cells added in front
  /// @param pads what MaxPool adds
  private record Padded(String x, Shape extents, int[] before, int[] pads) {
    static Padded of(Sheet sheet, Window window, String x, Shape shape) {
      Shape from = spatial(shape);
      int[] before = WindowWriter.before(window, from);
      int[] after = WindowWriter.after(window, from);
      int rank = window.rank();
      if (IntStream.range(0, rank).allMatch(i -> Math.max(before[i], after[i]) < window.axes().get(i).kernel())) {
        return new Padded(x, from, new int[rank], joined(before, after));
      }
      Shape extents = Shape.of(IntStream.range(0, rank).map(i -> before[i] + from.dim(i) + after[i]).toArray());
      return new Padded(around(sheet, x, before, after, LEAST), extents, before, new int[2 * rank]);
    }
  }

  /// The place of each window's first largest cell within its plane, N × C × places.
  private static String places(Sheet sheet, Window window, String x, Shape shape) {
    Padded padded = Padded.of(sheet, window, x, shape);
    String places = sheet.last("MaxPool", 2, List.of(padded.x), with(shared(window), wholes("pads", padded.pads)));
    String plane = sheet.apply("Mod", List.of(places, sheet.wholes(Shape.of(), padded.extents.length())));
    String flat = sheet.reshape(plane, -1, shape.dim(1), window.output(spatial(shape)).length());
    if (padded.extents.equals(spatial(shape))) {
      return flat;
    }
    long[] back = new long[padded.extents.length()];
    for (int i = 0; i < back.length; i++) {
      int rest = i;
      long step = 1;
      for (int axis = window.rank() - 1; axis >= 0; axis--) {
        int cell = rest % padded.extents.dim(axis) - padded.before[axis];
        back[i] += step * Math.clamp(cell, 0, shape.dim(2 + axis) - 1);
        rest /= padded.extents.dim(axis);
        step *= shape.dim(2 + axis);
      }
    }
    return sheet.apply("Gather", List.of(sheet.wholes(back), flat), AttributeProto.of("axis", 0));
  }

  /// Values put back to where their windows had their maxima; those that meet are added.
  static Optional<String> unpool(Sheet sheet, Windowed.MaxPoolInput op, List<String> in, Shape x) {
    boolean apart = op.window().axes().stream().allMatch(a -> a.dilation() == 1 && a.stride() >= a.kernel());
    if (!apart && sheet.opset() < 16) {
      return Optional.empty();
    }
    Shape from = spatial(x);
    int[] before = before(op.window(), from);
    int[] after = after(op.window(), from);
    Shape out = op.window().output(from);
    int[] natural = IntStream.range(0, from.rank()).map(i -> {
      Axis axis = op.window().axes().get(i);
      return (out.dim(i) - 1) * axis.stride() + axis.span() - before[i] - after[i];
    }).toArray();
    boolean fits = IntStream.range(0, from.rank()).allMatch(i -> natural[i] >= 1 && natural[i] <= from.dim(i)
        && Math.max(before[i], after[i]) < op.window().axes().get(i).kernel());
    if (apart && fits) {
      AttributeProto pads = wholes("pads", joined(before, after));
      List<String> all = new ArrayList<>(List.of(in.get(1),
          sheet.last("MaxPool", 2, List.of(in.get(0)), with(shared(op.window()), pads))));
      if (!Shape.of(natural).equals(from)) {
        all.add(sheet.apply("Shape", List.of(in.get(0))));
      }
      return Optional.of(sheet.apply("MaxUnpool", all, with(shared(op.window()), pads)));
    }
    int plane = from.length();
    String places = places(sheet, op.window(), in.get(0), x);
    String values = sheet.reshape(in.get(1), -1, x.dim(1), out.length());
    String flat = sheet.reshape(in.get(0), -1, x.dim(1), plane);
    String zeros = sheet.apply("ConstantOfShape", List.of(sheet.apply("Shape", List.of(flat))));
    List<AttributeProto> attributes = new ArrayList<>(List.of(AttributeProto.of("axis", 2)));
    if (!apart) {
      attributes.add(AttributeProto.of("reduction", "add"));
    }
    String y = sheet.apply("ScatterElements", List.of(zeros, places, values),
        attributes.toArray(AttributeProto[]::new));
    return Optional.of(sheet.reshape(y, x.with(0, Shape.UNBOUND)));
  }

  /// Values from where windows have their maxima.
  static String pick(Sheet sheet, Window window, List<String> in, Shape x) {
    String places = places(sheet, window, in.get(0), x);
    String flat = sheet.reshape(in.get(1), -1, x.dim(1), spatial(x).length());
    String y = sheet.apply("GatherElements", List.of(flat, places), AttributeProto.of("axis", 2));
    return sheet.reshape(y, window.output(spatial(x)).prepend(x.dim(1)).prepend(Shape.UNBOUND));
  }

  /// Means and sums. What a mean is divided by is known for each position.
  static String avgPool(Sheet sheet, Windowed.AvgPool op, String x, Shape shape) {
    Window window = op.window();
    Shape from = spatial(shape);
    int[] before = before(window, from);
    int[] after = after(window, from);
    int[] pads = joined(before, after);
    boolean hangs = window.over(from).stream().anyMatch(p -> p.overhang() > 0);
    boolean inside = IntStream.of(pads).allMatch(p -> p == 0);
    boolean fits = !dilated(window) && IntStream.range(0, window.rank())
        .allMatch(i -> Math.max(before[i], after[i]) < window.axes().get(i).kernel());
    boolean mean = op.divisor() == Windowed.Divisor.INSIDE || op.divisor() == Windowed.Divisor.WINDOW && !hangs;
    if (fits) {
      int counting = op.divisor() == Windowed.Divisor.INSIDE || inside ? 0 : 1;
      String means = sheet.apply("AveragePool", List.of(x), with(shared(window), wholes("pads", pads),
          AttributeProto.of("count_include_pad", counting)));
      if (mean) {
        return means;
      }
      String sums = sheet.apply("Mul", List.of(means, sheet.number(window.taps())));
      return divided(sheet, op, sums, from);
    }
    // Every channel's own convolution with ones.
    Tensor ones = Tensor.full(window.kernel().prepend(1).prepend(shape.dim(1)), 1);
    String sums = sheet.apply("Conv", List.of(x, sheet.constant(ones)), with(shared(window), wholes("pads", pads),
        AttributeProto.of("group", shape.dim(1))));
    return divided(sheet, op, sums, from);
  }

  /// Sums divided as an operation says: by the definition's own result for ones.
  private static String divided(Sheet sheet, Windowed.AvgPool op, String sums, Shape from) {
    if (op.divisor() == Windowed.Divisor.NONE) {
      return sums;
    }
    double[] ones = new double[from.length()];
    Arrays.fill(ones, 1);
    Shape plane = from.prepend(1).prepend(1);
    double[] means = op.reference(List.of(plane), List.of(ones));
    double[] counts = new Windowed.AvgPool(op.window(), Windowed.Divisor.NONE).reference(List.of(plane), List.of(ones));
    float[] shares = new float[means.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) (means[i] / counts[i]);
    }
    return sheet.apply("Mul", List.of(sums, sheet.constant(Tensor.of(op.window().output(from), shares))));
  }

  /// Whether ONNX's LpPool means the same: whole exponents, windows without gaps, and padding below the kernel.
  static boolean lpPool(Summarizing.LpPool op, Shape x) {
    int[] before = before(op.window(), spatial(x));
    int[] after = after(op.window(), spatial(x));
    return op.exponent() == Math.rint(op.exponent()) && !dilated(op.window()) && IntStream.range(0, before.length)
        .allMatch(i -> Math.max(before[i], after[i]) < op.window().axes().get(i).kernel());
  }

  static String lpPool(Sheet sheet, Summarizing.LpPool op, String x, Shape shape) {
    int[] pads = joined(before(op.window(), spatial(shape)), after(op.window(), spatial(shape)));
    return sheet.apply("LpPool", List.of(x), with(shared(op.window()), wholes("pads", pads),
        AttributeProto.of("p", (long) op.exponent())));
  }
}
