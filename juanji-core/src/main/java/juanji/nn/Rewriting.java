package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Goes through a network's layers with the paths that [Trace] gives them, and puts others in the place of some.
final class Rewriting {
  /// What is done with a layer.
  interface Change {
    /// What takes the layer's place, with all that is inside it; empty to look inside.
    ///
    /// @param path its path, such as `layer4.0.conv1`
    /// @param layer the layer, with its name if it has one
    Optional<Layer> of(String path, Layer layer);

    /// What takes the place of a graph that has no place of its own, but only those of its parts.
    ///
    /// @param scope what is before the names of its parts, such as `body.`; empty outside of named layers
    default Layer parts(String scope, CustomLayer graph) {
      return graph;
    }
  }

  private final Change change;

  Rewriting(Change change) {
    this.change = change;
  }

  /// The layers of a network, rewritten.
  Sequence of(Sequence layers) {
    return new Sequence(all(layers.layers(), "", new Trace.Numbering()));
  }

  /// Rewrites a layer within a scope.
  Layer of(Layer layer, String scope, Trace.Numbering numbering) {
    return switch (layer) {
      case Sequence chain -> new Sequence(all(chain.layers(), scope, numbering));
      case Frozen still -> new Frozen(of(still.layer(), scope, numbering));
      case Unscoped open -> new Unscoped(inside(open.layer(), scope, numbering));
      case CustomLayer graph when graph.partsOnly() -> change.parts(scope, graph);
      default -> {
        String path = scope + numbering.name(layer);
        yield change.of(path, layer).orElseGet(() -> layer instanceof Named named
            ? new Named(inside(named.layer(), path + ".", new Trace.Numbering()), named.name())
            : inside(layer, path + ".", new Trace.Numbering()));
      }
    };
  }

  private List<Layer> all(List<Layer> layers, String scope, Trace.Numbering numbering) {
    List<Layer> all = new ArrayList<>();
    layers.forEach(layer -> all.add(of(layer, scope, numbering)));
    return all;
  }

  /// What is inside a layer, rewritten: of most layers nothing.
  private Layer inside(Layer layer, String scope, Trace.Numbering numbering) {
    return switch (layer) {
      case Sequence chain -> new Sequence(all(chain.layers(), scope, numbering));
      case Frozen still -> new Frozen(of(still.layer(), scope, numbering));
      case Unscoped open -> new Unscoped(inside(open.layer(), scope, numbering));
      case Named named -> new Named(inside(named.layer(), scope, numbering), named.name());
      case Concatenation concat -> new Concatenation(all(concat.branches(), scope, numbering));
      case Residual residual -> {
        Layer body = of(residual.body(), scope, numbering);
        yield new Residual(body, shortcut(residual.shortcut(), scope, numbering));
      }
      case Auxiliary auxiliary -> new Auxiliary(of(auxiliary.head(), scope, numbering), auxiliary.weight());
      case Rearrangement.Splitting split -> new Rearrangement.Splitting(all(split.branches(), scope, numbering));
      case Rearrangement.Multiplying product -> {
        Layer first = of(product.first(), scope, numbering);
        yield new Rearrangement.Multiplying(first, of(product.second(), scope, numbering));
      }
      case Unpooling unpool -> {
        numbering.name(unpool.pool());
        yield new Unpooling(unpool.pool(), of(unpool.body(), scope, numbering));
      }
      case CustomLayer graph when graph.partsOnly() -> change.parts(scope, graph);
      default -> layer;
    };
  }

  private Layer shortcut(Layer shortcut, String scope, Trace.Numbering numbering) {
    return shortcut instanceof Identity ? shortcut
        : of(shortcut instanceof Named ? shortcut : shortcut.named("shortcut"), scope, numbering);
  }
}
