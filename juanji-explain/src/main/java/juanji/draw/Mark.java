package juanji.draw;

import java.util.Arrays;
import java.util.List;

/// One thing in a drawing. Coordinates are pixels, x to the right and y down.
public sealed interface Mark {
  /// Where a text stands with respect to its point.
  enum Anchor { START, MIDDLE, END }

  /// A rectangle.
  ///
  /// @param x its left edge
  /// @param y its upper edge
  /// @param width its width
  /// @param height its height
  /// @param radius of its corners
  /// @param paint how it is painted
  record Rectangle(double x, double y, double width, double height, double radius, Paint paint) implements Mark {
  }

  /// A circle.
  ///
  /// @param x its centre
  /// @param y its centre
  /// @param radius its radius
  /// @param paint how it is painted
  record Circle(double x, double y, double radius, Paint paint) implements Mark {
  }

  /// A straight or bent line.
  ///
  /// @param points x and y of each point in turn
  /// @param arrow whether it ends with a tip
  /// @param closed whether it returns to its first point
  /// @param paint how it is painted
  record Line(List<Double> points, boolean arrow, boolean closed, Paint paint) implements Mark {
    /// Takes a copy of the list.
    public Line {
      points = List.copyOf(points);
    }
  }

  /// A line of text; y is its base line.
  ///
  /// @param x where it starts, or its middle or end
  /// @param y the base line
  /// @param text what it says
  /// @param size of the letters, in pixels
  /// @param anchor where x is in it
  /// @param strong whether it is printed bold
  /// @param upward whether it runs from bottom to top
  /// @param colour its colour
  record Label(double x, double y, String text, double size, Anchor anchor, boolean strong, boolean upward,
      Colour colour) implements Mark {
    /// The same, bold.
    public Label bold() {
      return new Label(x, y, text, size, anchor, true, upward, colour);
    }

    /// The same in another colour.
    public Label in(Colour other) {
      return new Label(x, y, text, size, anchor, strong, upward, other);
    }

    /// The same from bottom to top.
    public Label turned() {
      return new Label(x, y, text, size, anchor, strong, true, colour);
    }
  }

  /// A picture of pixels.
  ///
  /// @param x its left edge
  /// @param y its upper edge
  /// @param width on the drawing
  /// @param height on the drawing
  /// @param smooth whether it is smoothed when enlarged
  /// @param png a PNG file
  record Image(double x, double y, double width, double height, boolean smooth, Png png) implements Mark {
  }

  /// Marks moved together.
  ///
  /// @param dx to the right
  /// @param dy down
  /// @param tip what is told when a pointer rests on them; empty for nothing
  /// @param marks the marks
  record Group(double dx, double dy, String tip, List<Mark> marks) implements Mark {
    /// Takes a copy of the list.
    public Group {
      marks = List.copyOf(marks);
    }
  }

  /// A rectangle with square corners.
  static Rectangle rectangle(double x, double y, double width, double height, Paint paint) {
    return new Rectangle(x, y, width, height, 0, paint);
  }

  /// A line through points, x and y of each in turn.
  static Line line(Paint paint, double... points) {
    return new Line(Arrays.stream(points).boxed().toList(), false, false, paint);
  }

  /// An arrow through points, x and y of each in turn.
  static Line arrow(Paint paint, double... points) {
    return new Line(Arrays.stream(points).boxed().toList(), true, false, paint);
  }

  /// A polygon of points, x and y of each in turn.
  static Line polygon(Paint paint, double... points) {
    return new Line(Arrays.stream(points).boxed().toList(), false, true, paint);
  }

  /// A text from a point to the right.
  static Label text(double x, double y, String text, double size) {
    return new Label(x, y, text, size, Anchor.START, false, false, Colour.INK);
  }

  /// A text around a point.
  static Label centred(double x, double y, String text, double size) {
    return new Label(x, y, text, size, Anchor.MIDDLE, false, false, Colour.INK);
  }

  /// A text that ends at a point.
  static Label ending(double x, double y, String text, double size) {
    return new Label(x, y, text, size, Anchor.END, false, false, Colour.INK);
  }

  /// What is told when a pointer rests on a mark.
  static Group tip(String tip, Mark... marks) {
    return new Group(0, 0, tip, List.of(marks));
  }
}
