package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Leaves the layers of some paths as they are in training, and notes what paths there are.
final class Freezing implements Rewriting.Change {
  private final Predicate<String> paths;
  private final Map<String, String> owners;
  private final List<String> seen = new ArrayList<>();
  private boolean found;

  /// @param owners the layer, or the part of one, of each weight
  Freezing(Predicate<String> paths, Map<String, String> owners) {
    this.paths = paths;
    this.owners = owners;
  }

  /// Whether there was a layer of such a path.
  boolean found() {
    return found;
  }

  /// The paths that there are.
  List<String> seen() {
    return seen;
  }

  @Override public Optional<Layer> of(String path, Layer layer) {
    seen.add(path);
    boolean hit = paths.test(path);
    found |= hit;
    return hit ? Optional.of(new Frozen(layer)) : Optional.empty();
  }

  @Override public Layer parts(String scope, CustomLayer graph) {
    Set<String> named = new TreeSet<>();
    owners.forEach((weight, owner) -> {
      if (weight.indexOf('.') > 0 && within(weight.substring(0, weight.lastIndexOf('.')))) {
        named.add(owner);
      }
    });
    graph.parts().forEach(part -> seen.add(scope + part));
    Optional<Layer> frozen = graph.freeze(part -> named.contains(scope + part) || within(scope + part));
    found |= frozen.isPresent();
    return frozen.orElse(graph);
  }

  /// Whether a path, or one that it is inside of, is meant.
  private boolean within(String path) {
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      if (paths.test(path.substring(0, dot))) {
        return true;
      }
    }
    return paths.test(path);
  }
}
