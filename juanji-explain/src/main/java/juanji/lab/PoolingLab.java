package juanji.lab;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.lpPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.resize;
import static juanji.nn.Layers.spatialPyramid;
import static juanji.nn.Layers.stochasticPool;
import static juanji.nn.Layers.sumPool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import juanji.draw.BarChart;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.draw.Mark;
import juanji.draw.Paint;
import juanji.explain.Features;
import juanji.explain.Illustrations;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.SpatialPyramid;
import juanji.op.Axis;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Optimizer;
import juanji.train.Trainer;

/// Kinds of pooling on a picture, and one network for pictures of several sizes.
///
/// Source of the latter: He et al., *Spatial pyramid pooling in deep convolutional networks*, 2014.
final class PoolingLab {
  static final Laboratory LAB = new Laboratory("pooling", "6", new Words("Kinds of pooling", "池化的种类"), new Words(
      "general, overlapping and pyramid pooling; the last gives one length for pictures of any size",
      "一般池化、重叠池化与金字塔池化；后者对任何大小的图片给出同一长度"),
      List.of(Choice.number("window", 3, 2, 32, "The side of the windows."),
          Choice.numbers("levels", "4,2,1", 1, 16, "Bins along each side of the pyramid's levels."),
          Choice.numbers("sizes", "28,36,46", 16, 96, "Sides of the digits that one network learns."),
          Choice.seen(18_000), Choice.seeds(Desk.REPEATS),
          Choice.picture("A picture to pool, instead of a built-in digit.")), PoolingLab::run);
  private static final double RATE = 0.05;
  private static final double SIDE = 130;

