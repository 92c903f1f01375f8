package juanji.lab;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.pixelShuffle;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.upsample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import juanji.data.Dataset;
import juanji.draw.BarChart;
import juanji.draw.Chart;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.draw.Mark;
import juanji.explain.Features;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.op.Composite;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Optimizer;
import juanji.train.Steps;

/// The checkerboard of transposed convolutions: where it comes from, how strong it is before and after training a small
/// generator, and what cures it.
///
/// The generator makes pictures from their means over stride² × stride² cells, in two steps of the stride.
///
/// Source: Odena, Dumoulin and Olah, *Deconvolution and checkerboard artifacts*, 2016.
final class CheckerboardLab {
  static final Laboratory LAB = new Laboratory("checkerboard", "14",
      new Words("The checkerboard, and its cures", "棋盘效应及其办法"),
      new Words("kernels that the stride does not divide write to cells unevenly; it shows before training, and after",
          "步长不能整除的核对各格写入不均；训练前看得见，训练后也在"),
      List.of(Choice.number("kernel", 3, 2, 9, "The side of the transposed convolution's kernel."),
          Choice.number("stride", 2, 2, 3, "How much each step enlarges."), Choice.seen(24_000),
          Choice.data("Pictures that the generator learns to make.")), CheckerboardLab::run);
  private static final String BAD = "transposed";
  private static final int BATCH = 50;
  private static final int MEASURED = 60;
  private static final int FRESH = 5;
  private static final double RATE = 0.003;
  private static final int SHOWN = 5;

  private CheckerboardLab() {
  }

  /// What was measured of a way to enlarge.
  private record Measured(double before, double after, double error, Tensor fresh, Tensor learned) {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    int kernel = setup.number("kernel");
    int stride = setup.number("stride");
    Map<String, IntFunction<Layer>> ways = ways(kernel, stride);
    overlap(desk, ways, kernel, stride, result);
    Setup.Data data = setup.data();
    Shape shape = data.train().shape();
    int factor = stride * stride;
    int side = shape.rank() == 3 ? Math.min(shape.dim(1), shape.dim(2)) / factor * factor : 0;
    if (side < 3 * factor) {
      throw new IllegalArgumentException("the pictures are too small for two steps of " + stride + ".\n"
          + "  C1: their shorter side is at least 3 · stride²; received " + shape + ".\n  Use larger pictures.");
    }
    Tensor real = pictures(data.test(), side, Math.min(MEASURED, data.test().size()), 0);
    Spectrum usual = Spectrum.of(real.data(), side);
    double normal = usual.prominence(stride);
    Map<String, Measured> measured = new LinkedHashMap<>();
    ways.forEach((name, way) -> measured.put(name, measure(desk, data.train(), real, side, stride, way,
        setup.number("seen"))));
    claims(measured, normal, kernel, stride, result);
    drawings(measured, real, usual, side, stride, result);
  }

  private static Map<String, IntFunction<Layer>> ways(int kernel, int stride) {
    Map<String, IntFunction<Layer>> ways = new LinkedHashMap<>();
    ways.put(BAD + " " + kernel + "×" + kernel, f -> convTransposed(f, kernel).stride(stride).same());
    if (kernel % stride != 0) {
      int divisible = (kernel / stride + 1) * stride;
      ways.put(BAD + " " + divisible + "×" + divisible, f -> convTransposed(f, divisible).stride(stride).same());
    }
    ways.put("resize, then conv", f -> chain(upsample(stride), conv(f, 3).same()));
    ways.put("conv, then shuffle", f -> chain(conv(f * stride * stride, 3).same(), pixelShuffle(stride)));
    return ways;
  }

