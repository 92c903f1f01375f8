package juanji.onnx;

import java.util.Optional;
import juanji.graph.Node;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;

/// A value of an ONNX graph while it is translated.
sealed interface Value {
  /// What its elements are in the file.
  ElementType type();

  /// Its extents.
  Shape shape();

  /// A value that is known now.
  record Host(HostTensor tensor) implements Value {
    @Override public ElementType type() {
      return tensor.type();
    }

    @Override public Shape shape() {
      return tensor.shape();
    }
  }

  /// A weight: known now, but kept as a parameter of the network where it meets what flows through it.
  ///
  /// @param name its name
  /// @param type what its elements are in the file
  /// @param shape its extents
  /// @param data its elements; nothing where the network keeps them elsewhere
  record Weight(String name, ElementType type, Shape shape, Optional<TensorProto> data) implements Value {
    static Weight of(String name, TensorProto data) {
      return new Weight(name, data.type(), data.shape(), Optional.of(data));
    }
  }

  /// A value that depends on the network's input. Whole numbers and truth values flow as floats.
  record Flow(Node node, ElementType type) implements Value {
    @Override public Shape shape() {
      return node.shape();
    }
  }
}
