package juanji.nn;

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
}
