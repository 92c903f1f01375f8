package juanji.testkit;

import java.util.List;
import juanji.plan.Target;

/// The machines that the suite runs for.
final class Targets {
  static final List<Target> ALL = List.of(Target.scalar(), Target.best());

  private Targets() {
  }
}
