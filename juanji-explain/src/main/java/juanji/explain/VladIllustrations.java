package juanji.explain;

import static juanji.nn.Layers.input;
import static juanji.nn.Layers.netVlad;
import static juanji.nn.Layers.vlad;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.draw.Mark;
import juanji.draw.Paint;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.VladClusters;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Drawings of the VLAD family.
final class VladIllustrations {
  private static final int POINTS = 36;
  private static final double SIDE = 260;
  private static final double ROOM = 16;

  private VladIllustrations() {
  }

  static void into(Map<String, Supplier<Drawing>> all) {
    all.put("vlad-residuals", VladIllustrations::residuals);
    all.put("vlad-descriptors", VladIllustrations::descriptors);
  }

  /// Points around three places: features of two channels at 36 positions.
  private static Tensor features(int seed) {
    Random random = new Random(seed);
    float[] data = new float[2 * POINTS];
    double[][] places = {{0.25, 0.3}, {0.75, 0.25}, {0.5, 0.78}};
    for (int i = 0; i < POINTS; i++) {
      data[i] = (float) (places[i % 3][0] + 0.09 * random.nextGaussian());
      data[POINTS + i] = (float) (places[i % 3][1] + 0.09 * random.nextGaussian());
    }
    return Tensor.of(Shape.of(2, 6, 6), data);
  }

  private static VladClusters clusters(Tensor x) {
    return VladClusters.of(VladClusters.features(x.reshape(x.shape().prepend(1))), 3, 1);
  }

  private static Drawing residuals() {
    Tensor x = features(5);
    Tensor centers = clusters(x).centers();
    List<Mark> marks = new ArrayList<>();
    marks.add(Mark.rectangle(0.5, 0.5, SIDE, SIDE, Paint.fill(Colour.RAISED).outlined(Colour.LINE)));
    for (int i = 0; i < POINTS; i++) {
      double px = x.data()[i];
      double py = x.data()[POINTS + i];
      int nearest = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int k = 0; k < 3; k++) {
        double d = Math.hypot(px - centers.at(k, 0), py - centers.at(k, 1));
        nearest = d < least ? k : nearest;
        least = Math.min(least, d);
      }
      marks.add(Mark.line(Paint.line(Colour.series(nearest)), SIDE * centers.at(nearest, 0),
          SIDE * centers.at(nearest, 1), SIDE * px, SIDE * py));
      marks.add(new Mark.Circle(SIDE * px, SIDE * py, 2.5, Paint.fill(Colour.series(nearest))));
    }
    for (int k = 0; k < 3; k++) {
      double cx = SIDE * centers.at(k, 0);
      double cy = SIDE * centers.at(k, 1);
      marks.add(Mark.polygon(Paint.fill(Colour.series(k)).outlined(Colour.INK), cx - 7, cy, cx, cy - 7, cx + 7, cy, cx,
          cy + 7));
    }
    return new Drawing(SIDE + 1, SIDE + 1, marks).framed(ROOM);
  }

  private static Drawing descriptors() {
    // The residuals of the points that centres are the means of cancel, but for rounding: others are described.
    VladClusters clusters = clusters(features(5));
    Tensor x = features(6);
    List<Drawing> columns = new ArrayList<>();
    for (Layer layer : List.of(vlad(3), netVlad(3))) {
      Model model = Model.of(input(2, 6, 6), layer);
      model = model.withWeights(clusters.into(model.weights(), layer.kind() + "1"));
      Tensor y = Probe.apply(model, x);
      columns.add(HeatMap.of(3, 2, y.data()).cell(40).cells().titled(layer.toString()).captioned("3 · 2 = "
          + y.data().length));
    }
    return Drawing.row(40, columns).framed(ROOM);
  }
}
