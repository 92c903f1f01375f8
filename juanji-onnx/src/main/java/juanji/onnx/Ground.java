package juanji.onnx;

import java.util.Optional;
import java.util.function.Supplier;
import juanji.graph.Node;
import juanji.nn.Trace;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.NodeProto;
import juanji.op.Algebra;
import juanji.tensor.Shape;

/// Where a translation writes to: the trace of a layer, or the stages of a program.
interface Ground {
  /// What operations are applied with.
  Algebra<Node> algebra();

  /// Whether real numbers of a type flow through the network here.
  boolean keeps(ElementType type);

  /// A weight as a node.
  ///
  /// @param use what training does with it
  Node weight(Value.Weight weight, Use use);

  /// One value everywhere.
  Node uniform(Shape shape, float value);

  /// The elements of a weight, for what must be known now.
  HostTensor read(Value.Weight weight);

  /// The elements of a flowing value, if it can be computed now.
  Optional<HostTensor> compute(Value.Flow value);

  /// The trace of the layer being written, if its training is asked for.
  Optional<Trace> training();

  /// Writes a node, at its own place in the network.
  void at(NodeProto node, String name, Supplier<Optional<Place>> write);

  /// What a node took and gave, where both flow.
  record Place(Node input, Node output) {
  }

  /// What training does with a weight.
  enum Use {
    /// It is trained, and decays.
    TRAINED,
    /// It is trained, but does not decay: a bias.
    BIAS,
    /// It is trained, does not decay, and starts from 1: what a normalisation multiplies by.
    SCALE,
    /// It is a running mean.
    MEAN,
    /// It is a running variance.
    VARIANCE
  }
}
