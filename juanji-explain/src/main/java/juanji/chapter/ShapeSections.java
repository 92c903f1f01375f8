package juanji.chapter;

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
import static juanji.nn.Layers.upsample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import juanji.draw.BarChart;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.draw.NumberGrid;
import juanji.explain.Advice;
import juanji.explain.ArchitectureDrawing;
import juanji.explain.EffectiveField;
import juanji.explain.Illustrations;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Summary;
import juanji.nn.Weights;
import juanji.op.Axis;
import juanji.op.Padding;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Sections 9 to 14: sizes of kernels, ways to fewer weights, padding, and the ways back.
final class ShapeSections {
  private ShapeSections() {
  }

  static void into(List<Section> all) {
    all.add(new Section(9, new Words("Large and small kernels", "大卷积核与小卷积核"), new Words(
        "two 3×3 see what one 5×5 sees, with fewer weights", "两个 3×3 与一个 5×5 看得一样远，权重更少"),
        ShapeSections::stacks));
    all.add(new Section(10, new Words("Several kernel sizes in one layer", "同一层用多种卷积核"), new Words(
        "branches see fields of several sizes and are joined", "各分支看到不同大小的范围，再连接起来"), ShapeSections::branches));
    all.add(new Section(11, new Words("Four ways to fewer weights", "减少参数的四种办法"), new Words(
        "stacked small kernels, separable ones, 1 × 1 in front, pooling first", "小核堆叠、可分离、前置 1 × 1、先池化"),
        ShapeSections::advice));
    all.add(new Section(12, new Words("Channels and area apart", "通道与区域分开"), new Words(
        "a separable network learns with a fraction of the weights", "可分离网络用一小部分权重也能学会"),
        ShapeSections::apart));
    all.add(new Section(13, new Words("Wide and narrow convolution", "宽卷积与窄卷积"), new Words(
        "I − k + 1, I and I + k − 1 places; narrow ones visit the border less", "I − k + 1、I、I + k − 1 个位置；窄卷积较少访问边缘"),
        ShapeSections::widths));
    all.add(new Section(14, new Words("Transposed convolution", "转置卷积"), new Words(
        "kernels turned, sizes reversed, and where checkerboards come from", "核的翻转、大小的反转，以及棋盘效应的来源"),
        ShapeSections::transposed));
  }

  private static void stacks(Desk desk, Section.Result result) {
    Model large = Model.of(input(16, 21, 21), conv(16, 5).same().noBias());
    Model small = Model.of(input(16, 21, 21), conv(16, 3).same().noBias(), conv(16, 3).same().noBias());
    String a = large.summary().rows().getLast().field();
    String b = small.summary().rows().getLast().field();
    result.finding("Two 3×3 see what one 5×5 sees", "两个 3×3 与一个 5×5 看得一样远", b + ", " + a,
        a.equals("5×5") && b.equals(a));
    EffectiveField field = EffectiveField.of(small, "conv2", 6, desk.workers());
    result.finding("So say the gradients: nothing outside 5×5 moves the output", "梯度也这么说：5×5 之外不影响输出",
        field.height() + " × " + field.width(), field.insideTheory() && field.height() == 5 && field.width() == 5);
    result.finding("With fewer weights: 18 against 25 for each pair of channels", "权重更少：每对通道 18 个对 25 个",
        small.weightCount() / 256 + " : " + large.weightCount() / 256,
        small.weightCount() == 18 * 256 && large.weightCount() == 25 * 256);
    result.exhibit("What the middle output depends on", "中间输出依赖什么",
        HeatMap.of(21, 21, field.sensitivity()).range(0, 1).side(180).cells());
  }

  private static void branches(Desk desk, Section.Result result) {
    Layer layer = concat(conv(8, 1), conv(8, 3).same(), conv(8, 5).same());
    Model model = Model.of(input(4, 20, 20), layer);
    List<String> fields = model.summary().rows().stream().filter(r -> r.path().contains(".conv"))
        .map(Summary.Row::field).toList();
    result.finding("Branches of one layer see 1×1, 3×3 and 5×5", "同一层的分支看到 1×1、3×3、5×5", fields.toString(),
        fields.equals(List.of("1×1", "3×3", "5×5")));
    result.finding("Joined along the channels, the area stays", "沿通道连接，面积不变", model.outputShape().toString(),
        model.outputShape().equals(Shape.of(24, 20, 20)));
    result.exhibit("The layer", "这一层", ArchitectureDrawing.of(model));
  }

