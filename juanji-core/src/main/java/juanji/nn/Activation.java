package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Composite;
import juanji.op.Op;
import juanji.op.Pointwise;

/// A function without weights, of each element or, for the softmaxes, along the channels.
///
/// Constraints: C1 a softmax takes an input with a channel axis: N × C or more.
///
/// @param function which one
public record Activation(Function function) implements Layer {
  /// The functions.
  public enum Function {
    /// max(0, x).
    RELU("relu", new Pointwise.Relu()),
    /// tanh x, from −1 to 1.
    TANH("tanh", new Pointwise.Tanh()),
    /// 1 / (1 + e⁻ˣ), from 0 to 1.
    SIGMOID("sigmoid", new Pointwise.Sigmoid()),
    /// eˣ / Σ eˣ over the channels: probabilities.
    SOFTMAX("softmax", new Composite.Softmax(1)),
    /// x − ln Σ eˣ over the channels: the logarithm of softmax.
    LOG_SOFTMAX("logSoftmax", new Composite.LogSoftmax(1));

    private final String word;
    private final Op op;

    Function(String word, Op op) {
      this.word = word;
      this.op = op;
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    if (x.shape().rank() < 2) {
      throw trace.refusal(kind(), "C1: the input is batch × channels or more; received " + x.shape() + ".",
          "Give samples of at least one axis.", x.shape());
    }
    return trace.apply(function.op, List.of(x));
  }

  @Override public String kind() {
    return function.word;
  }

  @Override public String toString() {
    return function.word + "()";
  }
}
