package juanji.lab;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import juanji.draw.Drawing;
import juanji.explain.WindowDrawing;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.tensor.Shape;

/// How far dilated kernels see, and the cells that a stack of them leaves out.
///
/// Sources: Yu and Koltun, *Multi-scale context aggregation by dilated convolutions*, 2016; Wang et al., *Understanding
/// convolution for semantic segmentation*, 2018.
final class DilationLab {
  static final Laboratory LAB = new Laboratory("dilated", "4", new Words("Dilated kernels, and the grid they leave",
      "空洞卷积与它留下的网格"), new Words("a 3×3 kernel of rate 2 sees 5×5 with 9 weights; equal rates leave cells unseen",
      "膨胀率 2 的 3×3 核用 9 个权重看到 5×5；相同的膨胀率会留下看不到的格子"),
      List.of(Choice.number("kernel", 3, 2, 7, "The side of the kernels."),
          Choice.numbers("dilations", "2,2,2", 1, 16, "The dilation of each layer, with commas."),
          Choice.numbers("other", "1,2,3", 1, 16, "Dilations to compare with.")), DilationLab::run);
  private static final int LARGEST = 160;

  private DilationLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    int kernel = setup.number("kernel");
    List<Integer> first = setup.numbers("dilations");
    List<Integer> second = setup.numbers("other");
    for (List<Integer> dilations : List.of(first, second)) {
      if (Gridding.field(kernel, dilations) > LARGEST) {
        throw new IllegalArgumentException("these kernels see too far to be drawn.\n"
            + "  C1: 1 + Σ dilation · (kernel − 1) is at most "
            + LARGEST + "; received " + Gridding.field(kernel, dilations) + ".\n"
            + "  Take smaller dilations.");
      }
    }
    Model one = Model.of(input(1, 16, 16), conv(1, 3).dilation(2).noBias());
    String sees = one.summary().rows().getLast().field();
    result.finding("A 3×3 kernel of rate 2 sees 5×5 with 9 weights", "膨胀率 2 的 3×3 核用 9 个权重看到 5×5",
        sees + ", " + one.weightCount(), sees.equals("5×5") && one.weightCount() == 9);
    result.exhibit("Where its weights are", "权重的位置", WindowDrawing.of(Window.of(2, Axis.of(3).withDilation(2)),
        Shape.of(7, 7)));
    for (List<Integer> dilations : List.of(first, second)) {
      int side = Gridding.field(kernel, dilations);
      Model stack = Model.of(input(1, side, side), Gridding.stack(kernel, dilations));
      String field = stack.summary().rows().getLast().field();
      result.finding("A stack of " + kernel + "×" + kernel + " kernels of rates " + words(dilations)
          + " sees 1 + Σ d (k − 1) = " + side + " cells a side", "膨胀率 " + words(dilations) + " 的 " + kernel + "×"
          + kernel + " 核堆叠，每边看到 1 + Σ d (k − 1) = " + side + " 格", field + ", " + stack.weightCount(),
          field.equals(side + "×" + side)
          && stack.weightCount() == (long) dilations.size() * kernel * kernel);
    }
    compare(kernel, first, second, result);
    grow(kernel, result);
  }

  private static String words(List<Integer> dilations) {
    return String.join(", ", dilations.stream().map(String::valueOf).toList());
  }

  /// Whether sums of multiples of the dilations reach every offset within the field: found on a line, by sets.
  private static boolean gapless(int kernel, List<Integer> dilations) {
    boolean[] reached = {true};
    for (int d : dilations) {
      boolean[] next = new boolean[reached.length + d * (kernel - 1)];
      for (int i = 0; i < reached.length; i++) {
        for (int k = 0; reached[i] && k < kernel; k++) {
          next[i + k * d] = true;
        }
      }
      reached = next;
    }
    for (boolean r : reached) {
      if (!r) {
        return false;
      }
    }
    return true;
  }

  private static void compare(int kernel, List<Integer> first, List<Integer> second, Result result) {
    for (List<Integer> dilations : List.of(first, second)) {
      int left = Gridding.untouched(kernel, dilations);
      boolean gaps = !gapless(kernel, dilations);
      result.finding("Dilations " + words(dilations) + (gaps ? " leave cells of their field unseen: a grid"
          : " leave no cell of their field unseen"), "膨胀率 " + words(dilations) + (gaps ? " 留下看不到的格子：网格效应"
          : " 不留下看不到的格子"), left + " / " + square(Gridding.field(kernel, dilations)), left > 0 == gaps);
    }
    result.exhibit("In how many ways each cell reaches the output: dilations " + words(first) + " and "
        + words(second), "每个格子到达输出的途径数：膨胀率 " + words(first) + " 与 " + words(second), Drawing.row(30,
        Gridding.drawing(kernel, first), Gridding.drawing(kernel, second)));
  }

  private static int square(int side) {
    return side * side;
  }

  /// Doubled dilations against as many weights without.
  private static void grow(int kernel, Result result) {
    List<Integer> doubled = new ArrayList<>();
    while (doubled.size() < 4) {
      doubled.add(1 << doubled.size());
    }
    int far = Gridding.field(kernel, doubled);
    int near = Gridding.field(kernel, Collections.nCopies(doubled.size(), 1));
    Layer[] plain = Gridding.stack(kernel, Collections.nCopies(doubled.size(), 1));
    long weights = Model.of(input(1, far, far), Gridding.stack(kernel, doubled)).weightCount();
    long same = Model.of(input(1, far, far), plain).weightCount();
    result.finding("With rates that double, " + Arrays.toString(doubled.toArray()) + ", as many weights see much "
        + "further", "膨胀率逐层加倍 " + Arrays.toString(doubled.toArray()) + " 时，同样多的权重看得远得多", far + "×" + far + " : "
        + near + "×" + near + ", " + weights + " : " + same, far > 2 * near && weights == same);
  }
}
