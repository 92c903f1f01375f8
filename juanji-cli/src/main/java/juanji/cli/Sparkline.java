package juanji.cli;

import java.util.Arrays;

/// Numbers as a line of small bars: one letter each.
final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final int LONGEST = 40;

  private Sparkline() {
  }

  /// The last numbers, at most 40; what is no number is a space.
  static String of(double... values) {
    double[] last = Arrays.copyOfRange(values, Math.max(0, values.length - LONGEST), values.length);
    double low = Arrays.stream(last).filter(Double::isFinite).min().orElse(0);
    double high = Arrays.stream(last).filter(Double::isFinite).max().orElse(1);
    StringBuilder line = new StringBuilder();
    for (double v : last) {
      int level = high > low ? (int) Math.round((v - low) / (high - low) * (BARS.length() - 1)) : 0;
      line.append(Double.isFinite(v) ? BARS.charAt(level) : ' ');
    }
    return line.toString();
  }
}
