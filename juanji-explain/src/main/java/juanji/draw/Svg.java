package juanji.draw;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Writes marks as SVG elements.
final class Svg {
  private final StringBuilder out = new StringBuilder();
  private final Set<String> used = new TreeSet<>();

  /// A whole document with a ground of its own.
  static String document(Drawing drawing, String title) {
    Svg body = new Svg();
    body.mark(new Mark.Rectangle(0, 0, drawing.width(), drawing.height(), 8, Paint.fill(Colour.GROUND)));
    drawing.marks().forEach(body::mark);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size(drawing) + " role=\"img\" font-family=\"" + Theme.FONTS
        + "\">\n<title>" + Markup.escape(title) + "</title>\n<style>\n" + Theme.plain(body.used) + "</style>\n"
        + body.out + "</svg>\n";
  }

  /// A part of a page, whose style sheet has the classes.
  static String part(Drawing drawing, String title) {
    Svg body = new Svg();
    drawing.marks().forEach(body::mark);
    return "<svg class=\"drawing\" " + size(drawing) + " role=\"img\" aria-label=\"" + Markup.escape(title) + "\">\n"
        + body.out + "</svg>\n";
  }

  private static String size(Drawing d) {
    String width = Markup.number(Math.ceil(d.width()));
    String height = Markup.number(Math.ceil(d.height()));
    return "width=\"" + width + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height + "\"";
  }

  private void mark(Mark mark) {
    switch (mark) {
      case Mark.Rectangle r -> {
        open("rect", r.paint().fill(), r.paint().line());
        attribute("x", r.x());
        attribute("y", r.y());
        attribute("width", Math.max(0, r.width()));
        attribute("height", Math.max(0, r.height()));
        if (r.radius() > 0) {
          attribute("rx", r.radius());
        }
        paint(r.paint());
        out.append("/>\n");
      }
      case Mark.Circle c -> {
        open("circle", c.paint().fill(), c.paint().line());
        attribute("cx", c.x());
        attribute("cy", c.y());
        attribute("r", c.radius());
        paint(c.paint());
        out.append("/>\n");
      }
      case Mark.Line l -> line(l);
      case Mark.Label l -> label(l);
      case Mark.Image i -> {
        out.append("<image").append(i.smooth() ? "" : " class=\"p\"");
        attribute("x", i.x());
        attribute("y", i.y());
        attribute("width", i.width());
        attribute("height", i.height());
        out.append(" preserveAspectRatio=\"none\" href=\"").append(i.png().uri()).append("\"/>\n");
      }
      case Mark.Group g -> {
        out.append("<g");
        if (g.dx() != 0 || g.dy() != 0) {
          out.append(" transform=\"translate(").append(Markup.number(g.dx())).append(' ')
              .append(Markup.number(g.dy())).append(")\"");
        }
        out.append('>');
        if (!g.tip().isEmpty()) {
          out.append("<title>").append(Markup.escape(g.tip())).append("</title>");
        }
        out.append('\n');
        g.marks().forEach(this::mark);
        out.append("</g>\n");
      }
    }
  }

  private void line(Mark.Line l) {
    List<Double> p = l.points();
    open("path", l.paint().fill(), l.paint().line());
    out.append(" d=\"");
    for (int i = 0; i + 1 < p.size(); i += 2) {
      out.append(i == 0 ? "M" : "L").append(Markup.number(p.get(i))).append(' ').append(Markup.number(p.get(i + 1)));
    }
    out.append(l.closed() ? "Z" : "").append('"');
    if (!l.closed() && p.size() > 4) {
      out.append(" stroke-linejoin=\"round\"");
    }
    paint(l.paint());
    out.append("/>\n");
    if (l.arrow() && p.size() >= 4) {
      tip(l);
    }
  }

  /// A triangle rather than a marker: markers do not take the colour of their line.
  private void tip(Mark.Line l) {
    List<Double> p = l.points();
    int n = p.size();
    double x = p.get(n - 2);
    double y = p.get(n - 1);
    double dx = x - p.get(n - 4);
    double dy = y - p.get(n - 3);
    double length = Math.max(1e-9, Math.sqrt(dx * dx + dy * dy));
    double size = 5 + 1.5 * l.paint().width();
    double ux = dx / length * size;
    double uy = dy / length * size;
    mark(Mark.polygon(Paint.fill(l.paint().line().orElse(Colour.INK)), x, y, x - ux - 0.45 * uy, y - uy + 0.45 * ux,
        x - ux + 0.45 * uy, y - uy - 0.45 * ux));
  }

  private void label(Mark.Label l) {
    open("text", Optional.of(l.colour()), Optional.empty());
    if (l.strong()) {
      out.insert(out.length() - 1, " b");
    }
    if (l.upward()) {
      out.append(" transform=\"translate(").append(Markup.number(l.x())).append(' ').append(Markup.number(l.y()))
          .append(") rotate(-90)\"");
    } else {
      attribute("x", l.x());
      attribute("y", l.y());
    }
    attribute("font-size", l.size());
    out.append(switch (l.anchor()) {
      case START -> "";
      case MIDDLE -> " text-anchor=\"middle\"";
      case END -> " text-anchor=\"end\"";
    }).append('>').append(Markup.escape(l.text())).append("</text>\n");
  }

  private void open(String name, Optional<Colour> fill, Optional<Colour> line) {
    String inside = fill.map(c -> "f-" + c.word()).orElse("n");
    used.add(inside);
    line.ifPresent(c -> used.add("l-" + c.word()));
    out.append('<').append(name).append(" class=\"").append(inside)
        .append(line.map(c -> " l-" + c.word()).orElse("")).append('"');
  }

  private void paint(Paint paint) {
    if (paint.line().isPresent() && paint.width() != 1) {
      attribute("stroke-width", paint.width());
    }
    if (paint.broken()) {
      out.append(" stroke-dasharray=\"5 3\"");
    }
    if (paint.opacity() != 1) {
      attribute("fill-opacity", paint.opacity());
    }
  }

  private void attribute(String name, double value) {
    out.append(' ').append(name).append("=\"").append(Markup.number(value)).append('"');
  }
}
