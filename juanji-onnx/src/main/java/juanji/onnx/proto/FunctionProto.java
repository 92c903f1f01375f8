package juanji.onnx.proto;

import java.util.ArrayList;
import java.util.List;

/// An operator that the file itself defines by others.
///
/// @param domain whose operator it is
/// @param name the operator's name
/// @param inputs the names of its inputs
/// @param outputs the names of its outputs
/// @param attributes the names of its attributes that have no default
/// @param defaults its attributes that have one
/// @param nodes what it is made of
/// @param operatorSets what its nodes' operators mean
public record FunctionProto(String domain, String name, List<String> inputs, List<String> outputs,
    List<String> attributes, List<AttributeProto> defaults, List<NodeProto> nodes, List<OperatorSet> operatorSets) {
  /// Takes copies of the lists.
  public FunctionProto {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = List.copyOf(attributes);
    defaults = List.copyOf(defaults);
    nodes = List.copyOf(nodes);
    operatorSets = List.copyOf(operatorSets);
  }

  static FunctionProto read(WireReader in) {
    String name = "";
    String domain = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<String> attributes = new ArrayList<>();
    List<AttributeProto> defaults = new ArrayList<>();
    List<NodeProto> nodes = new ArrayList<>();
    List<OperatorSet> sets = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 4 -> inputs.add(in.text());
        case 5 -> outputs.add(in.text());
        case 6 -> attributes.add(in.text());
        case 7 -> nodes.add(NodeProto.read(in.message()));
        case 9 -> sets.add(OperatorSet.read(in.message()));
        case 10 -> domain = in.text();
        case 11 -> defaults.add(AttributeProto.read(in.message()));
        default -> in.skip();
      }
    }
    return new FunctionProto(domain, name, inputs, outputs, attributes, defaults, nodes, sets);
  }

  void write(WireWriter out) {
    out.text(1, name);
    inputs.forEach(input -> out.always(4, input));
    outputs.forEach(output -> out.always(5, output));
    attributes.forEach(attribute -> out.always(6, attribute));
    nodes.forEach(node -> out.message(7, node::write));
    operatorSets.forEach(set -> out.message(9, set::write));
    out.text(10, domain);
    defaults.forEach(attribute -> out.message(11, attribute::write));
  }
}
