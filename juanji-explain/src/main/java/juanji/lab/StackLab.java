package juanji.lab;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import juanji.data.Split;
import juanji.draw.BarChart;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.explain.EffectiveField;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Summary;
import juanji.tensor.Shape;

/// Several small kernels on top of each other against a large one.
///
/// Source: Simonyan and Zisserman, *Very deep convolutional networks*, 2014.
final class StackLab {
  static final Laboratory LAB = new Laboratory("stacked", "9", new Words("Stacked small kernels against a large one",
      "小卷积核堆叠与大卷积核"), new Words("two 3×3 see what one 5×5 sees, with fewer weights", "两个 3×3 与一个 5×5 看得一样远，权重更少"),
      List.of(Choice.number("kernel", 5, 3, 15, "The side of the large kernel."),
          Choice.number("small", 3, 2, 13, "The side of the small ones."),
          Choice.number("channels", 16, 1, 256, "Channels in and out."),
          Choice.seen(16_000), Choice.seeds(Desk.REPEATS), Choice.data("What they learn from.")), StackLab::run);
  /// A deeper network needs a smaller rate: each is trained with all of these, and judged by the best of them on
  /// samples that are kept apart for that.
  private static final double[] RATES = {0.005, 0.015, 0.05};
  private static final double LEARNED = 0.8;
  private static final double AS_GOOD = 0.02;

  private StackLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    int kernel = setup.number("kernel");
    int small = setup.number("small");
    int channels = setup.number("channels");
    if (small >= kernel || (kernel - 1) % (small - 1) != 0) {
      throw new IllegalArgumentException("kernels of " + small + " cannot be stacked to one of " + kernel + ".\n"
          + "  C1: small is below kernel, and kernel − 1 is a multiple of small − 1; received " + small + " and "
          + kernel + ".\n  Take kernel 5 or 7 and small 3.");
    }
    int times = (kernel - 1) / (small - 1);
    int side = 4 * kernel + 1;
    Model large = Model.of(input(channels, side, side), conv(channels, kernel).same().noBias());
    Model stack = Model.of(input(channels, side, side), stack(channels, small, times, false));
    String name = times + " × " + small + "×" + small;
    String one = kernel + "×" + kernel;
    String sees = field(stack);
    result.finding(name + " see what one " + one + " sees", name + " 与一个 " + one + " 看得一样远", sees + ", " + field(large),
        sees.equals(one) && field(large).equals(one));
    EffectiveField field = EffectiveField.of(stack, "conv" + times, 6, desk.workers());
    EffectiveField wide = EffectiveField.of(large, "conv1", 6, desk.workers());
    result.finding("So say the gradients: nothing outside " + one + " moves the output", "梯度也这么说：" + one
        + " 之外不影响输出", field.height() + " × " + field.width() + ", " + wide.height() + " × " + wide.width(),
        field.insideTheory() && wide.insideTheory() && field.height() <= kernel && field.width() <= kernel);
    long pairs = (long) channels * channels;
    long fewer = (long) times * small * small;
    result.finding("With fewer weights: " + fewer + " against " + kernel * kernel + " for each pair of channels",
        "权重更少：每对通道 " + fewer + " 个对 " + kernel * kernel + " 个", stack.weightCount() / pairs + " : "
        + large.weightCount() / pairs, stack.weightCount() == fewer * pairs
        && large.weightCount() == kernel * kernel * pairs && fewer < kernel * kernel);
    result.finding("And with less work", "计算量也更少", count(stack.summary().multiplyAdds()) + " : "
        + count(large.summary().multiplyAdds()), stack.summary().multiplyAdds() < large.summary().multiplyAdds());
    result.exhibit("What the middle output of the stack depends on", "堆叠的中间输出依赖什么", map(field));
    result.exhibit("What that of the large kernel depends on", "大卷积核的中间输出依赖什么", map(wide));
    result.exhibit("Weights", "权重数", BarChart.of("weights").bar(one, large.weightCount()).bar(name,
        stack.weightCount()).width(460).drawing());
    learned(desk, setup, kernel, small, times, result);
    long wideFirst = Model.of(input(3, side, side), conv(32, kernel).noBias()).weightCount();
    long stackFirst = Model.of(input(3, side, side), stack(32, small, times, false)).weightCount();
    result.finding("More precisely: it depends on the channels; from 3 to 32 the stack has more weights",
        "更准确地说：取决于通道数；从 3 个通道到 32 个，堆叠的权重反而更多", stackFirst + " : " + wideFirst, stackFirst > wideFirst);
  }

  private static void learned(Desk desk, Setup setup, int kernel, int small, int times, Result result) {
    Shape shape = setup.data().train().shape();
    int classes = setup.data().train().classes().size();
    Repeats[] told = new Repeats[2];
    for (int i = 0; i < 2; i++) {
      List<Layer> layers = new ArrayList<>();
      for (int filters : new int[] {8, 16}) {
        if (i == 0) {
          layers.addAll(List.of(conv(filters, kernel).same(), relu()));
        } else {
          layers.addAll(List.of(stack(filters, small, times, true)));
        }
        layers.add(maxPool(2));
      }
      layers.addAll(List.of(flatten(), dense(classes)));
      Model network = Model.of(input(shape.toArray()), layers.toArray(Layer[]::new));
      told[i] = Repeats.of(setup.number("seeds"), seed -> best(desk, network, setup.data(seed), setup.number("seen"),
          seed));
    }
    result.finding("Networks of either, each trained with the best of three rates, tell about as much: the stack, "
        + "which has further ReLUs between, is at most 2 points behind",
        "两种网络各取三个学习率中最好的，识别率相当：堆叠之间多了 ReLU，至多落后 2 个百分点",
        told[1].percent() + " : " + told[0].percent(), told[1].minus(told[0]).minus(-AS_GOOD));
  }

  /// What a network tells of the test data, trained with the rate that does best on a fifth of the training data.
  private static double best(Desk desk, Model network, Setup.Data data, int seen, int seed) {
    Split parts = Split.stratified(data.train(), LEARNED, seed);
    double most = -1;
    double told = 0;
    for (double rate : RATES) {
      Model model = desk.learn(network, parts.train(), seen, rate, seed);
      double accuracy = desk.accuracy(model, parts.validation());
      if (accuracy > most) {
        most = accuracy;
        told = desk.accuracy(model, data.test());
      }
    }
    return told;
  }

  /// So many small convolutions of the same size, with ReLU behind each if so wished.
  private static Layer[] stack(int filters, int small, int times, boolean active) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      layers.add(active ? conv(filters, small).same() : conv(filters, small).same().noBias());
      if (active) {
        layers.add(relu());
      }
    }
    return layers.toArray(Layer[]::new);
  }

  private static String field(Model model) {
    return model.summary().rows().stream().reduce((_, b) -> b).map(Summary.Row::field).orElse("");
  }

  private static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static Drawing map(EffectiveField field) {
    Shape shape = Shape.of(field.rows(), field.columns());
    return HeatMap.of(shape.dim(0), shape.dim(1), field.sensitivity()).range(0, 1).side(180).cells();
  }
}
