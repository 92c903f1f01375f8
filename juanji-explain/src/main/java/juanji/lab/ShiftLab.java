package juanji.lab;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import juanji.data.Dataset;
import juanji.draw.Chart;
import juanji.draw.Drawing;
import juanji.explain.Features;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Tensor;

/// How far the outputs of convolution and of pooling move when the input is shifted or disturbed a little.
final class ShiftLab {
  static final Laboratory LAB = new Laboratory("shifts", "8",
      new Words("Convolution against pooling, under shifts and noise", "卷积与池化：平移与噪声"),
      new Words("pooling has no weights, keeps channels apart, and moves less when the input moves",
          "池化没有权重，各通道分开，输入移动时输出变化更小"),
      List.of(Choice.number("window", 2, 2, 16, "The side of the windows, and their stride."),
          Choice.number("shift", 3, 1, 16, "The farthest shift, in pixels."),
          Choice.numbers("noise", "5,10,20,40", 1, 200, "Standard deviations of the noise, in percent of white."),
          Choice.picture("A picture instead of the built-in digits.")), ShiftLab::run);
  private static final int SAMPLES = 20;
  private static final int DRAWS = 20;
  private static final int FILTERS = 8;
  private static final double SIDE = 150;

  private ShiftLab() {
  }

  /// A disturbance of an input by so much.
  private interface Disturbance {
    Tensor of(Tensor x, int amount, long seed);
  }

  private static void run(Desk desk, Setup setup, Result result) {
    int window = setup.number("window");
    List<Tensor> inputs = inputs(setup, 0);
    int channels = inputs.getFirst().shape().dim(0);
    int side = Math.min(inputs.getFirst().shape().dim(1), inputs.getFirst().shape().dim(2));
    int shift = setup.number("shift");
    if (window > side || shift >= side) {
      throw new IllegalArgumentException("the picture is too small.\n  C1: window and shift are below its shorter "
          + "side; received " + window + " and " + shift + " for " + side + ".\n  Take smaller ones.");
    }
    List<Layer> layers = List.of(maxPool(window), avgPool(window), conv(FILTERS, window).stride(window));
    List<Integer> shifts = new ArrayList<>();
    for (int i = 1; i <= shift; i++) {
      shifts.add(i);
    }
    Repeats[][] moved = measure(desk, layers, setup, shifts, ShiftLab::shifted);
    result.remark("‖y − y′‖ / ‖y‖ is how much an output changes when its input does: of max pooling, of average "
        + "pooling, and of a convolution of the same window and stride with random weights, " + DRAWS + " times over"
        + (setup.picture().isPresent() ? "." : ", each time for " + SAMPLES + " other digits."),
        "‖y − y′‖ / ‖y‖ 表示输入变化时输出变化多少：最大池化、平均池化，以及窗口与步长相同、权重随机的卷积，共重复 " + DRAWS
        + " 次" + (setup.picture().isPresent() ? "。" : "，每次用 " + SAMPLES + " 个不同的数字。"));
    Repeats[] first = {moved[0][0], moved[1][0], moved[2][0]};
    result.finding("Shifted by a pixel, max and average pooling change less than a convolution of the same stride",
        "输入平移一个像素，最大池化与平均池化的变化都小于同步长的卷积", numbers(first), first[2].minus(first[0]),
        first[2].minus(first[1]));
    Repeats[] all = averages(moved);
    result.finding("So they do on average over all shifts", "对所有平移取平均也是如此", numbers(all), all[2].minus(all[0]),
        all[2].minus(all[1]));
    List<Integer> noise = setup.numbers("noise");
    Repeats[][] shaken = measure(desk, layers, setup, noise, ShiftLab::noisy);
    Repeats[] noises = averages(shaken);
    result.finding("Disturbed by noise, average pooling changes least: it averages noise away", "加入噪声时，平均池化变化最小：噪声被平均掉",
        numbers(noises), noises[0].minus(noises[1]), noises[2].minus(noises[1]));
    result.exhibit("A shift", "平移", chart("shift (pixels)", layers, shifts, moved));
    result.exhibit("Noise", "噪声", chart("noise (% of white)", layers, noise, shaken));
    Tensor shown = inputs.getFirst();
    result.exhibit("The input, shifted, and with noise", "输入、平移后、加噪声后", Drawing.row(14, Features.picture(shown, SIDE),
        Features.picture(shifted(shown, shift, 0), SIDE), Features.picture(noisy(shown, noise.getLast(), 1), SIDE)));
    structure(desk, channels, window, result);
  }

