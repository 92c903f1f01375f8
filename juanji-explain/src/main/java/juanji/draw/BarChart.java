package juanji.draw;

import java.util.ArrayList;
import java.util.List;

/// A bar for each of some named numbers, one below the other, so that long names are readable.
///
/// ```java
/// Drawing d = BarChart.of("weights").bar("5×5", 25).bar("two 3×3", 18).drawing();
/// ```
///
/// @param unit what is measured, with its unit
/// @param bars the bars, from above
/// @param width in pixels
/// @param logarithmic whether equal lengths are equal ratios; the bars then begin at a power of ten
public record BarChart(String unit, List<Bar> bars, double width, boolean logarithmic) {
  private static final double STEP = 26;
  private static final double LETTERS = 12;

  /// A named number.
  ///
  /// @param name what it belongs to
  /// @param value the number
  /// @param error half the length of its error bar; 0 for none
  /// @param colour of the bar
  public record Bar(String name, double value, double error, Colour colour) {
  }

  /// Takes a copy of the list.
  public BarChart {
    bars = List.copyOf(bars);
  }

  /// A chart without bars.
  public static BarChart of(String unit) {
    return new BarChart(unit, List.of(), 520, false);
  }

  /// With one more bar.
  public BarChart bar(String name, double value) {
    return bar(name, value, 0, Colour.BLUE);
  }

  /// With one more bar, its error and its colour.
  public BarChart bar(String name, double value, double error, Colour colour) {
    List<Bar> all = new ArrayList<>(bars);
    all.add(new Bar(name, value, error, colour));
    return new BarChart(unit, all, width, logarithmic);
  }

  /// In another width.
  public BarChart width(double pixels) {
    return new BarChart(unit, bars, pixels, logarithmic);
  }

  /// With lengths by ratio.
  public BarChart byRatio() {
    return new BarChart(unit, bars, width, true);
  }

  /// The chart.
  public Drawing drawing() {
    double least = bars.stream().mapToDouble(b -> b.value - b.error).min().orElse(0);
    double most = bars.stream().mapToDouble(b -> b.value + b.error).max().orElse(1);
    Scale scale = Scale.over(logarithmic ? least : Math.min(0, least), Math.max(logarithmic ? most : 0, most),
        logarithmic, true);
    double left = 12 + bars.stream().mapToDouble(b -> Markup.width(b.name, LETTERS)).max().orElse(0);
    double right = 16 + bars.stream().mapToDouble(b -> Markup.width(Scale.text(b.value), LETTERS)).max().orElse(0);
    double room = Math.max(80, width - left - right);
    double bottom = 6 + bars.size() * STEP;
    List<Mark> marks = new ArrayList<>();
    for (double t : scale.ticks()) {
      double x = left + room * scale.share(t);
      marks.add(Mark.line(Paint.line(Colour.LINE), x, 0, x, bottom));
      marks.add(Mark.centred(x, bottom + 16, Scale.text(t), LETTERS).in(Colour.SOFT));
    }
    double base = scale.logarithmic() ? left : left + room * scale.share(0);
    for (int i = 0; i < bars.size(); i++) {
      Bar b = bars.get(i);
      double y = 4 + i * STEP;
      double end = left + room * scale.share(b.value);
      marks.add(Mark.ending(left - 8, y + STEP / 2 + 2, b.name, LETTERS));
      marks.add(Mark.rectangle(Math.min(base, end), y + 2, Math.abs(end - base), STEP - 8, Paint.fill(b.colour)));
      if (b.error > 0) {
        marks.add(Mark.line(Paint.line(Colour.INK).width(1.5), left + room * scale.share(b.value - b.error),
            y + STEP / 2 - 2, left + room * scale.share(b.value + b.error), y + STEP / 2 - 2));
      }
      double after = Math.max(end, left + room * scale.share(b.value + b.error)) + 6;
      marks.add(Mark.text(Math.max(after, base + 6), y + STEP / 2 + 2, Scale.text(b.value), LETTERS).in(Colour.SOFT));
    }
    marks.add(Mark.line(Paint.line(Colour.SOFT), base, 0, base, bottom));
    marks.add(Mark.centred(left + room / 2, bottom + 36, unit, LETTERS + 1).in(Colour.SOFT));
    return new Drawing(left + room + right, bottom + 42, marks);
  }
}
