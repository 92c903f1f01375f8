package juanji.zoo.detect;

/// A rectangle in a picture.
///
/// Constraints: C1 the numbers are finite, and x1 ≤ x2 and y1 ≤ y2.
///
/// @param x1 the left edge
/// @param y1 the upper edge
/// @param x2 the right edge
/// @param y2 the lower edge
public record Box(double x1, double y1, double x2, double y2) {
  /// No more than e⁴·¹ times wider or higher than where it starts from: a guard against numbers that overflow.
  private static final double LARGEST = Math.log(1000.0 / 16);

  /// Checks C1.
  public Box {
    if (!(x1 <= x2 && y1 <= y2 && Double.isFinite(x1) && Double.isFinite(y1) && Double.isFinite(x2)
        && Double.isFinite(y2))) {
      throw new IllegalArgumentException("there is no box from " + x1 + ", " + y1 + " to " + x2 + ", " + y2 + ".\n"
          + "  C1: the left edge is not right of the right one, nor the upper one below the lower one; received x "
          + x1 + " to " + x2 + ", y " + y1 + " to " + y2 + ".\n"
          + "  Exchange them.");
    }
  }

  /// The distance of the left and right edges.
  public double width() {
    return x2 - x1;
  }

  /// The distance of the upper and lower edges.
  public double height() {
    return y2 - y1;
  }

  /// The area.
  public double area() {
    return width() * height();
  }

  /// The area that both share, over the area that either has: from 0 to 1, and 0 if neither has any.
  public double overlap(Box other) {
    double w = Math.min(x2, other.x2) - Math.max(x1, other.x1);
    double h = Math.min(y2, other.y2) - Math.max(y1, other.y1);
    double both = w > 0 && h > 0 ? w * h : 0;
    double either = area() + other.area() - both;
    return either > 0 ? both / either : 0;
  }

  /// What is inside a picture of a width and height.
  public Box within(double width, double height) {
    double left = Math.clamp(x1, 0, width);
    double top = Math.clamp(y1, 0, height);
    return new Box(left, top, Math.max(left, Math.min(x2, width)), Math.max(top, Math.min(y2, height)));
  }

  /// What brings this box to another: (Δx / w, Δy / h, ln of the ratio of widths, ln of the ratio of heights), with Δ
  /// between the middles. This box has an area, and so has the other.
  public double[] corrections(Box target) {
    return new double[] {(target.x1 + target.x2 - x1 - x2) / 2 / width(),
        (target.y1 + target.y2 - y1 - y2) / 2 / height(), Math.log(target.width() / width()),
        Math.log(target.height() / height())};
  }

  /// This box corrected: what [#corrections] tells, applied. Sizes grow at most 62.5 times.
  public Box corrected(double dx, double dy, double dw, double dh) {
    double w = width() * Math.exp(Math.min(dw, LARGEST));
    double h = height() * Math.exp(Math.min(dh, LARGEST));
    double x = (x1 + x2) / 2 + dx * width();
    double y = (y1 + y2) / 2 + dy * height();
    return new Box(x - w / 2, y - h / 2, x + w / 2, y + h / 2);
  }
}
