package juanji.draw;

import java.util.Optional;

/// How a mark is painted.
///
/// ```java
/// Paint edge = Paint.line(Colour.INK).width(2).dashed();
/// Paint box = Paint.fill(Colour.BLUE).opacity(0.2).outlined(Colour.BLUE);
/// ```
///
/// @param fill the colour inside, if any
/// @param line the colour of the outline, if any
/// @param width the outline's width in pixels
/// @param opacity of the fill, 0 to 1
/// @param broken whether the outline is dashed
public record Paint(Optional<Colour> fill, Optional<Colour> line, double width, double opacity, boolean broken) {
  /// A filled area.
  public static Paint fill(Colour colour) {
    return new Paint(Optional.of(colour), Optional.empty(), 1, 1, false);
  }

  /// A line of one pixel.
  public static Paint line(Colour colour) {
    return new Paint(Optional.empty(), Optional.of(colour), 1, 1, false);
  }

  /// With an outline, too.
  public Paint outlined(Colour colour) {
    return new Paint(fill, Optional.of(colour), width, opacity, broken);
  }

  /// With an outline of another width.
  public Paint width(double pixels) {
    return new Paint(fill, line, pixels, opacity, broken);
  }

  /// With a fill that lets the ground through, 0 to 1.
  public Paint opacity(double share) {
    return new Paint(fill, line, width, share, broken);
  }

  /// With a dashed outline.
  public Paint dashed() {
    return new Paint(fill, line, width, opacity, true);
  }
}
