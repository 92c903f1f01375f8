package juanji.onnx.peer;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import juanji.graph.Graph;
import juanji.op.Exact;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.Draw;
import juanji.testkit.Values;

/// One geometry as ONNX writes it and as a graph, with numbers.
///
/// @param what names it in messages
/// @param model the model; its outputs are the graph's
/// @param graph the graph; what the model has as inputs are its inputs and parameters
/// @param inputs a tensor per input
/// @param parameters a tensor per parameter
record Comparison(String what, OnnxModel model, Graph graph, Map<String, Tensor> inputs,
    Map<String, Tensor> parameters) {
  /// Draws geometries until so many exist, and compares all of them.
  ///
  /// @param drawn a geometry; a [ShapeException] says that what was drawn does not exist
  static void all(long seed, int times, Function<Draw, Comparison> drawn) {
    Draw draw = new Draw(seed);
    List<String> wrong = new ArrayList<>();
    for (int done = 0; done < times;) {
      Comparison next;
      try {
        next = drawn.apply(draw);
      } catch (ShapeException e) {
        continue;
      }
      done++;
      try {
        Peer.agree(next);
      } catch (AssertionError e) {
        wrong.add(e.getMessage());
      }
    }
    if (!wrong.isEmpty()) {
      fail(wrong.size() + " of " + times + " geometries differ:\n"
          + String.join("\n", wrong.subList(0, Math.min(8, wrong.size()))));
    }
  }

  /// Draws anew unless a condition holds.
  static void demand(boolean condition) {
    if (!condition) {
      throw new ShapeException("geometry", "C1: it exists.", "Draw anew.", List.of());
    }
  }

  static Tensor numbers(Draw draw, Shape shape) {
    return numbers(draw, shape, Values.SIGNED);
  }

  static Tensor numbers(Draw draw, Shape shape, Values kind) {
    return new Exact(shape, draw.numbers(shape, kind)).toTensor();
  }
}
