package juanji.draw;

import java.util.ArrayList;
import java.util.List;

/// Marks on an area of a width and height in pixels. An immutable value.
///
/// ```java
/// Drawing input = NumberGrid.of(new double[][] {{1, 2}, {3, 4}}).drawing();
/// Drawing both = Drawing.row(24, input, Drawing.arrow(40), input.captioned("the same")).framed(16);
/// String svg = both.svg("two grids");
/// ```
///
/// @param width in pixels
/// @param height in pixels
/// @param marks what is drawn, the last on top
public record Drawing(double width, double height, List<Mark> marks) {
  private static final double CAPTION = 13;

  /// Takes a copy of the list.
  public Drawing {
    marks = List.copyOf(marks);
  }

  /// A drawing of some marks.
  public static Drawing of(double width, double height, Mark... marks) {
    return new Drawing(width, height, List.of(marks));
  }

  /// An arrow to the right.
  public static Drawing arrow(double length) {
    return of(length, 12, Mark.arrow(Paint.line(Colour.SOFT).width(1.5), 0, 6, length, 6));
  }

  /// A sign between drawings, such as `∗` or `=`.
  public static Drawing sign(String text) {
    return of(Math.max(16, Markup.width(text, 20)), 24,
        Mark.centred(Math.max(16, Markup.width(text, 20)) / 2, 19, text, 20).in(Colour.SOFT));
  }

  /// Drawings beside each other, their middles at one height.
  public static Drawing row(double gap, Drawing... drawings) {
    return row(gap, List.of(drawings));
  }

  /// Drawings beside each other, their middles at one height.
  public static Drawing row(double gap, List<Drawing> drawings) {
    double height = drawings.stream().mapToDouble(Drawing::height).max().orElse(0);
    double x = 0;
    List<Mark> marks = new ArrayList<>();
    for (Drawing d : drawings) {
      marks.add(new Mark.Group(x, (height - d.height) / 2, "", d.marks));
      x += d.width + gap;
    }
    return new Drawing(Math.max(0, x - gap), height, marks);
  }

  /// Drawings below each other, their middles on one line.
  public static Drawing column(double gap, Drawing... drawings) {
    return column(gap, List.of(drawings));
  }

  /// Drawings below each other, their middles on one line.
  public static Drawing column(double gap, List<Drawing> drawings) {
    double width = drawings.stream().mapToDouble(Drawing::width).max().orElse(0);
    double y = 0;
    List<Mark> marks = new ArrayList<>();
    for (Drawing d : drawings) {
      marks.add(new Mark.Group((width - d.width) / 2, y, "", d.marks));
      y += d.height + gap;
    }
    return new Drawing(width, Math.max(0, y - gap), marks);
  }

  /// Drawings of about one size in rows of so many.
  public static Drawing tiles(int columns, double gap, List<Drawing> drawings) {
    double width = drawings.stream().mapToDouble(Drawing::width).max().orElse(0);
    double height = drawings.stream().mapToDouble(Drawing::height).max().orElse(0);
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i < drawings.size(); i++) {
      Drawing d = drawings.get(i);
      marks.add(new Mark.Group(i % columns * (width + gap) + (width - d.width) / 2,
          i / columns * (height + gap) + (height - d.height) / 2, "", d.marks));
    }
    int across = Math.min(columns, drawings.size());
    int down = (drawings.size() + columns - 1) / columns;
    return new Drawing(Math.max(0, across * (width + gap) - gap), Math.max(0, down * (height + gap) - gap), marks);
  }

  /// With more marks on top.
  public Drawing with(Mark... more) {
    List<Mark> all = new ArrayList<>(marks);
    all.addAll(List.of(more));
    return new Drawing(width, height, all);
  }

  /// With room around it.
  public Drawing framed(double room) {
    return new Drawing(width + 2 * room, height + 2 * room, List.of(new Mark.Group(room, room, "", marks)));
  }

  /// With a line of text below.
  public Drawing captioned(String text) {
    return column(5, this, text(text, CAPTION, Colour.SOFT));
  }

  /// With a line of text above.
  public Drawing titled(String text) {
    double width = Markup.width(text, CAPTION);
    return column(6, of(width, CAPTION + 4, Mark.centred(width / 2, CAPTION, text, CAPTION).bold()), this);
  }

  /// A line of text as a drawing.
  public static Drawing text(String text, double size, Colour colour) {
    double width = Markup.width(text, size);
    return of(width, size + 4, Mark.centred(width / 2, size, text, size).in(colour));
  }

  /// An SVG document of its own, for light and dark ground.
  ///
  /// @param title what it shows, for those who do not see it
  public String svg(String title) {
    return Svg.document(this, title);
  }

  /// An SVG element for a page, whose style sheet has the colours; see [Page].
  ///
  /// @param title what it shows, for those who do not see it
  public String inline(String title) {
    return Svg.part(this, title);
  }
}
