package juanji.onnx.proto;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The type of a graph's input or output.
public sealed interface TypeProto {
  /// A type that the file does not say.
  TypeProto UNSAID = new Other("no type");

  /// A tensor.
  ///
  /// @param element what its elements are
  /// @param shape its extents, if their number is known
  record OfTensor(ElementType element, Optional<List<Extent>> shape) implements TypeProto {
    /// Takes a copy of the list.
    public OfTensor {
      shape = shape.map(List::copyOf);
    }

    @Override public String toString() {
      return element + shape.map(s -> s.stream().map(Extent::toString).collect(Collectors.joining(" × ", " ", "")))
          .orElse(" of any shape");
    }
  }

  /// A type that this library does not compute with: a sequence, an optional value, a map, a sparse tensor.
  ///
  /// @param kind what it is called
  record Other(String kind) implements TypeProto {
    @Override public String toString() {
      return kind;
    }
  }

  /// An extent of a tensor.
  ///
  /// @param size the extent, or −1 if it is only known when the network runs
  /// @param symbol what stands for it then; may be empty
  record Extent(long size, String symbol) {
    /// A known extent.
    public static Extent of(long size) {
      return new Extent(size, "");
    }

    /// An extent that is only known when the network runs; the same symbol stands for the same extent.
    public static Extent of(String symbol) {
      return new Extent(-1, symbol);
    }

    /// Whether it is known.
    public boolean known() {
      return size >= 0;
    }

    @Override public String toString() {
      return known() ? Long.toString(size) : symbol.isEmpty() ? "?" : OnnxException.brief(symbol);
    }
  }

  /// A tensor type with the given extents.
  static TypeProto tensor(ElementType element, List<Extent> shape) {
    return new OfTensor(element, Optional.of(shape));
  }
}
