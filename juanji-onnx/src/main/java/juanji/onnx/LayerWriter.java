package juanji.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.nn.BatchNormalization;
import juanji.nn.GroupNormalization;
import juanji.nn.InstanceNormalization;
import juanji.nn.Layer;
import juanji.nn.LayerNormalization;
import juanji.nn.ParametricRelu;
import juanji.nn.Rearrangement;
import juanji.nn.Resizing;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.NodeProto;
import juanji.tensor.Shape;

/// Layers that ONNX has one operator for, though they are several operations here: other runtimes have kernels for
/// these operators.
final class LayerWriter {
  /// What ONNX adds to variances unless a node says otherwise.
  private static final float EPSILON = 1e-5f;

  /// A layer's result from an operator of its own.
  ///
  /// @param inputs the nodes that it takes
  /// @param emission writes the operator, given the names of these nodes
  record Written(List<Node> inputs, Emission emission) {
  }

  /// What writes an operator.
  interface Emission {
    String write(Sheet sheet, List<String> in);
  }

  /// Finds a weight of the layer by its name within it.
  interface Weights {
    Node of(String name);
  }

  private LayerWriter() {
  }

  /// The operator for a layer, if there is one in this version of ONNX.
  static Optional<Written> of(Layer kind, Node x, Node y, int opset, Weights weights) {
    Shape shape = x.shape();
    return Optional.ofNullable(switch (kind) {
      case BatchNormalization layer -> new Written(List.of(x, weights.of("weight"), weights.of("bias"),
          weights.of("running_mean"), weights.of("running_var")), (sheet, in) -> sheet.apply("BatchNormalization", in,
              PointwiseWriter.real("epsilon", layer.epsilon())));
      case LayerNormalization layer when opset >= 17 && (!layer.overChannels() || shape.rank() == 2) ->
          new Written(List.of(x, weights.of("weight"), weights.of("bias")), (sheet, in) -> sheet.apply(
              "LayerNormalization", in, AttributeProto.of("axis", 1),
              PointwiseWriter.real("epsilon", layer.epsilon())));
      case GroupNormalization layer when opset >= 21 -> new Written(List.of(x, weights.of("weight"),
          weights.of("bias")), (sheet, in) -> sheet.apply("GroupNormalization", in,
              AttributeProto.of("num_groups", layer.groups()), PointwiseWriter.real("epsilon", layer.epsilon())));
      case InstanceNormalization layer when layer.weights() -> new Written(List.of(x, weights.of("weight"),
          weights.of("bias")), (sheet, in) -> sheet.apply("InstanceNormalization", in,
              PointwiseWriter.real("epsilon", layer.epsilon())));
      // One slope for all channels goes as it is: a reader takes a number under other extents for a constant.
      case ParametricRelu layer when layer.shared() -> new Written(List.of(x, weights.of("weight")), (sheet, in) ->
          sheet.apply("PRelu", in));
      case Resizing layer -> new Written(List.of(x), (sheet, in) -> resize(sheet, layer, in.getFirst(),
          y.shape()));
      case Rearrangement.PixelShuffling layer when shape.rank() == 4 && !layer.down() -> new Written(List.of(x),
          (sheet, in) -> sheet.apply("DepthToSpace", in, AttributeProto.of("blocksize", layer.factor()),
              AttributeProto.of("mode", "CRD")));
      default -> null;
    });
  }

  /// The operator for a node that came from an ONNX file: a batch normalisation, whose running statistics would
  /// otherwise pass for weights when the file is read again.
  ///
  /// @param weights what the node takes besides x, as far as these are weights
  static Optional<Written> of(NodeProto node, Node x, List<Node> weights) {
    if (!node.operator().equals("BatchNormalization") || !node.domain().isEmpty() || weights.size() != 4
        || node.attribute("training_mode").filter(v -> !v.equals(new AttributeProto.Value.Whole(0))).isPresent()
        || x.shape().rank() < 2 || weights.stream().anyMatch(w -> !w.shape().equals(Shape.of(x.shape().dim(1))))) {
      return Optional.empty();
    }
    List<Node> all = new ArrayList<>(List.of(x));
    all.addAll(weights);
    float epsilon = node.attribute("epsilon").map(v -> v instanceof AttributeProto.Value.Real(float number) ? number
        : EPSILON).orElse(EPSILON);
    return Optional.of(new Written(all, (sheet, in) -> sheet.apply("BatchNormalization", in,
        AttributeProto.of("epsilon", epsilon))));
  }

  private static String resize(Sheet sheet, Resizing layer, String x, Shape y) {
    String all = sheet.apply("Shape", List.of(x));
    String leading = sheet.apply("Slice", List.of(all, sheet.wholes(0), sheet.wholes(2)));
    String extents = sheet.wholes(IntStream.range(2, y.rank()).mapToLong(y::dim).toArray());
    String sizes = sheet.apply("Concat", List.of(leading, extents), AttributeProto.of("axis", 0));
    return sheet.apply("Resize", List.of(x, "", "", sizes),
        AttributeProto.of("mode", layer.nearest() ? "nearest" : "linear"),
        AttributeProto.of("coordinate_transformation_mode", layer.corners() ? "align_corners" : "half_pixel"),
        AttributeProto.of("nearest_mode", "round_prefer_ceil"));
  }
}
