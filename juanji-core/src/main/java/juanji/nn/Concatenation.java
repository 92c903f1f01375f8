package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.View;

/// The same input through several branches, whose outputs are joined along the channels.
///
/// x: N × …, y: N × (sum of the branches' channels) × …
///
/// Constraints: C1 there is at least one branch; C2 the branches' outputs agree in all extents but their channels.
/// Source: Szegedy et al., *Going deeper with convolutions*, 2015.
///
/// @param branches the branches, in the order of their channels
public record Concatenation(List<Layer> branches) implements Layer {
  /// Checks C1.
  public Concatenation {
    branches = List.copyOf(branches);
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("a concatenation of nothing does not exist.\n"
          + "  C1: there is at least one branch; received none.\n"
          + "  Give the branches, such as concat(conv(8, 1), conv(8, 3).same()).");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    return trace.apply(new View.Concat(1), branches.stream().map(b -> trace.layer(b, x)).toList());
  }

  @Override public String kind() {
    return "concat";
  }

  @Override public String toString() {
    return Source.call("concat", branches);
  }
}
