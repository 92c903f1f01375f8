package juanji.lab;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.separable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import juanji.data.Dataset;
import juanji.draw.BarChart;
import juanji.draw.Colour;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Separable convolutions against standard ones: weights, work, what they can compute, and what they learn.
///
/// Sources: Chollet, *Xception*, 2017; Howard et al., *MobileNets*, 2017.
final class SeparableLab {
  static final Laboratory LAB = new Laboratory("separable", "4, 12", new Words("Separable against standard convolution",
      "可分离卷积与标准卷积"), new Words("a separable network learns with a fraction of the weights", "可分离网络用一小部分权重也能学会"),
      List.of(Choice.number("channels", 64, 1, 1024, "Channels of the layers that are counted."),
          Choice.number("filters", 128, 1, 1024, "Their filters."),
          Choice.number("kernel", 3, 2, 11, "The side of their kernels."), Choice.seen(12_000),
          Choice.seeds(Desk.REPEATS),
          Choice.data("What networks learn from.")), SeparableLab::run);
  private static final double RATE = 0.05;

  private SeparableLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    int c = setup.number("channels");
    int k = setup.number("filters");
    int side = setup.number("kernel");
    long taps = (long) side * side;
    Model standard = Model.of(input(c, 16, 16), conv(k, side).same().noBias());
    Model mixed = Model.of(input(c, 16, 16), separable(k, side).same().pointwiseFirst().noBias());
    Model apart = Model.of(input(c, 16, 16), separable(k, side).same().noBias());
    result.finding("H·W·C·K weights become (H·W + C)·K when channels are mixed first, as in Xception",
        "先混合通道（如 Xception）时，H·W·C·K 个权重变为 (H·W + C)·K", standard.weightCount() + " → " + mixed.weightCount(),
        standard.weightCount() == taps * c * k && mixed.weightCount() == (taps + c) * k);
    result.finding("More precisely: the order counts; depthwise first, as in MobileNet, it is H·W·C + C·K",
        "更准确地说：次序有影响；先逐通道（如 MobileNet）时是 H·W·C + C·K", "" + apart.weightCount(),
        apart.weightCount() == taps * c + (long) c * k);
    double share = 1.0 / k + 1.0 / taps;
    double work = (double) apart.summary().multiplyAdds() / standard.summary().multiplyAdds();
    result.finding("The work falls to 1/K + 1/(H·W)", "计算量降为 1/K + 1/(H·W)", String.format(Locale.ROOT, "%.4f = %.4f",
        work, share), Math.abs(work - share) < 1e-9);
    BarChart weights = BarChart.of("weights, " + c + " → " + k + " channels, " + side + " × " + side)
        .bar("standard", standard.weightCount()).bar("1 × 1 first", mixed.weightCount())
        .bar("depthwise first", apart.weightCount());
    result.exhibit("Weights", "权重数", weights.drawing());
    special(desk, result);
    learned(desk, setup, side, result);
  }

  /// A separable convolution is a standard one whose weights are products.
  private static void special(Desk desk, Result result) {
    Model apart = Model.of(input(3, 9, 8), separable(5, 3).noBias()).initialize(2);
    Tensor depth = part(apart, Shape.of(3, 1, 3, 3));
    Tensor point = part(apart, Shape.of(5, 3, 1, 1));
    Tensor whole = Tensor.zeros(Shape.of(5, 3, 3, 3));
    for (int i = 0; i < whole.data().length; i++) {
      whole.data()[i] = point.data()[i / 9] * depth.data()[i / 9 % 3 * 9 + i % 9];
    }
    Model standard = Model.of(input(3, 9, 8), conv(5, 3).noBias()).withWeights(Weights.of(Map.of("conv1.weight",
        whole)));
    Tensor x = Tensor.zeros(Shape.of(3, 9, 8));
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (float) Math.sin(i * i);
    }
    float[] a = desk.sample(apart, x).data();
    float[] b = desk.sample(standard, x).data();
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    result.finding("It is a standard convolution whose weights are products: w(k, c, y, x) = p(k, c) · d(c, y, x)",
        "它就是权重为乘积的标准卷积：w(k, c, y, x) = p(k, c) · d(c, y, x)", String.format(Locale.ROOT, "max |Δ| = %.1e", most),
        most < 1e-5);
  }

  private static Tensor part(Model model, Shape shape) {
    return model.weights().tensors().values().stream().filter(t -> t.shape().equals(shape)).findFirst().orElseThrow();
  }

  private static void learned(Desk desk, Setup setup, int side, Result result) {
    Setup.Data data = setup.data();
    Model standard = network(data.train(), conv(32, side).stride(2).same());
    Model separate = network(data.train(), separable(32, side).stride(2).same());
    long before = standard.summary().rows().get(3).weights();
    long after = separate.weightCount() - standard.weightCount() + before;
    result.finding("The second layer of a small network has fewer weights", "小网络第二层的权重更少", before + " → " + after,
        after < before);
    Repeats a = told(desk, setup, standard);
    Repeats b = told(desk, setup, separate);
    double chance = 1.0 / data.train().classes().size();
    result.finding("Trained alike, the separable network comes to nine tenths of the standard one or more",
        "同样训练后，可分离网络达到标准网络识别率的九成以上", a.percent() + " → " + b.percent(), b.minus(a.times(0.9)),
        a.minus(2 * chance));
    result.exhibit("Trained alike", "同样训练", BarChart.of("accuracy (%), its spread over repeats").width(460)
        .bar("standard, " + standard.weightCount() + " weights", 100 * a.mean(), 100 * a.spread(), Colour.BLUE)
        .bar("separable, " + separate.weightCount() + " weights", 100 * b.mean(), 100 * b.spread(), Colour.BLUE)
        .drawing());
  }

  private static Repeats told(Desk desk, Setup setup, Model network) {
    return Repeats.of(setup.number("seeds"), seed -> {
      Setup.Data data = setup.data(seed);
      return desk.accuracy(desk.learn(network, data.train(), setup.number("seen"), RATE, seed), data.test());
    });
  }

  private static Model network(Dataset data, Layer second) {
    return Model.of(input(data.shape().toArray()), conv(16, 3).stride(2).same(), relu(), second, relu(), flatten(),
        dense(data.classes().size()));
  }
}
