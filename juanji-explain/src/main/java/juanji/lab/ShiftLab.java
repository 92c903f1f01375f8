package juanji.lab;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
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
  private static final int DRAWS = 5;
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
    List<Tensor> inputs = inputs(desk, setup);
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
    double[][] moved = measure(desk, layers, inputs, shifts, ShiftLab::shifted);
    result.finding("Shifted by a pixel, max and average pooling change less than a convolution of the same stride",
        "输入平移一个像素，最大池化与平均池化的变化都小于同步长的卷积", numbers(moved, 0), moved[0][0] < moved[2][0]
        && moved[1][0] < moved[2][0]);
    result.finding("So they do on average over all shifts", "对所有平移取平均也是如此", averages(moved),
        mean(moved[0]) < mean(moved[2]) && mean(moved[1]) < mean(moved[2]));
    List<Integer> noise = setup.numbers("noise");
    double[][] shaken = measure(desk, layers, inputs, noise, ShiftLab::noisy);
    result.finding("Disturbed by noise, average pooling changes least: it averages noise away", "加入噪声时，平均池化变化最小：噪声被平均掉",
        averages(shaken), mean(shaken[1]) < mean(shaken[0]) && mean(shaken[1]) < mean(shaken[2]));
    result.exhibit("A shift", "平移", chart("shift (pixels)", layers, shifts, moved));
    result.exhibit("Noise", "噪声", chart("noise (% of white)", layers, noise, shaken));
    Tensor first = inputs.getFirst();
    result.exhibit("The input, shifted, and with noise", "输入、平移后、加噪声后", Drawing.row(14, Features.picture(first, SIDE),
        Features.picture(shifted(first, shift, 0), SIDE), Features.picture(noisy(first, noise.getLast(), 1), SIDE)));
    structure(desk, channels, window, result);
  }

  private static List<Tensor> inputs(Desk desk, Setup setup) {
    if (setup.picture().isPresent()) {
      return List.of(setup.picture().get());
    }
    List<Tensor> digits = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      digits.add(desk.digit(i));
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

  /// ‖y − y′‖ / ‖y‖ by layer and by amount, over all inputs and several drawings of weights.
  private static double[][] measure(Desk desk, List<Layer> layers, List<Tensor> inputs, List<Integer> amounts,
      Disturbance disturbance) {
    double[][] result = new double[layers.size()][amounts.size()];
    for (int l = 0; l < layers.size(); l++) {
      Model fresh = Model.of(input(inputs.getFirst().shape().toArray()), layers.get(l));
      int draws = fresh.weightCount() == 0 ? 1 : DRAWS;
      for (int d = 0; d < draws; d++) {
        Model model = fresh.initialize(d);
        for (int i = 0; i < inputs.size(); i++) {
          float[] before = desk.sample(model, inputs.get(i)).data();
          for (int a = 0; a < amounts.size(); a++) {
            float[] after = desk.sample(model, disturbance.of(inputs.get(i), amounts.get(a), 100 * i + a)).data();
            result[l][a] += change(before, after) / inputs.size() / draws;
          }
        }
      }
    }
    return result;
  }

  private static double change(float[] before, float[] after) {
    double difference = 0;
    double size = 1e-12;
    for (int i = 0; i < before.length; i++) {
      difference += (before[i] - after[i]) * (before[i] - after[i]);
      size += before[i] * before[i];
    }
    return Math.sqrt(difference / size);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v / values.length;
    }
    return sum;
  }

  private static String numbers(double[][] changes, int amount) {
    return String.format(Locale.ROOT, "%.3f, %.3f : %.3f", changes[0][amount], changes[1][amount], changes[2][amount]);
  }

  private static String averages(double[][] changes) {
    return String.format(Locale.ROOT, "%.3f, %.3f : %.3f", mean(changes[0]), mean(changes[1]), mean(changes[2]));
  }

  private static Drawing chart(String x, List<Layer> layers, List<Integer> amounts, double[][] changes) {
    Chart chart = Chart.of(x, "‖y − y′‖ / ‖y‖").zero();
    double[] places = amounts.stream().mapToDouble(Integer::doubleValue).toArray();
    for (int l = 0; l < layers.size(); l++) {
      chart = chart.line(layers.get(l).toString(), places, changes[l]);
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
