package juanji.onnx.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.nn.Input;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.nn.Resizing;
import juanji.op.Regional;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.Draw;
import org.junit.jupiter.api.Test;

/// Regions and resizing are ONNX Runtime's.
class RegionPeerTest {
  /// Regions of batch number, x1, y1, x2, y2; some of no area, some reaching over the border.
  private static Tensor regions(Draw draw, int count, Shape x, double scale) {
    Tensor regions = Tensor.zeros(Shape.of(count, 5));
    for (int r = 0; r < count; r++) {
      regions.data()[r * 5] = draw.between(0, x.dim(0) - 1);
      for (int i = 0; i < 2; i++) {
        int extent = x.dim(3 - i);
        double low = draw.between(-2, 4 * extent) / 4.0;
        double size = draw.oneIn(8) ? 0 : draw.between(0, 4 * extent) / 4.0;
        regions.data()[r * 5 + 1 + i] = (float) (low / scale);
        regions.data()[r * 5 + 3 + i] = (float) ((low + size) / scale);
      }
    }
    return regions;
  }

  private static Comparison comparison(Regional op, OnnxModel model, Shape x, Tensor regions, Draw draw) {
    GraphBuilder b = new GraphBuilder();
    Graph graph = b.output("y", b.apply(op, b.input("x", x), b.input("regions", regions.shape()))).build();
    return new Comparison(op + " of " + x + " at " + regions, model, graph,
        Map.of("x", Comparison.numbers(draw, x), "regions", regions), Map.of());
  }

  @Test void maximaOfRegions() {
    Comparison.all(1, 150, draw -> {
      Shape x = draw.spatial(2).prepend(draw.channels()).prepend(draw.between(1, 3));
      double scale = draw.of(List.of(1.0, 0.5, 0.25));
      int height = draw.between(1, 5);
      int width = draw.between(1, 5);
      Tensor regions = regions(draw, draw.between(1, 4), x, scale);
      OnnxModel model = new OnnxModel(21).input("x", x).input("regions", regions.shape()).output("y", false, 4);
      model.node("MaxRoiPool", List.of("x", "regions"), List.of("y")).numbers("pooled_shape", height, width)
          .real("spatial_scale", scale);
      return comparison(new Regional.RoiPool(height, width, scale), model, x, regions, draw);
    });
  }

  @Test void samplesOfRegions() {
    Comparison.all(2, 200, draw -> {
      Shape x = draw.spatial(2).prepend(draw.channels()).prepend(draw.between(1, 3));
      double scale = draw.of(List.of(1.0, 0.5, 0.25));
      int height = draw.between(1, 5);
      int width = draw.between(1, 5);
      int samples = draw.between(0, 3);
      boolean aligned = draw.oneIn(2);
      Tensor regions = regions(draw, draw.between(1, 4), x, scale);
      int count = regions.shape().dim(0);
      OnnxModel model = new OnnxModel(21).input("x", x).input("regions", regions.shape()).output("y", false, 4)
          .numbers("one", 1).numbers("five", 5).numbers("axis", 1)
          .numbers("pictures", IntStream.range(0, count).mapToLong(r -> (long) regions.data()[r * 5]).toArray());
      model.node("Slice", List.of("regions", "one", "five", "axis"), List.of("boxes"));
      model.node("RoiAlign", List.of("x", "boxes", "pictures"), List.of("y")).number("output_height", height)
          .number("output_width", width).number("sampling_ratio", samples).real("spatial_scale", scale)
          .text("coordinate_transformation_mode", aligned ? "half_pixel" : "output_half_pixel");
      return comparison(new Regional.RoiAlign(height, width, scale, samples, aligned), model, x, regions, draw);
    });
  }

  @Test void sizes() {
    Comparison.all(3, 240, draw -> {
      int rank = draw.of(List.of(1, 2, 2, 3));
      Shape x = draw.spatial(rank).prepend(draw.channels()).prepend(draw.between(1, 3));
      boolean nearest = draw.oneIn(2);
      boolean corners = draw.oneIn(2);
      boolean factor = draw.oneIn(2);
      int[] numbers = IntStream.range(0, rank).map(_ -> factor ? draw.between(1, 4) : draw.between(1, 17)).toArray();
      Resizing layer = factor ? Layers.upsample(numbers) : Layers.resize(numbers);
      layer = nearest ? layer.byNearest() : layer.linear();
      layer = corners ? layer.alignCorners() : layer;
      OnnxModel model = new OnnxModel(19).input("x", x).output("y", false, rank + 2);
      List<String> names = new ArrayList<>(List.of("x", ""));
      if (factor) {
        Tensor scales = Tensor.zeros(Shape.of(rank + 2));
        for (int i = 0; i < rank + 2; i++) {
          scales.data()[i] = i < 2 ? 1 : numbers[i - 2];
        }
        model.reals("scales", scales);
        names.add("scales");
      } else {
        names.addAll(List.of("", "sizes"));
        model.numbers("sizes", IntStream.range(0, rank + 2).mapToLong(i -> i < 2 ? x.dim(i) : numbers[i - 2])
            .toArray());
      }
      model.node("Resize", names, List.of("y")).text("mode", nearest ? "nearest" : "linear")
          .text("nearest_mode", "round_prefer_ceil")
          .text("coordinate_transformation_mode", corners ? "align_corners" : "half_pixel");
      return new Comparison(layer + " of " + x, model, Model.of(new Input(x.sample()), layer).graph(),
          Map.of("x", Comparison.numbers(draw, x)), Map.of());
    });
  }
}
