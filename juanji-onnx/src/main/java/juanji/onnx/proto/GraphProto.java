package juanji.onnx.proto;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Operators joined by named values.
///
/// @param name its name
/// @param nodes the operators; in a valid file each after those that it needs
/// @param initializers the values that are known: weights and constants
/// @param inputs what the graph takes; in old files also the initializers
/// @param outputs what it gives
/// @param sparse the names of initializers stored as sparse tensors, which are not read
public record GraphProto(String name, List<NodeProto> nodes, List<TensorProto> initializers,
    List<ValueInfoProto> inputs, List<ValueInfoProto> outputs, List<String> sparse) {
  /// Takes copies of the lists.
  public GraphProto {
    nodes = List.copyOf(nodes);
    initializers = List.copyOf(initializers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    sparse = List.copyOf(sparse);
  }

  /// A graph without sparse tensors.
  public static GraphProto of(String name, List<NodeProto> nodes, List<TensorProto> initializers,
      List<ValueInfoProto> inputs, List<ValueInfoProto> outputs) {
    return new GraphProto(name, nodes, initializers, inputs, outputs, List.of());
  }

  static GraphProto read(WireReader in) {
    String name = "";
    List<NodeProto> nodes = new ArrayList<>();
    List<TensorProto> initializers = new ArrayList<>();
    List<ValueInfoProto> inputs = new ArrayList<>();
    List<ValueInfoProto> outputs = new ArrayList<>();
    List<String> sparse = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodes.add(NodeProto.read(in.message()));
        case 2 -> name = in.text();
        case 5 -> {
          in.source().count();
          initializers.add(TensorReader.read(in.message()));
        }
        case 11 -> inputs.add(ValueInfoProto.read(in.message()));
        case 12 -> outputs.add(ValueInfoProto.read(in.message()));
        case 15 -> sparse.add(sparseName(in.message()));
        default -> in.skip();
      }
    }
    return new GraphProto(name, nodes, initializers, inputs, outputs, sparse);
  }

  private static String sparseName(WireReader in) {
    String name = "";
    while (in.next()) {
      if (in.field() == 1) {
        name = TensorReader.read(in.message()).name();
      } else {
        in.skip();
      }
    }
    return name;
  }

  void write(WireWriter out) {
    write(out, TensorProto::write);
  }

  void write(WireWriter out, BiConsumer<TensorProto, WireWriter> weights) {
    nodes.forEach(node -> out.message(1, node::write));
    out.text(2, name);
    initializers.forEach(tensor -> out.message(5, t -> weights.accept(tensor, t)));
    inputs.forEach(value -> out.message(11, value::write));
    outputs.forEach(value -> out.message(12, value::write));
  }

  /// As in the format's text form, one node per line.
  @Override public String toString() {
    return Stream.of(inputs.stream().map(i -> "input " + i), initializers.stream().map(i -> "initializer " + i),
        nodes.stream().map(NodeProto::toString), outputs.stream().map(o -> "output " + o))
        .flatMap(lines -> lines).collect(Collectors.joining("\n", "", "\n"));
  }
}
