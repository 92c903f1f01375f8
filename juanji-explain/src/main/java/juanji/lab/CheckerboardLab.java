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
          Choice.seeds(Desk.REPEATS),
          Choice.data("Pictures that the generator learns to make.")), CheckerboardLab::run);
  private static final String BAD = "transposed";
  private static final String RESIZED = "resize, then conv";
  private static final int BATCH = 50;
  private static final int MEASURED = 60;
  private static final double RATE = 0.003;
  private static final int SHOWN = 5;

  private CheckerboardLab() {
  }

  /// What was measured of a way to enlarge: peaks before and after training, and the error, by repeat; and what the
  /// first repeat made.
  private record Measured(Repeats before, Repeats after, Repeats error, Tensor fresh, Tensor learned) {
  }

  /// What one repeat gave.
  private record Trial(double before, double after, double error, Tensor fresh, Tensor learned) {
  }

  /// Real pictures of each repeat, how far they stand out at the stride's frequency, and how far they are from what a
  /// generator is given, enlarged: the error of one that has learned nothing.
  private record Real(List<Tensor> pictures, Repeats peak, Repeats blurred) {
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
    Real real = real(desk, setup, side, stride);
    Map<String, Measured> measured = new LinkedHashMap<>();
    ways.forEach((name, way) -> measured.put(name, measure(desk, setup, real, side, stride, way)));
    claims(measured, real, kernel, stride, result);
    drawings(measured, real, side, stride, result);
  }

  private static Real real(Desk desk, Setup setup, int side, int stride) {
    List<Tensor> pictures = new ArrayList<>();
    int seeds = setup.number("seeds");
    for (int seed = 1; seed <= seeds; seed++) {
      Dataset test = setup.data(seed).test();
      pictures.add(pictures(test, side, Math.min(MEASURED, test.size()), setup.hasData() ? (seed - 1) * MEASURED : 0));
    }
    Model blur = Model.of(input(pictures.getFirst().shape().sample().toArray()), avgPool(stride * stride),
        upsample(stride * stride));
    return new Real(pictures, Repeats.of(seeds, seed -> Spectrum.of(pictures.get(seed - 1).data(), side)
        .prominence(stride)), Repeats.of(seeds, seed -> error(desk.run(blur, pictures.get(seed - 1)),
        pictures.get(seed - 1))));
  }

  /// The root of the mean square of differences.
  private static double error(Tensor made, Tensor wanted) {
    double sum = 0;
    for (int i = 0; i < wanted.data().length; i++) {
      double d = made.data()[i] - wanted.data()[i];
      sum += d * d / wanted.data().length;
    }
    return Math.sqrt(sum);
  }

  private static Map<String, IntFunction<Layer>> ways(int kernel, int stride) {
    Map<String, IntFunction<Layer>> ways = new LinkedHashMap<>();
    ways.put(BAD + " " + kernel + "×" + kernel, f -> convTransposed(f, kernel).stride(stride).same());
    if (kernel % stride != 0) {
      int divisible = (kernel / stride + 1) * stride;
      ways.put(BAD + " " + divisible + "×" + divisible, f -> convTransposed(f, divisible).stride(stride).same());
    }
    ways.put(RESIZED, f -> chain(upsample(stride), conv(f, 3).same()));
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

  private static Measured measure(Desk desk, Setup setup, Real real, int side, int stride, IntFunction<Layer> way) {
    List<Trial> trials = new ArrayList<>();
    for (int seed = 1; seed <= real.pictures.size(); seed++) {
      trials.add(trial(desk, setup.data(seed).train(), real.pictures.get(seed - 1), side, stride, way,
          setup.number("seen"), seed));
    }
    int n = trials.size();
    return new Measured(Repeats.of(n, s -> trials.get(s - 1).before), Repeats.of(n, s -> trials.get(s - 1).after),
        Repeats.of(n, s -> trials.get(s - 1).error), trials.getFirst().fresh, trials.getFirst().learned);
  }

  private static Trial trial(Desk desk, Dataset data, Tensor real, int side, int stride, IntFunction<Layer> way,
      int seen, int seed) {
    Model generator = generator(real.shape(), stride, way).initialize(seed);
    Model mean = Model.of(input(real.shape().sample().toArray()), avgPool(stride * stride));
    Tensor codes = desk.run(mean, real);
    Tensor fresh = desk.run(generator, codes);
    Steps steps = Steps.of(generator, Optimizer.adam(RATE), (b, y) -> b.apply(new Composite.MeanSquaredError(), y,
        b.input("wanted", generator.outputShape().batched())), seed, desk.workers());
    Random random = new Random(seed);
    for (int i = 0; i < Math.max(1, seen / BATCH); i++) {
      Tensor wanted = pictures(data, side, BATCH, random.nextInt(data.size()));
      steps.rateFactor(i * BATCH < 0.7 * seen ? 1 : 0.2);
      steps.step(Map.of("x", desk.run(mean, wanted), "wanted", wanted));
    }
    Tensor learned = desk.run(steps.model(), codes);
    return new Trial(Spectrum.of(fresh.data(), side).prominence(stride), Spectrum.of(learned.data(), side)
        .prominence(stride), error(learned, real), fresh, learned);
  }

  private static void claims(Map<String, Measured> measured, Real real, int kernel, int stride, Result result) {
    Measured bad = measured.values().iterator().next();
    String name = measured.keySet().iterator().next();
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    measured.forEach((way, m) -> before.add(way + ": " + ratio(m.before)));
    measured.forEach((way, m) -> after.add(way + ": " + ratio(m.after)));
    String usual = "real pictures: " + ratio(real.peak) + "; ";
    Measured resized = measured.get(RESIZED);
    int n = real.pictures.size();
    result.remark("A generator makes pictures from blurred ones in two steps of stride " + stride + ". Its peak is the "
        + "energy at the stride's frequency over that of the frequencies around it: about 1 where nothing repeats. It "
        + "is measured of " + n + " generators each, that differ in weights and pictures; the brackets have the least "
        + "and the largest, the number before them is their geometric mean.",
        "生成器用模糊的图片分两步（步长 " + stride + "）生成图片。峰值是步长频率处的能量与其周围频率能量之比：没有重复时约为 1。每种办法测 " + n
        + " 个权重与图片不同的生成器；括号里是最小与最大值，前面是几何平均。");
    if (kernel % stride != 0) {
      result.finding("Before training, " + name + " has a peak at the stride's frequency, more than five times that of "
          + "real pictures", "训练前，" + name + " 在步长频率处的峰值是真实图片的五倍以上", usual + before.getFirst(),
          bad.before.log().minus(real.peak.times(5).log()));
      result.finding("Training weakens it", "训练使它减弱", ratio(bad.before) + " → " + ratio(bad.after),
          bad.before.log().minus(bad.after.log()));
      result.finding("Yet training does not take it away: it stays above that of real pictures",
          "但训练不能消除它：仍高于真实图片", usual + after.getFirst(), bad.after.log().minus(real.peak.log()));
    }
    Repeats[] others = measured.values().stream().filter(m -> m != resized).map(m -> m.before.log()
        .minus(resized.before.log())).toArray(Repeats[]::new);
    result.finding("Resize, then convolve: the smallest peak before training", "先放大再卷积：训练前峰值最小",
        String.join("; ", before), others);
    result.finding("And a smaller one than " + name + " after it", "训练后也小于 " + name, String.join("; ", after),
        bad.after.log().minus(resized.after.log()));
    result.finding("All ways learn: they come closer to the pictures than the blurred ones, enlarged",
        "各种办法都能学会：比放大后的模糊图片更接近原图", "blurred: " + real.blurred.text(3) + "; " + String.join("; ", measured.entrySet()
        .stream().map(e -> e.getKey() + ": " + e.getValue().error.text(3)).toList()), measured.values().stream()
        .map(m -> real.blurred.minus(m.error)).toArray(Repeats[]::new));
  }

  /// The geometric mean, the least and the largest.
  private static String ratio(Repeats ratios) {
    return ratio(Math.exp(ratios.log().mean())) + " (" + ratio(Arrays.stream(ratios.values()).min().orElse(0)) + " … "
        + ratio(Arrays.stream(ratios.values()).max().orElse(0)) + ")";
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, value < 1 ? "%.2f" : value < 10 ? "%.1f" : "%.0f", value);
  }

  private static void drawings(Map<String, Measured> measured, Real all, int side, int stride, Result result) {
    Tensor real = all.pictures.getFirst();
    Spectrum usual = Spectrum.of(real.data(), side);
    BarChart peaks = BarChart.of("energy at the stride's frequency over that around it").byRatio().width(460)
        .bar("real pictures", rounded(all.peak), 0, Colour.GREEN);
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

  private static double rounded(Repeats ratios) {
    return Math.max(0.001, Math.round(1000 * Math.exp(ratios.log().mean())) / 1000.0);
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
