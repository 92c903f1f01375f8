package juanji.onnx;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.TensorProto;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Small ONNX files for tests.
final class Examples {
  private Examples() {
  }

  static Tensor numbers(int... dims) {
    Tensor tensor = Tensor.zeros(Shape.of(dims));
    for (int i = 0; i < tensor.data().length; i++) {
      tensor.data()[i] = (float) Math.sin(0.7 * i + dims.length) / 3;
    }
    return tensor;
  }

  static ValueInfoProto value(String name, Object... extents) {
    return new ValueInfoProto(name, new TypeProto.OfTensor(ElementType.FLOAT, Optional.of(List.of(extents).stream()
        .map(e -> e instanceof Integer n ? TypeProto.Extent.of(n) : TypeProto.Extent.of(e.toString())).toList())));
  }

  static ModelProto model(List<NodeProto> nodes, List<TensorProto> weights, List<ValueInfoProto> inputs,
      List<ValueInfoProto> outputs) {
    return ModelProto.of(8, 17, GraphProto.of("example", nodes, weights, inputs, outputs), Map.of());
  }

  /// Convolution, batch normalisation, ReLU, pooling, shape arithmetic and a matrix product, of any batch and size.
  static ModelProto network() {
    List<NodeProto> nodes = List.of(
        NodeProto.of("/conv1/Conv", "Conv", List.of("x", "conv1.weight", "conv1.bias"), List.of("c"),
            AttributeProto.of("pads", List.of(1L, 1L, 1L, 1L)), AttributeProto.of("kernel_shape", List.of(3L, 3L))),
        NodeProto.of("bn", "BatchNormalization", List.of("c", "bn.weight", "bn.bias", "bn.running_mean",
            "bn.running_var"), List.of("b")),
        NodeProto.of("", "Relu", List.of("b"), List.of("r")),
        NodeProto.of("drop", "Dropout", List.of("r"), List.of("d")),
        NodeProto.of("pool", "GlobalAveragePool", List.of("d"), List.of("p")),
        NodeProto.of("", "Shape", List.of("p"), List.of("s")),
        NodeProto.of("", "Gather", List.of("s", "zero"), List.of("n")),
        NodeProto.of("", "Unsqueeze", List.of("n", "zeros"), List.of("rows")),
        NodeProto.of("", "Concat", List.of("rows", "rest"), List.of("target"), AttributeProto.of("axis", 0)),
        NodeProto.of("flat", "Reshape", List.of("p", "target"), List.of("f")),
        NodeProto.of("fc", "Gemm", List.of("f", "fc.weight", "fc.bias"), List.of("y"), AttributeProto.of("transB", 1)));
    Tensor variance = numbers(4);
    for (int i = 0; i < 4; i++) {
      variance.data()[i] = 0.5f + i;
    }
    List<TensorProto> weights = List.of(TensorProto.of("conv1.weight", numbers(4, 3, 3, 3)),
        TensorProto.of("conv1.bias", numbers(4)), TensorProto.of("bn.weight", variance),
        TensorProto.of("bn.bias", numbers(4)), TensorProto.of("bn.running_mean", numbers(4)),
        TensorProto.of("bn.running_var", variance), TensorProto.of("fc.weight", numbers(5, 4)),
        TensorProto.of("fc.bias", numbers(5)), TensorProto.of("zero", Shape.of(), 0),
        TensorProto.of("zeros", Shape.of(1), 0), TensorProto.of("rest", Shape.of(1), -1));
    return model(nodes, weights, List.of(value("x", "batch", 3, "height", "width")),
        List.of(value("y", "batch", 5)));
  }
}
