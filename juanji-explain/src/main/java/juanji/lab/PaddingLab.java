package juanji.lab;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.draw.NumberGrid;
import juanji.explain.WindowDrawing;
import juanji.nn.Convolution;
import juanji.nn.Model;
import juanji.op.Axis;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Sizes by padding, how often each cell is visited, and what zeros do to the border.
final class PaddingLab {
  static final Laboratory LAB = new Laboratory("padding", "3, 13", new Words("Padding: narrow, same and wide",
      "填充：窄、等宽与宽"), new Words("I − k + 1, I and I + k − 1 places; narrow ones visit the border less",
      "I − k + 1、I、I + k − 1 个位置；窄卷积较少访问边缘"),
      List.of(Choice.number("size", 8, 2, 40, "The side of the input."),
          Choice.number("kernel", 3, 1, 15, "The side of the kernel."),
          Choice.number("stride", 1, 1, 8, "How far the kernel moves."),
          Choice.number("dilation", 1, 1, 8, "How far its weights are apart.")), PaddingLab::run);
  private static final List<String> NAMES = List.of("valid", "same", "full");
  private static final List<Padding> PADDINGS = List.of(Padding.VALID, Padding.SAME, Padding.FULL);
  private static final int MOST_NUMBERS = 16;

  private PaddingLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    int size = setup.number("size");
    int kernel = setup.number("kernel");
    Axis axis = Axis.of(kernel).withStride(setup.number("stride")).withDilation(setup.number("dilation"));
    if (axis.span() > size) {
      throw new IllegalArgumentException("the kernel does not fit into the input.\n"
          + "  C1: dilation · (kernel − 1) + 1 is at most the size; received "
          + axis.span() + " and " + size + ".\n  Take a larger size.");
    }
    sizes(result);
    List<Drawing> grids = new ArrayList<>();
    List<Drawing> windows = new ArrayList<>();
    List<String> outs = new ArrayList<>();
    float[][] visits = new float[3][];
    for (int i = 0; i < 3; i++) {
      Model model = Model.of(input(1, size, size), layer(axis, PADDINGS.get(i)));
      visits[i] = Gridding.counts(model);
      outs.add(NAMES.get(i) + " " + model.outputShape().sample());
      grids.add(visits(size, visits[i]).titled(NAMES.get(i)));
      windows.add(WindowDrawing.of(Window.of(2, axis.withPadding(PADDINGS.get(i))), Shape.of(size, size))
          .titled(NAMES.get(i)));
    }
    result.remark("Here: a " + kernel + "×" + kernel + " kernel over " + size + "×" + size + " cells, stride "
        + axis.stride() + ", dilation " + axis.dilation() + ": " + String.join("; ", outs) + ".",
        "这里：" + kernel + "×" + kernel + " 的核，输入 " + size + "×" + size + "，步长 " + axis.stride() + "，膨胀率 "
        + axis.dilation() + "：" + String.join("；", outs) + "。");
    int middle = size / 2 * size + size / 2;
    if (axis.stride() == 1) {
      float[] wide = visits[2];
      boolean even = true;
      for (float v : wide) {
        even &= v == kernel * kernel;
      }
      result.finding("A narrow convolution visits a corner once and the middle up to " + kernel * kernel
          + " times; a wide one every cell " + kernel * kernel + " times", "窄卷积访问角落一次、中间至多 " + kernel * kernel
          + " 次；宽卷积处处 " + kernel * kernel + " 次", (int) visits[0][0] + ", " + (int) visits[0][middle] + "; "
          + (int) wide[0] + ", " + (int) wide[middle], visits[0][0] == 1 && visits[0][middle] >= visits[0][0] && even);
    } else {
      result.finding("With a stride above 1, a wide convolution visits a corner at least as often as a narrow one",
          "步长大于 1 时，宽卷积访问角落的次数不少于窄卷积", (int) visits[0][0] + "; " + (int) visits[2][0],
          visits[2][0] >= visits[0][0]);
    }
    result.exhibit("How often each cell is visited", "每个格子被访问的次数", Drawing.row(24, grids));
    for (int i = 0; i < 3; i++) {
      result.exhibit("Where the windows are: " + NAMES.get(i), "窗口的位置：" + NAMES.get(i), windows.get(i));
    }
    borders(desk, size, axis, result);
    even(result);
  }

  private static Convolution layer(Axis axis, Padding padding) {
    return conv(1, axis.kernel()).stride(axis.stride()).dilation(axis.dilation()).padding(padding).noBias();
  }

  private static Drawing visits(int size, float[] counts) {
    return size <= MOST_NUMBERS ? NumberGrid.of(size, size, counts).cell(Math.min(24, 240.0 / size)).shaded().drawing()
        : HeatMap.of(size, size, counts).side(240).cells();
  }

  private static void sizes(Result result) {
    int cases = 0;
    int right = 0;
    for (int in = 7; in <= 40; in++) {
      for (int k = 1; k <= 7; k++) {
        Axis axis = Axis.of(k);
        cases++;
        right += axis.over(in).out() == in - k + 1 && axis.withPadding(Padding.SAME).over(in).out() == in
            && axis.withPadding(Padding.FULL).over(in).out() == in + k - 1 ? 1 : 0;
      }
    }
    result.finding("VALID, SAME and FULL give I − k + 1, I and I + k − 1", "VALID、SAME、FULL 给出 I − k + 1、I、I + k − 1",
        right + " / " + cases, right == cases);
  }

  /// What a mean filter makes of an input that is 1 everywhere.
  private static void borders(Desk desk, int size, Axis axis, Result result) {
    Tensor ones = Tensor.full(Shape.of(1, 1, size, size), 1);
    float[] zeros = desk.run(Desk.counting(Model.of(input(1, size, size), layer(axis, Padding.SAME))), ones).data();
    float[] mirrored = desk.run(Desk.counting(Model.of(input(1, size, size), layer(axis, Padding.SAME).replicate())),
        ones).data();
    double taps = axis.kernel() * axis.kernel();
    boolean reaches = axis.withPadding(Padding.SAME).over(size).before() > 0;
    result.finding(reaches ? "Zeros around the input darken the border; repeating its edge does not"
        : "Without padding in front, the corner keeps its value", reaches ? "四周补零使边缘变暗；重复边缘像素则不会"
        : "前面没有填充时，角落保持原值", String.format(Locale.ROOT, "%.2f, %.2f", zeros[0] / taps, mirrored[0] / taps),
        reaches ? zeros[0] < mirrored[0] && mirrored[0] == taps : zeros[0] == mirrored[0]);
  }

  private static void even(Result result) {
    int cases = 0;
    int behind = 0;
    for (int in = 1; in <= 64; in++) {
      for (int k = 2; k <= 8; k += 2) {
        Axis.Placed placed = Axis.of(k).withPadding(Padding.SAME).over(in);
        cases++;
        behind += placed.out() == in && placed.after() == placed.before() + 1 ? 1 : 0;
      }
    }
    result.finding("More precisely: with an even kernel SAME cannot pad both sides alike; the odd cell lies behind",
        "更准确地说：核为偶数时 SAME 无法两侧对称填充，多出的一格在后面", behind + " / " + cases, behind == cases);
  }
}
