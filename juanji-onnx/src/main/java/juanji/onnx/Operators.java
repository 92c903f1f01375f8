package juanji.onnx;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The operators that can be read, by name.
final class Operators {
  /// The newest set of operators that is known.
  static final long NEWEST = 27;

  private static final Map<String, Operator> TABLE = table();

  private Operators() {
  }

  private static Map<String, Operator> table() {
    Map<String, Operator> table = new TreeMap<>();
    Reshaping.register(table);
    Moving.register(table);
    Arithmetic.register(table);
    Elementwise.register(table);
    Summaries.register(table);
    Windows.register(table);
    Products.register(table);
    Norms.register(table);
    Losses.register(table);
    Resizes.register(table);
    Constants.register(table);
    Selection.register(table);
    Places.register(table);
    Quantized.register(table);
    Control.register(table);
    return table;
  }

  static Optional<Operator> of(String domain, String name) {
    return domain.isEmpty() ? Optional.ofNullable(TABLE.get(name)) : Optional.empty();
  }

  /// All names, in order.
  static SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(TABLE.keySet()));
  }
}
