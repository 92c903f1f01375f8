package juanji.onnx.peer;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.TensorProto;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.tensor.Shape;
import juanji.testkit.Draw;
import juanji.testkit.Values;

/// One node in a file of its own, with numbers for what it takes.
final class NodeCase {
  private final int opset;
  private final String operator;
  private final List<String> names = new ArrayList<>();
  private final List<AttributeProto> attributes = new ArrayList<>();
  private final List<TensorProto> constants = new ArrayList<>();
  private final Map<String, TensorProto> given = new LinkedHashMap<>();
  private int outputs = 1;

  NodeCase(int opset, String operator) {
    this.opset = opset;
    this.operator = operator;
  }

  /// An input that is given when the file runs.
  NodeCase input(TensorProto tensor) {
    String name = "x" + names.size();
    names.add(name);
    given.put(name, tensor.named(name));
    return this;
  }

  /// An input that the file holds.
  NodeCase constant(TensorProto tensor) {
    String name = "c" + names.size();
    names.add(name);
    constants.add(tensor.named(name));
    return this;
  }

  /// An input of either kind.
  NodeCase either(Draw draw, TensorProto tensor) {
    return draw.oneIn(2) ? input(tensor) : constant(tensor);
  }

  /// Whole numbers that the file holds.
  NodeCase numbers(long... values) {
    return constant(TensorProto.of("", Shape.of(values.length), values));
  }

  /// An input that is left out.
  NodeCase none() {
    names.add("");
    return this;
  }

  NodeCase outputs(int count) {
    outputs = count;
    return this;
  }

  NodeCase number(String name, long value) {
    attributes.add(AttributeProto.of(name, value));
    return this;
  }

  NodeCase real(String name, double value) {
    attributes.add(AttributeProto.of(name, (float) value));
    return this;
  }

  NodeCase text(String name, String value) {
    attributes.add(AttributeProto.of(name, value));
    return this;
  }

  NodeCase list(String name, int... values) {
    return list(name, Arrays.stream(values).boxed().toList());
  }

  NodeCase list(String name, List<Integer> values) {
    attributes.add(AttributeProto.of(name, values.stream().map(Integer::longValue).toList()));
    return this;
  }

  NodeCase reals(String name, float... values) {
    List<Float> all = new ArrayList<>();
    for (float v : values) {
      all.add(v);
    }
    attributes.add(new AttributeProto(name, new AttributeProto.Value.Reals(all)));
    return this;
  }

  NodeCase tensor(String name, TensorProto value) {
    attributes.add(AttributeProto.of(name, value));
    return this;
  }

  Map<String, TensorProto> given() {
    return given;
  }

  ModelProto model() {
    List<ValueInfoProto> inputs = given.values().stream().map(t -> new ValueInfoProto(t.name(),
        TypeProto.tensor(t.type(), IntStream.of(t.shape().toArray()).mapToObj(TypeProto.Extent::of).toList())))
        .toList();
    List<String> made = IntStream.range(0, outputs).mapToObj(i -> "y" + i).toList();
    int last = names.size();
    while (last > 0 && names.get(last - 1).isEmpty()) {
      last--;
    }
    return ModelProto.of(irVersion(), opset, GraphProto.of("node", List.of(NodeProto.of("node", operator,
        names.subList(0, last), made, attributes.toArray(AttributeProto[]::new))), constants, inputs,
        made.stream().map(name -> new ValueInfoProto(name, TypeProto.UNSAID)).toList()), Map.of());
  }

  private int irVersion() {
    return opset < 9 ? 4 : opset < 15 ? 7 : opset < 21 ? 8 : 10;
  }

  @Override public String toString() {
    StringBuilder text = new StringBuilder(operator + "-" + opset + " " + attributes + " of");
    for (String name : names) {
      Optional<TensorProto> tensor = Optional.ofNullable(given.get(name)).or(() -> constants.stream()
          .filter(c -> c.name().equals(name)).findFirst());
      text.append(' ').append(tensor.map(t -> name + ":" + t.type() + t.shape().toString().replace(" ", "")
          + (t.shape().size() <= 8 ? values(t) : "")).orElse("-"));
    }
    return text.toString();
  }

  static List<Double> values(TensorProto t) {
    return IntStream.range(0, (int) t.shape().size()).mapToObj(i -> t.type() == ElementType.FLOAT
        || t.type() == ElementType.DOUBLE || t.type() == ElementType.FLOAT16 ? t.real(i) : (double) t.whole(i))
        .toList();
  }

  /// A tensor of a type; numbers are cut where the type is whole.
  static TensorProto tensor(ElementType type, Shape shape, double... values) {
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(type.bytes(values.length))).order(ByteOrder.LITTLE_ENDIAN);
    for (double v : values) {
      switch (type) {
        case FLOAT -> out.putFloat((float) v);
        case DOUBLE -> out.putDouble(v);
        case FLOAT16 -> out.putShort(Float.floatToFloat16((float) v));
        case INT8, UINT8 -> out.put((byte) (long) v);
        case BOOL -> out.put((byte) (v != 0 ? 1 : 0));
        case INT16, UINT16 -> out.putShort((short) (long) v);
        case INT32, UINT32 -> out.putInt((int) (long) v);
        case INT64, UINT64 -> out.putLong((long) v);
        default -> throw new IllegalArgumentException("no numbers of type " + type);
      }
    }
    return new TensorProto("", type, shape, MemorySegment.ofArray(out.array()), List.of());
  }

  /// Numbers of a type: around 0 if it is real, small if it is whole.
  static TensorProto drawn(Draw draw, ElementType type, Shape shape) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16 -> tensor(type, shape, draw.numbers(shape, new Values.Uniform(-4, 4)));
      case UINT8 -> tensor(type, shape, draw.numbers(shape, new Values.Whole(0, 255)));
      case INT8 -> tensor(type, shape, draw.numbers(shape, new Values.Whole(-128, 127)));
      case BOOL -> tensor(type, shape, draw.numbers(shape, new Values.Whole(0, 1)));
      default -> tensor(type, shape, draw.numbers(shape, new Values.Whole(-9, 9)));
    };
  }

  static TensorProto drawn(Draw draw, Shape shape) {
    return drawn(draw, ElementType.FLOAT, shape);
  }

  static TensorProto drawn(Draw draw, ElementType type, Shape shape, Values values) {
    return tensor(type, shape, draw.numbers(shape, values));
  }

  static TensorProto scalar(ElementType type, double value) {
    return tensor(type, Shape.of(), value);
  }
}
