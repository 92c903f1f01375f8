package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// The ONNX graph while it is being written: nodes in order, known tensors, and names that are each used once.
///
/// Values are named after the layer that they belong to ([#at]), with a number where there are several.
final class Sheet {
  /// A graph that is read keeps what is no weight in its text.
  private static final int MOST_KEPT = 1 << 16;

  private final int opset;
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, TensorProto> tensors = new LinkedHashMap<>();
  private final List<String> constants = new ArrayList<>();
  private final Map<Object, String> known = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Set<String> outputs = new HashSet<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private String scope = "";

  /// @param reserved names that inputs, outputs and weights have
  Sheet(int opset, Set<String> reserved) {
    this.opset = opset;
    taken.addAll(reserved);
  }

  /// The version of the operators.
  int opset() {
    return opset;
  }

  /// Says what layer the next nodes belong to.
  void at(String layer) {
    scope = layer;
  }

  List<NodeProto> nodes() {
    return nodes;
  }

  List<TensorProto> tensors() {
    return List.copyOf(tensors.values());
  }

  /// The names of the known tensors that are not so large that reading must treat them as weights.
  List<String> constants() {
    return constants;
  }

  private String fresh(String wanted) {
    String stem = wanted.isEmpty() ? "value" : wanted;
    String name = stem;
    while (!taken.add(name)) {
      name = stem + "." + numbers.merge(stem, 1, Integer::sum);
    }
    return name;
  }

  /// The result of an operator, under a name of its own.
  String apply(String operator, List<String> inputs, AttributeProto... attributes) {
    return apply(operator, 1, inputs, attributes).getFirst();
  }

  /// The results of an operator that has several; those before the last one are not asked for.
  String last(String operator, int outputs, List<String> inputs, AttributeProto... attributes) {
    String name = fresh(scope);
    List<String> all = new ArrayList<>();
    IntStream.range(1, outputs).forEach(_ -> all.add(fresh(scope)));
    all.add(name);
    nodes.add(NodeProto.of(nodeName(operator), operator, inputs, all, attributes));
    return name;
  }

  private List<String> apply(String operator, int outputs, List<String> inputs, AttributeProto... attributes) {
    List<String> names = IntStream.range(0, outputs).mapToObj(_ -> fresh(scope)).toList();
    nodes.add(NodeProto.of(nodeName(operator), operator, inputs, names, attributes));
    return names;
  }

  /// Gives a value the name of an output; an input, a weight or another output keeps its own and is passed on.
  void output(String name, String value) {
    scope = "";
    if (nodes.stream().noneMatch(n -> n.outputs().contains(value)) || !outputs.add(value)) {
      nodes.add(NodeProto.of(nodeName("Identity"), "Identity", List.of(value), List.of(name)));
      return;
    }
    outputs.add(name);
    nodes.replaceAll(n -> new NodeProto(n.name(), n.operator(), n.domain(), renamed(n.inputs(), value, name),
        renamed(n.outputs(), value, name), n.attributes()));
  }

  private static List<String> renamed(List<String> names, String from, String to) {
    return names.stream().map(n -> n.equals(from) ? to : n).toList();
  }

  /// The place and the operator; the place alone where it ends with the operator already, as that of an imported node
  /// does: names stay the same, however often a network goes out and in.
  private String nodeName(String operator) {
    boolean told = scope.matches("(.*[./])?" + operator + "(_[0-9]+)?");
    String stem = told ? scope : (scope.isEmpty() ? "" : scope + "/") + operator;
    int number = numbers.merge("/" + stem, 1, Integer::sum);
    return number == 1 ? stem : stem + "." + number;
  }

  /// A weight under its own name.
  String weight(String name, Tensor value) {
    tensors.computeIfAbsent(name, n -> TensorProto.of(n, value));
    return name;
  }

  /// A known tensor; equal ones are written once if they are small.
  String constant(Tensor value) {
    Object key = value.data().length > 64 ? new Object() : List.of(value.shape(), Arrays.hashCode(value.data()),
        Arrays.toString(value.data()));
    return known.computeIfAbsent(key, _ -> {
      String name = fresh("constant");
      if (value.data().length <= MOST_KEPT) {
        constants.add(name);
      }
      tensors.put(name, TensorProto.of(name, value));
      return name;
    });
  }

  /// A number without axes.
  String number(double value) {
    return constant(Tensor.scalar((float) value));
  }

  /// A row of whole numbers, such as axes or a shape.
  String wholes(long... values) {
    return wholes(Shape.of(values.length), values);
  }

  /// Whole numbers of the given shape.
  String wholes(Shape shape, long... values) {
    Object key = values.length > 64 ? new Object() : List.of(shape, LongStream.of(values).boxed().toList());
    return known.computeIfAbsent(key, _ -> {
      String name = fresh("wholes");
      tensors.put(name, TensorProto.of(name, shape, values));
      return name;
    });
  }

  /// The value under other extents, of which one may be open.
  String reshape(String value, Shape shape) {
    return reshape(value, shape.toArray());
  }

  /// The value under other extents, of which one may be −1.
  String reshape(String value, int... extents) {
    return apply("Reshape", List.of(value, wholes(IntStream.of(extents).asLongStream().toArray())));
  }

  /// The value with its axes in another order.
  String transpose(String value, Integer... order) {
    return apply("Transpose", List.of(value), AttributeProto.of("perm", longs(List.of(order))));
  }

  /// The value as 32-bit floating point numbers.
  String real(String value) {
    return cast(value, 1);
  }

  /// The value as 64-bit whole numbers.
  String whole(String value) {
    return cast(value, 7);
  }

  private String cast(String value, int type) {
    return apply("Cast", List.of(value), AttributeProto.of("to", (long) type));
  }

  /// Constant cells around a value: all in front, then all behind, axis by axis.
  String pad(String value, int[] before, int[] after, double with) {
    if (IntStream.concat(IntStream.of(before), IntStream.of(after)).allMatch(p -> p == 0)) {
      return value;
    }
    long[] pads = IntStream.concat(IntStream.of(before), IntStream.of(after)).asLongStream().toArray();
    return apply("Pad", List.of(value, wholes(pads), number(with)));
  }

  static List<Long> longs(List<Integer> values) {
    return values.stream().map(Integer::longValue).toList();
  }

  static List<Long> longs(int... values) {
    return IntStream.of(values).asLongStream().boxed().toList();
  }
}