  /// How often each cell of an output is written to, the border left out, as an energy share at the stride's frequency.
  private static void overlap(Desk desk, Map<String, IntFunction<Layer>> ways, int kernel, int stride, Result result) {
    List<Drawing> maps = new ArrayList<>();
    List<String> told = new ArrayList<>();
    boolean held = true;
    for (Map.Entry<String, IntFunction<Layer>> way : ways.entrySet()) {
      Model model = Model.of(input(1, 12, 12), way.getValue().apply(1));
      Tensor y = desk.run(Desk.counting(model), Tensor.full(Shape.of(1, 1, 12, 12), 1));
      int width = y.shape().dim(3);
      int side = 6 * stride;
      float[] inner = new float[side * side];
      for (int i = 0; i < inner.length; i++) {
        inner[i] = y.data()[(3 * stride + i / side) * width + 3 * stride + i % side];
      }
      float most = 0;
      float least = Float.POSITIVE_INFINITY;
      for (float v : inner) {
        most = Math.max(most, v);
        least = Math.min(least, v);
      }
      boolean uneven = way.getKey().startsWith(BAD) && Integer.parseInt(way.getKey().replaceAll(".*×", "")) % stride
          != 0;
      held &= uneven ? most > least && Spectrum.of(inner, side).peak(stride) > 0.99 : most == least;
      told.add(way.getKey() + ": " + (int) least + (most == least ? "" : " … " + (int) most));
      maps.add(HeatMap.of(side, side, inner).side(130).cells().captioned(way.getKey()));
    }
    String uneven = kernel % stride == 0 ? "stride " + stride + " divides a " + kernel + "×" + kernel
        + " kernel, which writes to every cell as often" : "a " + kernel + "×" + kernel + " kernel with stride "
        + stride + " writes to cells unevenly, all at the stride's frequency; the cures write evenly";
    String zh = kernel % stride == 0 ? "步长 " + stride + " 整除 " + kernel + "×" + kernel + " 的核，各格被写次数相同" : kernel + "×"
        + kernel + " 的核、步长 " + stride + " 时各格被写次数不均，变化全在步长的频率上；几种办法都写得均匀";
    result.finding("All weights 1: " + uneven, "权重全为 1：" + zh, String.join("; ", told), held);
    result.exhibit("How often each cell is written to", "每个格子被写了几次", Drawing.row(18, maps));
  }

  /// Square pictures cut from the middle of samples.
  private static Tensor pictures(Dataset data, int side, int n, int first) {
    Shape s = data.shape();
    Tensor all = Tensor.zeros(Shape.of(n, s.dim(0), side, side));
    int top = (s.dim(1) - side) / 2;
    int left = (s.dim(2) - side) / 2;
    float[] own = new float[s.length()];
    for (int i = 0; i < n; i++) {
      data.read((first + i) % data.size(), own, 0);
      for (int p = 0; p < s.dim(0) * side * side; p++) {
        int y = p / side % side;
        all.data()[i * s.dim(0) * side * side + p] = own[(p / side / side * s.dim(1) + top + y) * s.dim(2) + left
            + p % side];
      }
    }
    return all;
  }

  private static Model generator(Shape pictures, int stride, IntFunction<Layer> way) {
    int n = pictures.dim(2) / stride / stride;
    return Model.of(input(pictures.dim(1), n, n), conv(16, 3).same(), relu(), way.apply(12), relu(),
        way.apply(pictures.dim(1)));
  }

  private static Measured measure(Desk desk, Dataset data, Tensor real, int side, int stride, IntFunction<Layer> way,
      int seen) {
    Model generator = generator(real.shape(), stride, way).initialize(1);
    Model mean = Model.of(input(real.shape().sample().toArray()), avgPool(stride * stride));
    Tensor codes = desk.run(mean, real);
    double before = 0;
    for (int seed = 1; seed <= FRESH; seed++) {
      before += Spectrum.of(desk.run(generator.initialize(seed), codes).data(), side).prominence(stride) / FRESH;
    }
    Tensor fresh = desk.run(generator, codes);
    Steps steps = Steps.of(generator, Optimizer.adam(RATE), (b, y) -> b.apply(new Composite.MeanSquaredError(), y,
        b.input("wanted", generator.outputShape().batched())), 1, desk.workers());
    Random random = new Random(5);
    for (int i = 0; i < Math.max(1, seen / BATCH); i++) {
      Tensor wanted = pictures(data, side, BATCH, random.nextInt(data.size()));
      steps.rateFactor(i * BATCH < 0.7 * seen ? 1 : 0.2);
      steps.step(Map.of("x", desk.run(mean, wanted), "wanted", wanted));
    }
    Tensor learned = desk.run(steps.model(), codes);
    double error = 0;
    for (int i = 0; i < real.data().length; i++) {
      double d = learned.data()[i] - real.data()[i];
      error += d * d / real.data().length;
    }
    return new Measured(before, Spectrum.of(learned.data(), side).prominence(stride), Math.sqrt(error), fresh, learned);
  }

