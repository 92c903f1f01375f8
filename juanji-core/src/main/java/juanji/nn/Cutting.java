package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds a layer by its path and cuts the chain behind it.
final class Cutting {
  private Cutting() {
  }

  static Sequence upTo(Sequence chain, String path) {
    List<String> seen = new ArrayList<>();
    Layer cut = cut(chain, "", path, new Trace.Numbering(), seen);
    if (cut == null) {
      boolean inside = seen.stream().anyMatch(s -> path.startsWith(s + "."));
      throw new IllegalArgumentException("the network cannot be cut at '" + Source.brief(path) + "'.\n"
          + (inside ? "  C2: the layer lies on the only way through the network, not inside a branch; received '"
              + Source.brief(path) + "'.\n" : "  C1: there is a layer of that name; the layers are "
              + String.join(", ", seen.stream().limit(12).toList()) + (seen.size() > 12 ? ", …" : "") + ".\n")
          + "  Name one of the network's own layers.");
    }
    return cut instanceof Sequence s ? s : new Sequence(List.of(cut));
  }

  /// The layer up to the path, or null if the path is not in it; notes the paths of the layers passed.
  private static Layer cut(Layer layer, String scope, String path, Trace.Numbering numbering, List<String> seen) {
    switch (layer) {
      case Sequence chain -> {
        List<Layer> kept = new ArrayList<>();
        for (Layer each : chain.layers()) {
          Layer part = cut(each, scope, path, numbering, seen);
          kept.add(part == null ? each : part);
          if (part != null) {
            return new Sequence(kept);
          }
        }
        return null;
      }
      case Frozen frozen -> {
        Layer part = cut(frozen.layer(), scope, path, numbering, seen);
        return part == null ? null : new Frozen(part);
      }
      case CustomLayer graph when graph.partsOnly() -> {
        graph.parts().forEach(part -> seen.add(scope + part));
        return path.startsWith(scope) ? graph.upTo(path.substring(scope.length())).orElse(null) : null;
      }
      case Unscoped open -> {
        // Its layers lie inside branches, but count among those around them.
        new Rewriting((inner, _) -> {
          seen.add(inner);
          return Optional.empty();
        }).of(open, scope, numbering);
        return null;
      }
      default -> {
        String own = scope + numbering.name(layer);
        seen.add(own);
        if (own.equals(path)) {
          return layer;
        }
        if (layer instanceof Named named && named.layer() instanceof Sequence inside && path.startsWith(own + ".")) {
          Layer part = cut(inside, own + ".", path, new Trace.Numbering(), seen);
          return part == null ? null : new Named(part, named.name());
        }
        if (layer instanceof Named named && named.layer() instanceof CustomLayer graph && path.startsWith(own + ".")) {
          graph.parts().forEach(part -> seen.add(own + "." + part));
          return graph.upTo(path.substring(own.length() + 1)).<Layer>map(part -> new Named(part, named.name()))
              .orElse(null);
        }
        return null;
      }
    }
  }
}
