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
/// @param prologue what is done to an input of the anchor as it is read
record Group(Optional<Node.Apply> anchor, List<Node> inputs, Chain chain, List<Node> operands, Node.Apply result,
    Optional<Prologue> prologue) {
  /// Pointwise operations on the way from memory to the anchor.
  ///
  /// @param input which of the anchor's inputs
  /// @param chain the operations; they start from that input
  /// @param operands the chain's further operands
  record Prologue(int input, Chain chain, List<Node> operands) {
  }

  Group(Optional<Node.Apply> anchor, List<Node> inputs, Chain chain, List<Node> operands, Node.Apply result) {
    this(anchor, inputs, chain, operands, result, Optional.empty());
  }

  /// Everything that must be in memory before.
  List<Node> needs() {
    return Stream.of(inputs, operands, prologue.map(Prologue::operands).orElse(List.of())).flatMap(List::stream)
        .toList();
  }

  /// The operations' names, such as `conv · add · relu`, or `(sub · mul · add · relu) conv` with a prologue.
  String label() {
    String before = prologue.map(p -> "(" + p.chain() + ") ").orElse("");
    return anchor.map(a -> before + a.op().label() + (chain.stages().isEmpty() ? "" : " · " + chain))
        .orElse(chain.toString());
  }
}
