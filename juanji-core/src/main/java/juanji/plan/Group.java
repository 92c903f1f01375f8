package juanji.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import juanji.graph.Node;
import juanji.kernel.Chain;

/// Nodes that one step computes together: an anchor and the chain of pointwise operations around it.
///
/// A contraction or a window operation has the chain behind it; a reduction has it before, on its input's elements; a
/// group without an anchor is a chain alone.
///
/// @param anchor the operation that is not pointwise, if there is one
/// @param inputs the anchor's inputs; for a reduction, the value that the chain starts from
/// @param chain the pointwise operations
/// @param operands the chain's further operands
/// @param result the node whose value the step leaves in memory
record Group(Optional<Node.Apply> anchor, List<Node> inputs, Chain chain, List<Node> operands, Node.Apply result) {
  /// Everything that must be in memory before.
  List<Node> needs() {
    return Stream.concat(inputs.stream(), operands.stream()).toList();
  }

  /// The operations' names, such as `conv · add · relu`.
  String label() {
    return anchor.map(a -> a.op().label() + (chain.stages().isEmpty() ? "" : " · " + chain)).orElse(chain.toString());
  }
}
