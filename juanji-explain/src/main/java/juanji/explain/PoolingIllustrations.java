package juanji.explain;

import static juanji.nn.Layers.adaptiveAvgPool;
import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.lpPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.spatialPyramid;
import static juanji.nn.Layers.stochasticPool;
import static juanji.nn.Layers.sumPool;
import static juanji.nn.Layers.unpool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.NumberGrid;
import juanji.draw.Paint;
import juanji.nn.Layer;
import juanji.op.Axis;
import juanji.op.Exact;
import juanji.op.Regional;
import juanji.op.Window;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Drawings of pooling.
final class PoolingIllustrations {
  private static final float[] MAP = {1, 3, 0, 2, 5, 1, 2, 4, 0, 6, 1, 1, 2, 0, 3, 7};
  private static final double ROOM = 16;

  private PoolingIllustrations() {
  }

  static void into(Map<String, Supplier<Drawing>> all) {
    all.put("pooling-kinds", PoolingIllustrations::kinds);
    all.put("pooling-overlap", PoolingIllustrations::overlap);
    all.put("pooling-adaptive", PoolingIllustrations::adaptive);
    all.put("pooling-pyramid", PoolingIllustrations::pyramid);
    all.put("pooling-regions", PoolingIllustrations::regions);
    all.put("pooling-unpool", PoolingIllustrations::unpooling);
  }

  private static Drawing grid(Layer layer, int height, int width, Tensor x) {
    Tensor y = Probe.apply(layer, x);
    return NumberGrid.of(height, width, y.data()).cell(34).shaded().drawing().captioned(layer.toString());
  }

  private static Drawing kinds() {
    Tensor x = Tensor.of(Shape.of(1, 4, 4), MAP);
    NumberGrid map = NumberGrid.of(4, 4, MAP);
    for (int i = 0; i < 4; i++) {
      map = map.highlight(i / 2 * 2, i % 2 * 2, 2, 2, Colour.series(i));
    }
    List<Drawing> results = new ArrayList<>();
    for (Layer layer : List.of(maxPool(2), avgPool(2), sumPool(2), lpPool(2, 2), stochasticPool(2))) {
      results.add(grid(layer, 2, 2, x));
    }
    results.add(grid(globalAvgPool(), 1, 1, x));
    return Drawing.row(24, map.drawing(), Drawing.arrow(28), Drawing.tiles(3, 18, results)).framed(ROOM);
  }

  private static Drawing overlap() {
    return Drawing.row(40,
        WindowDrawing.of(Window.of(2, Axis.of(2).withStride(2)), Shape.of(7, 7)).titled("maxPool(2)"),
        WindowDrawing.of(Window.of(2, Axis.of(3).withStride(2)), Shape.of(7, 7)).titled("maxPool(3).stride(2)"))
        .framed(ROOM);
  }

  /// The cells of an axis that each bin of adaptive pooling reads, found by putting 1 into one cell after the other.
  static boolean[][] bins(int cells, int bins) {
    boolean[][] reads = new boolean[bins][cells];
    for (int i = 0; i < cells; i++) {
      Tensor x = Tensor.zeros(Shape.of(1, cells));
      x.data()[i] = 1;
      float[] y = Probe.apply(adaptiveAvgPool(bins), x).data();
      for (int b = 0; b < bins; b++) {
        reads[b][i] = y[b] != 0;
      }
    }
    return reads;
  }

  private static Drawing adaptive() {
    List<Drawing> rows = new ArrayList<>();
    for (int cells : new int[] {8, 7, 10}) {
      boolean[][] reads = bins(cells, 4);
      double[][] values = new double[4][cells];
      NumberGrid grid = NumberGrid.of(values).format(_ -> "").cell(20);
      for (int b = 0; b < 4; b++) {
        for (int i = 0; i < cells; i++) {
          grid = reads[b][i] ? grid.highlight(b, i, 1, 1, Colour.series(b)) : grid;
        }
      }
      rows.add(grid.drawing().titled(cells + " → 4"));
    }
    return Drawing.row(36, rows).framed(ROOM);
  }

  private static Drawing pyramid() {
    List<Drawing> columns = new ArrayList<>();
    for (int[] size : new int[][] {{7, 7}, {6, 9}}) {
      Tensor x = Tensor.zeros(Shape.of(1, size[0], size[1]));
      for (int i = 0; i < x.data().length; i++) {
        x.data()[i] = i * 37 % 50;
      }
      Tensor y = Probe.apply(spatialPyramid(1, 2, 4), x);
      NumberGrid row = NumberGrid.of(1, y.data().length, y.data()).cell(22).highlight(0, 0, 1, 1, Colour.BLUE)
          .highlight(0, 1, 1, 4, Colour.VERMILLION).highlight(0, 5, 1, 16, Colour.GREEN);
      columns.add(Drawing.row(16, NumberGrid.of(size[0], size[1], x.data()).cell(18).shaded().drawing(),
          Drawing.arrow(24), row.drawing().captioned("1 + 4 + 16 = " + y.data().length)));
    }
    return Drawing.column(18, columns).framed(ROOM);
  }

  private static Drawing regions() {
    int side = 6;
    float[] map = new float[side * side];
    for (int i = 0; i < map.length; i++) {
      map[i] = i % side + i / side;
    }
    double[] box = {0, 1.2, 0.8, 4.7, 4.3};
    Exact x = new Exact(Shape.of(1, 1, side, side), Exact.of(Tensor.of(Shape.of(1, 1, side, side), map)).data());
    Exact regions = new Exact(Shape.of(1, 5), box);
    Exact pooled = Exact.ALGEBRA.apply(new Regional.RoiPool(2, 2, 1), x, regions);
    Exact aligned = Exact.ALGEBRA.apply(new Regional.RoiAlign(2, 2, 1, 2, true), x, regions);
    double cell = 30;
    Drawing input = NumberGrid.of(side, side, map).drawing().with(Mark.rectangle(1 + box[1] * cell, 1 + box[2] * cell,
        (box[3] - box[1]) * cell, (box[4] - box[2]) * cell,
        Paint.fill(Colour.BLUE).opacity(0.18).outlined(Colour.BLUE).width(2)));
    return Drawing.row(24, input, Drawing.arrow(28), numbers(pooled).captioned("roiPool"),
        numbers(aligned).captioned("roiAlign")).framed(ROOM);
  }

  private static Drawing numbers(Exact y) {
    return NumberGrid.of(2, 2, y.toTensor().data()).cell(40).shaded().drawing();
  }

  private static Drawing unpooling() {
    Tensor x = Tensor.of(Shape.of(1, 4, 4), MAP);
    return Drawing.row(18, NumberGrid.of(4, 4, MAP).drawing(), Drawing.arrow(26), grid(maxPool(2), 2, 2, x),
        Drawing.arrow(26), grid(unpool(maxPool(2), identity()), 4, 4, x)).framed(ROOM);
  }
}
