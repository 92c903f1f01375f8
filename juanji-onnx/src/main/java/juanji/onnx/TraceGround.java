package juanji.onnx;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import juanji.graph.Node;
import juanji.nn.Frozen;
import juanji.nn.Initializer;
import juanji.nn.Layer;
import juanji.nn.Trace;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.TensorProto;
import juanji.op.Algebra;
import juanji.op.Gather;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A translation into the trace of a layer: weights become its parameters, nodes its parts.
final class TraceGround implements Ground {
  private final Trace trace;
  private final Set<String> frozen;
  private final Map<String, Node> declared = new HashMap<>();
  private final Map<String, TensorProto> lifted = new LinkedHashMap<>();
  private final Set<String> looked = new HashSet<>();

  /// @param frozen the names of the nodes that stay as they are in training
  TraceGround(Trace trace, Set<String> frozen) {
    this.trace = trace;
    this.frozen = frozen;
  }

  /// The weights that became parameters, with their elements where they were there.
  Map<String, TensorProto> lifted() {
    return lifted;
  }

  /// The weights whose elements had to be known.
  Set<String> looked() {
    return looked;
  }

  @Override public boolean keeps(ElementType type) {
    return HostTensor.real(type);
  }

  @Override public Algebra<Node> algebra() {
    return trace;
  }

  @Override public Node weight(Value.Weight weight, Use use) {
    weight.data().ifPresent(data -> lifted.putIfAbsent(weight.name(), data));
    return declared.computeIfAbsent(weight.name(), name -> switch (use) {
      case TRAINED -> trace.parameter(name, weight.shape(), Initializer.fanInUniform(), weight.shape().rank() > 1);
      case BIAS -> trace.parameter(name, weight.shape(), Initializer.zeros(), false);
      case SCALE -> trace.parameter(name, weight.shape(), Initializer.constant(1), false);
      case MEAN -> trace.state(name, weight.shape(), 0);
      case VARIANCE -> trace.state(name, weight.shape(), 1);
    });
  }

  @Override public Node uniform(Shape shape, float value) {
    int[] ones = new int[shape.rank()];
    Arrays.fill(ones, 1);
    Node node = trace.constant(Tensor.full(Shape.of(ones), value));
    for (int i = 0; i < ones.length; i++) {
      node = shape.dim(i) == 1 ? node
          : trace.apply(new Gather.Take(i, Collections.nCopies(shape.dim(i), 0)), node);
    }
    return node;
  }

  @Override public HostTensor read(Value.Weight weight) {
    looked.add(weight.name());
    return HostTensor.of(weight.data().orElseThrow(() -> new Call.Declined("the weight '" + Wiring.brief(weight.name())
        + "' decides about shapes, but is not part of the network's description", false)));
  }

  @Override public Optional<HostTensor> compute(Value.Flow value) {
    return Optional.empty();
  }

  @Override public Optional<Trace> training() {
    return trace.training() ? Optional.of(trace) : Optional.empty();
  }

  @Override public void at(NodeProto node, String name, Supplier<Optional<Place>> write) {
    Layer shown = new OnnxNode(node);
    trace.part(name, frozen.contains(name) ? new Frozen(shown) : shown, () -> write.get().map(p ->
        new Trace.Part(p.input(), p.output())));
  }
}
