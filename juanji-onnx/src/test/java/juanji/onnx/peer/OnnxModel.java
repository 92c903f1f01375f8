package juanji.onnx.peer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A ModelProto of a few nodes as it is written.
final class OnnxModel {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final int opset;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Proto graph = new Proto().text(2, "peer");

  OnnxModel(int opset) {
    this.opset = opset;
  }

  private static Proto described(String name, int type, Proto shape) {
    return new Proto().text(1, name).message(2, new Proto().message(1, new Proto().number(1, type).message(2, shape)));
  }

  OnnxModel input(String name, Shape shape) {
    Proto dims = new Proto();
    IntStream.of(shape.toArray()).forEach(d -> dims.message(1, new Proto().number(1, d)));
    graph.message(11, described(name, FLOAT, dims));
    return this;
  }

  OnnxModel output(String name, boolean whole, int rank) {
    Proto dims = new Proto();
    IntStream.range(0, rank).forEach(i -> dims.message(1, new Proto().text(2, name + i)));
    graph.message(12, described(name, whole ? INT64 : FLOAT, dims));
    return this;
  }

  OnnxModel reals(String name, Tensor value) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * value.data().length).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : value.data()) {
      bytes.putFloat(v);
    }
    Proto proto = new Proto();
    IntStream.of(value.shape().toArray()).forEach(d -> proto.number(1, d));
    graph.message(5, proto.number(2, FLOAT).text(8, name).bytes(9, bytes.array()));
    return this;
  }

  OnnxModel numbers(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long v : values) {
      bytes.putLong(v);
    }
    graph.message(5, new Proto().number(1, values.length).number(2, INT64).text(8, name).bytes(9, bytes.array()));
    return this;
  }

  OnnxNode node(String type, List<String> inputs, List<String> outputs) {
    OnnxNode node = new OnnxNode(type, inputs, outputs);
    nodes.add(node);
    return node;
  }

  byte[] bytes() {
    nodes.forEach(n -> graph.message(1, n.proto()));
    nodes.clear();
    return new Proto().number(1, 10).text(2, "juanji-peer").message(7, graph)
        .message(8, new Proto().text(1, "").number(2, opset)).toBytes();
  }
}
