package juanji.testkit;

import java.util.List;
import juanji.plan.Plan;

/// Values that live at the same time never overlap in a plan's memory. Only a step that writes over its own operand
/// may meet it: at the same place, of the same length, in the step that ends the operand's life. And what is joined may
/// lie within the result, up to the step that joins it.
public final class ArenaContract {
  private ArenaContract() {
  }

  /// Checks all pairs of a plan's values.
  ///
  /// @throws AssertionError if two overlap
  public static void check(Plan plan) {
    List<Plan.Interval> intervals = plan.intervals();
    for (int i = 0; i < intervals.size(); i++) {
      for (int j = i + 1; j < intervals.size(); j++) {
        Plan.Interval a = intervals.get(i);
        Plan.Interval b = intervals.get(j);
        boolean space = a.offset() < b.offset() + b.length() && b.offset() < a.offset() + a.length();
        boolean time = a.first() <= b.last() && b.first() <= a.last();
        boolean inPlace = (a.last() == b.first() || b.last() == a.first()) && a.offset() == b.offset()
            && a.length() == b.length();
        boolean joined = joins(a, b) || joins(b, a);
        if (space && time && !inPlace && !joined) {
          throw new AssertionError(a + " and " + b + " overlap.\n" + plan);
        }
      }
    }
    for (Plan.Interval i : intervals) {
      if (i.offset() < 0 || 4 * (i.offset() + i.length()) > plan.bytes()) {
        throw new AssertionError(i + " lies outside the arena of " + plan.bytes() + " bytes.\n" + plan);
      }
    }
  }

  private static boolean joins(Plan.Interval whole, Plan.Interval part) {
    return part.last() == whole.first() && (whole.label().startsWith("concat") || whole.label().startsWith("pad"))
        && within(part, whole);
  }

  /// Whether a value lies within another's memory.
  static boolean within(Plan.Interval part, Plan.Interval whole) {
    return part.offset() >= whole.offset() && part.offset() + part.length() <= whole.offset() + whole.length();
  }
}
