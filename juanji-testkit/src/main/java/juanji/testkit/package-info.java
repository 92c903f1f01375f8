/// Checks of operations, layers and plans against their definitions, for this project's own and for yours.
///
/// An operation of your own is checked in one line, a layer in another:
///
/// ```java
/// OpCheck.of(new Swish(), Shape.of(2, 3, 5)).check();
/// LayerCheck.of(new Scaling(2), Shape.of(3, 8, 8)).check();
/// ```
///
/// What fails throws an `AssertionError` that says which contract is broken, on which sample, and by how much; so any
/// test framework will do. All choices are seeded: the same check always draws the same samples.
///
/// [juanji.testkit.OpSamples] is the one table of samples of every kind of operation, [juanji.testkit.OpErrors] that of
/// the shapes that they refuse, [juanji.testkit.GraphSamples] draws whole graphs.
package juanji.testkit;
