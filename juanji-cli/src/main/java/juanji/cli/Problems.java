package juanji.cli;

import java.util.List;
import juanji.data.Problem;

/// Says what was left out of a dataset, by name.
final class Problems {
  private static final int MOST = 20;

  private Problems() {
  }

  static void show(List<Problem> problems, Screen screen) {
    if (problems.isEmpty()) {
      return;
    }
    screen.warn(problems.size() + (problems.size() == 1 ? " thing was" : " things were") + " left out of the data:");
    problems.stream().limit(MOST).forEach(p -> screen.warn("  " + p));
    if (problems.size() > MOST) {
      screen.warn("  … and " + (problems.size() - MOST) + " more");
    }
  }
}