  private PoolingLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    Tensor x = setup.picture().orElseGet(() -> desk.digit(3));
    int window = setup.number("window");
    if (window > Math.min(x.shape().dim(1), x.shape().dim(2)) / 2) {
      throw new IllegalArgumentException("the window is too large for the picture.\n"
          + "  C1: it is at most half of its shorter side; received " + window + " for " + x.shape() + ".\n"
          + "  Take a smaller one.");
    }
    kinds(desk, x, window, result);
    overlap(window, result);
    formula(result);
    int[] levels = setup.numbers("levels").stream().mapToInt(Integer::intValue).toArray();
    pyramid(desk, x, levels, result);
    sizes(desk, setup, levels, result);
  }

  private static void kinds(Desk desk, Tensor x, int window, Result result) {
    List<Layer> layers = List.of(maxPool(window), avgPool(window), sumPool(window), lpPool(2, window),
        stochasticPool(window), maxPool(window).stride(Math.max(1, window - 1)));
    List<Drawing> pooled = new ArrayList<>();
    pooled.add(Features.picture(x, SIDE).captioned("x"));
    List<float[]> values = new ArrayList<>();
    for (Layer layer : layers) {
      Tensor y = desk.run(layer, x);
      values.add(y.data());
      pooled.add(Features.picture(y, SIDE).captioned(layer.toString()));
    }
    boolean ordered = true;
    double off = 0;
    for (int i = 0; i < values.get(0).length; i++) {
      ordered &= values.get(1)[i] <= values.get(0)[i] + 1e-6 && values.get(4)[i] <= values.get(0)[i] + 1e-6;
      off = Math.max(off, Math.abs(values.get(2)[i] - window * window * values.get(1)[i]));
    }
    result.finding("At every place the maximum is at least the mean and the weighted mean of stochastic pooling",
        "在每个位置，最大值都不小于平均值，也不小于随机池化的加权平均", Boolean.toString(ordered), ordered);
    result.finding("The sum is the mean times the window's cells", "和等于平均值乘以窗口格数", String.format(Locale.ROOT,
        "max |Δ| = %.1e", off), off < 1e-3);
    result.exhibit("The same input by each kind", "同一输入经各种池化", Drawing.tiles(4, 16, pooled));
  }

  private static void overlap(int window, Result result) {
    int side = 6 * window;
    float[] general = Gridding.counts(Model.of(input(1, side, side), sumPool(window)));
    float[] over = Gridding.counts(Model.of(input(1, side, side), sumPool(window).stride(window - 1)));
    float most = 0;
    boolean once = true;
    for (int i = 0; i < general.length; i++) {
      once &= general[i] == 1;
      most = Math.max(most, over[i]);
    }
    result.finding("General pooling reads each cell once; overlapping pooling reads some cells several times",
        "一般池化每格读一次；重叠池化有的格子读多次", (once ? "1" : "not 1") + "; " + (int) most, once && most > 1);
    result.exhibit("Overlap", "重叠", Illustrations.of("pooling-overlap"));
  }

  private static void formula(Result result) {
    int broken = 0;
    int cases = 0;
    int kept = 0;
    for (int in = 1; in <= 64; in++) {
      for (int out = 1; out <= Math.min(8, in); out++) {
        cases++;
        int window = (in + out - 1) / out;
        boolean fits = Axis.of(window).withStride(in / out).over(in).out() == out;
        broken += fits ? 0 : 1;
        kept += SpatialPyramid.usesWindow(in, out) == fits ? 1 : 0;
      }
    }
    int seven = Axis.of(2).withStride(1).over(7).out();
    result.finding("More precisely: the window ⌈in/out⌉ with stride ⌊in/out⌋ does not always give `out` bins: 7 into 4 "
        + "gives 6", "更准确地说：窗口 ⌈in/out⌉、步长 ⌊in/out⌋ 并不总给出 out 格：7 分 4 得 6", seven + "; " + broken + " / "
        + cases, seven == 6 && broken > 0);
    result.finding("This library uses the formula exactly where it gives `out` bins, and else bins from ⌊i·in/out⌋ to "
        + "⌈(i + 1)·in/out⌉", "本库只在公式给出 out 格时使用它，否则第 i 格取 ⌊i·in/out⌋ 到 ⌈(i + 1)·in/out⌉", kept + " / " + cases,
        kept == cases);
  }

  private static void pyramid(Desk desk, Tensor x, int[] levels, Result result) {
    List<Drawing> rows = new ArrayList<>();
    List<float[]> descriptors = new ArrayList<>();
    List<Long> lengths = new ArrayList<>();
    int h = x.shape().dim(1);
    int w = x.shape().dim(2);
    for (double scale : new double[] {1, 0.8, 0.62}) {
      int rowsOf = (int) Math.round(h * scale);
      int columns = (int) Math.round(w * scale);
      if (Math.min(rowsOf, columns) < max(levels)) {
        continue;
      }
      Tensor smaller = desk.run(resize(rowsOf, columns), x);
      float[] y = desk.run(spatialPyramid(levels), smaller).data();
      descriptors.add(y);
      lengths.add((long) y.length);
      rows.add(Drawing.row(14, grid(smaller, levels[0], SIDE * scale), Drawing.arrow(24), HeatMap.of(1, y.length, y)
          .range(0, 1).cell(Math.min(12, 460.0 / y.length)).drawing().captioned(rowsOf + " × " + columns + " → "
          + y.length)));
    }
    result.finding("A pyramid gives one length for every size of input", "金字塔池化对任何大小的输入给出同一长度", lengths.toString(),
        lengths.size() > 1 && lengths.stream().distinct().count() == 1);
    double same = cosine(descriptors.getFirst(), descriptors.getLast());
    result.finding("The same picture at another size gives nearly the same numbers", "同一张图片换个大小，得到几乎相同的数",
        String.format(Locale.ROOT, "cos = %.3f", same), same > 0.95);
    result.exhibit("One picture at several sizes", "同一张图片的几种大小", Drawing.column(16, rows));
  }

  private static int max(int[] values) {
    int most = values[0];
    for (int v : values) {
      most = Math.max(most, v);
    }
    return most;
  }

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 1e-20;
    double bb = 1e-20;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  /// A picture with the bins of a level.
  private static Drawing grid(Tensor x, int bins, double side) {
    Drawing picture = Features.picture(x, side);
    List<Mark> marks = new ArrayList<>(picture.marks());
    for (int i = 1; i < bins; i++) {
      double left = picture.width() * i / bins;
      double top = picture.height() * i / bins;
      marks.add(Mark.line(Paint.line(Colour.AMBER), left, 0, left, picture.height()));
      marks.add(Mark.line(Paint.line(Colour.AMBER), 0, top, picture.width(), top));
    }
    return new Drawing(picture.width(), picture.height(), marks);
  }

  /// One network, taught by pictures of one size and of all sizes in turn.
  private static void sizes(Desk desk, Setup setup, int[] levels, Result result) {
    List<Integer> sides = setup.numbers("sizes");
    int seeds = setup.number("seeds");
    double[][] several = new double[sides.size()][seeds];
    double[][] single = new double[sides.size()][seeds];
    for (int seed = 1; seed <= seeds; seed++) {
      sizes(desk, setup, levels, seed, several, single);
    }
    BarChart chart = BarChart.of("accuracy (%), its spread over " + seeds + " repeats").width(460);
    List<String> told = new ArrayList<>();
    for (int i = 0; i < sides.size(); i++) {
      Repeats a = new Repeats(several[i]);
      Repeats b = new Repeats(single[i]);
      told.add(sides.get(i) + ": " + a.percent());
      chart = chart.bar("taught by all sizes, at " + sides.get(i), 100 * a.mean(), 100 * a.spread(), Colour.BLUE)
          .bar("taught by " + sides.getFirst() + ", at " + sides.get(i), 100 * b.mean(), 100 * b.spread(),
          Colour.VERMILLION);
    }
    Repeats worst = worst(several);
    Repeats alone = worst(single);
    result.finding("One network with a pyramid learns from pictures of several sizes, and tells more than 70 % at each",
        "一个带金字塔的网络可从多种大小的图片学习，并在每种大小上识别 70 % 以上", String.join(", ", told), worst.minus(0.7));
    if (sides.size() > 1) {
      result.finding("At its worst size it tells more than one that was taught by a single size",
          "在最差的大小上，它也比只用一种大小学习的网络强", worst.percent() + " : " + alone.percent(), worst.minus(alone));
    }
    result.exhibit("One network at several sizes", "一个网络、几种大小", chart.drawing());
  }

  /// Accuracies at each size, of one repeat.
  private static void sizes(Desk desk, Setup setup, int[] levels, int seed, double[][] several, double[][] single) {
    List<Integer> sides = setup.numbers("sizes");
    Layer layers = chain(conv(8, 5).same(), relu(), maxPool(2), conv(16, 3).same(), relu(), spatialPyramid(levels),
        dense(10));
    List<Resized> train = new ArrayList<>();
    for (int side : sides) {
      train.add(Resized.of(Desk.training(seed), 1000, side, desk));
    }
    int rounds = Math.max(1, setup.number("seen") / 1000 / sides.size());
    Model one = Model.of(input(1, sides.getFirst(), sides.getFirst()), layers).initialize(seed);
    Model all = one;
    for (int r = 0; r < rounds; r++) {
      for (int i = 0; i < sides.size(); i++) {
        all = further(desk, all.withInput(Shape.of(1, sides.get(i), sides.get(i))), train.get(i));
        one = further(desk, one, train.getFirst());
      }
    }
    for (int i = 0; i < sides.size(); i++) {
      Shape shape = Shape.of(1, sides.get(i), sides.get(i));
      Resized test = Resized.of(Desk.test(seed), 300, sides.get(i), desk);
      several[i][seed - 1] = desk.accuracy(all.withInput(shape), test);
      single[i][seed - 1] = desk.accuracy(one.withInput(shape), test);
    }
  }

  private static Repeats worst(double[][] bySize) {
    return Repeats.of(bySize[0].length, seed -> Arrays.stream(bySize).mapToDouble(a -> a[seed - 1]).min().orElse(0));
  }

  private static Model further(Desk desk, Model model, Resized data) {
    return Trainer.of(model).optimizer(Optimizer.sgd(RATE).momentum(0.9)).epochs(1).workers(desk.workers()).fit(data)
        .model();
  }
}
