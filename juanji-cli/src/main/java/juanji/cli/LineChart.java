package juanji.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// Curves over epochs, as SVG. Colours and fonts come from the page's style sheet; the curves also differ in their
/// marks, for those who do not see the colours.
///
/// @param title what is drawn
/// @param axis the name of the vertical axis with its unit
/// @param format how a value is written on the axis
/// @param series the curves
record LineChart(String title, String axis, DoubleFunction<String> format, List<Series> series) {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 300;
  private static final int LEFT = 62;
  private static final int RIGHT = 14;
  private static final int TOP = 14;
  private static final int BOTTOM = 44;
  private static final int TICKS = 5;
  private static final int MOST_MARKS = 40;

  /// A curve.
  ///
  /// @param name what it shows
  /// @param style the class of its colour in the style sheet
  /// @param round whether its marks are round rather than square
  /// @param values one per epoch; NaN leaves a gap
  record Series(String name, String style, boolean round, double[] values) {
  }

  String svg() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int epochs = 1;
    for (Series s : series) {
      epochs = Math.max(epochs, s.values.length);
      for (double v : s.values) {
        if (Double.isFinite(v)) {
          low = Math.min(low, v);
          high = Math.max(high, v);
        }
      }
    }
    if (low > high) {
      low = 0;
      high = 1;
    }
    double step = step(Math.max(high - low, Math.max(Math.abs(high) * 0.02, 1e-6)) / TICKS);
    double bottom = Math.floor(low / step) * step;
    double top = Math.max(Math.ceil(high / step) * step, bottom + step);
    StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", WIDTH, HEIGHT,
        Html.escape(title)));
    for (double v = bottom; v <= top + step / 2; v += step) {
      double y = y(v, bottom, top);
      svg.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
          + "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT, WIDTH - RIGHT, y, y,
          LEFT - 8, y + 4, Html.escape(format.apply(Math.abs(v) < step / 1e6 ? 0 : v))));
    }
    int every = Math.max(1, (int) step(epochs / 8.0));
    for (int e = 1; e <= epochs; e++) {
      if (e % every == 0 || epochs <= 10) {
        svg.append(String.format(Locale.ROOT, "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d"
            + "</text><line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n", x(e, epochs),
            HEIGHT - BOTTOM + 20, e, x(e, epochs), x(e, epochs), HEIGHT - BOTTOM, HEIGHT - BOTTOM + 4));
      }
    }
    svg.append(String.format(Locale.ROOT, "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n", LEFT,
        WIDTH - RIGHT, HEIGHT - BOTTOM, HEIGHT - BOTTOM));
    svg.append(String.format(Locale.ROOT, "<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">epoch</text>"
        + "<text class=\"label\" transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, (TOP + HEIGHT - BOTTOM) / 2, Html.escape(axis)));
    for (Series s : series) {
      curve(svg, s, epochs, bottom, top);
    }
    return svg.append("</svg>\n").toString();
  }

  private void curve(StringBuilder svg, Series s, int epochs, double bottom, double top) {
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    boolean down = false;
    for (int i = 0; i < s.values.length; i++) {
      if (!Double.isFinite(s.values[i])) {
        down = false;
        continue;
      }
      double x = x(i + 1, epochs);
      double y = y(s.values[i], bottom, top);
      path.append(String.format(Locale.ROOT, "%s%.1f %.1f", down ? "L" : "M", x, y));
      down = true;
      if (s.values.length <= MOST_MARKS) {
        String tip = "<title>" + Html.escape(s.name + ", epoch " + (i + 1) + ": " + format.apply(s.values[i]))
            + "</title>";
        marks.append(s.round ? String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\">%s</circle>", x, y,
            tip) : String.format(Locale.ROOT, "<rect x=\"%.1f\" y=\"%.1f\" width=\"7\" height=\"7\">%s</rect>", x - 3.5,
            y - 3.5, tip));
      }
    }
    svg.append("<g class=\"").append(s.style).append("\"><path class=\"curve\" d=\"").append(path).append("\"/>")
        .append(marks).append("</g>\n");
  }

  private static double x(int epoch, int epochs) {
    double room = WIDTH - LEFT - RIGHT - 24;
    return LEFT + 12 + (epochs == 1 ? room / 2 : room * (epoch - 1) / (epochs - 1));
  }

  private static double y(double value, double bottom, double top) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - bottom) / (top - bottom);
  }

  /// The next larger of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, ….
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    double leading = least / power;
    return power * (leading <= 1.0001 ? 1 : leading <= 2.0001 ? 2 : leading <= 5.0001 ? 5 : 10);
  }
}
