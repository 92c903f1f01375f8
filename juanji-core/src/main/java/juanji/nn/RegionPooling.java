package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Regional;
import juanji.tensor.Shape;

/// Rectangles of pictures or feature maps, brought to one size: RoI pooling or RoI align.
///
/// x: N × C × H × W and the graph's input `regions`: R × 5 (the number of the picture, x1, y1, x2, y2 in the
/// coordinates of the original picture), y: R × C × height × width: what follows sees a batch of R regions. Values:
/// [Regional.RoiPool] and [Regional.RoiAlign], which also say what empty regions give.
///
/// Constraints: C1 the input is batch × channels × height × width; C2 there is at least one region; C4 of [Regional].
///
/// ```java
/// roiAlign(128, 7, 7).scale(1.0 / 16).samples(2).aligned()     // 128 regions of 7×7 bins
/// ```
///
/// @param regions R, the number of regions at each run
/// @param size what the values are
public record RegionPooling(int regions, Regional size) implements Layer {
  /// Checks C2.
  public RegionPooling {
    if (regions < 1 || regions > 1 << 20) {
      throw new IllegalArgumentException("pooling of " + regions + " regions does not exist.\n"
          + "  C2: there is at least one region and at most 2²⁰; received " + regions + ".\n"
          + "  Use the number of regions that each run is given.");
    }
  }

  private RegionPooling with(Regional other) {
    return new RegionPooling(regions, other);
  }

  private IllegalArgumentException unknown(String wither) {
    return new IllegalArgumentException(kind() + " has no " + wither + ".\n"
        + "  C3: only roiAlign takes samples; received " + Source.brief(toString()) + ".\n"
        + "  Use roiAlign.");
  }

  /// The layer with another number of feature cells per unit of the regions' coordinates, such as 1 / 16.
  public RegionPooling scale(double cells) {
    return switch (size) {
      case Regional.RoiPool p -> with(new Regional.RoiPool(p.height(), p.width(), cells));
      case Regional.RoiAlign a -> with(new Regional.RoiAlign(a.height(), a.width(), cells, a.samples(), a.aligned()));
      default -> throw unknown("scale");
    };
  }

  /// The layer with another number of samples along each axis of a bin; 0 for as many as the bin has cells.
  public RegionPooling samples(int perAxis) {
    if (size instanceof Regional.RoiAlign a) {
      return with(new Regional.RoiAlign(a.height(), a.width(), a.scale(), perAxis, a.aligned()));
    }
    throw unknown("samples");
  }

  /// The layer with coordinates less half a pixel, as pixel centres have them, and without a smallest size.
  public RegionPooling aligned() {
    if (size instanceof Regional.RoiAlign a) {
      return with(new Regional.RoiAlign(a.height(), a.width(), a.scale(), a.samples(), true));
    }
    throw unknown("aligned");
  }

  @Override public Node apply(Trace trace, Node x) {
    if (x.shape().rank() != 4) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × height × width; received " + x.shape() + ".",
          "Put it behind two-dimensional convolutions.", x.shape());
    }
    return trace.apply(size, x, trace.given("regions", Shape.of(regions, 5)));
  }

  @Override public String kind() {
    return size instanceof Regional.RoiAlign ? "roiAlign" : "roiPool";
  }

  @Override public String toString() {
    String text = Source.call(kind(), List.of(regions, size.height(), size.width()))
        + Source.wither(size.scale() != 1, "scale", List.of(size.scale()));
    return size instanceof Regional.RoiAlign a ? text + Source.wither(a.samples() != 0, "samples", List.of(a.samples()))
        + Source.wither(a.aligned(), "aligned", List.of()) : text;
  }
}
