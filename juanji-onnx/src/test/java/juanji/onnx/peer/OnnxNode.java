package juanji.onnx.peer;

import java.util.List;

/// A NodeProto as it is written.
final class OnnxNode {
  private static final int REAL = 1;
  private static final int NUMBER = 2;
  private static final int TEXT = 3;
  private static final int NUMBERS = 7;

  private final Proto proto = new Proto();

  OnnxNode(String type, List<String> inputs, List<String> outputs) {
    inputs.forEach(name -> proto.text(1, name));
    outputs.forEach(name -> proto.text(2, name));
    proto.text(4, type);
  }

  private OnnxNode attribute(String name, int type, Proto value) {
    proto.message(5, value.text(1, name).number(20, type));
    return this;
  }

  OnnxNode real(String name, double value) {
    return attribute(name, REAL, new Proto().real(2, (float) value));
  }

  OnnxNode number(String name, long value) {
    return attribute(name, NUMBER, new Proto().number(3, value));
  }

  OnnxNode text(String name, String value) {
    return attribute(name, TEXT, new Proto().text(4, value));
  }

  OnnxNode numbers(String name, int... values) {
    Proto value = new Proto();
    for (int v : values) {
      value.number(8, v);
    }
    return attribute(name, NUMBERS, value);
  }

  Proto proto() {
    return proto;
  }
}
