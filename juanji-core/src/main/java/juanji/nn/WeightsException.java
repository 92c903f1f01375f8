package juanji.nn;

import java.util.ArrayList;
import java.util.List;

/// Weights that do not belong to the network that they were given to.
///
/// The message has three lines: what happened; the first of the names concerned; how to mend it.
public final class WeightsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<String> missing;
  private final transient List<String> unexpected;
  private final transient List<String> mismatched;

  WeightsException(List<String> missing, List<String> unexpected, List<String> mismatched) {
    super("the weights do not fit the network.\n"
        + "  C1: names and shapes are the network's; received " + described(missing, unexpected, mismatched) + ".\n"
        + "  Use the weights of this architecture, or the architecture of these weights.");
    this.missing = List.copyOf(missing);
    this.unexpected = List.copyOf(unexpected);
    this.mismatched = List.copyOf(mismatched);
  }

  private static String described(List<String> missing, List<String> unexpected, List<String> mismatched) {
    List<String> parts = new ArrayList<>();
    describe(parts, "missing", missing);
    describe(parts, "unexpected", unexpected);
    describe(parts, "of another shape", mismatched);
    return String.join("; ", parts);
  }

  private static void describe(List<String> parts, String what, List<String> names) {
    if (!names.isEmpty()) {
      String first = String.join(", ", names.stream().limit(4).map(Source::brief).toList());
      parts.add(names.size() + " " + what + " (" + first + (names.size() > 4 ? ", …" : "") + ")");
    }
  }

  /// The network's names that the weights lack.
  public List<String> missing() {
    return missing;
  }

  /// The weights' names that the network does not have.
  public List<String> unexpected() {
    return unexpected;
  }

  /// The names whose shapes differ, with both shapes.
  public List<String> mismatched() {
    return mismatched;
  }
}