  /// The picture, or other digits for each drawing.
  private static List<Tensor> inputs(Setup setup, int draw) {
    if (setup.picture().isPresent()) {
      return List.of(setup.picture().get());
    }
    Dataset data = Desk.test();
    List<Tensor> digits = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      digits.add(Desk.sample(data, draw * SAMPLES + i));
    }
    return digits;
  }

  static Tensor shifted(Tensor x, int by, long seed) {
    Tensor y = Tensor.zeros(x.shape());
    int width = x.shape().dim(2);
    for (int i = 0; i < x.data().length; i++) {
      y.data()[i] = i % width >= by ? x.data()[i - by] : 0;
    }
    return y;
  }

  private static Tensor noisy(Tensor x, int percent, long seed) {
    Random random = new Random(seed);
    Tensor y = x.copy();
    for (int i = 0; i < y.data().length; i++) {
      y.data()[i] += (float) (percent / 100.0 * random.nextGaussian());
    }
    return y;
  }

  /// ‖y − y′‖ / ‖y‖ by layer and by amount, the mean over inputs, for several drawings of weights and of inputs.
  private static Repeats[][] measure(Desk desk, List<Layer> layers, Setup setup, List<Integer> amounts,
      Disturbance disturbance) {
    double[][][] changes = new double[layers.size()][amounts.size()][DRAWS];
    for (int d = 0; d < DRAWS; d++) {
      List<Tensor> inputs = inputs(setup, d);
      List<Model> models = new ArrayList<>();
      List<Tensor> before = new ArrayList<>();
      for (Layer layer : layers) {
        Model model = Model.of(input(inputs.getFirst().shape().toArray()), layer).initialize(d + 1);
        models.add(model);
        before.add(desk.run(model, batch(inputs)));
      }
      for (int a = 0; a < amounts.size(); a++) {
        List<Tensor> disturbed = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
          disturbed.add(disturbance.of(inputs.get(i), amounts.get(a), 10_000L * d + 100 * i + a));
        }
        Tensor batch = batch(disturbed);
        for (int l = 0; l < layers.size(); l++) {
          changes[l][a][d] = change(before.get(l), desk.run(models.get(l), batch));
        }
      }
    }
    Repeats[][] all = new Repeats[layers.size()][amounts.size()];
    for (int l = 0; l < layers.size(); l++) {
      for (int a = 0; a < amounts.size(); a++) {
        all[l][a] = new Repeats(changes[l][a]);
      }
    }
    return all;
  }

  private static Tensor batch(List<Tensor> samples) {
    Tensor batch = Tensor.zeros(samples.getFirst().shape().prepend(samples.size()));
    int length = samples.getFirst().data().length;
    for (int i = 0; i < samples.size(); i++) {
      System.arraycopy(samples.get(i).data(), 0, batch.data(), i * length, length);
    }
    return batch;
  }

  /// The mean over samples.
  private static double change(Tensor before, Tensor after) {
    int n = before.shape().dim(0);
    int length = before.data().length / n;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double difference = 0;
      double size = 1e-12;
      for (int j = i * length; j < (i + 1) * length; j++) {
        double d = before.data()[j] - after.data()[j];
        difference += d * d;
        size += before.data()[j] * before.data()[j];
      }
      sum += Math.sqrt(difference / size) / n;
    }
    return sum;
  }

  /// Of each layer, the mean over amounts.
  private static Repeats[] averages(Repeats[][] changes) {
    Repeats[] all = new Repeats[changes.length];
    for (int l = 0; l < changes.length; l++) {
      Repeats[] own = changes[l];
      all[l] = Repeats.of(DRAWS, d -> Arrays.stream(own).mapToDouble(r -> r.values()[d - 1]).average().orElse(0));
    }
    return all;
  }

  private static String numbers(Repeats[] changes) {
    return "max " + changes[0].text(3) + ", average " + changes[1].text(3) + ", convolution " + changes[2].text(3);
  }

  private static Drawing chart(String x, List<Layer> layers, List<Integer> amounts, Repeats[][] changes) {
    Chart chart = Chart.of(x, "‖y − y′‖ / ‖y‖").zero();
    double[] places = amounts.stream().mapToDouble(Integer::doubleValue).toArray();
    for (int l = 0; l < layers.size(); l++) {
      chart = chart.line(layers.get(l).toString(), places, Arrays.stream(changes[l]).mapToDouble(Repeats::mean)
          .toArray(), Arrays.stream(changes[l]).mapToDouble(Repeats::spread).toArray());
    }
    return chart.drawing();
  }

  /// What else tells them apart: weights, and whether channels are mixed.
  private static void structure(Desk desk, int channels, int window, Result result) {
    long none = Model.of(input(channels, window, window), maxPool(window)).weightCount();
    long some = Model.of(input(channels, window, window), conv(FILTERS, window)).weightCount();
    result.finding("Pooling has no weights", "池化没有权重", none + " : " + some, none == 0 && some > 0);
    int pooled = mixed(desk, maxPool(window), window);
    int convolved = mixed(desk, conv(FILTERS, window), window);
    result.finding("Each channel of a pooling comes from one channel of the input, each of a convolution from all",
        "池化的每个通道只来自一个输入通道，卷积的每个通道来自全部", pooled + " / 3 : " + convolved + " / 3", pooled == 1 && convolved == 3);
  }

  /// How many of three input channels change the first output channel.
  private static int mixed(Desk desk, Layer layer, int window) {
    Model model = Model.of(input(3, window, window), layer).initialize(1);
    Tensor base = Tensor.zeros(model.input().shape());
    float before = desk.sample(model, base).data()[0];
    int count = 0;
    for (int c = 0; c < 3; c++) {
      Tensor x = base.copy();
      x.data()[c * window * window] = 1;
      count += desk.sample(model, x).data()[0] != before ? 1 : 0;
    }
    return count;
  }
}
