package juanji.explain;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.depthwise;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.pad;
import static juanji.nn.Layers.separable;
import static juanji.nn.Layers.spatiallySeparable;
import static juanji.nn.Layers.tiledConv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import juanji.draw.BarChart;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.NumberGrid;
import juanji.draw.Paint;
import juanji.nn.Convolution;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Rearrangement;
import juanji.nn.Weights;
import juanji.op.Axis;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Drawings of convolution and of the sharing of weights.
final class ConvolutionIllustrations {
  private static final float[] PICTURE = {1, 2, 0, 3, 1, 0, 1, 4, 1, 2, 2, 3, 1, 0, 1, 1, 0, 2, 5, 0, 3, 1, 0, 2, 1};
  private static final float[] EDGES = {1, 0, -1, 2, 0, -2, 1, 0, -1};
  private static final double ROOM = 16;

  private ConvolutionIllustrations() {
  }

  static void into(Map<String, Supplier<Drawing>> all) {
    all.put("convolution-step", ConvolutionIllustrations::step);
    all.put("convolution-padding", ConvolutionIllustrations::padding);
    all.put("convolution-stride", () -> window(Axis.of(3).withStride(2), 7));
    all.put("convolution-dilation", () -> window(Axis.of(3).withDilation(2), 7));
    all.put("convolution-borders", ConvolutionIllustrations::borders);
    all.put("convolution-turned", ConvolutionIllustrations::turned);
    all.put("convolution-groups", ConvolutionIllustrations::groups);
    all.put("convolution-separable", ConvolutionIllustrations::separableCounts);
    all.put("convolution-transposed", ConvolutionIllustrations::transposed);
    all.put("weights-sharing", ConvolutionIllustrations::sharing);
    all.put("weights-tiles", ConvolutionIllustrations::tiles);
  }

  /// A convolution with one kernel and no bias on the picture above.
  static Tensor convolved(Convolution layer, float[] kernel, float[] picture, int side) {
    Model model = Model.of(input(1, side, side), layer.noBias());
    Tensor weight = Tensor.of(model.parameters().getFirst().shape(), kernel);
    return Probe.apply(model.withWeights(Weights.of(Map.of("conv1.weight", weight))),
        Tensor.of(Shape.of(1, side, side), picture));
  }

