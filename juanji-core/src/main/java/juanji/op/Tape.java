package juanji.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Records the operations applied to values and then computes gradients backwards through them (reverse mode).
///
/// The gradients are values of the same algebra: over graph nodes, differentiation gives a larger graph; over [Exact]
/// numbers, it gives numbers.
///
/// ```java
/// Tape<Exact> tape = new Tape<>(Exact.ALGEBRA);
/// Exact y = tape.apply(new Pointwise.Tanh(), x);
/// Optional<Exact> dx = tape.gradients(y, one, List.of(x)).getFirst();
/// ```
///
/// @param <V> the values, compared by identity
public final class Tape<V> implements Algebra<V> {
  private record Entry<V>(Op op, List<V> inputs, V output) {
  }

  private final Algebra<V> algebra;
  private final List<Entry<V>> entries = new ArrayList<>();
  private final Set<V> known = Collections.newSetFromMap(new IdentityHashMap<>());

  /// A tape over the given algebra.
  public Tape(Algebra<V> algebra) {
    this.algebra = algebra;
  }

  @Override public V apply(Op op, List<V> inputs) {
    V output = algebra.apply(op, inputs);
    record(op, inputs, output);
    return output;
  }

  /// Notes an operation that was applied elsewhere.
  public void record(Op op, List<V> inputs, V output) {
    // An algebra may give the value that it gave before; its gradient must be passed on only once.
    if (known.add(output)) {
      entries.add(new Entry<>(op, List.copyOf(inputs), output));
    }
  }

  @Override public V constant(Tensor value) {
    return algebra.constant(value);
  }

  @Override public Shape shape(V value) {
    return algebra.shape(value);
  }

  /// The gradients of a scalar with respect to some values, given its gradient with respect to `output`.
  ///
  /// @param output a value on this tape
  /// @param seed the gradient with respect to it, of its shape
  /// @param wanted the values asked for
  /// @return one entry per wanted value, empty where `output` does not depend on it
  public List<Optional<V>> gradients(V output, V seed, List<V> wanted) {
    // The algebra may note the gradients' own operations on this very tape.
    List<Entry<V>> recorded = List.copyOf(entries);
    Set<V> relevant = Collections.newSetFromMap(new IdentityHashMap<>());
    relevant.addAll(wanted);
    for (Entry<V> e : recorded) {
      if (e.inputs.stream().anyMatch(relevant::contains)) {
        relevant.add(e.output);
      }
    }
    Map<V, V> gradients = new IdentityHashMap<>();
    gradients.put(output, seed);
    for (Entry<V> e : recorded.reversed()) {
      V gradient = gradients.get(e.output);
      if (gradient == null || !relevant.contains(e.output)) {
        continue;
      }
      List<Optional<V>> parts = e.op.gradient(algebra, e.inputs, e.output, gradient);
      for (int i = 0; i < parts.size(); i++) {
        V input = e.inputs.get(i);
        if (relevant.contains(input)) {
          parts.get(i).ifPresent(part -> gradients.merge(input, part, algebra::add));
        }
      }
    }
    return wanted.stream().map(v -> Optional.ofNullable(gradients.get(v))).toList();
  }
}