  private static void advice(Desk desk, Section.Result result) {
    Model model = Model.of(input(3, 64, 64), conv(32, 5).same(), relu(), maxPool(2), conv(32, 5).same(), relu(),
        maxPool(2), conv(64, 3).same(), relu(), maxPool(2), flatten(), dense(10));
    BarChart weights = BarChart.of("weights").bar("as it is", model.weightCount());
    BarChart work = BarChart.of("mult-adds").bar("as it is", model.summary().multiplyAdds());
    for (Advice a : Advice.of(model)) {
      String name = a.way().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      long w = a.model().weightCount();
      long m = a.model().summary().multiplyAdds();
      weights = weights.bar(name, w);
      work = work.bar(name, m);
      boolean pooled = a.way() == Advice.Way.POOLED_FIRST;
      result.finding(name + (pooled ? ": less work; the weights of the convolutions stay" : ": fewer weights"),
          switch (a.way()) {
            case STACKED -> "小核堆叠：权重更少";
            case SEPARABLE -> "可分离：权重更少";
            case REDUCED -> "前置 1 × 1：权重更少";
            case POOLED_FIRST -> "先池化：计算更少；卷积的权重不变";
          }, model.weightCount() + " → " + w + ", " + model.summary().multiplyAdds() + " → " + m,
          pooled ? m < model.summary().multiplyAdds() : w < model.weightCount());
    }
    long one = Model.of(input(3, 9, 9), conv(32, 5).noBias()).weightCount();
    long two = Model.of(input(3, 9, 9), conv(32, 3).noBias(), conv(32, 3).noBias()).weightCount();
    result.finding("Beyond the chapter: from 3 channels to 32, two 3×3 have more weights than one 5×5",
        "补充：从 3 个通道到 32 个通道，两个 3×3 的权重多于一个 5×5", two + " > " + one, two > one);
    result.exhibit("Weights", "权重", weights.drawing());
    result.exhibit("Work", "计算量", work.drawing());
  }

  private static void apart(Desk desk, Section.Result result) {
    Model standard = Model.of(input(1, 28, 28), conv(16, 3).stride(2).same(), relu(), conv(32, 3).stride(2).same(),
        relu(), flatten(), dense(10));
    Model separate = Model.of(input(1, 28, 28), conv(16, 3).stride(2).same(), relu(), separable(32, 3).stride(2).same(),
        relu(), flatten(), dense(10));
    long before = standard.summary().rows().get(3).weights();
    long after = separate.weightCount() - standard.weightCount() + before;
    result.finding("A separable layer has fewer weights than the standard one", "可分离层的权重少于标准层", before + " → " + after,
        after < before);
    double a = desk.accuracy(desk.train(standard, 6, 0.05), Desk.test());
    double b = desk.accuracy(desk.train(separate, 6, 0.05), Desk.test());
    result.finding("Trained on digits for six epochs, both tell most of them", "在数字上训练六轮，两者都能认出大多数",
        String.format(Locale.ROOT, "%.1f %%, %.1f %%", 100 * a, 100 * b), a > 0.8 && b > 0.7);
  }

  private static void widths(Desk desk, Section.Result result) {
    boolean all = true;
    int cases = 0;
    for (int in = 7; in <= 40; in++) {
      for (int k = 1; k <= 7; k++) {
        Axis axis = Axis.of(k);
        all &= axis.over(in).out() == in - k + 1 && axis.withPadding(Padding.SAME).over(in).out() == in
            && axis.withPadding(Padding.FULL).over(in).out() == in + k - 1;
        cases++;
      }
    }
    result.finding("VALID, SAME and FULL give I − k + 1, I and I + k − 1", "VALID、SAME、FULL 给出 I − k + 1、I、I + k − 1",
        cases + " cases", all);
    float[] valid = Gridding.counts(Model.of(input(1, 8, 8), conv(1, 3).noBias()));
    float[] full = Gridding.counts(Model.of(input(1, 8, 8), conv(1, 3).full().noBias()));
    result.finding("A narrow convolution visits a corner once and the middle nine times; a wide one all nine times",
        "窄卷积访问角落一次、中间九次；宽卷积处处九次", (int) valid[0] + ", " + (int) valid[36] + "; " + (int) full[0],
        valid[0] == 1 && valid[36] == 9 && full[0] == 9 && full[36] == 9);
    float[] same = Gridding.counts(Model.of(input(1, 8, 8), conv(1, 3).same().noBias()));
    result.exhibit("How often each cell is visited: valid, same, full", "每个格子被访问的次数：valid、same、full",
        Drawing.row(24, visits(valid), visits(same), visits(full)));
  }

  private static Drawing visits(float[] counts) {
    return NumberGrid.of(8, 8, counts).cell(22).shaded().drawing();
  }