  private static Drawing step() {
    Tensor y = convolved(conv(1, 3), EDGES, PICTURE, 5);
    StringBuilder sum = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      float x = PICTURE[(i / 3 + 1) * 5 + i % 3 + 1];
      sum.append(i == 0 ? "" : " + ").append(NumberGrid.shortly(x)).append('·')
          .append(EDGES[i] < 0 ? "(" + NumberGrid.shortly(EDGES[i]) + ")" : NumberGrid.shortly(EDGES[i]));
    }
    Drawing row = Drawing.row(12, NumberGrid.of(5, 5, PICTURE).highlight(1, 1, 3, 3, Colour.BLUE).drawing()
        .captioned("x"), Drawing.sign("∗"), NumberGrid.of(3, 3, EDGES).shaded().drawing().captioned("w"),
        Drawing.sign("="), NumberGrid.of(3, 3, y.data()).highlight(1, 1, 1, 1, Colour.VERMILLION).drawing()
        .captioned("y"));
    return Drawing.column(14, row, Drawing.text(sum + " = " + NumberGrid.shortly(y.at(0, 1, 1)), 13, Colour.INK))
        .framed(ROOM);
  }

  private static Drawing padding() {
    return Drawing.row(40, IntStream.range(0, 3).mapToObj(i -> WindowDrawing.of(
        Window.of(2, Axis.of(3).withPadding(List.of(Padding.VALID, Padding.SAME, Padding.FULL).get(i))),
        Shape.of(4, 4)).titled(List.of("valid", "same", "full").get(i))).toList()).framed(ROOM);
  }

  private static Drawing window(Axis axis, int side) {
    return WindowDrawing.of(Window.of(2, axis), Shape.of(side, side)).framed(ROOM);
  }

  private static Drawing borders() {
    float[] row = {1, 2, 3, 4, 5};
    Rearrangement.Bordering zero = pad(3);
    List<Drawing> rows = new ArrayList<>();
    for (Rearrangement.Bordering layer : List.of(zero, zero.reflect(), zero.replicate(), zero.circular())) {
      Tensor y = Probe.apply(layer, Tensor.of(Shape.of(1, 5), row));
      rows.add(Drawing.row(10, Drawing.of(150, 20, Mark.text(0, 15, layer.toString(), 13)),
          NumberGrid.of(1, 11, y.data()).cell(26).highlight(0, 3, 1, 5, Colour.BLUE).drawing()));
    }
    return Drawing.column(8, rows).framed(ROOM);
  }

  private static Drawing turned() {
    float[] impulse = new float[25];
    impulse[12] = 1;
    float[] kernel = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    return Drawing.row(16, NumberGrid.of(5, 5, impulse).cell(24).highlight(2, 2, 1, 1, Colour.BLUE).drawing()
        .captioned("x"), NumberGrid.of(3, 3, kernel).cell(24).shaded().drawing().captioned("w"), Drawing.arrow(28),
        NumberGrid.of(3, 3, convolved(conv(1, 3), kernel, impulse, 5).data()).cell(24).shaded().drawing()
            .captioned("conv(1, 3)"),
        NumberGrid.of(3, 3, convolved(conv(1, 3).turned(), kernel, impulse, 5).data()).cell(24).shaded().drawing()
            .captioned("conv(1, 3).turned()")).framed(ROOM);
  }

  /// Which input channels each output channel depends on: measured with one channel after the other at 1.
  static boolean[][] channels(Layer layer, int channels) {
    Model model = Model.of(input(channels, 1, 1), layer);
    boolean[][] depends = null;
    float[] silent = Probe.apply(model, Tensor.zeros(Shape.of(channels, 1, 1))).data();
    for (int c = 0; c < channels; c++) {
      Tensor x = Tensor.zeros(Shape.of(channels, 1, 1));
      x.data()[c] = 1;
      float[] y = Probe.apply(model, x).data();
      depends = depends == null ? new boolean[y.length][channels] : depends;
      for (int o = 0; o < y.length; o++) {
        depends[o][c] = y[o] != silent[o];
      }
    }
    return depends;
  }

  private static Drawing joints(Layer layer, int inputs) {
    boolean[][] depends = channels(layer, inputs);
    double step = 26;
    List<Mark> marks = new ArrayList<>();
    for (int o = 0; o < depends.length; o++) {
      for (int c = 0; c < inputs; c++) {
        if (depends[o][c]) {
          marks.add(Mark.line(Paint.line(Colour.series(o)).width(1.5), 13 + c * step, 14, 13 + o * step, 86));
        }
      }
    }
    for (int i = 0; i < Math.max(inputs, depends.length); i++) {
      if (i < inputs) {
        marks.add(Mark.rectangle(4 + i * step, 2, 18, 14, Paint.fill(Colour.RAISED).outlined(Colour.INK)));
      }
      if (i < depends.length) {
        marks.add(Mark.rectangle(4 + i * step, 84, 18, 14, Paint.fill(Colour.RAISED).outlined(Colour.INK)));
      }
    }
    return new Drawing(Math.max(inputs, depends.length) * step, 100, marks).titled(layer.toString())
        .captioned(Model.of(input(inputs, 8, 8), layer).weightCount() + " weights");
  }

  private static Drawing groups() {
    return Drawing.row(36, joints(conv(6, 1).noBias(), 6), joints(conv(6, 1).groups(2).noBias(), 6),
        joints(depthwise(1).noBias(), 6)).framed(ROOM);
  }

  private static Drawing separableCounts() {
    BarChart chart = BarChart.of("weights, 64 → 128 channels, 3 × 3");
    for (Layer layer : List.of(conv(128, 3).noBias(), separable(128, 3).pointwiseFirst().noBias(),
        separable(128, 3).noBias(), spatiallySeparable(128, 3).noBias())) {
      chart = chart.bar(layer.toString().replace(".noBias()", ""), Model.of(input(64, 8, 8), layer).weightCount());
    }
    return chart.width(620).drawing().framed(ROOM);
  }

  private static Drawing transposed() {
    Model model = Model.of(input(1, 2, 2), convTransposed(1, 4).stride(3).noBias());
    Tensor ones = Tensor.full(model.parameters().getFirst().shape(), 1);
    Model counting = model.withWeights(Weights.of(Map.of(model.parameters().getFirst().name(), ones)));
    List<Drawing> steps = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Tensor x = Tensor.zeros(Shape.of(1, 2, 2));
      x.data()[i] = 1;
      Tensor y = Probe.apply(counting, x);
      double[][] cells = new double[7][7];
      for (int p = 0; p < 49; p++) {
        cells[p / 7][p % 7] = y.data()[p] == 0 ? Double.NaN : y.data()[p];
      }
      steps.add(NumberGrid.of(cells).cell(15).shaded().drawing());
      if (i < 3) {
        steps.add(Drawing.sign("+"));
      }
    }
    Tensor all = Probe.apply(counting, Tensor.full(Shape.of(1, 2, 2), 1));
    steps.add(Drawing.sign("="));
    steps.add(NumberGrid.of(7, 7, all.data()).cell(22).shaded().drawing());
    return Drawing.row(8, steps).framed(ROOM);
  }

  private static Drawing sharing() {
    return Drawing.tiles(2, 28, List.of(SharingDrawing.of(chain(flatten(), dense(6)), 8),
        SharingDrawing.of(locallyConnected(1, 3), 8), SharingDrawing.of(tiledConv(1, 3).tiles(2), 8),
        SharingDrawing.of(conv(1, 3), 8))).framed(ROOM);
  }

  private static Drawing tiles() {
    List<Drawing> grids = new ArrayList<>();
    for (int t : new int[] {1, 2, 3, 6}) {
      double[][] sets = new double[6][6];
      for (int r = 0; r < 6; r++) {
        for (int c = 0; c < 6; c++) {
          sets[r][c] = r % t * t + c % t + 1;
        }
      }
      NumberGrid grid = NumberGrid.of(sets).cell(20);
      for (int r = 0; r < 6; r++) {
        for (int c = 0; c < 6; c++) {
          grid = t < 6 ? grid.highlight(r, c, 1, 1, Colour.series((int) sets[r][c] - 1)) : grid;
        }
      }
      long weights = Model.of(input(1, 8, 8), tiledConv(1, 3).tiles(t).noBias()).weightCount();
      grids.add(grid.drawing().titled("tiles(" + t + ")").captioned(weights + " weights"));
    }
    return Drawing.row(24, grids).framed(ROOM);
  }
}
