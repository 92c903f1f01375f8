package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.op.Gather;
import juanji.tensor.Shape;

/// Axes at another size: Resize and Upsample, axis by axis, each output a weighted sum of some input cells.
final class Resizes {
  private Resizes() {
  }

  static void register(Map<String, Operator> table) {
    table.put("Resize", Operator.of(Resizes::resize));
    table.put("Upsample", Operator.of(Resizes::upsample));
  }

  /// What holds for all axes.
  private record Rule(String mode, String coordinates, String nearest, double cubic, boolean excluding,
      double outside, boolean antialias) {
  }

  /// One axis: cells, scale, and the region of interest.
  private record Line(int in, int out, double scale, double start, double end) {
  }

  private static Value upsample(Call c) {
    Shape x = c.shape(0);
    double[] scales = c.version() < 7
        ? new double[] {1, 1, c.real("height_scale", 1), c.real("width_scale", 1)}
        : c.has(1) ? c.host(1).reals() : c.reals("scales").orElseThrow(() -> c.wrong("scales are given"));
    String mode = c.text("mode", "nearest");
    Rule rule = new Rule(mode.equals("bilinear") || mode.equals("trilinear") ? "linear" : mode, "asymmetric", "floor",
        0, false, 0, false);
    return scaled(c, x, IntStream.range(0, x.rank()).boxed().toList(), scales, new double[2 * x.rank()], rule);
  }

  private static Value scaled(Call c, Shape x, List<Integer> axes, double[] scales, double[] roi, Rule rule) {
    if (scales.length != axes.size()) {
      throw c.wrong("there is a scale for each axis; received " + scales.length + " for " + x);
    }
    Map<Integer, Line> lines = new LinkedHashMap<>();
    for (int i = 0; i < scales.length; i++) {
      int in = x.dim(axes.get(i));
      if (in == Shape.UNBOUND && scales[i] == 1) {
        continue;
      }
      double length = rule.coordinates.equals("tf_crop_and_resize") ? roi[axes.size() + i] - roi[i] : 1;
      double out = Math.floor(in * (float) length * (float) scales[i]);
      lines.put(axes.get(i), new Line(in, checked(c, out), scales[i], roi[i], roi[axes.size() + i]));
    }
    return along(c, lines, rule);
  }

  /// Each axis by its line.
  private static Value along(Call c, Map<Integer, Line> lines, Rule rule) {
    Shape whole = c.shape(0);
    for (Map.Entry<Integer, Line> line : lines.entrySet()) {
      whole = whole.with(line.getKey(), line.getValue().out);
    }
    Moving.fits(whole);
    Value y = c.input(0);
    for (Map.Entry<Integer, Line> line : lines.entrySet()) {
      y = along(c, y, line.getKey(), line.getValue(), rule);
    }
    return c.values().typed(y, c.input(0).type());
  }

  private static int checked(Call c, double out) {
    if (!(out >= 1 && out <= 1 << 29)) {
      throw c.wrong("an output has from 1 to 2²⁹ cells along each axis; received " + out);
    }
    return (int) out;
  }

  private static Value resize(Call c) {
    Shape x = c.shape(0);
    boolean first = c.version() < 11;
    List<Integer> axes = c.axes(c.ints("axes").orElseGet(() -> IntStream.range(0, x.rank()).toArray()), x.rank());
    String coordinates = first ? "asymmetric" : c.text("coordinate_transformation_mode", "half_pixel");
    Rule rule = new Rule(c.text("mode", "nearest"), coordinates,
        first ? "floor" : c.text("nearest_mode", "round_prefer_floor"), c.real("cubic_coeff_a", -0.75),
        c.whole("exclude_outside", 0) == 1, c.real("extrapolation_value", 0), c.whole("antialias", 0) == 1);
    String policy = c.text("keep_aspect_ratio_policy", "stretch");
    int scalesAt = first ? 1 : 2;
    double[] roi = new double[2 * axes.size()];
    Arrays.fill(roi, axes.size(), roi.length, 1);
    if (!first && c.has(1) && coordinates.equals("tf_crop_and_resize")) {
      double[] given = c.host(1).reals();
      if (given.length != roi.length) {
        throw c.wrong("the region has two numbers for each axis; received " + given.length);
      }
      roi = given;
    }
    if (!c.has(3) || c.host(3).size() == 0) {
      return scaled(c, x, axes, c.host(scalesAt).reals(), roi, rule);
    }
    long[] sizes = c.wholes(3);
    if (sizes.length != axes.size()) {
      throw c.wrong("there is a size for each axis; received " + sizes.length + " for " + axes.size());
    }
    return sized(c, x, axes, sizes, roi, rule, policy);
  }

