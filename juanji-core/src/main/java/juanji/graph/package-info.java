/// Graphs: what a network computes, as an immutable value.
///
/// A [juanji.graph.GraphBuilder] applies operations to [juanji.graph.Node]s; differentiation
/// ([juanji.graph.GraphBuilder#gradients]) and an optimiser's update add more nodes of the same kinds, so that one
/// graph is one training step.
package juanji.graph;