  private static void claims(Map<String, Measured> measured, double normal, int kernel, int stride, Result result) {
    Measured bad = measured.values().iterator().next();
    String name = measured.keySet().iterator().next();
    List<String> told = new ArrayList<>();
    told.add("real pictures: " + ratio(normal));
    measured.forEach((way, m) -> told.add(way + ": " + ratio(m.before) + " → " + ratio(m.after)));
    String all = String.join("; ", told);
    Measured resized = measured.get("resize, then conv");
    result.remark("A generator makes pictures from blurred ones in two steps of stride " + stride + ". Its peak is the "
        + "energy at the stride's frequency over that of the frequencies around it: about 1 where nothing repeats.",
        "生成器用模糊的图片分两步（步长 " + stride + "）生成图片。峰值是步长频率处的能量与其周围频率能量之比：没有重复时约为 1。");
    if (kernel % stride != 0) {
      result.finding("Before training, " + name + " has a peak at the stride's frequency, far above real pictures'",
          "训练前，" + name + " 在步长频率处有远高于真实图片的峰值", all, bad.before > 5 * normal);
      result.finding("Training weakens it, yet does not take it away: it stays above that of real pictures",
          "训练使它减弱，但不能消除：仍高于真实图片", ratio(bad.before) + " → " + ratio(bad.after) + " : " + ratio(normal),
          bad.after < bad.before && bad.after > normal);
    }
    result.finding("Resize, then convolve: the smallest peak before training, and less than " + name + " after",
        "先放大再卷积：训练前峰值最小，训练后也小于 " + name, all, measured.values().stream().allMatch(m -> resized.before <= m.before)
        && resized.after < bad.after);
    double worst = measured.values().stream().mapToDouble(Measured::error).max().orElse(0);
    result.finding("All ways learn: the error is well below that of the mean picture", "各种办法都能学会：误差远小于平均图片",
        String.join("; ", measured.entrySet().stream().map(e -> String.format(Locale.ROOT, "%s: %.3f", e.getKey(),
        e.getValue().error)).toList()), worst < 0.25);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
  }

  private static void drawings(Map<String, Measured> measured, Tensor real, Spectrum usual, int side, int stride,
      Result result) {
    BarChart peaks = BarChart.of("energy at the stride's frequency over that around it").byRatio().width(640)
        .bar("real pictures", rounded(usual.prominence(stride)), 0, Colour.GREEN);
    List<Drawing> rows = new ArrayList<>();
    rows.add(row("real", real));
    Map.Entry<String, Measured> first = measured.entrySet().iterator().next();
    rows.add(row(first.getKey() + ", before", first.getValue().fresh));
    for (Map.Entry<String, Measured> e : measured.entrySet()) {
      peaks = peaks.bar(e.getKey() + ", before", rounded(e.getValue().before), 0, Colour.VERMILLION)
          .bar(e.getKey() + ", after", rounded(e.getValue().after), 0, Colour.BLUE);
      rows.add(row(e.getKey() + ", after", e.getValue().learned));
    }
    result.exhibit("The peak before and after training", "训练前后的峰值", peaks.drawing());
    Measured bad = measured.values().iterator().next();
    Spectrum before = Spectrum.of(bad.fresh.data(), side);
    Spectrum after = Spectrum.of(bad.learned.data(), side);
    result.exhibit("Spectra (logarithms over six decades, frequency 0 in the middle)", "频谱（六个数量级的对数，频率 0 在中间）",
        Drawing.row(18, usual.drawing(150).captioned("real"), before.drawing(150).captioned("before training"),
        after.drawing(150).captioned("after training")));
    double[] places = new double[side / 2 + 1];
    Arrays.setAll(places, i -> (double) i / side);
    result.exhibit("Energy by frequency across", "各水平频率的能量", Chart.of("frequency (cycles per cell)", "share of energy")
        .logarithmic(false, true).line("real", places, floor(usual.across())).line("before", places,
        floor(before.across())).line("after", places, floor(after.across())).drawing());
    result.exhibit("What the generators make", "生成器生成的图片", Drawing.column(8, rows));
  }

  private static double rounded(double value) {
    return Math.max(0.001, Math.round(1000 * value) / 1000.0);
  }

  private static double[] floor(double[] values) {
    return Arrays.stream(values).map(v -> Math.max(v, 1e-9)).toArray();
  }

  private static Drawing row(String name, Tensor pictures) {
    List<Drawing> row = new ArrayList<>();
    row.add(Drawing.of(160, 20, Mark.text(0, 14, name, 12)));
    int length = pictures.shape().sample().length();
    for (int i = 0; i < Math.min(SHOWN, pictures.shape().dim(0)); i++) {
      row.add(Features.picture(Tensor.of(pictures.shape().sample(), Arrays.copyOfRange(pictures.data(), i * length,
          (i + 1) * length)), 84));
    }
    return Drawing.row(6, row);
  }
}