  private static Value sized(Call c, Shape x, List<Integer> axes, long[] sizes, double[] roi, Rule rule,
      String policy) {
    double[] ratios = IntStream.range(0, sizes.length).mapToDouble(i -> (double) sizes[i] / x.dim(axes.get(i)))
        .toArray();
    double common = switch (policy) {
      case "stretch" -> 0;
      case "not_larger" -> Arrays.stream(ratios).min().orElse(1);
      case "not_smaller" -> Arrays.stream(ratios).max().orElse(1);
      default -> throw c.unsupported("attribute 'keep_aspect_ratio_policy' = '" + policy + "'");
    };
    Map<Integer, Line> lines = new LinkedHashMap<>();
    for (int i = 0; i < sizes.length; i++) {
      int in = x.dim(axes.get(i));
      if (in == Shape.UNBOUND) {
        if (sizes[i] != OpenBatch.OPEN && sizes[i] != c.within().fixedBatch()) {
          throw c.unsupported("it resizes the batch");
        }
        continue;
      }
      int out = checked(c, common == 0 ? sizes[i] : Math.floor(common * in + 0.5));
      double scale = common == 0 ? (double) out / in : common;
      lines.put(axes.get(i), new Line(in, out, scale, roi[i], roi[axes.size() + i]));
    }
    return along(c, lines, rule);
  }

  /// Where an output cell lies in the input.
  private static double place(Call c, Line line, Rule rule, int i) {
    double scale = line.scale;
    return switch (rule.coordinates) {
      case "half_pixel" -> (i + 0.5) / scale - 0.5;
      case "half_pixel_symmetric" -> {
        double wanted = scale * line.in;
        double adjustment = line.out / wanted;
        double centre = line.in / 2.0;
        yield centre * (1 - adjustment) + (i + 0.5) / scale - 0.5;
      }
      case "pytorch_half_pixel" -> line.out > 1 ? (i + 0.5) / scale - 0.5 : 0;
      case "tf_half_pixel_for_nn" -> (i + 0.5) / scale;
      case "align_corners" -> {
        double wanted = scale * line.in;
        yield wanted == 1 ? 0 : i * (line.in - 1) / (wanted - 1);
      }
      case "asymmetric" -> i / scale;
      case "tf_crop_and_resize" -> line.out > 1
          ? line.start * (line.in - 1) + i * (line.end - line.start) * (line.in - 1) / (line.out - 1)
          : 0.5 * (line.start + line.end) * (line.in - 1);
      default -> throw c.unsupported("attribute 'coordinate_transformation_mode' = '" + rule.coordinates + "'");
    };
  }

  private static Value along(Call c, Value x, int axis, Line line, Rule rule) {
    boolean cropping = rule.coordinates.equals("tf_crop_and_resize");
    if (line.in == line.out && line.scale == 1 && !cropping) {
      return x;
    }
    if (line.in == 0) {
      throw c.wrong("an axis without cells has no other size");
    }
    List<List<Integer>> cells = new ArrayList<>();
    List<double[]> shares = new ArrayList<>();
    double[] constant = new double[line.out];
    for (int i = 0; i < line.out; i++) {
      double at = place(c, line, rule, i);
      boolean beyond = cropping && (at < 0 || at > line.in - 1);
      constant[i] = beyond ? rule.outside : 0;
      taps(c, at, beyond, line, rule, cells, shares, i);
    }
    return combined(c.values(), x, axis, cells, shares, constant);
  }

