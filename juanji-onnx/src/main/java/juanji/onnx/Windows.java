package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.Gather;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Convolutions and poolings.
final class Windows {
  private Windows() {
  }

  static void register(Map<String, Operator> table) {
    table.put("Conv", Operator.real(Windows::conv));
    table.put("ConvTranspose", Operator.real(Windows::convTranspose));
    table.put("MaxPool", Windows::maxPool);
    table.put("AveragePool", Operator.real(Windows::averagePool));
    table.put("LpPool", Operator.real(Windows::lpPool));
    table.put("GlobalAveragePool", Operator.real(c -> c.values().apply(new Reduction.Mean(spatial(c)), c.input(0))));
    table.put("GlobalMaxPool", Operator.real(c -> c.values().apply(new Reduction.Max(spatial(c)), c.input(0))));
    table.put("GlobalLpPool", Operator.real(c -> {
      double p = exponent(c);
      return root(c.values(), c.values().apply(new Reduction.Sum(spatial(c)), powered(c.values(), c.input(0), p)), p);
    }));
    table.put("MaxUnpool", Operator.of(Windows::maxUnpool));
    table.put("CausalConvWithState", Windows::causal);
    table.put("Col2Im", Operator.of(Windows::col2Im));
  }

  private static List<Integer> spatial(Call c) {
    if (c.shape(0).rank() < 3) {
      throw c.wrong("the input has spatial axes; received " + c.shape(0));
    }
    return IntStream.range(2, c.shape(0).rank()).boxed().toList();
  }