  /// The share of a map's energy, its mean left out, at the frequencies of a stride: what a checkerboard is made of.
  static double checkered(float[] map, int height, int width, int stride) {
    double mean = 0;
    for (float v : map) {
      mean += v / map.length;
    }
    double total = 1e-20;
    double peak = 0;
    for (float v : map) {
      total += (v - mean) * (v - mean);
    }
    for (int u = 0; u < stride; u++) {
      for (int v = 0; v < stride; v++) {
        if (u + v > 0) {
          double re = 0;
          double im = 0;
          for (int i = 0; i < map.length; i++) {
            double phase = 2 * Math.PI * ((double) u * (i / width) + (double) v * (i % width)) / stride;
            re += (map[i] - mean) * Math.cos(phase);
            im += (map[i] - mean) * Math.sin(phase);
          }
          peak += (re * re + im * im) / map.length;
        }
      }
    }
    return peak / total;
  }

  /// How often each cell of a generator's output is written to, the border left out.
  private static float[] overlap(Desk desk, Layer layer, int side) {
    Model model = Model.of(input(1, 12, 12), layer);
    Map<String, Tensor> ones = new LinkedHashMap<>();
    model.parameters().forEach(d -> ones.put(d.name(), Tensor.full(d.shape(), d.name().endsWith("bias") ? 0 : 1)));
    Tensor y = desk.run(model.withWeights(Weights.of(ones)), Tensor.full(Shape.of(1, 1, 12, 12), 1));
    int width = y.shape().dim(3);
    float[] inner = new float[side * side];
    for (int i = 0; i < inner.length; i++) {
      inner[i] = y.data()[(4 + i / side) * width + 4 + i % side];
    }
    return inner;
  }

  private static void transposed(Desk desk, Section.Result result) {
    Shape out = Model.of(input(1, 2, 2), convTransposed(1, 4).stride(3)).outputShape();
    result.finding("A 2×2 input, a 4×4 kernel and stride 3 give 7×7: (in − 1)·s + k",
        "2×2 输入、4×4 核、步长 3 得 7×7：(in − 1)·s + k",
        out.toString(), out.equals(Shape.of(1, 7, 7)));
    float[] kernel = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    Tensor impulse = Tensor.zeros(Shape.of(1, 1, 3, 3));
    impulse.data()[4] = 1;
    Map<String, Tensor> weights = Map.of("conv1.weight", Tensor.of(Shape.of(1, 1, 3, 3), kernel));
    float[] correlated = desk.run(Model.of(input(1, 3, 3), conv(1, 3).same().noBias()).withWeights(Weights.of(weights)),
        impulse).data();
    float[] convolved = desk.run(Model.of(input(1, 3, 3), conv(1, 3).same().noBias().turned())
        .withWeights(Weights.of(weights)), impulse).data();
    result.finding("Networks cross-correlate: an impulse comes out as the kernel turned; true convolution, as it is",
        "网络做互相关：脉冲输出转了 180° 的核；真正的卷积输出核本身", Arrays.toString(correlated),
        Arrays.equals(convolved, kernel) && correlated[0] == 9 && correlated[8] == 1);
    double bad = checkered(overlap(desk, convTransposed(1, 3).stride(2).noBias(), 14), 14, 14, 2);
    double divisible = checkered(overlap(desk, convTransposed(1, 4).stride(2).noBias(), 14), 14, 14, 2);
    double resized = checkered(overlap(desk, chain(upsample(2), conv(1, 3).same().noBias()), 14), 14, 14, 2);
    String measured = String.format(Locale.ROOT, "%.3f, %.3f, %.3f", bad, divisible, resized);
    result.finding("Checkerboard: a 3×3 kernel with stride 2 writes to cells unevenly, all at the stride's frequency",
        "棋盘效应：3×3 核、步长 2 时各格被写次数不均，变化全在步长的频率上", measured, bad > 0.9);
    result.finding("Cures: a kernel that the stride divides, or resize and then convolve",
        "办法：步长整除核的大小，或先放大再卷积", measured,
        divisible < 0.01 && resized < 0.01);
    result.exhibit("Overlapping copies", "重叠的拷贝", Illustrations.of("convolution-transposed"));
    List<Drawing> maps = new ArrayList<>();
    for (Layer layer : List.of(convTransposed(1, 3).stride(2).noBias(), convTransposed(1, 4).stride(2).noBias(),
        chain(upsample(2), conv(1, 3).same().noBias()))) {
      maps.add(HeatMap.of(14, 14, overlap(desk, layer, 14)).side(140).cells().captioned(layer.toString()));
    }
    result.exhibit("How often each cell is written to", "每个格子被写了几次", Drawing.row(20, maps));
  }
}