  /// Adds one output cell's input cells and their shares, tap by tap.
  private static void taps(Call c, double at, boolean beyond, Line line, Rule rule, List<List<Integer>> cells,
      List<double[]> shares, int i) {
    if (rule.mode.equals("nearest")) {
      add(cells, shares, 0, i, line, Math.clamp(rounded(c, rule, at), 0, line.in - 1), beyond ? 0 : 1);
      return;
    }
    boolean cubic = rule.mode.equals("cubic");
    if (!cubic && !rule.mode.equals("linear")) {
      throw c.unsupported("attribute 'mode' = '" + rule.mode + "'");
    }
    double stretch = rule.antialias && line.scale < 1 ? 1 / line.scale : 1;
    int reach = (int) Math.ceil((cubic ? 2 : 1) * stretch);
    int floor = (int) Math.floor(at);
    double total = 0;
    double[] weights = new double[2 * reach];
    for (int k = 0; k < weights.length; k++) {
      int cell = floor - reach + 1 + k;
      double distance = Math.abs(at - cell) / stretch;
      weights[k] = cubic ? keys(distance, rule.cubic) : Math.max(0, 1 - distance);
      if (rule.excluding && (cell < 0 || cell >= line.in)) {
        weights[k] = 0;
      }
      total += weights[k];
    }
    for (int k = 0; k < weights.length; k++) {
      int cell = floor - reach + 1 + k;
      add(cells, shares, k, i, line, Math.clamp(cell, 0, line.in - 1), beyond ? 0 : weights[k] / total);
    }
  }

  private static void add(List<List<Integer>> cells, List<double[]> shares, int tap, int i, Line line, int cell,
      double share) {
    while (cells.size() <= tap) {
      cells.add(new ArrayList<>());
      shares.add(new double[line.out]);
    }
    cells.get(tap).add(cell);
    shares.get(tap)[i] = share;
  }

  private static int rounded(Call c, Rule rule, double at) {
    return (int) switch (rule.nearest) {
      case "round_prefer_floor" -> Math.ceil(at - 0.5);
      case "round_prefer_ceil" -> Math.floor(at + 0.5);
      case "floor" -> Math.floor(at);
      case "ceil" -> Math.ceil(at);
      default -> throw c.unsupported("attribute 'nearest_mode' = '" + rule.nearest + "'");
    };
  }

  /// The cubic kernel. Source: Keys, *Cubic convolution interpolation for digital image processing*, 1981.
  private static double keys(double d, double a) {
    return d < 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }

  private static Value combined(Values v, Value x, int axis, List<List<Integer>> cells, List<double[]> shares,
      double[] constant) {
    Value sum = null;
    for (int k = 0; k < cells.size(); k++) {
      double[] share = shares.get(k);
      if (Arrays.stream(share).allMatch(s -> s == 0) && cells.size() > 1) {
        continue;
      }
      Value taken = v.apply(new Gather.Take(axis, cells.get(k)), x);
      Value part = Arrays.stream(share).allMatch(s -> s == 1) ? taken : v.mul(taken, row(x, axis, share));
      sum = sum == null ? part : v.add(sum, part);
    }
    return Arrays.stream(constant).allMatch(s -> s == 0) ? sum : v.add(sum, row(x, axis, constant));
  }

  /// Numbers along an axis.
  private static Value row(Value x, int axis, double[] numbers) {
    int[] dims = new int[x.shape().rank() - axis];
    Arrays.fill(dims, 1);
    dims[0] = numbers.length;
    return new Value.Host(HostTensor.reals(ElementType.FLOAT, Shape.of(dims), numbers));
  }
}