  /// The window that a node's attributes describe.
  ///
  /// @param kernel its cells
  static Window window(Call c, int[] kernel) {
    int rank = kernel.length;
    if (rank < 1 || rank > 3) {
      throw c.unsupported("it has " + rank + " spatial axes; 1 to 3 are possible");
    }
    int[] strides = each(c, "strides", rank);
    int[] dilations = each(c, "dilations", rank);
    int[] pads = c.ints("pads").orElse(new int[2 * rank]);
    String auto = c.text("auto_pad", "NOTSET");
    boolean ceiling = c.whole("ceil_mode", 0) == 1;
    if (pads.length != 2 * rank) {
      throw c.wrong("there are two pads for each spatial axis; received " + Arrays.toString(pads));
    }
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (auto.equals("NOTSET") && (pads[i] < 0 || pads[i + rank] < 0)) {
        throw c.unsupported("attribute 'pads' = " + Arrays.toString(pads) + ", which cuts");
      }
      Padding padding = switch (auto) {
        case "NOTSET" -> Padding.of(pads[i], pads[i + rank]);
        case "VALID" -> Padding.VALID;
        case "SAME_UPPER" -> Padding.Rule.SAME_UPPER;
        case "SAME_LOWER" -> Padding.Rule.SAME_LOWER;
        default -> throw c.unsupported("attribute 'auto_pad' = '" + auto + "'");
      };
      axes.add(new Axis(kernel[i], strides[i], dilations[i], padding, ceiling));
    }
    return new Window(axes);
  }

  static int[] each(Call c, String name, int rank) {
    int[] numbers = c.ints(name).orElseGet(() -> IntStream.range(0, rank).map(i -> 1).toArray());
    if (numbers.length != rank) {
      throw c.wrong("attribute '" + name + "' has a number for each of " + rank + " spatial axes; received "
          + Arrays.toString(numbers));
    }
    return numbers;
  }

  /// The kernel of a convolution is that of its weights.
  private static int[] kernel(Call c, Shape weights) {
    int[] kernel = weights.slice(2, weights.rank()).toArray();
    c.ints("kernel_shape").filter(k -> !Arrays.equals(k, kernel)).ifPresent(k -> {
      throw c.wrong("attribute 'kernel_shape' is that of the weights; received " + Arrays.toString(k) + " for "
          + weights);
    });
    return kernel;
  }

  private static void checkRank(Call c) {
    if (c.shape(0).rank() < 3 || c.shape(1).rank() != c.shape(0).rank()) {
      throw c.wrong("input and weights have equally many axes, 3 or more; received " + c.shapes());
    }
  }

  private static Value conv(Call c) {
    checkRank(c);
    Value w = c.values().weight(c.input(1), Ground.Use.TRAINED);
    Value y = c.values().apply(new Contraction.Conv(window(c, kernel(c, w.shape())), c.integer("group", 1)),
        c.input(0), w);
    return c.has(2) ? biased(c, y, c.input(2)) : y;
  }

  /// One number for each channel added.
  static Value biased(Call c, Value y, Value bias) {
    return c.values().add(y, perChannel(c, c.values().weight(bias, Ground.Use.BIAS), y.shape().rank()));
  }

  /// Numbers for each channel in a shape that meets N × C × ….
  static Value perChannel(Call c, Value numbers, int rank) {
    if (numbers.shape().rank() != 1) {
      throw c.wrong("there is a row of one number for each channel; received " + numbers.shape());
    }
    int[] dims = new int[Math.max(1, rank - 1)];
    Arrays.fill(dims, 1);
    dims[0] = numbers.shape().dim(0);
    return c.values().reshape(numbers, Shape.of(dims));
  }

  private static Value convTranspose(Call c) {
    checkRank(c);
    Values v = c.values();
    Value w = v.weight(c.input(1), Ground.Use.TRAINED);
    Shape x = c.shape(0);
    int[] kernel = kernel(c, w.shape());
    int rank = kernel.length;
    int groups = c.integer("group", 1);
    int[] strides = each(c, "strides", rank);
    int[] dilations = each(c, "dilations", rank);
    int[] extra = c.ints("output_padding").orElse(new int[rank]);
    int[] pads = c.ints("pads").orElse(new int[2 * rank]).clone();
    Optional<int[]> wanted = c.ints("output_shape");
    String auto = c.text("auto_pad", "NOTSET");
    if (rank > 3 || extra.length != rank || pads.length != 2 * rank) {
      throw c.wrong("there are 1 to 3 spatial axes, and numbers for each; received " + c.shapes());
    }
    int[] out = new int[rank];
    List<Axis> axes = new ArrayList<>();
    int[] full = new int[rank];
    for (int i = 0; i < rank; i++) {
      Axis axis = new Axis(kernel[i], strides[i], dilations[i], Padding.VALID, false);
      axes.add(axis);
      full[i] = axis.transposed(x.dim(2 + i), 0);
      boolean same = auto.startsWith("SAME");
      if (wanted.isPresent() || same) {
        out[i] = wanted.isPresent() ? wanted.get()[wanted.get().length - rank + i] : x.dim(2 + i) * strides[i];
        int total = Math.max(0, full[i] + extra[i] - out[i]);
        boolean upper = auto.equals("SAME_UPPER");
        pads[i] = upper ? total / 2 : total - total / 2;
        pads[i + rank] = total - pads[i];
      } else if (auto.equals("VALID") || auto.equals("NOTSET")) {
        out[i] = full[i] + extra[i] - pads[i] - pads[i + rank];
      } else {
        throw c.unsupported("attribute 'auto_pad' = '" + auto + "'");
      }
      if (out[i] < 1) {
        throw c.wrong("the output has cells; received " + out[i] + " along spatial axis " + i);
      }
    }
    Value y = transposed(v, c.input(0), w, axes, groups, pads, extra, out, full);
    return c.has(2) ? biased(c, y, c.input(2)) : y;
  }

  private static Value transposed(Values v, Value x, Value w, List<Axis> axes, int groups, int[] pads, int[] extra,
      int[] out, int[] full) {
    int rank = axes.size();
    boolean direct = IntStream.range(0, rank).allMatch(i -> pads[i] >= 0 && pads[i + rank] >= 0
        && extra[i] < axes.get(i).stride() && out[i] == full[i] + extra[i] - pads[i] - pads[i + rank]);
    if (direct) {
      Window window = new Window(IntStream.range(0, rank).mapToObj(i ->
          axes.get(i).withPadding(Padding.of(pads[i], pads[i + rank]))).toList());
      return v.apply(new Contraction.ConvInput(window, groups, Shape.of(out)), x, w);
    }
    // More cells behind than the stride leaves open: made without padding, then cut or filled.
    Value y = v.apply(new Contraction.ConvInput(new Window(axes), groups, Shape.of(full)), x, w);
    for (int i = 0; i < rank; i++) {
      int after = out[i] + pads[i] - full[i];
      y = after > 0 ? v.apply(new View.Pad(2 + i, 0, after, 0), y) : y;
      y = Moving.cut(v, y, 2 + i, pads[i], pads[i] + out[i]);
    }
    return y;
  }

  private static int[] poolKernel(Call c) {
    int[] kernel = c.ints("kernel_shape").orElseThrow(() -> c.wrong("attribute 'kernel_shape' is given"));
    if (kernel.length != c.shape(0).rank() - 2) {
      throw c.wrong("attribute 'kernel_shape' has a number for each spatial axis; received " + Arrays.toString(kernel)
          + " for " + c.shape(0));
    }
    return kernel;
  }

  private static List<Value> maxPool(Call c) {
    Values v = c.values();
    Window window = window(c, poolKernel(c));
    boolean columns = c.whole("storage_order", 0) == 1;
    Value given = c.input(0);
    Value x = HostTensor.whole(given.type()) ? v.typed(given, ElementType.DOUBLE) : given;
    Value y = v.typed(v.apply(new Windowed.MaxPool(window), x), given.type());
    if (!c.gives(1)) {
      return List.of(y);
    }
    Shape in = x.shape();
    Value places = v.apply(new Gather.Pick(window), x, numbers(c, in, columns));
    Value found = v.typed(places, ElementType.INT64);
    Optional<HostTensor> known = Arithmetic.known(c, found);
    long plane = in.size(2);
    Value indices;
    if (known.isPresent()) {
      long[] flat = known.get().as(ElementType.INT64).wholes().clone();
      long each = y.shape().size(2);
      for (int i = 0; i < flat.length; i++) {
        flat[i] += i / each * plane;
      }
      indices = new Value.Host(HostTensor.wholes(ElementType.INT64, y.shape(), flat));
    } else {
      indices = found;
      c.within().maxima().put(found, new Maxima.Found(x, window, false));
    }
    return List.of(y, indices);
  }

  /// The numbers of a plane's cells, for every plane.
  private static Value numbers(Call c, Shape in, boolean columns) {
    int size = Math.toIntExact(in.size(2));
    double[] numbers = new double[size];
    Shape spatial = in.slice(2, in.rank());
    int[] index = new int[spatial.rank()];
    for (int i = 0; i < size; i++) {
      int rest = i;
      for (int a = index.length - 1; a >= 0; a--) {
        index[a] = rest % spatial.dim(a);
        rest /= spatial.dim(a);
      }
      int flat = 0;
      for (int a = index.length - 1; columns && a >= 0; a--) {
        flat = flat * spatial.dim(a) + index[a];
      }
      numbers[i] = columns ? flat : i;
    }
    HostTensor row = HostTensor.reals(ElementType.FLOAT, Reshaping.widened(spatial, in.rank()), numbers);
    return c.values().apply(new View.Expand(false), new Value.Host(row), c.input(0));
  }

  private static Value averagePool(Call c) {
    Values v = c.values();
    Window window = window(c, poolKernel(c));
    boolean padding = c.whole("count_include_pad", 0) == 1;
    Value x = c.input(0);
    if (!padding || window.axes().stream().noneMatch(Axis::ceiling)) {
      return v.apply(new Windowed.AvgPool(window, padding ? Windowed.Divisor.WINDOW : Windowed.Divisor.INSIDE), x);
    }
    // Padding counts, but not the cells behind it that an incomplete last window has.
    Shape in = x.shape();
    List<Axis> bare = new ArrayList<>();
    for (int i = 0; i < window.rank(); i++) {
      Axis axis = window.axes().get(i);
      Axis.Placed placed = axis.withCeiling(false).over(in.dim(2 + i));
      bare.add(axis.withPadding(Padding.VALID));
      if (placed.before() + placed.after() > 0) {
        x = v.apply(new View.Pad(2 + i, placed.before(), placed.after(), 0), x);
      }
    }
    Value y = v.apply(new Windowed.AvgPool(new Window(bare), Windowed.Divisor.INSIDE), x);
    for (int i = 0; i < window.rank(); i++) {
      y = Moving.cut(v, y, 2 + i, 0, window.axes().get(i).over(in.dim(2 + i)).out());
    }
    return y;
  }

  private static double exponent(Call c) {
    double p = c.version() < 2 ? c.real("p", 2) : c.whole("p", 2);
    if (!(p > 0)) {
      throw c.unsupported("attribute 'p' = " + p);
    }
    return p;
  }

  private static Value powered(Values v, Value x, double p) {
    return p == 2 ? v.mul(x, x) : Arithmetic.power(v, v.apply(new Pointwise.Abs(), x), p);
  }

  private static Value root(Values v, Value x, double p) {
    return Arithmetic.power(v, x, 1 / p);
  }

  private static Value lpPool(Call c) {
    double p = exponent(c);
    Window window = window(c, poolKernel(c));
    Values v = c.values();
    return root(v, v.apply(new Windowed.AvgPool(window, Windowed.Divisor.NONE), powered(v, c.input(0), p)), p);
  }

  private static Value maxUnpool(Call c) {
    Values v = c.values();
    Shape x = c.shape(0);
    int rank = x.rank() - 2;
    int[] kernel = poolKernel(c);
    int[] strides = each(c, "strides", rank);
    int[] pads = c.ints("pads").orElse(new int[2 * rank]);
    int[] extents = new int[rank];
    for (int i = 0; i < rank; i++) {
      extents[i] = (x.dim(2 + i) - 1) * strides[i] + kernel[i] - pads[i] - pads[i + rank];
    }
    Optional<Maxima.Found> origin = c.within().maxima().of(c.input(1));
    if (origin.isPresent() && (!c.has(2) || Values.known(c.input(2)))) {
      return v.apply(new Windowed.MaxPoolInput(origin.get().window()), origin.get().input(), c.input(0));
    }
    Shape natural = Moving.joined(x.slice(0, 2), Shape.of(extents));
    int[] from = new int[natural.length()];
    Arrays.fill(from, -1);
    long[] places = c.wholes(1);
    for (int i = 0; i < places.length; i++) {
      if (places[i] < 0 || places[i] >= from.length) {
        throw c.wrong("an index is from 0 to " + (from.length - 1) + "; received " + places[i]);
      }
      from[(int) places[i]] = i;
    }
    Value row = v.reshape(c.input(0), Shape.of(x.length()));
    Value y = v.reshape(v.apply(new Gather.Take(0, Arrays.stream(from).boxed().toList()), row), natural);
    if (c.has(2)) {
      int[] wanted = c.host(2).ints();
      for (int i = 0; i < rank; i++) {
        int more = wanted[wanted.length - rank + i] - extents[i];
        y = more > 0 ? v.apply(new View.Pad(2 + i, 0, more, 0), y) : Moving.cut(v, y, 2 + i, 0, extents[i] + more);
      }
    }
    return v.typed(y, c.input(0).type());
  }

  /// A convolution of each channel that sees earlier cells only, those before the input from the second output of the
  /// call before.
  private static List<Value> causal(Call c) {
    Values v = c.values();
    Shape x = c.shape(0);
    Value w = v.weight(c.input(1), Ground.Use.TRAINED);
    if (x.rank() != 3 || w.shape().rank() != 3) {
      throw c.wrong("the input is N × C × length and the weights are C × 1 × kernel; received " + c.shapes());
    }
    int before = w.shape().dim(2) - 1;
    Value wide = before == 0 ? c.input(0) : c.has(3) ? v.apply(new View.Concat(2), c.input(3), c.input(0))
        : v.apply(new View.Pad(2, before, 0, 0), c.input(0));
    Value y = v.apply(new Contraction.Conv(Window.of(Axis.of(before + 1)), x.dim(1)), wide, w);
    y = c.has(2) ? biased(c, y, c.input(2)) : y;
    String activation = c.text("activation", "none");
    Value result = switch (activation) {
      case "none", "" -> y;
      case "silu", "swish" -> v.mul(y, v.apply(new Pointwise.Sigmoid(), y));
      default -> throw c.unsupported("attribute 'activation' = '" + activation + "'");
    };
    int length = wide.shape().dim(2);
    return List.of(v.typed(result, c.input(0).type()),
        v.typed(Moving.cut(v, wide, 2, length - before, length), c.input(0).type()));
  }

  /// Columns of blocks added back to where they were cut from: the adjoint of a convolution with one filter per cell.
  private static Value col2Im(Call c) {
    int[] image = c.host(1).ints();
    int[] block = c.host(2).ints();
    Window window = window(c, block);
    int cells = window.taps();
    Shape x = c.shape(0);
    if (image.length != block.length || x.rank() != 3 || x.dim(1) % cells != 0) {
      throw c.wrong("the block's cells divide the input's second extent; received " + c.shapes());
    }
    int channels = x.dim(1) / cells;
    double[] filters = new double[channels * cells * cells];
    for (int i = 0; i < channels * cells; i++) {
      filters[i * cells + i % cells] = 1;
    }
    Shape weights = Moving.joined(Shape.of(channels * cells, 1), Shape.of(block));
    Shape positions = window.output(Shape.of(image));
    Value y = c.values().reshape(c.input(0), Moving.joined(x.slice(0, 2), positions));
    return c.values().typed(c.values().apply(new Contraction.ConvInput(window, channels, Shape.of(image)), y,
        new Value.Host(HostTensor.reals(ElementType.FLOAT, weights, filters))), c.input(0).type());
  }
}
