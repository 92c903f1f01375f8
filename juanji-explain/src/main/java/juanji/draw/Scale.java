package juanji.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One axis of a chart: which numbers it spans, and where its ticks are.
///
/// @param low the number at its beginning
/// @param high the number at its end
/// @param ticks the numbers that are written, in order
/// @param logarithmic whether equal distances are equal ratios
record Scale(double low, double high, List<Double> ticks, boolean logarithmic) {
  private static final int WANTED = 5;

  /// A scale over numbers, widened to round ones.
  ///
  /// @param widen whether it begins and ends at a tick
  static Scale over(double least, double most, boolean logarithmic, boolean widen) {
    return logarithmic && least > 0 && least <= most ? decades(least, most) : over(least, most, widen, 0);
  }

  /// The same over whole numbers, such as epochs or layers: none of its ticks lies between two of them.
  static Scale overWhole(double least, double most, boolean logarithmic, boolean widen) {
    return logarithmic ? over(least, most, true, widen) : over(least, most, widen, 1);
  }

  private static Scale over(double least, double most, boolean widen, double leastStep) {
    if (!(least <= most)) {
      return over(0, 1, widen, leastStep);
    }
    double step = Math.max(leastStep, step(Math.max(most - least, Math.max(Math.abs(most) * 0.02, 1e-12)) / WANTED));
    double low = widen ? Math.floor(least / step + 1e-9) * step : least;
    double high = widen ? Math.max(Math.ceil(most / step - 1e-9) * step, low + step) : Math.max(most, least + 1e-12);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-6; i++) {
      ticks.add(i * step);
    }
    return new Scale(low, high, ticks, false);
  }

  private static Scale decades(double least, double most) {
    int from = (int) Math.floor(Math.log10(least) + 1e-9);
    int to = Math.max(from + 1, (int) Math.ceil(Math.log10(most) - 1e-9));
    int every = Math.max(1, (to - from + WANTED) / (WANTED + 1));
    List<Double> ticks = new ArrayList<>();
    for (int i = from; i <= to; i += every) {
      ticks.add(Math.pow(10, i));
    }
    return new Scale(Math.pow(10, from), Math.pow(10, to), ticks, true);
  }

  /// The next larger of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, ….
  static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    double leading = least / power;
    return power * (leading <= 1.0001 ? 1 : leading <= 2.0001 ? 2 : leading <= 5.0001 ? 5 : 10);
  }

  /// Where a number is between the beginning, 0, and the end, 1.
  double share(double value) {
    return logarithmic ? Math.log(Math.max(value, 1e-300) / low) / Math.log(high / low) : (value - low) / (high - low);
  }

  /// A number of this scale as text: no more decimals than its ticks need.
  static String text(double value) {
    double size = Math.abs(value);
    if (size >= 1e6 || size > 0 && size < 1e-3) {
      String[] parts = String.format(Locale.ROOT, "%.1e", value).split("e");
      String leading = parts[0].replaceFirst("\\.0$", "");
      String power = "10" + superscript(Integer.parseInt(parts[1]));
      return (leading.equals("1") ? power : leading + "·" + power).replace('-', '−');
    }
    String text = String.format(Locale.ROOT, "%,.4f", value).replaceAll("\\.?0+$", "");
    return (text.equals("-0") ? "0" : text).replace('-', '−');
  }

  private static String superscript(int power) {
    StringBuilder text = new StringBuilder();
    for (char c : Integer.toString(power).toCharArray()) {
      text.append(c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0'));
    }
    return text.toString();
  }
}
