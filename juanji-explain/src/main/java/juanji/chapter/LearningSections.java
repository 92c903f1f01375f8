package juanji.chapter;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.netVlad;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.softmax;
import static juanji.nn.Layers.tiledConv;
import static juanji.nn.Layers.vlad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.draw.BarChart;
import juanji.explain.ArchitectureDrawing;
import juanji.explain.Illustrations;
import juanji.explain.SharingDrawing;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Summary;
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
        "10¹² weights, 10⁸, and 100", "10¹² 个权重、10⁸ 个、100 个"), LearningSections::counts));
    all.add(new Section(19, new Words("Four kinds of connection", "四种连接"), new Words(
        "full, local, tiled and shared", "全连接、局部连接、平铺与共享"), LearningSections::connections));
    all.add(new Section(20, new Words("Local convolution on faces", "局部卷积与人脸"), new Words(
        "own weights at each place suit aligned inputs, shared ones shifted inputs", "各处独立的权重适合对齐的输入，共享权重适合平移的输入"),
        LearningSections::faces));
    all.add(new Section(21, new Words("NetVLAD", "NetVLAD"), new Words(
        "a descriptor of K·D numbers for any size", "任何大小都得到 K·D 个数的描述子"), LearningSections::descriptors));
  }

  private static Model small() {
    return Model.of(input(1, 28, 28), conv(8, 5).stride(2).same(), relu(), maxPool(2), flatten(), dense(10));
  }

  private static void rates(Desk desk, Section.Result result) {
    double[] rates = {0.0002, 0.05, 20};
    double[] accuracies = new double[3];
    BarChart chart = BarChart.of("accuracy after one epoch (%)");
    for (int i = 0; i < 3; i++) {
      double accuracy;
      try {
        accuracy = desk.accuracy(desk.train(small(), 1, rates[i]), Desk.test());
      } catch (TrainingException e) {
        // The loss is not a number any more: nothing was learned.
        accuracy = 0;
      }
      accuracies[i] = accuracy;
      chart = chart.bar("rate " + rates[i], 100 * accuracy);
    }
    String measured = String.format(Locale.ROOT, "%.1f %%, %.1f %%, %.1f %%", 100 * accuracies[0],
        100 * accuracies[1], 100 * accuracies[2]);
    result.finding("A hundredth of a good rate learns less in an epoch", "好学习率的几百分之一，一轮学到的更少", measured,
        accuracies[0] < accuracies[1]);
    result.finding("A rate that is far too large learns nothing", "过大的学习率什么也学不到", measured, accuracies[2] < 0.3);
    result.exhibit("Three rates", "三种学习率", chart.drawing());
  }

  private static void generalisation(Desk desk, Section.Result result) {
    double[] test = new double[2];
    double[] own = new double[2];
    int[] sizes = {100, 2000};
    BarChart chart = BarChart.of("accuracy (%)");
    for (int i = 0; i < 2; i++) {
      Dataset data = Digits.generate(sizes[i], 1);
      Model model = desk.train(small(), data, 4000 / sizes[i], 0.03);
      test[i] = desk.accuracy(model, Desk.test());
      own[i] = desk.accuracy(model, data);
      chart = chart.bar(sizes[i] + " samples, training", 100 * own[i]).bar(sizes[i] + " samples, test", 100 * test[i]);
    }
    result.finding("After as many steps, twenty times the data tells more of what it has not seen",
        "步数相同，二十倍的数据能认出更多没见过的样本", String.format(Locale.ROOT, "%.1f %% → %.1f %%", 100 * test[0], 100 * test[1]),
        test[1] > test[0]);
    result.finding("The gap between training and test is smaller with more data", "数据更多时训练与测试的差距更小",
        String.format(Locale.ROOT, "%.1f %% → %.1f %%", 100 * (own[0] - test[0]), 100 * (own[1] - test[1])),
        own[1] - test[1] < own[0] - test[0]);
    float[] kept = desk.run(dropout(0.5), Tensor.full(Shape.of(6), 1)).data();
    result.finding("Dropped units are there again in inference", "失活的单元在推理时都在", Arrays.toString(kept),
        Arrays.equals(kept, new float[] {1, 1, 1, 1, 1, 1}));
    result.exhibit("Few and many samples", "样本少与样本多", chart.drawing());
    result.exhibit("Which units are dropped", "哪些单元被丢弃", Illustrations.of("dropout"));
  }

  private static void kinds(Desk desk, Section.Result result) {
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

  private static void counts(Desk desk, Section.Result result) {
    long full = Model.of(input(1, 1000, 1000), flatten(), dense(1_000_000).noBias()).weightCount();
    long local = Model.of(input(1, 1000, 1000), locallyConnected(1, 10).same().noBias()).weightCount();
    long shared = Model.of(input(1, 1000, 1000), conv(1, 10).same().noBias()).weightCount();
    result.finding("Fully connected, a million units over 1000×1000 take 10¹² weights",
        "全连接：一百万个单元对 1000×1000 要 10¹² 个权重",
        String.format(Locale.ROOT, "%,d", full), full == 1_000_000_000_000L);
    result.finding("Locally connected over 10×10 it is 10⁸",
        "局部连接 10×10：10⁸ 个", String.format(Locale.ROOT, "%,d", local),
        local == 100_000_000L);
    result.finding("Shared it is 100", "共享：100 个", Long.toString(shared), shared == 100);
    long bias = Model.of(input(1, 1000, 1000), conv(1, 10).same()).weightCount() - shared;
    result.finding("There is one bias for each filter", "每个滤波器一个偏置", Long.toString(bias), bias == 1);
    result.exhibit("Weights", "权重数", BarChart.of("weights").byRatio().bar("full", full).bar("local", local)
        .bar("shared", shared).drawing());
  }

  private static void connections(Desk desk, Section.Result result) {
    int cells = 9;
    boolean one = Arrays.deepEquals(SharingDrawing.joints(tiledConv(1, 3).tiles(1), cells),
        SharingDrawing.joints(conv(1, 3), cells));
    boolean many = Arrays.deepEquals(distinct(SharingDrawing.joints(tiledConv(1, 3).tiles(7), cells)),
        distinct(SharingDrawing.joints(locallyConnected(1, 3), cells)));
    result.finding("A tiled convolution of one set is a convolution", "只有一组权重的平铺卷积就是卷积", Boolean.toString(one), one);
    result.finding("With a set for each place it is locally connected", "每个位置一组时就是局部连接", Boolean.toString(many), many);
    long local = Model.of(input(1, cells), locallyConnected(1, 3).noBias()).weightCount();
    long tiled = Model.of(input(1, cells), tiledConv(1, 3).tiles(2).noBias()).weightCount();
    long shared = Model.of(input(1, cells), conv(1, 3).noBias()).weightCount();
    long full = Model.of(input(1, cells), flatten(), dense(7).noBias()).weightCount();
    result.finding("Weights: full > local > tiled > shared", "权重数：全连接 > 局部 > 平铺 > 共享",
        full + " > " + local + " > " + tiled + " > " + shared, full > local && local > tiled && tiled > shared);
    result.exhibit("Lines of one colour are one weight, found by measuring", "同色的线是同一个权重，由测量得到",
        Illustrations.of("weights-sharing"));
    result.exhibit("Tiles", "平铺", Illustrations.of("weights-tiles"));
  }

  /// Weights numbered by their first occurrence, so that only sharing counts.
  private static int[][] distinct(int[][] joints) {
    Map<Integer, Integer> numbers = new HashMap<>();
    return Arrays.stream(joints).map(row -> Arrays.stream(row).map(w -> w == 0 ? 0
        : numbers.computeIfAbsent(w, _ -> numbers.size() + 1)).toArray()).toArray(int[][]::new);
  }

  /// A dataset moved to one side.
  private record Shifted(Dataset data, int by) implements Dataset {
    @Override public Shape shape() {
      return data.shape();
    }

    @Override public List<String> classes() {
      return data.classes();
    }

    @Override public int size() {
      return data.size();
    }

    @Override public int label(int index) {
      return data.label(index);
    }

    @Override public void read(int index, float[] into, int offset) {
      float[] own = new float[784];
      data.read(index, own, 0);
      for (int i = 0; i < 784; i++) {
        int x = i % 28 - by;
        into[offset + i] = x >= 0 && x < 28 ? own[i - by] : 0;
      }
    }
  }

  private static void faces(Desk desk, Section.Result result) {
    Model deepFace = Model.of(input(3, 152, 152), conv(32, 11), relu(), maxPool(3).stride(2).same(), conv(16, 9),
        relu(), locallyConnected(16, 9), relu(), locallyConnected(16, 7).stride(2), relu(), locallyConnected(16, 5),
        relu(),
        flatten(), dense(4096), relu(), dense(4030));
    result.finding("DeepFace as described: 21 × 21 places behind the last local layer, 4,030 classes",
        "按描述的 DeepFace：最后一个局部层后是 21 × 21 个位置，4,030 类", deepFace.upTo("locallyConnected3").outputShape() + "; "
        + deepFace.outputShape(), deepFace.upTo("locallyConnected3").outputShape().equals(Shape.of(16, 21, 21))
        && deepFace.outputShape().equals(Shape.of(4030)));
    long local = deepFace.summary().rows().stream().filter(r -> r.path().startsWith("local"))
        .mapToLong(Summary.Row::weights).sum();
    long conv = deepFace.summary().rows().stream().filter(r -> r.path().startsWith("conv"))
        .mapToLong(Summary.Row::weights).sum();
    result.finding("Its local layers have many times the weights of its convolutions",
        "局部层的权重是卷积层的许多倍", local + " : " + conv,
        local > 10 * conv);
    double[] fall = new double[2];
    double[] aligned = new double[2];
    Layer[] layers = {locallyConnected(8, 5).stride(2), conv(8, 5).stride(2)};
    for (int i = 0; i < 2; i++) {
      Model model = desk.train(Model.of(input(1, 28, 28), layers[i], relu(), maxPool(4), flatten(), dense(10)),
          6, 0.03);
      aligned[i] = desk.accuracy(model, Desk.test());
      fall[i] = aligned[i] - desk.accuracy(model, new Shifted(Desk.test(), 3));
    }
    result.finding("Trained on digits in place, both tell them; shifted by three pixels, shared weights lose less",
        "在原位的数字上训练，两者都能识别；平移三个像素后，共享权重损失更小", String.format(Locale.ROOT,
        "local %.1f %% − %.1f, shared %.1f %% − %.1f",
        100 * aligned[0], 100 * fall[0], 100 * aligned[1], 100 * fall[1]),
        fall[1] < fall[0]);
    result.exhibit("DeepFace", "DeepFace", ArchitectureDrawing.of(deepFace));
  }

  private static void descriptors(Desk desk, Section.Result result) {
    List<String> lengths = new ArrayList<>();
    for (int side : new int[] {5, 9, 14}) {
      lengths.add(Model.of(input(32, side, side + 2), netVlad(8)).outputShape().toString());
    }
    result.finding("K·D numbers for any height and width", "任意高宽都是 K·D 个数", lengths.toString(),
        lengths.stream().allMatch("256"::equals));
    Model model = Model.of(input(4, 5, 6), netVlad(3)).initialize(4);
    Tensor x = Tensor.zeros(Shape.of(1, 4, 5, 6));
    for (int i = 0; i < 120; i++) {
      x.data()[i] = (float) Math.sin(i * i);
    }
    double square = 0;
    for (float v : desk.run(model, x).data()) {
      square += v * v;
    }
    result.finding("The whole descriptor has length 1",
        "整个描述子的长度为 1", String.format(Locale.ROOT, "%.6f", Math.sqrt(square)),
        Math.abs(square - 1) < 1e-4);
    Model probabilities = Model.of(input(3), softmax());
    float[] a = desk.run(probabilities, Tensor.of(Shape.of(1, 3), 0.5f, 2, -1)).data();
    double sum = a[0] + a[1] + a[2];
    double without = Math.exp(0.5) / Math.exp(0.5) + Math.exp(2) / Math.exp(2) + Math.exp(-1) / Math.exp(-1);
    result.finding("More precisely: the denominator of the soft assignment is a sum over the clusters; without it the "
        + "assignments add up to K, not 1", "更准确地说：软分配的分母是对各聚类求和；没有它，分配之和是 K 而不是 1",
        String.format(Locale.ROOT, "%.4f, %.1f", sum, without), Math.abs(sum - 1) < 1e-5 && without == 3);
    long soft = Model.of(input(32, 5, 5), netVlad(8)).weightCount();
    long hard = Model.of(input(32, 5, 5), vlad(8)).weightCount();
    result.finding("Three parameters: W of K×D, b of K, c of K×D", "三个参数：W 为 K×D，b 为 K，c 为 K×D", soft + "; " + hard,
        soft == 2 * 8 * 32 + 8 && hard == 8 * 32);
    result.exhibit("Features, centres, and what is summed", "特征、中心，以及被累加的差", Illustrations.of("vlad-residuals"));
    result.exhibit("Descriptors", "描述子", Illustrations.of("vlad-descriptors"));
  }
}
