package juanji.draw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Numbers over numbers: curves, points and histograms, with axes that have names and units.
///
/// Series differ by colour and by mark, so that they are told apart without colours. An axis of whole numbers has
/// whole ticks.
///
/// ```java
/// Drawing d = Chart.of("epoch", "loss").line("training", 0.9, 0.3, 0.2).line("validation", 0.5, 0.4, 0.35).drawing();
/// ```
///
/// @param x the name of the horizontal axis, with its unit
/// @param y the name of the vertical axis, with its unit
/// @param series what is drawn
/// @param width in pixels
/// @param height in pixels
/// @param logarithmicX whether equal horizontal distances are equal ratios
/// @param logarithmicY whether equal vertical distances are equal ratios
/// @param fromZero whether the vertical axis has 0
public record Chart(String x, String y, List<Series> series, double width, double height, boolean logarithmicX,
    boolean logarithmicY, boolean fromZero) {
  private static final double RIGHT = 16;
  private static final double BOTTOM = 46;
  private static final double LETTERS = 12;
  private static final int MOST_MARKS = 40;

  /// How a series is drawn.
  public enum Kind { LINE, POINTS, STEPS }

  /// Numbers over numbers.
  ///
  /// @param name what it shows
  /// @param kind how it is drawn
  /// @param x the horizontal places; for steps the edges, one more than values
  /// @param y the values; NaN leaves a gap
  /// @param error half the length of each error bar; empty for none
  public record Series(String name, Kind kind, double[] x, double[] y, double[] error) {
  }

  /// Takes a copy of the list.
  public Chart {
    series = List.copyOf(series);
  }

  /// An empty chart with names of its axes.
  public static Chart of(String x, String y) {
    return new Chart(x, y, List.of(), 520, 300, false, false, false);
  }

  /// A histogram of numbers in so many bins of equal width between the least and the largest.
  ///
  /// @param x what the numbers are, with their unit
  public static Chart histogram(String x, double[] values, int bins) {
    double low = Arrays.stream(values).min().orElse(0);
    double high = Math.max(Arrays.stream(values).max().orElse(1), low + 1e-9);
    double[] counts = new double[bins];
    for (double v : values) {
      counts[Math.clamp((long) ((v - low) / (high - low) * bins), 0, bins - 1)]++;
    }
    double[] edges = IntStream.rangeClosed(0, bins).mapToDouble(i -> low + (high - low) * i / bins).toArray();
    return of(x, "count").plus(new Series("count", Kind.STEPS, edges, counts, new double[0])).zero();
  }

  /// With one more series.
  public Chart plus(Series more) {
    List<Series> all = new ArrayList<>(series);
    all.add(more);
    return new Chart(x, y, all, width, height, logarithmicX, logarithmicY, fromZero);
  }

  /// With a curve over 1, 2, 3, ….
  public Chart line(String name, double... values) {
    return line(name, IntStream.rangeClosed(1, values.length).asDoubleStream().toArray(), values);
  }

  /// With a curve.
  public Chart line(String name, double[] places, double[] values) {
    return plus(new Series(name, Kind.LINE, places, values, new double[0]));
  }

  /// With a curve that has error bars.
  public Chart line(String name, double[] places, double[] values, double[] error) {
    return plus(new Series(name, Kind.LINE, places, values, error));
  }

  /// With points.
  public Chart points(String name, double[] places, double[] values) {
    return plus(new Series(name, Kind.POINTS, places, values, new double[0]));
  }

  /// In another size.
  public Chart size(double pixelsWide, double pixelsHigh) {
    return new Chart(x, y, series, pixelsWide, pixelsHigh, logarithmicX, logarithmicY, fromZero);
  }

  /// With logarithmic axes.
  public Chart logarithmic(boolean horizontal, boolean vertical) {
    return new Chart(x, y, series, width, height, horizontal, vertical, fromZero);
  }

  /// With 0 on the vertical axis.
  public Chart zero() {
    return new Chart(x, y, series, width, height, logarithmicX, logarithmicY, true);
  }

  /// The chart.
  public Drawing drawing() {
    Scale across = scale(s -> s.x, least(s -> s.x, false), most(s -> s.x, false), logarithmicX, false);
    double floor = least(s -> s.y, true);
    double ceiling = most(s -> s.y, true);
    Scale up = scale(s -> s.y, fromZero ? Math.min(0, floor) : floor, fromZero ? Math.max(0, ceiling) : ceiling,
        logarithmicY, true);
    double ticks = up.ticks().stream().mapToDouble(t -> Markup.width(Scale.text(t), LETTERS)).max().orElse(0);
    boolean named = series.size() > 1;
    return new Frame(across, up, 30 + ticks, named ? 34 : 12).drawing();
  }

  private interface Values {
    double[] of(Series s);
  }

  private Scale scale(Values values, double least, double most, boolean logarithmic, boolean widen) {
    boolean whole = series.stream().flatMapToDouble(s -> Arrays.stream(values.of(s)))
        .allMatch(v -> Double.isNaN(v) || v == Math.rint(v));
    return whole ? Scale.overWhole(least, most, logarithmic, widen) : Scale.over(least, most, logarithmic, widen);
  }

  private double least(Values values, boolean bars) {
    return extreme(values, bars, -1);
  }

  private double most(Values values, boolean bars) {
    return extreme(values, bars, 1);
  }

  private double extreme(Values values, boolean bars, int sign) {
    double result = Double.NaN;
    for (Series s : series) {
      double[] all = values.of(s);
      for (int i = 0; i < all.length; i++) {
        double v = all[i] + (bars && i < s.error.length ? sign * s.error[i] : 0);
        if (Double.isFinite(v) && (Double.isNaN(result) || sign * v > sign * result)) {
          result = v;
        }
      }
    }
    return result;
  }

  /// The axes in place, and what is drawn between them.
  private final class Frame {
    private final Scale across;
    private final Scale up;
    private final double left;
    private final double top;
    private final List<Mark> marks = new ArrayList<>();

    Frame(Scale across, Scale up, double left, double top) {
      this.across = across;
      this.up = up;
      this.left = left;
      this.top = top;
    }

    double x(double value) {
      return left + 8 + (width - left - RIGHT - 16) * across.share(value);
    }

    double y(double value) {
      return height - BOTTOM - (height - BOTTOM - top) * up.share(value);
    }

    Drawing drawing() {
      for (double t : up.ticks()) {
        marks.add(Mark.line(Paint.line(Colour.LINE), left, y(t), width - RIGHT, y(t)));
        marks.add(Mark.ending(left - 6, y(t) + 4, Scale.text(t), LETTERS).in(Colour.SOFT));
      }
      for (double t : across.ticks()) {
        marks.add(Mark.line(Paint.line(Colour.SOFT), x(t), height - BOTTOM, x(t), height - BOTTOM + 4));
        marks.add(Mark.centred(x(t), height - BOTTOM + 18, Scale.text(t), LETTERS).in(Colour.SOFT));
      }
      marks.add(Mark.line(Paint.line(Colour.SOFT), left, height - BOTTOM, width - RIGHT, height - BOTTOM));
      marks.add(Mark.centred((left + width - RIGHT) / 2, height - 8, x, LETTERS + 1).in(Colour.SOFT));
      marks.add(Mark.centred(14, (top + height - BOTTOM) / 2, y, LETTERS + 1).in(Colour.SOFT).turned());
      double place = left + 8;
      for (int i = 0; i < series.size(); i++) {
        series(series.get(i), i);
        if (series.size() > 1) {
          marks.add(sign(i, place, 14));
          marks.add(Mark.text(place + 9, 18, series.get(i).name, LETTERS));
          place += 28 + Markup.width(series.get(i).name, LETTERS);
        }
      }
      return new Drawing(Math.max(width, place), height, marks);
    }

    private void series(Series s, int number) {
      Colour colour = Colour.series(number);
      switch (s.kind) {
        case STEPS -> {
          for (int i = 0; i < s.y.length; i++) {
            double edge = x(s.x[i]);
            marks.add(Mark.tip(Scale.text(s.x[i]) + " … " + Scale.text(s.x[i + 1]) + ": " + Scale.text(s.y[i]),
                Mark.rectangle(edge + 0.5, y(s.y[i]), Math.max(0.5, x(s.x[i + 1]) - edge - 1),
                    height - BOTTOM - y(s.y[i]), Paint.fill(colour))));
          }
        }
        case LINE -> curve(s, colour, number);
        case POINTS -> { }
      }
      for (int i = 0; i < s.error.length; i++) {
        double place = x(s.x[i]);
        marks.add(Mark.line(Paint.line(colour).width(1.5), place, y(s.y[i] - s.error[i]), place,
            y(s.y[i] + s.error[i])));
      }
      if (s.kind == Kind.POINTS || s.kind == Kind.LINE && s.y.length <= MOST_MARKS) {
        for (int i = 0; i < s.y.length; i++) {
          if (Double.isFinite(s.y[i])) {
            marks.add(Mark.tip(s.name + ", " + Scale.text(s.x[i]) + ": " + Scale.text(s.y[i]),
                sign(number, x(s.x[i]), y(s.y[i]))));
          }
        }
      }
    }

    private void curve(Series s, Colour colour, int number) {
      Paint paint = Paint.line(colour).width(2);
      List<Double> run = new ArrayList<>();
      for (int i = 0; i <= s.y.length; i++) {
        if (i < s.y.length && Double.isFinite(s.y[i])) {
          run.add(x(s.x[i]));
          run.add(y(s.y[i]));
        } else {
          if (run.size() > 2) {
            marks.add(new Mark.Line(run, false, false, number % 2 == 1 ? paint.dashed() : paint));
          }
          run = new ArrayList<>();
        }
      }
    }

    /// A circle, square, triangle, diamond or ring.
    private static Mark sign(int number, double x, double y) {
      Paint paint = Paint.fill(Colour.series(number));
      return switch (number % 5) {
        case 0 -> new Mark.Circle(x, y, 3.5, paint);
        case 1 -> Mark.rectangle(x - 3.2, y - 3.2, 6.4, 6.4, paint);
        case 2 -> Mark.polygon(paint, x - 4, y + 3.2, x + 4, y + 3.2, x, y - 4);
        case 3 -> Mark.polygon(paint, x - 4.4, y, x, y - 4.4, x + 4.4, y, x, y + 4.4);
        default -> new Mark.Circle(x, y, 3.2, Paint.line(Colour.series(number)).width(2));
      };
    }
  }
}
