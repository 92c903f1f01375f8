package juanji.chapter;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.separable;
import static juanji.nn.Layers.sumPool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.draw.BarChart;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.draw.NumberGrid;
import juanji.explain.ArchitectureDrawing;
import juanji.explain.Features;
import juanji.explain.Illustrations;
import juanji.explain.Selectivity;
import juanji.lab.Desk;
import juanji.lab.Repeats;
import juanji.lab.Result;
import juanji.lab.Words;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.op.Axis;
import juanji.op.Padding;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Sections 1 to 8: layers, kernels, sizes, kinds of convolution and pooling.
final class LayerSections {
  private static final Map<String, float[]> KERNELS = Map.of(
      "identity", new float[] {0, 0, 0, 0, 1, 0, 0, 0, 0},
      "edges, difference", new float[] {1, 0, -1, 0, 0, 0, -1, 0, 1},
      "edges, centre", new float[] {-1, -1, -1, -1, 8, -1, -1, -1, -1},
      "sharpen", new float[] {0, -1, 0, -1, 5, -1, 0, -1, 0},
      "box", new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1},
      "Gaussian", new float[] {1, 2, 1, 2, 4, 2, 1, 2, 1});

  private LayerSections() {
  }

  static void into(List<Section> all) {
    all.add(new Section(1, new Words("The five kinds of layer", "五种层"), new Words(
        "input, convolution, activation, pooling and fully connected layers, and the shapes between them",
        "输入、卷积、激活、池化、全连接层，以及它们之间的形状"), LayerSections::layers));
    all.add(new Section(2, new Words("What a convolution sees", "卷积看到什么"), new Words(
        "six kernels pick out edges or blur; shallow layers see edges, deep ones whole objects",
        "六个卷积核找出边缘或模糊图像；浅层看边缘，深层看整体"), LayerSections::kernels));
    all.add(new Section(3, new Words("The parameters of a convolution", "卷积的参数"), new Words(
        "output sizes ⌈(I − k + 1) / s⌉ and ⌈I / s⌉", "输出大小 ⌈(I − k + 1) / s⌉ 与 ⌈I / s⌉"),
        LayerSections::sizes));
    all.add(new Section(4, new Words("Kinds of convolution", "卷积的种类"), new Words(
        "dilated kernels see further, transposed ones reverse sizes, separable ones save weights",
        "空洞卷积看得更远，转置卷积反转大小，可分离卷积节省权重"), LayerSections::convolutions));
    all.add(new Section(5, new Words("Two and three dimensions", "二维与三维"), new Words(
        "a 3-D kernel also moves along depth and sees change between frames",
        "三维卷积核还沿深度移动，能看到帧与帧之间的变化"), LayerSections::dimensions));
    all.add(new Section(6, new Words("Kinds of pooling", "池化的种类"), new Words(
        "general, overlapping and pyramid pooling", "一般池化、重叠池化与金字塔池化"), Section.laboratories("pooling")));
    all.add(new Section(7, new Words("1 × 1 convolutions", "1 × 1 卷积"), new Words(
        "a reduction before larger kernels: 8,960 weights become 5,248", "在大卷积核之前降维：8,960 个权重变为 5,248 个"),
        LayerSections::reductions));
    all.add(new Section(8, new Words("Convolution against pooling", "卷积与池化"), new Words(
        "pooling has no weights and moves less when the input moves", "池化没有权重，输入移动时输出变化更小"),
        Section.laboratories("shifts")));
  }

  private static void layers(Desk desk, Result result) {
    Model model = Model.of(input(3, 32, 48), conv(12, 3).same(), relu(), maxPool(2), flatten(), dense(7));
    List<String> shapes = model.summary().rows().stream().map(r -> r.output().toString()).toList();
    result.finding("Table 1: W1×H1×3 → W1×H1×K → W1×H1×K → W2×H2×K → C",
        "表 1：W1×H1×3 → W1×H1×K → W1×H1×K → W2×H2×K → C",
        String.join(" → ", shapes), shapes.equals(List.of("3 × 32 × 48", "12 × 32 × 48", "12 × 32 × 48", "12 × 16 × 24",
        "4608", "7")));
    long weights = model.summary().rows().getLast().weights();
    result.finding("The fully connected layer has (W2·H2·K) × C weights, and a bias per class",
        "全连接层有 (W2·H2·K) × C 个权重，每类一个偏置", Long.toString(weights), weights == 16L * 24 * 12 * 7 + 7);
    Tensor x = Tensor.of(Shape.of(3), -2, 0, 3);
    float[] y = desk.run(relu(), x).data();
    result.finding("ReLU is 0 at and below 0",
        "ReLU 在 0 及以下为 0", Arrays.toString(y), y[0] == 0 && y[1] == 0 && y[2] == 3);
    Tensor map = Tensor.of(Shape.of(1, 2, 2), 1, 2, 3, 6);
    float max = desk.run(maxPool(2), map).data()[0];
    float mean = desk.run(avgPool(2), map).data()[0];
    float sum = desk.run(sumPool(2), map).data()[0];
    result.finding("Pooling takes the maximum, the mean or the sum of a window", "池化取窗口的最大值、平均值或和",
        max + ", " + mean + ", " + sum, max == 6 && mean == 3 && sum == 12);
    result.exhibit("A network of all five kinds", "包含全部五种层的网络", ArchitectureDrawing.of(model));
    result.exhibit("One number of a convolution", "卷积中的一个数", Illustrations.of("convolution-step"));
  }

  static Tensor filtered(Desk desk, float[] kernel, Tensor picture) {
    int side = (int) Math.round(Math.sqrt(kernel.length));
    Model model = Model.of(input(picture.shape().toArray()), conv(1, side).same().replicate().noBias());
    Tensor y = desk.run(model.withWeights(Weights.of(Map.of("conv1.weight",
        Tensor.of(Shape.of(1, 1, side, side), kernel)))), picture.reshape(picture.shape().prepend(1)));
    return y.reshape(y.shape().sample());
  }

  private static void kernels(Desk desk, Result result) {
    Tensor digit = desk.digit(3);
    Tensor same = filtered(desk, KERNELS.get("identity"), digit);
    result.finding("The identity kernel leaves a picture as it is", "恒等核使图像保持不变",
        same.at(0, 14, 14) + " = " + digit.at(0, 14, 14), Arrays.equals(same.data(), digit.data()));
    float[] flat = filtered(desk, KERNELS.get("edges, centre"), Tensor.full(Shape.of(1, 9, 9), 0.7f)).data();
    double most = 0;
    for (float v : flat) {
      most = Math.max(most, Math.abs(v));
    }
    result.finding("Edge kernels give 0 where nothing changes",
        "没有变化处，边缘核给出 0", String.format(Locale.ROOT, "%.1e", most),
        most < 1e-5);
    List<Drawing> sheet = new ArrayList<>();
    KERNELS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> sheet.add(Drawing.row(8,
        NumberGrid.of(3, 3, e.getValue()).cell(26).shaded().drawing(),
        HeatMap.signed(28, 28, filtered(desk, e.getValue(), digit).data()).side(110).drawing()).captioned(e.getKey())));
    result.exhibit("Six kernels and what they make of a digit", "六个卷积核和它们对一个数字的作用", Drawing.tiles(2, 20, sheet));
    List<Model> trained = IntStream.rangeClosed(1, Desk.REPEATS).mapToObj(desk::digits).toList();
    Repeats first = selectivity(desk, trained, "relu1");
    Repeats last = selectivity(desk, trained, "dense1");
    result.finding("The last units prefer one class more than the first (trained on digits)",
        "最后的单元比最初的单元更偏好某一类（在数字上训练）", first.text(3) + " → " + last.text(3), last.minus(first));
    Repeats own = Repeats.of(trained.size(), seed -> orientation(trained.get(seed - 1)));
    Repeats fresh = Repeats.of(trained.size(), seed -> orientation(trained.get(seed - 1).initialize(seed)));
    result.finding("First-layer filters prefer a direction more after training than before",
        "训练后第一层滤波器比训练前更偏好某个方向", fresh.text(3) + " → " + own.text(3), own.minus(fresh));
    result.exhibit("Learned filters of the first layer", "第一层学到的滤波器",
        Drawing.row(8, Features.filters(trained.getFirst(), "conv1")));
  }

  private static Repeats selectivity(Desk desk, List<Model> trained, String path) {
    return Repeats.of(trained.size(), seed -> mean(Selectivity.classes(trained.get(seed - 1), path, Desk.test(seed),
        300, desk.workers())));
  }

  private static double orientation(Model model) {
    return mean(Selectivity.orientation(model.weights().tensor("conv1.weight")));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static void sizes(Desk desk, Result result) {
    int cases = 0;
    int valid = 0;
    int same = 0;
    int odd = 0;
    for (int in = 1; in <= 64; in++) {
      for (int k = 1; k <= 7; k++) {
        for (int s = 1; s <= 4; s++) {
          for (int d = 1; d <= 3; d++) {
            Axis axis = Axis.of(k).withStride(s).withDilation(d);
            Axis.Placed kept = axis.withPadding(Padding.SAME).over(in);
            cases++;
            same += kept.out() == (in + s - 1) / s ? 1 : 0;
            odd += s == 1 && k % 2 == 0 && d % 2 == 1 && kept.after() != kept.before() + 1 ? 1 : 0;
            valid += axis.span() > in || axis.over(in).out() == (in - axis.span() + s) / s ? 1 : 0;
          }
        }
      }
    }
    result.finding("VALID gives ⌈(I − k + 1) / s⌉ with the dilated extent for k",
        "VALID 给出 ⌈(I − k + 1) / s⌉，k 取膨胀后的大小",
        valid + " / " + cases, valid == cases);
    result.finding("SAME gives ⌈I / s⌉", "SAME 给出 ⌈I / s⌉", same + " / " + cases, same == cases);
    result.finding("Beyond the chapter: with an even kernel SAME cannot pad both sides alike; the odd cell lies behind",
        "补充：核为偶数时 SAME 无法两侧对称填充，多出的一格在后面", odd + " exceptions", odd == 0);
    result.exhibit("Three paddings", "三种填充", Illustrations.of("convolution-padding"));
  }

  private static void convolutions(Desk desk, Result result) {
    Section.laboratories("dilated").run(desk, result);
    Shape out = Model.of(input(1, 4, 5), convTransposed(1, 3).stride(2)).outputShape();
    Shape back = Model.of(input(out.toArray()), conv(1, 3).stride(2)).outputShape();
    result.finding("A transposed convolution reverses the size relation", "转置卷积反转大小关系", "4 × 5 → " + out.dim(1) + " × "
        + out.dim(2) + " → " + back.dim(1) + " × " + back.dim(2), back.equals(Shape.of(1, 4, 5)));
    long standard = Model.of(input(64, 9, 9), conv(128, 3, 5).noBias()).weightCount();
    long xception = Model.of(input(64, 9, 9), separable(128, 3, 5).pointwiseFirst().noBias()).weightCount();
    long mobile = Model.of(input(64, 9, 9), separable(128, 3, 5).noBias()).weightCount();
    result.finding("Separable: H·W·C·K weights become (H·W + C)·K when channels are mixed first",
        "可分离卷积：先混合通道时 H·W·C·K 变为 (H·W + C)·K", standard + " → " + xception,
        standard == 15L * 64 * 128 && xception == (15L + 64) * 128);
    result.finding("More precisely: depthwise first it is H·W·C + C·K", "更准确地说：先逐通道时是 H·W·C + C·K", "" + mobile,
        mobile == 15L * 64 + 64 * 128);
    result.exhibit("Separable weights", "可分离卷积的权重数", Illustrations.of("convolution-separable"));
  }

  private static void dimensions(Desk desk, Result result) {
    Model plane = Model.of(input(3, 20, 30), conv(8, 3));
    Model space = Model.of(input(3, 16, 20, 30), conv(8, 3));
    result.finding("One layer serves both: 3·9·8 and 3·27·8 weights, and biases", "同一种层两者都行：3·9·8 与 3·27·8 个权重，加上偏置",
        plane.weightCount() + ", " + space.weightCount() + "; " + space.outputShape(),
        plane.weightCount() == 3 * 9 * 8 + 8 && space.weightCount() == 3 * 27 * 8 + 8
        && space.outputShape().equals(Shape.of(8, 14, 18, 28)));
    Tensor still = Tensor.full(Shape.of(1, 3, 5, 5), 1);
    Tensor moving = still.copy();
    for (int i = 50; i < 75; i++) {
      moving.data()[i] = 2;
    }
    Model first = Model.of(input(1, 3, 5, 5), conv(1, 3)).initialize(3);
    float before = desk.run(first, still.reshape(Shape.of(1, 1, 3, 5, 5))).data()[0];
    float after = desk.run(first, moving.reshape(Shape.of(1, 1, 3, 5, 5))).data()[0];
    result.finding("The output at a place depends on the frames after it, too", "某处的输出也依赖后面的帧", before + " → " + after,
        before != after);
  }

  private static void reductions(Desk desk, Result result) {
    Layer naive = concat(conv(16, 1).noBias(), conv(16, 3).same().noBias(), conv(16, 5).same().noBias(),
        maxPool(3).stride(1).same());
    Layer reduced = concat(conv(16, 1).noBias(),
        chain(conv(8, 1).noBias(), conv(16, 3).same().noBias()),
        chain(conv(8, 1).noBias(), conv(16, 5).same().noBias()),
        chain(maxPool(3).stride(1).same(), conv(16, 1).noBias()));
    long before = Model.of(input(16, 14, 14), naive).weightCount();
    long after = Model.of(input(16, 14, 14), reduced).weightCount();
    long formula = (3L * 16 + 8 + 9 * 8 + 25 * 8) * 16;
    result.finding("The naive module with 16 channels has 8,960 weights", "16 通道的朴素模块有 8,960 个权重",
        "" + before, before == 8960);
    result.finding("The chapter's count for the reduced one is 5,248", "书中降维模块的计数为 5,248",
        "" + formula, formula == 5248);
    result.finding("Counted layer by layer, with 8 channels in front of 3×3 and 5×5 and 16 behind the pooling",
        "逐层计数：3×3 与 5×5 前各 8 个通道，池化后 16 个", before + " → " + after, after < before);
    result.exhibit("The reduced module", "降维模块", ArchitectureDrawing.of(Model.of(input(16, 14, 14), reduced)));
    result.exhibit("Weights", "权重数", BarChart.of("weights").bar("naive", before).bar("reduced", after).drawing());
  }
}
