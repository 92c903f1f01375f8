package juanji.onnx.proto;

/// The name and type of a graph's input, output or inner value.
///
/// @param name its name
/// @param type its type
public record ValueInfoProto(String name, TypeProto type) {
  static ValueInfoProto read(WireReader in) {
    String name = "";
    TypeProto type = TypeProto.UNSAID;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> type = TypeMessage.read(in.message());
        default -> in.skip();
      }
    }
    return new ValueInfoProto(name, type);
  }

  void write(WireWriter out) {
    out.text(1, name);
    out.message(2, t -> TypeMessage.write(type, t));
  }

  @Override public String toString() {
    return name + " : " + type;
  }
}
