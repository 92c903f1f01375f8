package juanji.chapter;

import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import java.util.List;
import java.util.Locale;
import juanji.draw.BarChart;
import juanji.explain.Advice;
import juanji.explain.ArchitectureDrawing;
import juanji.lab.Desk;
import juanji.lab.Result;
import juanji.lab.Words;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Summary;
import juanji.tensor.Shape;

/// Sections 9 to 14: sizes of kernels, ways to fewer weights, padding, and the ways back.
final class ShapeSections {
  private ShapeSections() {
  }

  static void into(List<Section> all) {
    all.add(new Section(9, new Words("Large and small kernels", "大卷积核与小卷积核"), new Words(
        "two 3×3 see what one 5×5 sees, with fewer weights", "两个 3×3 与一个 5×5 看得一样远，权重更少"),
        Section.laboratories("stacked")));
    all.add(new Section(10, new Words("Several kernel sizes in one layer", "同一层用多种卷积核"), new Words(
        "branches see fields of several sizes and are joined", "各分支看到不同大小的范围，再连接起来"), ShapeSections::branches));
    all.add(new Section(11, new Words("Four ways to fewer weights", "减少参数的四种办法"), new Words(
        "stacked small kernels, separable ones, 1 × 1 in front, pooling first", "小核堆叠、可分离、前置 1 × 1、先池化"),
        ShapeSections::advice));
    all.add(new Section(12, new Words("Channels and area apart", "通道与区域分开"), new Words(
        "a separable network learns with a fraction of the weights", "可分离网络用一小部分权重也能学会"),
        Section.laboratories("separable")));
    all.add(new Section(13, new Words("Wide and narrow convolution", "宽卷积与窄卷积"), new Words(
        "I − k + 1, I and I + k − 1 places; narrow ones visit the border less", "I − k + 1、I、I + k − 1 个位置；窄卷积较少访问边缘"),
        Section.laboratories("padding")));
    all.add(new Section(14, new Words("Transposed convolution", "转置卷积"), new Words(
        "kernels turned, sizes reversed, and where checkerboards come from", "核的翻转、大小的反转，以及棋盘效应的来源"),
        Section.laboratories("transposed", "checkerboard")));
  }

  private static void branches(Desk desk, Result result) {
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

  private static void advice(Desk desk, Result result) {
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
}
