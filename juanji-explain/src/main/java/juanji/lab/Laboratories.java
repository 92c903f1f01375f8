package juanji.lab;

import java.util.List;

/// The laboratories by name.
///
/// ```java
/// try (Workers workers = Workers.all()) {
///   Laboratory lab = Laboratories.named("dilated");
///   Result result = lab.run(new Desk(workers), Setup.of(lab).with("dilations", "1,2,5"));
///   result.findings().forEach(f -> IO.println(f.claim().english() + ": " + f.measured()));
/// }
/// ```
public final class Laboratories {
  private static final List<Laboratory> ALL = List.of(StackLab.LAB, ShiftLab.LAB, PaddingLab.LAB, TransposedLab.LAB,
      CheckerboardLab.LAB, DilationLab.LAB, SharingLab.LAB, ConnectionLab.LAB, FaceLab.LAB, PoolingLab.LAB,
      SeparableLab.LAB, VladLab.LAB);

  private Laboratories() {
  }

  /// All of them.
  public static List<Laboratory> all() {
    return ALL;
  }

  /// A laboratory by its name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Laboratory named(String name) {
    return ALL.stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow(() ->
        new IllegalArgumentException("there is no laboratory '" + name + "'.\n  C1: the laboratories are "
            + String.join(", ", ALL.stream().map(Laboratory::name).toList()) + "; received '" + name + "'.\n"
            + "  Name one of these."));
  }
}
