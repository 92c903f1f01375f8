package juanji.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The time that a training may take.
///
/// @param end on the clock of [System#nanoTime]
/// @param seconds the whole time; infinite if there is no limit
record Deadline(long end, double seconds) {
  private static final Pattern TIME = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([smh])");
  private static final double LEFT_FOR_THE_REST = 0.05;

  /// By the setting `time`.
  static Deadline of(TrainSettings settings) {
    double seconds = settings.text("time").map(Deadline::parse).orElse(Double.POSITIVE_INFINITY);
    return new Deadline(System.nanoTime() + (long) Math.min(1e18, 1e9 * seconds * (1 - LEFT_FOR_THE_REST)), seconds);
  }

  private static double parse(String word) {
    Matcher matcher = TIME.matcher(word);
    double seconds = !matcher.matches() ? 0 : Double.parseDouble(matcher.group(1)) * switch (matcher.group(2)) {
      case "s" -> 1;
      case "m" -> 60;
      default -> 3600;
    };
    if (!(seconds >= 1) || seconds > 1e7) {
      throw CommandException.usage("a training cannot take '" + word + "'.",
          "--time is a number of s, m or h, at least 1s; received '" + word + "'.", "Write it as in --time 10m.");
    }
    return seconds;
  }

  boolean limited() {
    return Double.isFinite(seconds);
  }

  /// The seconds that are left.
  double left() {
    return (end - System.nanoTime()) / 1e9;
  }

  boolean over() {
    return limited() && System.nanoTime() - end >= 0;
  }
}
