package juanji.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import juanji.graph.Graph;
import juanji.graph.Interpreter;
import juanji.op.Exact;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A graph with a batch size and numbers for all that it takes.
///
/// @param graph the graph
/// @param batch samples per run
/// @param inputs a tensor per input, with the batch's size unless its open extent is another
/// @param parameters a tensor per parameter
public record GraphSample(Graph graph, int batch, Map<String, Tensor> inputs, Map<String, Tensor> parameters) {
  /// The parameters in memory of their own, which a session may change.
  public Map<String, Tensor> freshParameters() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    parameters.forEach((name, tensor) -> copies.put(name, tensor.copy()));
    return copies;
  }

  /// The rows of those inputs whose extent is open and not the batch's.
  public Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    graph.inputs().stream().filter(i -> !i.shape().bound()).forEach(i -> {
      // The open axis need not be the first.
      int open = 0;
      while (i.shape().dim(open) != Shape.UNBOUND) {
        open++;
      }
      int rows = inputs.get(i.name()).shape().dim(open);
      if (rows != batch) {
        sizes.put(i.name(), rows);
      }
    });
    return sizes;
  }

  /// The results by definition.
  ///
  /// @param values the parameters' values
  public Interpreter.Results expected(Map<String, Tensor> values) {
    Map<String, Exact> given = new LinkedHashMap<>();
    inputs.forEach((name, tensor) -> given.put(name, Exact.of(tensor)));
    values.forEach((name, tensor) -> given.put(name, Exact.of(tensor)));
    return Interpreter.run(graph, given);
  }
}
