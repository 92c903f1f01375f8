package juanji.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The open door in the family of layers: a layer of your own.
///
/// Implement it as a record, and let `toString` give back the code that makes it; [Architecture#parse] reads that code
/// if it is told what the name means.
///
/// ```java
/// record Scaling(double factor) implements CustomLayer {
///   public Node apply(Trace trace, Node x) {
///     return trace.affine(x, factor, 0);
///   }
///
///   public String kind() {
///     return "scaling";
///   }
///
///   public String toString() {
///     return "scaling(" + factor + ")";
///   }
/// }
/// ```
public non-sealed interface CustomLayer extends Layer {
  /// Whether the layer has no place of its own, but only those of its parts ([Trace#part]): it opens no scope, and its
  /// weights have the names that it gives them.
  default boolean partsOnly() {
    return false;
  }

  /// The layer up to a part of it, that one included.
  ///
  /// @param part the part's name within the layer
  /// @return nothing if it has no such part, or cannot be cut
  default Optional<Layer> upTo(String part) {
    return Optional.empty();
  }

  /// The layer with some of its parts left as they are in training: they are then given to [Trace#part] as [Frozen].
  ///
  /// @param parts which parts, by their name within the layer
  /// @return nothing if it has none of these
  default Optional<Layer> freeze(Predicate<String> parts) {
    return Optional.empty();
  }

  /// The names of the parts at which it can be cut.
  default List<String> parts() {
    return List.of();
  }
}
