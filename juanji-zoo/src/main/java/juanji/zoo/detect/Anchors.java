package juanji.zoo.detect;

import java.util.ArrayList;
import java.util.List;

/// The boxes that a region proposal network starts from: at each place of its maps one for each size and shape.
///
/// Constraints: C1 there is at least one side and one ratio, all above 0, and a stride of at least 1.
///
/// ```java
/// Anchors anchors = Anchors.usual();         // 128, 256 and 512 pixels in three shapes, 16 pixels apart
/// ```
///
/// @param sides the roots of the boxes' areas
/// @param ratios height over width
/// @param stride pixels from one place to the next
public record Anchors(List<Double> sides, List<Double> ratios, int stride) {
  /// Checks C1.
  public Anchors {
    sides = List.copyOf(sides);
    ratios = List.copyOf(ratios);
    if (sides.isEmpty() || ratios.isEmpty() || stride < 1 || sides.stream().anyMatch(s -> !(s > 0 && s < 1e6))
        || ratios.stream().anyMatch(r -> !(r > 0 && r < 1e6))) {
      throw new IllegalArgumentException("anchors of sides " + sides + ", ratios " + ratios + " and stride " + stride
          + " do not exist.\n  C1: there are sides and ratios above 0, and a stride of at least 1; received " + sides
          + ", " + ratios + " and " + stride + ".\n  Use sides 128, 256, 512, ratios 0.5, 1, 2 and stride 16.");
    }
  }

  /// Those of the paper, for a trunk that divides sides by 16.
  public static Anchors usual() {
    return new Anchors(List.of(128.0, 256.0, 512.0), List.of(0.5, 1.0, 2.0), 16);
  }

  /// The number of boxes at each place.
  public int perPlace() {
    return sides.size() * ratios.size();
  }

  /// The boxes over maps of a height and width: anchor by anchor, then row by row, as the network's outputs lie.
  public List<Box> boxes(int height, int width) {
    List<Box> boxes = new ArrayList<>();
    for (double side : sides) {
      for (double ratio : ratios) {
        double w = side / Math.sqrt(ratio);
        double h = side * Math.sqrt(ratio);
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            double cx = (x + 0.5) * stride;
            double cy = (y + 0.5) * stride;
            boxes.add(new Box(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2));
          }
        }
      }
    }
    return boxes;
  }
}
