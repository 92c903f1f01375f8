package juanji.onnx.proto;

import java.util.ArrayList;
import java.util.List;

/// A named setting of a node.
///
/// @param name its name, such as `strides`
/// @param value its value
public record AttributeProto(String name, Value value) {
  /// The value of an attribute.
  public sealed interface Value {
    /// A whole number.
    record Whole(long number) implements Value {
    }

    /// A real number.
    record Real(float number) implements Value {
    }

    /// A text.
    record Text(String text) implements Value {
    }

    /// A tensor.
    record OfTensor(TensorProto tensor) implements Value {
    }

    /// A graph within the graph, as of conditions and loops.
    record OfGraph(GraphProto graph) implements Value {
    }

    /// Whole numbers.
    record Wholes(List<Long> numbers) implements Value {
    }

    /// Real numbers.
    record Reals(List<Float> numbers) implements Value {
    }

    /// Texts.
    record Texts(List<String> texts) implements Value {
    }

    /// Within a function: the attribute of the node that calls it.
    record Reference(String attribute) implements Value {
    }

    /// A value of a kind that this library does not know.
    record Other(String kind) implements Value {
    }
  }

  /// A whole number.
  public static AttributeProto of(String name, long number) {
    return new AttributeProto(name, new Value.Whole(number));
  }

  /// A real number.
  public static AttributeProto of(String name, float number) {
    return new AttributeProto(name, new Value.Real(number));
  }

  /// A text.
  public static AttributeProto of(String name, String text) {
    return new AttributeProto(name, new Value.Text(text));
  }

  /// A tensor.
  public static AttributeProto of(String name, TensorProto tensor) {
    return new AttributeProto(name, new Value.OfTensor(tensor));
  }

  /// Whole numbers.
  public static AttributeProto of(String name, List<Long> numbers) {
    return new AttributeProto(name, new Value.Wholes(List.copyOf(numbers)));
  }

  static AttributeProto read(WireReader in) {
    String name = "";
    String reference = "";
    long type = 0;
    Value value = null;
    Longs wholes = new Longs();
    List<Float> reals = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> value = new Value.Real(in.real());
        case 3 -> value = new Value.Whole(in.whole());
        case 4 -> value = new Value.Text(in.text());
        case 5 -> value = new Value.OfTensor(TensorReader.read(in.message()));
        case 6 -> value = new Value.OfGraph(GraphProto.read(in.message()));
        case 7 -> reals(in, reals);
        case 8 -> in.wholes(wholes);
        case 9 -> texts.add(in.text());
        case 10 -> value = other(in, "several tensors");
        case 11 -> value = other(in, "several graphs");
        case 14, 15 -> value = other(in, "a type");
        case 20 -> type = in.whole();
        case 21 -> reference = in.text();
        case 22, 23 -> value = other(in, "a sparse tensor");
        default -> in.skip();
      }
    }
    if (!reference.isEmpty()) {
      return new AttributeProto(name, new Value.Reference(reference));
    }
    // Numbers of 0 and empty lists may be left out: the type says what is meant. Files before it existed have no type.
    Value found = switch ((int) type) {
      case 1 -> value instanceof Value.Real ? value : new Value.Real(0);
      case 2 -> value instanceof Value.Whole ? value : new Value.Whole(0);
      case 3 -> value instanceof Value.Text ? value : new Value.Text("");
      case 6 -> new Value.Reals(List.copyOf(reals));
      case 7 -> new Value.Wholes(wholes);
      case 8 -> new Value.Texts(List.copyOf(texts));
      default -> value != null ? value : !reals.isEmpty() ? new Value.Reals(List.copyOf(reals))
          : !texts.isEmpty() ? new Value.Texts(List.copyOf(texts)) : new Value.Wholes(wholes);
    };
    return new AttributeProto(name, found);
  }

  private static Value other(WireReader in, String kind) {
    in.skip();
    return new Value.Other(kind);
  }

  private static void reals(WireReader in, List<Float> into) {
    if (!in.packed()) {
      into.add(in.real());
      return;
    }
    in.floats(into);
  }

  void write(WireWriter out) {
    out.text(1, name);
    switch (value) {
      case Value.Real(float number) -> {
        out.real(2, number);
        out.whole(20, 1);
      }
      case Value.Whole(long number) -> {
        out.always(3, number);
        out.whole(20, 2);
      }
      case Value.Text(String text) -> {
        out.always(4, text);
        out.whole(20, 3);
      }
      case Value.OfTensor(TensorProto tensor) -> {
        out.message(5, tensor::write);
        out.whole(20, 4);
      }
      case Value.OfGraph(GraphProto graph) -> {
        out.message(6, graph::write);
        out.whole(20, 5);
      }
      case Value.Reals(List<Float> numbers) -> {
        out.reals(7, numbers);
        out.whole(20, 6);
      }
      case Value.Wholes(List<Long> numbers) -> {
        out.wholes(8, numbers);
        out.whole(20, 7);
      }
      case Value.Texts(List<String> texts) -> {
        texts.forEach(text -> out.always(9, text));
        out.whole(20, 8);
      }
      case Value.Reference(String attribute) -> out.text(21, attribute);
      case Value.Other(String kind) -> throw new IllegalArgumentException("the attribute '" + name
          + "' cannot be written.\n  C1: it is a number, a text, a tensor, a graph, or a list of these; received "
          + kind + ".\n  Leave it out.");
    }
  }

  /// As in the format's text form.
  @Override public String toString() {
    return name + " = " + switch (value) {
      case Value.Real(float number) -> Float.toString(number);
      case Value.Whole(long number) -> Long.toString(number);
      case Value.Text(String text) -> '"' + OnnxException.brief(text) + '"';
      case Value.OfTensor(TensorProto tensor) -> "{" + tensor.type() + " " + tensor.shape() + "}";
      case Value.OfGraph(GraphProto graph) -> "{graph of " + graph.nodes().size() + " nodes}";
      case Value.Reals(List<Float> numbers) -> brief(numbers);
      case Value.Wholes(List<Long> numbers) -> brief(numbers);
      case Value.Texts(List<String> texts) -> brief(texts);
      case Value.Reference(String attribute) -> "@" + attribute;
      case Value.Other(String kind) -> "{" + kind + "}";
    };
  }

  private static String brief(List<?> values) {
    return values.size() > 8 ? "[" + values.size() + " values]" : OnnxException.brief(values.toString());
  }
}
