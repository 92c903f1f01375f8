package juanji.onnx;

import java.util.List;

/// What an ONNX operator means.
interface Operator {
  /// The node's outputs, as many as it may have; the last may be missing where the node does not name them.
  List<Value> apply(Call call);

  /// An operator of one output.
  interface Single {
    /// The output.
    Value apply(Call call);
  }

  /// An operator of one output, of a type that it says itself.
  static Operator of(Single operator) {
    return call -> List.of(operator.apply(call));
  }

  /// An operator on real numbers: its outputs are of the type of its first input of such.
  static Operator real(Single operator) {
    return call -> {
      Value value = operator.apply(call);
      return List.of(call.values().typed(value, call.realType()));
    };
  }
}
