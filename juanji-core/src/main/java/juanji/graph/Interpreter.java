package juanji.graph;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.op.Exact;
import juanji.op.Op;

/// Computes a graph node by node, by definition and in double precision: slow, and what plans are compared with.
///
/// ```java
/// var results = Interpreter.run(graph, Map.of("x", Exact.of(batch), "conv1.weight", Exact.of(weights)));
/// Exact y = results.outputs().get("y");
/// ```
public final class Interpreter {
  private Interpreter() {
  }

  /// What a run of a graph gives.
  ///
  /// @param outputs the named results
  /// @param updates the parameters' new values, by name
  public record Results(Map<String, Exact> outputs, Map<String, Exact> updates) {
  }

  /// Runs the graph; the batch is that of the inputs given.
  ///
  /// @param given a value for each input and each parameter, by name
  /// @throws IllegalArgumentException if one is missing
  public static Results run(Graph graph, Map<String, Exact> given) {
    Map<Node, Exact> values = new IdentityHashMap<>();
    for (Node node : graph.nodes()) {
      values.put(node, switch (node) {
        case Node.Input i -> given(i, given);
        case Node.Parameter p -> given(p, given);
        case Node.Constant c -> Exact.of(c.value());
        case Node.Apply a -> apply(a.op(), a.inputs().stream().map(values::get).toList());
      });
    }
    Map<String, Exact> outputs = new LinkedHashMap<>();
    graph.outputs().forEach((name, node) -> outputs.put(name, values.get(node)));
    Map<String, Exact> updates = new LinkedHashMap<>();
    graph.updates().forEach((parameter, node) -> updates.put(parameter.name(), values.get(node)));
    return new Results(outputs, updates);
  }

  private static Exact apply(Op op, List<Exact> inputs) {
    return Exact.ALGEBRA.apply(op, inputs);
  }

  private static Exact given(Node node, Map<String, Exact> given) {
    Exact value = given.get(node.name());
    if (value == null) {
      throw new IllegalArgumentException("'" + node.name() + "' has no value.\n"
          + "  C1: every input and parameter is given; received only " + given.keySet() + ".\n"
          + "  Give a value of " + node.shape() + " under this name.");
    }
    return value;
  }
}
