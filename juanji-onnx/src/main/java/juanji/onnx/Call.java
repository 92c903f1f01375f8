package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;

/// One node while it is translated: its inputs, and its attributes, of which it notes the ones that were asked for, so
/// that none is passed over in silence.
final class Call {
  private final NodeProto node;
  private final long version;
  private final List<Optional<Value>> inputs;
  private final Values values;
  private final Ground ground;
  private final Translation within;
  private final Set<String> asked = new HashSet<>();

  Call(NodeProto node, long version, List<Optional<Value>> inputs, Translation within) {
    this.node = node;
    this.version = version;
    this.inputs = inputs;
    this.values = within.values();
    this.ground = within.ground();
    this.within = within;
  }

  /// Computes on values.
  Values values() {
    return values;
  }

  Ground ground() {
    return ground;
  }

  Translation within() {
    return within;
  }

  NodeProto node() {
    return node;
  }

  /// The version of the operator set.
  long version() {
    return version;
  }

  /// The number of inputs named, left-out ones in between included.
  int count() {
    return inputs.size();
  }

  boolean has(int index) {
    return index < inputs.size() && inputs.get(index).isPresent();
  }

  Value input(int index) {
    if (!has(index)) {
      throw wrong("input " + index + " is given; received " + inputs.size() + " inputs");
    }
    return inputs.get(index).orElseThrow();
  }

  Shape shape(int index) {
    return input(index).shape();
  }

  /// All inputs that are given.
  List<Value> all() {
    return inputs.stream().flatMap(Optional::stream).toList();
  }

  /// An input that has to be known now.
  HostTensor host(int index) {
    return host(input(index), "input " + index);
  }

  /// A value that has to be known now.
  HostTensor host(Value value, String what) {
    return switch (value) {
      case Value.Host(HostTensor tensor) -> tensor;
      case Value.Weight w -> ground.read(w);
      case Value.Flow f -> ground.compute(f).orElseThrow(() -> unsupported(what
          + " depends on what the network is given"));
    };
  }

  /// The whole numbers of an input that has to be known; −1 for the open batch stays what it is.
  long[] wholes(int index) {
    return host(index).wholes();
  }

  /// The number in an input of one element.
  double number(int index) {
    HostTensor tensor = host(index);
    if (tensor.size() != 1) {
      throw wrong("input " + index + " has one element; received " + tensor.shape());
    }
    return tensor.reals()[0];
  }

  /// Whether the node names an output.
  boolean gives(int index) {
    return index < node.outputs().size() && !node.outputs().get(index).isEmpty();
  }

  private Optional<AttributeProto.Value> attribute(String name) {
    asked.add(name);
    return node.attribute(name);
  }

  boolean set(String name) {
    return attribute(name).isPresent();
  }

  long whole(String name, long otherwise) {
    return attribute(name).map(v -> v instanceof AttributeProto.Value.Whole(long number) ? number
        : this.<Long>mistyped(name, "a whole number")).orElse(otherwise);
  }

  int integer(String name, long otherwise) {
    return Math.toIntExact(whole(name, otherwise));
  }

  double real(String name, double otherwise) {
    return attribute(name).map(v -> v instanceof AttributeProto.Value.Real(float number) ? (double) number
        : this.<Double>mistyped(name, "a number")).orElse(otherwise);
  }

  String text(String name, String otherwise) {
    return attribute(name).map(v -> v instanceof AttributeProto.Value.Text(String text) ? text
        : this.<String>mistyped(name, "a text")).orElse(otherwise);
  }

  Optional<int[]> ints(String name) {
    return attribute(name).map(v -> v instanceof AttributeProto.Value.Wholes(List<Long> numbers)
        ? numbers.stream().mapToInt(Math::toIntExact).toArray() : this.<int[]>mistyped(name, "whole numbers"));
  }

  Optional<long[]> longs(String name) {
    return attribute(name).map(v -> v instanceof AttributeProto.Value.Wholes(List<Long> numbers)
        ? numbers.stream().mapToLong(Long::longValue).toArray() : this.<long[]>mistyped(name, "whole numbers"));
  }

  Optional<double[]> reals(String name) {
    return attribute(name).map(v -> v instanceof AttributeProto.Value.Reals(List<Float> numbers)
        ? numbers.stream().mapToDouble(Float::doubleValue).toArray() : this.<double[]>mistyped(name, "numbers"));
  }

  Optional<TensorProto> tensor(String name) {
    return attribute(name).map(v -> v instanceof AttributeProto.Value.OfTensor(TensorProto tensor) ? tensor
        : this.<TensorProto>mistyped(name, "a tensor"));
  }

  Optional<GraphProto> graph(String name) {
    return attribute(name).map(v -> v instanceof AttributeProto.Value.OfGraph(GraphProto graph) ? graph
        : this.<GraphProto>mistyped(name, "a graph"));
  }

  /// An element type by its number.
  ElementType type(String name, ElementType otherwise) {
    if (!set(name)) {
      return otherwise;
    }
    return ElementType.of(whole(name, 0)).orElseThrow(() -> unsupported("attribute '" + name + "' = "
        + whole(name, 0) + ", an unknown element type"));
  }

  private <T> T mistyped(String name, String expected) {
    throw wrong("attribute '" + name + "' is " + expected + "; received another kind");
  }

  /// Numbers that older versions have in an attribute and newer ones in an input.
  Optional<int[]> ints(String name, int input) {
    return has(input) ? Optional.of(host(input).ints()) : ints(name);
  }

  /// Says that attributes change nothing here.
  void ignore(String... names) {
    asked.addAll(List.of(names));
  }

  /// The attributes of the node that nobody asked for.
  List<String> unknown() {
    return node.attributes().stream().map(AttributeProto::name).filter(n -> !asked.contains(n)).toList();
  }

  /// An axis counted from 0.
  int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw wrong("an axis is from " + -rank + " to " + (rank - 1) + "; received " + axis);
    }
    return (int) counted;
  }

  /// Axes counted from 0, each named once.
  List<Integer> axes(int[] axes, int rank) {
    List<Integer> counted = IntStream.of(axes).mapToObj(a -> axis(a, rank)).toList();
    if (counted.stream().distinct().count() != counted.size()) {
      throw wrong("each axis is named once; received " + Arrays.toString(axes));
    }
    return counted;
  }

  /// What the node computes with real numbers: the type of its first input of such.
  ElementType realType() {
    return all().stream().map(Value::type).filter(HostTensor::real).findFirst().orElse(ElementType.FLOAT);
  }

  /// The node cannot be translated, though it is valid.
  Declined unsupported(String what) {
    return new Declined(what, false);
  }

  /// The node breaks a rule of the format.
  Declined wrong(String what) {
    return new Declined(what, true);
  }

  /// A node that cannot be translated.
  static final class Declined extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean invalid;

    Declined(String what, boolean invalid) {
      super(what);
      this.invalid = invalid;
    }

    /// Whether the node breaks a rule of the format.
    boolean invalid() {
      return invalid;
    }
  }

  /// Every input's shape, for messages.
  String shapes() {
    List<String> shapes = new ArrayList<>();
    inputs.forEach(i -> shapes.add(i.map(v -> v.shape().toString()).orElse("none")));
    return shapes.stream().collect(Collectors.joining(", "));
  }
}
