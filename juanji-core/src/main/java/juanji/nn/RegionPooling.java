package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Regional;
import juanji.tensor.Shape;

/// Rectangles of pictures or feature maps, brought to one size: RoI pooling or RoI align.
///
/// x: N × C × H × W and the graph's input `regions`: R × 5 (the number of the picture, x1, y1, x2, y2 in the
/// coordinates of the original picture), y: R × C × height × width: what follows sees a batch of R regions. Their
/// number is open as that of the pictures is, and may differ at each run: a plan is told both
/// ([juanji.plan.Compiler#compile(juanji.graph.Graph, int, java.util.Map, juanji.plan.Target)]). Values:
/// [Regional.RoiPool] and [Regional.RoiAlign], which also say what regions of no area give.
///
/// Constraints: C1 the input is batch × channels × height × width; C2 there is at least one region, which is checked
/// when the number is known; C4 of [Regional].
///
/// ```java
/// roiAlign(7, 7).scale(1.0 / 16).samples(2).aligned()     // regions of 7×7 bins
/// ```
///
/// @param size what the values are
public record RegionPooling(Regional size) implements Layer {
  /// What the graph's input of regions is called.
  public static final String REGIONS = "regions";

  private RegionPooling with(Regional other) {
    return new RegionPooling(other);
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
    return trace.apply(size, x, trace.given(REGIONS, Shape.of(5).batched()));
  }

  @Override public String kind() {
    return size instanceof Regional.RoiAlign ? "roiAlign" : "roiPool";
  }

  @Override public String toString() {
    String text = Source.call(kind(), List.of(size.height(), size.width()))
        + Source.wither(size.scale() != 1, "scale", List.of(size.scale()));
    return size instanceof Regional.RoiAlign a ? text + Source.wither(a.samples() != 0, "samples", List.of(a.samples()))
        + Source.wither(a.aligned(), "aligned", List.of()) : text;
  }
}
