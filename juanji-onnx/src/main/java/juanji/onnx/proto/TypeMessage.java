package juanji.onnx.proto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads and writes the message of a type.
final class TypeMessage {
  private TypeMessage() {
  }

  /// Reads the message.
  static TypeProto read(WireReader in) {
    TypeProto type = TypeProto.UNSAID;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> type = readTensor(in.message());
        case 4 -> type = new TypeProto.Other("a sequence");
        case 5 -> type = new TypeProto.Other("a map");
        case 7 -> type = new TypeProto.Other("an opaque value");
        case 8 -> type = new TypeProto.Other("a sparse tensor");
        case 9 -> type = new TypeProto.Other("an optional value");
        default -> {
        }
      }
      if (in.field() != 1) {
        in.skip();
      }
    }
    return type;
  }

  private static TypeProto readTensor(WireReader in) {
    long code = 0;
    Optional<List<TypeProto.Extent>> shape = Optional.empty();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> code = in.whole();
        case 2 -> shape = Optional.of(readShape(in.message()));
        default -> in.skip();
      }
    }
    long element = code;
    Optional<List<TypeProto.Extent>> extents = shape;
    return ElementType.of(code).<TypeProto>map(e -> new TypeProto.OfTensor(e, extents))
        .orElseGet(() -> new TypeProto.Other("a tensor of unknown type " + element));
  }

  private static List<TypeProto.Extent> readShape(WireReader in) {
    List<TypeProto.Extent> extents = new ArrayList<>();
    while (in.next()) {
      if (in.field() != 1) {
        in.skip();
        continue;
      }
      WireReader dim = in.message();
      TypeProto.Extent extent = TypeProto.Extent.of("");
      while (dim.next()) {
        switch (dim.field()) {
          case 1 -> {
            long size = dim.whole();
            extent = size < 0 ? TypeProto.Extent.of("") : TypeProto.Extent.of(size);
          }
          case 2 -> extent = TypeProto.Extent.of(dim.text());
          default -> dim.skip();
        }
      }
      extents.add(extent);
    }
    return extents;
  }

  /// Writes the message; types other than tensors cannot be written.
  static void write(TypeProto type, WireWriter out) {
    if (type instanceof TypeProto.OfTensor(ElementType element, Optional<List<TypeProto.Extent>> shape)) {
      out.message(1, tensor -> {
        tensor.whole(1, element.code());
        shape.ifPresent(extents -> tensor.message(2, s -> extents.forEach(e -> s.message(1, dim -> {
          if (e.known()) {
            dim.always(1, e.size());
          } else {
            dim.text(2, e.symbol());
          }
        }))));
      });
    }
  }
}
