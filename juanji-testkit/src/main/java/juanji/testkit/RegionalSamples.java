package juanji.testkit;

import java.util.List;
import juanji.op.Regional;
import juanji.tensor.Shape;

/// Samples of operations on regions of pictures: some empty, some outside, some of no picture.
final class RegionalSamples {
  private static final Regional.RoiPool POOL = new Regional.RoiPool(2, 2, 1);
  private static final Regional.RoiAlign ALIGN = new Regional.RoiAlign(2, 2, 1, 2, false);

  private RegionalSamples() {
  }

  static List<Regional> kinds() {
    return List.of(POOL, new Regional.RoiPoolInput(2, 2, 1), ALIGN, new Regional.RoiAlignInput(ALIGN));
  }

  static Sample one(Regional kind, Draw draw) {
    int height = draw.between(1, 4);
    int width = draw.between(1, 4);
    double scale = draw.of(List.of(1.0, 0.5, 0.37));
    Shape x = draw.spatial(2).prepend(draw.channels()).prepend(draw.between(1, 3));
    Shape regions = Shape.of(draw.between(1, 6), 5);
    Shape y = Shape.of(regions.dim(0), x.dim(1), height, width);
    Values table = new Values.Whole(-1, 15);
    Regional.RoiAlign align = new Regional.RoiAlign(height, width, scale, draw.between(0, 3), draw.oneIn(2));
    return switch (kind) {
      case Regional.RoiPool _ -> new Sample(new Regional.RoiPool(height, width, scale), List.of(x, regions),
          List.of(Values.APART, table));
      case Regional.RoiPoolInput _ -> new Sample(new Regional.RoiPoolInput(height, width, scale),
          List.of(x, regions, y), List.of(Values.APART, table, Values.SIGNED));
      case Regional.RoiAlign _ -> new Sample(align, List.of(x, regions), List.of(Values.SIGNED, table));
      case Regional.RoiAlignInput _ -> new Sample(new Regional.RoiAlignInput(align), List.of(x, regions, y),
          List.of(Values.SIGNED, table, Values.SIGNED));
    };
  }

  static List<ErrorSample> errors(Regional kind) {
    Shape x = Shape.of(1, 2, 5, 6);
    Shape regions = Shape.of(3, 5);
    Shape y = Shape.of(3, 2, 2, 2);
    return switch (kind) {
      case Regional.RoiPool _, Regional.RoiAlign _ -> List.of(
          OpErrors.error(kind, List.of(Shape.of(2, 5, 6), regions), "C1: x is batch × channels × height × width; "
              + "received 2 × 5 × 6.", "Give pictures or feature maps of two spatial axes."),
          OpErrors.error(kind, List.of(x, Shape.of(3, 4)), "C2: the regions are R × 5 (picture, x1, y1, x2, y2), R at "
              + "least 1; received 3 × 4.", "Give one row of five numbers per region."),
          OpErrors.error(kind, List.of(x, Shape.of(0, 5)), "C2: the regions are R × 5 (picture, x1, y1, x2, y2), R at "
              + "least 1; received 0 × 5.", "Give one row of five numbers per region."));
      case Regional.RoiPoolInput _, Regional.RoiAlignInput _ -> List.of(
          OpErrors.error(kind, List.of(Shape.of(2, 5, 6), regions, y), "C1: x is batch × channels × height × width; "
              + "received 2 × 5 × 6.", "Give pictures or feature maps of two spatial axes."),
          OpErrors.error(kind, List.of(x, regions, Shape.of(3, 2, 2, 3)), "C3: the gradient has the shape of the "
              + "output, 3 × 2 × 2 × 2; received 3 × 2 × 2 × 3.", "Use the output that belongs to the input."));
    };
  }
}
