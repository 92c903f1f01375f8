package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.tensor.Tensor;

/// The values of a network's weights and running statistics by name, in the order of the layers.
///
/// Weights are a value: nothing writes to their tensors. Two are equal if they have the same names, shapes and bits.
public final class Weights {
  /// No weights.
  public static final Weights NONE = new Weights(Map.of());

  private final Map<String, Tensor> tensors;

  private Weights(Map<String, Tensor> tensors) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /// Weights of the given names, in the map's order. The tensors are not copied and must not be written to afterwards.
  public static Weights of(Map<String, Tensor> tensors) {
    return new Weights(tensors);
  }

  /// The tensors by name.
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /// The tensor of the given name.
  ///
  /// @throws IllegalArgumentException if there is none
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("there is no weight '" + Source.brief(name) + "'.\n"
          + "  C1: the weights are " + Source.brief(String.join(", ", tensors.keySet())) + ".\n"
          + "  Name one of these.");
    }
    return tensor;
  }

  /// These weights with one replaced or added.
  public Weights with(String name, Tensor value) {
    Map<String, Tensor> changed = new LinkedHashMap<>(tensors);
    changed.put(name, value);
    return new Weights(changed);
  }

  /// These weights in the order of the declarations, which must ask for exactly these names and shapes.
  ///
  /// @throws WeightsException if a name is missing or unexpected, or a shape differs
  public Weights strictly(List<Declaration> declarations) {
    List<String> missing = new ArrayList<>();
    List<String> mismatched = new ArrayList<>();
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    for (Declaration d : declarations) {
      Tensor tensor = tensors.get(d.name());
      if (tensor == null) {
        missing.add(d.name());
      } else if (!tensor.shape().equals(d.shape())) {
        mismatched.add(d.name() + ": " + tensor.shape() + " instead of " + d.shape());
      } else {
        ordered.put(d.name(), tensor);
      }
    }
    List<String> names = declarations.stream().map(Declaration::name).toList();
    List<String> unexpected = new ArrayList<>(tensors.keySet());
    unexpected.removeAll(new HashSet<>(names));
    if (!missing.isEmpty() || !unexpected.isEmpty() || !mismatched.isEmpty()) {
      throw new WeightsException(missing, unexpected, mismatched);
    }
    return new Weights(ordered);
  }

  @Override public boolean equals(Object other) {
    return other instanceof Weights w && new ArrayList<>(tensors.keySet()).equals(new ArrayList<>(w.tensors.keySet()))
        && tensors.entrySet().stream().allMatch(e -> same(e.getValue(), w.tensors.get(e.getKey())));
  }

  private static boolean same(Tensor a, Tensor b) {
    return a.shape().equals(b.shape()) && Arrays.equals(a.data(), b.data());
  }

  @Override public int hashCode() {
    int hash = tensors.keySet().hashCode();
    for (Tensor tensor : tensors.values()) {
      hash = 31 * hash + Arrays.hashCode(tensor.data());
    }
    return hash;
  }

  /// The names with their shapes.
  @Override public String toString() {
    StringBuilder text = new StringBuilder();
    tensors.forEach((name, tensor) -> text.append(name).append(" : ").append(tensor.shape()).append('\n'));
    return text.toString();
  }
}
