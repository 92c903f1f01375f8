package juanji.chapter;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.draw.BarChart;
import juanji.draw.Colour;
import juanji.explain.Illustrations;
import juanji.lab.Desk;
import juanji.lab.Repeats;
import juanji.lab.Result;
import juanji.lab.Words;
import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.TrainingException;

/// Sections 15 to 21: learning, sharing of weights, faces, and NetVLAD.
final class LearningSections {
  private LearningSections() {
  }

  static void into(List<Section> all) {
    all.add(new Section(15, new Words("Learning rate, batch, epochs", "学习率、批大小、轮数"), new Words(
        "a rate that is too small learns slowly, one that is too large not at all", "学习率太小学得慢，太大学不会"),
        LearningSections::rates));
    all.add(new Section(16, new Words("Generalisation", "泛化能力"), new Words(
        "more data generalises better", "数据越多，泛化越好"), LearningSections::generalisation));
    all.add(new Section(17, new Words("Text, pictures, video", "文本、图像、视频"), new Words(
        "one layer for one, two and three dimensions", "同一种层用于一维、二维、三维"), LearningSections::kinds));
    all.add(new Section(18, new Words("Local connections, shared weights", "局部连接与权值共享"), new Words(
        "10¹² weights, 10⁸, and 100", "10¹² 个权重、10⁸ 个、100 个"), Section.laboratories("sharing")));
    all.add(new Section(19, new Words("Four kinds of connection", "四种连接"), new Words(
        "full, local, tiled and shared", "全连接、局部连接、平铺与共享"), Section.laboratories("connections")));
    all.add(new Section(20, new Words("Local convolution on faces", "局部卷积与人脸"), new Words(
        "own weights at each place suit aligned inputs, shared ones shifted inputs", "各处独立的权重适合对齐的输入，共享权重适合平移的输入"),
        Section.laboratories("faces")));
    all.add(new Section(21, new Words("NetVLAD", "NetVLAD"), new Words(
        "a descriptor of K·D numbers for any size", "任何大小都得到 K·D 个数的描述子"), Section.laboratories("vlad")));
  }

  private static Model small() {
    return Model.of(input(1, 28, 28), conv(8, 5).stride(2).same(), relu(), maxPool(2), flatten(), dense(10));
  }

  private static void rates(Desk desk, Result result) {
    double[] rates = {0.0002, 0.05, 20};
    Repeats[] told = new Repeats[rates.length];
    BarChart chart = BarChart.of("accuracy after one epoch (%), its spread over repeats").width(460);
    for (int i = 0; i < rates.length; i++) {
      double rate = rates[i];
      told[i] = Repeats.of(Desk.REPEATS, seed -> accuracy(desk, rate, seed));
      chart = chart.bar("rate " + rate, 100 * told[i].mean(), 100 * told[i].spread(), Colour.BLUE);
    }
    String measured = told[0].percent() + ", " + told[1].percent() + ", " + told[2].percent();
    result.finding("A rate 250 times as small as a good one learns less in an epoch", "学习率只有好学习率的 1/250 时，一轮学到的更少",
        measured, told[1].minus(told[0]));
    result.finding("A rate that is far too large learns next to nothing: it tells fewer than 30 % of ten classes",
        "过大的学习率几乎什么也学不到：十类中认出不到 30 %", measured, told[2].minus(0.3).times(-1));
    result.exhibit("Three rates", "三种学习率", chart.drawing());
  }

  private static double accuracy(Desk desk, double rate, int seed) {
    try {
      return desk.accuracy(desk.train(small(), Desk.training(seed), 1, rate, seed), Desk.test(seed));
    } catch (TrainingException e) {
      // The loss is not a number any more: nothing was learned.
      return 0;
    }
  }

  private static void generalisation(Desk desk, Result result) {
    int[] sizes = {100, 2000};
    Repeats[] test = new Repeats[2];
    Repeats[] gap = new Repeats[2];
    BarChart chart = BarChart.of("accuracy (%), its spread over repeats").width(460);
    for (int i = 0; i < 2; i++) {
      int size = sizes[i];
      double[] own = new double[Desk.REPEATS];
      test[i] = Repeats.of(Desk.REPEATS, seed -> {
        Dataset data = Digits.generate(size, seed);
        Model model = desk.train(small(), data, 4000 / size, 0.03, seed);
        own[seed - 1] = desk.accuracy(model, data);
        return desk.accuracy(model, Desk.test(seed));
      });
      Repeats known = new Repeats(own);
      gap[i] = known.minus(test[i]);
      chart = chart.bar(size + " samples, training", 100 * known.mean(), 100 * known.spread(), Colour.BLUE)
          .bar(size + " samples, test", 100 * test[i].mean(), 100 * test[i].spread(), Colour.VERMILLION);
    }
    result.finding("Having seen as many samples, a network with twenty times the data tells more of what it has not "
        + "seen", "看过的样本数相同时，二十倍的数据能认出更多没见过的样本", test[0].percent() + " → " + test[1].percent(), test[1].minus(test[0]));
    result.finding("The gap between training and test is smaller with more data", "数据更多时训练与测试的差距更小",
        gap[0].percent() + " → " + gap[1].percent(), gap[0].minus(gap[1]));
    float[] kept = desk.run(dropout(0.5), Tensor.full(Shape.of(6), 1)).data();
    result.finding("Dropped units are there again in inference", "失活的单元在推理时都在", Arrays.toString(kept),
        Arrays.equals(kept, new float[] {1, 1, 1, 1, 1, 1}));
    result.exhibit("Few and many samples", "样本少与样本多", chart.drawing());
    result.exhibit("Which units are dropped", "哪些单元被丢弃", Illustrations.of("dropout"));
  }

  private static void kinds(Desk desk, Result result) {
    List<Long> weights = new ArrayList<>();
    for (Model model : List.of(Model.of(input(4, 50), conv(8, 3).noBias()), Model.of(input(4, 30, 40),
        conv(8, 3).noBias()), Model.of(input(4, 8, 30, 40), conv(8, 3).noBias()))) {
      weights.add(model.weightCount());
    }
    result.finding("3, 3×3 and 3×3×3 weights for each pair of channels", "每对通道 3、3×3、3×3×3 个权重", weights.toString(),
        weights.equals(List.of(3 * 32L, 9 * 32L, 27 * 32L)));
    Tensor words = Tensor.of(Shape.of(1, 6), 1, 0, 0, 2, 0, 0);
    Tensor swapped = Tensor.of(Shape.of(1, 6), 2, 0, 0, 1, 0, 0);
    Model reader = Model.of(input(1, 6), conv(4, 3), relu(), flatten(), dense(2)).initialize(2);
    float a = desk.run(reader, words.reshape(Shape.of(1, 1, 6))).data()[0];
    float b = desk.run(reader, swapped.reshape(Shape.of(1, 1, 6))).data()[0];
    result.finding("Order counts: the same words in another order give another answer",
        "次序有意义：同样的词换了次序，答案不同", a + ", " + b,
        a != b);
  }
}
