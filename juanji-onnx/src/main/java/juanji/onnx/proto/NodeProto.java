package juanji.onnx.proto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One operator applied to named values.
///
/// @param name its name; may be empty
/// @param operator the operator, such as `Conv`
/// @param domain whose operator it is; empty for ONNX itself
/// @param inputs the names of its inputs; an empty name is an input left out
/// @param outputs the names of its outputs; an empty name is an output not asked for
/// @param attributes its settings
public record NodeProto(String name, String operator, String domain, List<String> inputs, List<String> outputs,
    List<AttributeProto> attributes) {
  /// Takes copies of the lists.
  public NodeProto {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = List.copyOf(attributes);
  }

  /// One of ONNX's own operators.
  public static NodeProto of(String name, String operator, List<String> inputs, List<String> outputs,
      AttributeProto... attributes) {
    return new NodeProto(name, operator, "", inputs, outputs, List.of(attributes));
  }

  /// The attribute of the given name.
  public Optional<AttributeProto.Value> attribute(String key) {
    return attributes.stream().filter(a -> a.name().equals(key)).findFirst().map(AttributeProto::value);
  }

  static NodeProto read(WireReader in) {
    in.source().count();
    String name = "";
    String operator = "";
    String domain = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<AttributeProto> attributes = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 3 -> name = in.text();
        case 4 -> operator = in.text();
        case 5 -> attributes.add(AttributeProto.read(in.message()));
        case 7 -> domain = in.text();
        default -> in.skip();
      }
    }
    if (operator.isEmpty()) {
      throw in.wrong("a node has an operator; '" + OnnxException.brief(name) + "' has none, up to its end");
    }
    return new NodeProto(name, operator, domain.equals("ai.onnx") ? "" : domain, inputs, outputs, attributes);
  }

  void write(WireWriter out) {
    inputs.forEach(input -> out.always(1, input));
    outputs.forEach(output -> out.always(2, output));
    out.text(3, name);
    out.text(4, operator);
    attributes.forEach(attribute -> out.message(5, attribute::write));
    out.text(7, domain);
  }

  /// As in the format's text form: `y = Conv <strides = [2, 2]> (x, w)`.
  @Override public String toString() {
    return String.join(", ", outputs) + " = " + (domain.isEmpty() ? "" : domain + ".") + operator
        + (attributes.isEmpty() ? "" : attributes.stream().map(AttributeProto::toString)
        .collect(Collectors.joining(", ", " <", ">"))) + " (" + String.join(", ", inputs) + ")";
  }
}
