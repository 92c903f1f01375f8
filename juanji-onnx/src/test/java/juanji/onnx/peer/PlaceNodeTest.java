package juanji.onnx.peer;

import java.util.List;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;
import juanji.testkit.Draw;
import juanji.testkit.Values;
import org.junit.jupiter.api.Test;

/// Resizing, sampling at given places, and regions, in every version, mode and rule, as ONNX Runtime reads them.
class PlaceNodeTest {
  @Test void upsample() {
    NodePeer.all(51, 100, 60, draw -> {
      int opset = draw.of(List.of(7, 9));
      boolean linear = draw.oneIn(2);
      Shape x = Shape.of(draw.between(1, 2), draw.between(1, 3), draw.between(1, 5), draw.between(1, 5));
      float[] scales = {1, 1, draw.of(List.of(1f, 2f, 3f, 1.5f)), draw.of(List.of(1f, 2f, 2.5f))};
      NodeCase node = new NodeCase(opset, "Upsample").text("mode", linear ? "linear" : "nearest")
          .input(NodeCase.drawn(draw, x));
      return opset < 9 ? node.reals("scales", scales)
          : node.constant(NodeCase.tensor(ElementType.FLOAT, Shape.of(4), 1, 1, scales[2], scales[3]));
    });
  }

  private static NodeCase resize(Draw draw, int opset) {
    int rank = draw.of(List.of(1, 2, 2, 2, 3));
    String mode = rank == 2 ? draw.of(List.of("nearest", "linear", "cubic")) : draw.of(List.of("nearest", "linear"));
    Shape x = Shape.of(IntStream.range(0, rank).map(_ -> draw.between(2, 6)).toArray()).prepend(draw.between(1, 2))
        .prepend(draw.between(1, 2));
    NodeCase node = new NodeCase(opset, "Resize").text("mode", mode);
    String rule = draw.of(opset >= 19 ? List.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric",
        "half_pixel_symmetric", "") : rank == 2 ? List.of("half_pixel", "pytorch_half_pixel", "align_corners",
        "asymmetric", mode.equals("nearest") ? "" : "tf_crop_and_resize")
        : List.of("half_pixel", "pytorch_half_pixel", "asymmetric", ""));
    if (!rule.isEmpty()) {
      node.text("coordinate_transformation_mode", rule);
    }
    if (mode.equals("nearest") && !draw.oneIn(3)) {
      node.text("nearest_mode", draw.of(List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")));
    }
    if (mode.equals("cubic") && draw.oneIn(2)) {
      node.real("cubic_coeff_a", -0.5);
    }
    if (mode.equals("cubic") && draw.oneIn(2)) {
      node.number("exclude_outside", 1);
    }
    // Cropping, the nearest cell of a place halfway between two is a matter of rounding, and ONNX Runtime does not crop
    // along an axis that keeps its size.
    boolean cropped = rule.equals("tf_crop_and_resize");
    if (cropped && draw.oneIn(2)) {
      node.real("extrapolation_value", 7);
    }
    boolean antialias = opset >= 18 && !mode.equals("nearest") && !cropped && rank == 2 && draw.oneIn(2);
    if (antialias) {
      node.number("antialias", 1);
    }
    node.input(NodeCase.drawn(draw, x));
    int all = rank + 2;
    if (cropped) {
      double[] roi = new double[2 * all];
      for (int i = 0; i < all; i++) {
        roi[i] = i < 2 ? 0 : draw.between(0, 3) / 8.0;
        roi[i + all] = i < 2 ? 1 : draw.between(4, 10) / 8.0;
      }
      node.constant(NodeCase.tensor(ElementType.FLOAT, Shape.of(2 * all), roi));
    } else if (opset < 13) {
      // The first version asked for a region, and for factors that say nothing beside sizes.
      node.constant(NodeCase.tensor(ElementType.FLOAT, Shape.of(0)));
    } else {
      node.none();
    }
    // By factors, ONNX Runtime leaves the region out of the size, and aligns corners of whole cells, unlike ONNX.
    if (!cropped && !rule.equals("align_corners") && draw.oneIn(2)) {
      // Halves and quarters, so that sizes are not doubtful.
      return node.constant(NodeCase.tensor(ElementType.FLOAT, Shape.of(all), IntStream.range(0, all).mapToDouble(i ->
          i < 2 ? 1 : draw.of(List.of(0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 0.75))).toArray()));
    }
    if (opset >= 18 && !cropped && !rule.equals("align_corners") && draw.oneIn(3)) {
      node.text("keep_aspect_ratio_policy", draw.of(List.of("stretch", "not_larger", "not_smaller")));
      int[] axes = IntStream.range(2, all).toArray();
      node.list("axes", axes);
      return node.none().numbers(IntStream.range(0, rank).mapToLong(_ -> draw.between(2, 9)).toArray());
    }
    return (opset < 13 ? node.constant(NodeCase.tensor(ElementType.FLOAT, Shape.of(0))) : node.none())
        .numbers(IntStream.range(0, all).mapToLong(i -> i < 2 ? x.dim(i) : cropped
        ? x.dim(i) + draw.between(1, 3) : draw.between(1, 9)).toArray());
  }

  @Test void resize11() {
    NodePeer.all(52, 300, 200, draw -> resize(draw, draw.of(List.of(11, 13))));
  }

  @Test void resize18() {
    NodePeer.all(53, 300, 200, draw -> resize(draw, draw.of(List.of(18, 19))));
  }

  @Test void resize10() {
    NodePeer.all(54, 80, 50, draw -> new NodeCase(10, "Resize").text("mode", draw.of(List.of("nearest", "linear")))
        .input(NodeCase.drawn(draw, Shape.of(1, 2, draw.between(1, 6), draw.between(1, 6))))
        .constant(NodeCase.tensor(ElementType.FLOAT, Shape.of(4), 1, 1, draw.of(List.of(1.0, 2.0, 3.0, 1.5)),
        draw.of(List.of(1.0, 2.0, 2.5)))));
  }

  @Test void gridSample() {
    NodePeer.all(55, 300, 200, draw -> {
      int opset = draw.of(List.of(16, 20, 22));
      int rank = opset >= 20 ? draw.of(List.of(2, 3)) : 2;
      String mode = opset < 20 ? draw.of(List.of("bilinear", "nearest", "bicubic"))
          : draw.of(rank == 2 ? List.of("linear", "nearest", "cubic") : List.of("linear", "nearest"));
      int batch = draw.between(1, 2);
      Shape spatial = Shape.of(IntStream.range(0, rank).map(_ -> draw.between(1, 5)).toArray());
      Shape out = draw.shape(rank);
      Shape grid = Shape.of(IntStream.concat(IntStream.concat(IntStream.of(batch), IntStream.of(out.toArray())),
          IntStream.of(rank)).toArray());
      NodeCase node = new NodeCase(opset, "GridSample").input(NodeCase.drawn(draw, spatial.prepend(draw.between(1, 3))
          .prepend(batch))).input(NodeCase.drawn(draw, ElementType.FLOAT, grid, new Values.Uniform(-1.7, 1.7)));
      if (!draw.oneIn(4)) {
        node.text("mode", mode);
      }
      if (!draw.oneIn(4)) {
        node.text("padding_mode", draw.of(List.of("zeros", "border", "reflection")));
      }
      return draw.oneIn(2) ? node : node.number("align_corners", draw.between(0, 1));
    });
  }

  @Test void affineGrid() {
    NodePeer.all(56, 60, 40, draw -> {
      int rank = draw.between(2, 3);
      int batch = draw.between(1, 3);
      return new NodeCase(20, "AffineGrid").number("align_corners", draw.between(0, 1))
          .input(NodeCase.drawn(draw, Shape.of(batch, rank, rank + 1)))
          .numbers(IntStream.range(0, rank + 2).mapToLong(i -> i == 0 ? batch : draw.between(2, 5)).toArray());
    });
  }

  @Test void roiAlign() {
    NodePeer.all(57, 200, 120, draw -> {
      int opset = draw.of(List.of(10, 16, 22));
      int batch = draw.between(1, 2);
      int height = draw.between(2, 8);
      int width = draw.between(2, 8);
      int regions = draw.between(1, 4);
      double[] boxes = new double[4 * regions];
      for (int r = 0; r < regions; r++) {
        boxes[4 * r] = draw.between(0, 2 * width) / 2.0 - 0.3;
        boxes[4 * r + 1] = draw.between(0, 2 * height) / 2.0 - 0.2;
        boxes[4 * r + 2] = boxes[4 * r] + draw.between(1, 9) / 2.0;
        boxes[4 * r + 3] = boxes[4 * r + 1] + draw.between(1, 9) / 2.0;
      }
      NodeCase node = new NodeCase(opset, "RoiAlign").input(NodeCase.drawn(draw, Shape.of(batch, draw.between(1, 3),
          height, width))).either(draw, NodeCase.tensor(ElementType.FLOAT, Shape.of(regions, 4), boxes))
          .either(draw, NodeCase.drawn(draw, ElementType.INT64, Shape.of(regions), new Values.Whole(0, batch - 1)))
          .number("output_height", draw.between(1, 4)).number("output_width", draw.between(1, 4));
      if (draw.oneIn(2)) {
        node.number("sampling_ratio", draw.between(0, 3));
      }
      if (draw.oneIn(2)) {
        node.real("spatial_scale", 0.5);
      }
      // ONNX Runtime takes the maximum before a cell's weight, unlike ONNX; so the average only.
      return opset >= 16 && draw.oneIn(2) ? node.text("coordinate_transformation_mode", draw.of(List.of("half_pixel",
          "output_half_pixel"))) : node;
    });
  }

  @Test void roiMaximum() {
    NodePeer.all(58, 60, 30, draw -> new NodeCase(16, "RoiAlign").text("mode", "max").input(NodeCase.drawn(draw,
        Shape.of(1, 2, 6, 5))).constant(NodeCase.tensor(ElementType.FLOAT, Shape.of(1, 4), 0.5, 1,
        draw.between(2, 5), draw.between(2, 5))).constant(TensorProto.of("", Shape.of(1), 0))
        .number("output_height", draw.between(1, 3)).number("output_width", 2).number("sampling_ratio", 2));
  }

  @Test void deformConv() {
    NodePeer.all(59, 60, 0, draw -> {
      int groups = draw.between(1, 2);
      int offsets = draw.between(1, 2);
      int in = 2 * draw.between(1, 2);
      int kh = draw.between(1, 3);
      int kw = draw.between(1, 3);
      int h = draw.between(kh, 6);
      int w = draw.between(kw, 6);
      Shape out = Shape.of(h - kh + 3, w - kw + 3);
      NodeCase node = new NodeCase(19, "DeformConv").number("group", groups).number("offset_group", offsets)
          .list("pads", 1, 1, 1, 1).input(NodeCase.drawn(draw, Shape.of(1, in, h, w)))
          .input(NodeCase.drawn(draw, Shape.of(2, in / groups, kh, kw)))
          .input(NodeCase.drawn(draw, ElementType.FLOAT, Shape.of(1, offsets * 2 * kh * kw, out.dim(0), out.dim(1)),
              new Values.Uniform(-2, 2)));
      if (draw.oneIn(2)) {
        node.input(NodeCase.drawn(draw, Shape.of(2))).input(NodeCase.drawn(draw, ElementType.FLOAT,
            Shape.of(1, offsets * kh * kw, out.dim(0), out.dim(1)), new Values.Uniform(0, 1)));
      }
      return node;
    });
  }
}
