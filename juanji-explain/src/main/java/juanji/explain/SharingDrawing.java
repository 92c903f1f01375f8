package juanji.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.Paint;
import juanji.nn.Declaration;
import juanji.nn.Layer;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Which inputs a linear layer joins with which outputs, and which of the joints share a weight: lines of one colour
/// are one weight.
///
/// It is measured, not drawn from a definition: the weights are numbered 1, 2, 3, …, and each input in turn is 1 while
/// the others are 0. What comes out are the numbers.
///
/// ```java
/// Drawing d = SharingDrawing.of(tiledConv(1, 3).tiles(2), 8);
/// ```
///
/// Constraints: C1 the layer's output is linear in its input.
public final class SharingDrawing {
  private static final double STEP = 34;
  private static final double HEIGHT = 92;
  private static final double RADIUS = 7;

  private SharingDrawing() {
  }

  /// The joints of a layer over one channel of so many cells: for each output and input the number of the weight that
  /// joins them, from 1 on, or 0.
  public static int[][] joints(Layer layer, int cells) {
    Model model = Model.of(Layers.input(1, cells), layer);
    Map<String, Tensor> numbered = new LinkedHashMap<>();
    int next = 1;
    for (Declaration d : model.parameters()) {
      Tensor values = Tensor.zeros(d.shape());
      if (!d.name().endsWith("bias")) {
        for (int i = 0; i < values.data().length; i++) {
          values.data()[i] = next++;
        }
      }
      numbered.put(d.name(), values);
    }
    Tensor impulses = Tensor.zeros(Shape.of(cells, 1, cells));
    for (int i = 0; i < cells; i++) {
      impulses.data()[i * cells + i] = 1;
    }
    try (Workers workers = Workers.of(1)) {
      Tensor y = Probe.of(model.withWeights(Weights.of(numbered)), List.of(), List.of(), workers).run(impulses)
          .output();
      int outputs = y.data().length / cells;
      int[][] joints = new int[outputs][cells];
      for (int o = 0; o < outputs; o++) {
        for (int i = 0; i < cells; i++) {
          joints[o][i] = Math.round(y.data()[i * outputs + o]);
        }
      }
      return joints;
    }
  }

  /// The drawing of a layer over one channel of so many cells.
  public static Drawing of(Layer layer, int cells) {
    int[][] joints = joints(layer, cells);
    double width = Math.max(cells, joints.length) * STEP;
    double shift = (cells - joints.length) * STEP / 2;
    List<Mark> marks = new ArrayList<>();
    Set<Integer> used = new TreeSet<>();
    for (int o = 0; o < joints.length; o++) {
      for (int i = 0; i < cells; i++) {
        if (joints[o][i] != 0) {
          used.add(joints[o][i]);
          marks.add(Mark.line(Paint.line(Colour.series(joints[o][i] - 1)).width(1.6), x(i, Math.min(0, shift)),
              RADIUS + 1, x(o, Math.max(0, shift)), HEIGHT - RADIUS));
        }
      }
    }
    for (int i = 0; i < cells; i++) {
      marks.add(new Mark.Circle(x(i, Math.min(0, shift)), RADIUS + 1, RADIUS,
          Paint.fill(Colour.RAISED).outlined(Colour.INK)));
    }
    for (int o = 0; o < joints.length; o++) {
      marks.add(new Mark.Circle(x(o, Math.max(0, shift)), HEIGHT - RADIUS, RADIUS,
          Paint.fill(Colour.RAISED).outlined(Colour.INK)));
    }
    return new Drawing(width, HEIGHT + 2, marks).titled(layer.toString())
        .captioned(used.size() + (used.size() == 1 ? " weight" : " weights"));
  }

  private static double x(int place, double shift) {
    return Math.abs(shift) + STEP / 2 + place * STEP;
  }
}
