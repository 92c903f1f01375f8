package juanji.onnx.proto;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import juanji.tensor.Shape;

/// Reads a tensor's message: its elements may be raw bytes, numbers of five kinds, or lie in another file.
final class TensorReader {
  private static final int MOST_AXES = 64;

  private final Longs dims = new Longs();
  private final Longs wholes = new Longs();
  private final List<MemorySegment> reals = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final Map<String, String> external = new HashMap<>();
  private String name = "";
  private long code;
  private boolean elsewhere;
  private MemorySegment raw;

  private TensorReader() {
  }

  static TensorProto read(WireReader in) {
    TensorReader reader = new TensorReader();
    while (in.next()) {
      reader.field(in);
    }
    return reader.tensor(in.source());
  }

  private void field(WireReader in) {
    switch (in.field()) {
      case 1 -> {
        in.wholes(dims);
        if (dims.size() > MOST_AXES) {
          throw in.wrong("a tensor has up to " + MOST_AXES + " extents; received more");
        }
      }
      case 2 -> code = in.whole();
      case 4 -> reals.add(in.packed() ? in.bytes() : little(4, in.fixed32()));
      case 5, 7, 11 -> in.wholes(wholes);
      case 6 -> texts.add(in.text());
      case 8 -> name = in.text();
      case 9 -> raw = in.bytes();
      case 10 -> reals.add(in.packed() ? in.bytes() : little(8, in.fixed64()));
      case 13 -> Messages.entry(in.message(), external);
      case 14 -> elsewhere = in.whole() == 1;
      default -> in.skip();
    }
  }

  private static MemorySegment little(int bytes, long bits) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return MemorySegment.ofArray((bytes == 4 ? buffer.putInt((int) bits) : buffer.putLong(bits)).array());
  }

  private TensorProto tensor(Source source) {
    String what = "'" + OnnxException.brief(name) + "'";
    Shape shape = shape(source, what);
    ElementType type = ElementType.of(code).orElseThrow(() -> source.damaged("C3: the element type of " + what
        + " is known, a number from 1 to " + ElementType.values().length + "; received " + code + "."));
    if (type == ElementType.STRING) {
      if (texts.size() != shape.size()) {
        throw count(source, what, shape, texts.size());
      }
      return new TensorProto(name, type, shape, MemorySegment.ofArray(new byte[0]), texts);
    }
    long length;
    try {
      length = type.bytes(shape.size());
    } catch (ArithmeticException e) {
      throw source.damaged("C2: the elements of " + what + " can be counted; received " + shape + ".");
    }
    return new TensorProto(name, type, shape, bytes(source, what, shape, type, length), List.of());
  }

  private Shape shape(Source source, String what) {
    int[] extents = new int[dims.size()];
    for (int i = 0; i < extents.length; i++) {
      if (dims.at(i) < 0 || dims.at(i) > Integer.MAX_VALUE) {
        throw source.damaged("C2: the extents of " + what + " are from 0 to 2³¹ − 1; received " + dims.at(i) + ".");
      }
      extents[i] = (int) dims.at(i);
    }
    try {
      return Shape.of(extents);
    } catch (IllegalArgumentException e) {
      throw source.damaged("C2: the elements of " + what + " can be counted; received extents of " + dims + ".");
    }
  }

  private static OnnxException count(Source source, String what, Shape shape, long found) {
    return source.damaged("C4: " + what + " of " + shape + " has " + shape.size() + " elements; received " + found
        + ".");
  }

  private MemorySegment bytes(Source source, String what, Shape shape, ElementType type, long length) {
    if (elsewhere) {
      if (!external.containsKey("location")) {
        throw source.damaged("C6: the data of " + what + " says its location; received only " + external.keySet()
            + ".");
      }
      long claimed = number(source, what, "length", length);
      if (claimed != length) {
        throw source.damaged("C4: " + what + " of " + shape + " takes " + length + " bytes; received " + claimed
            + " in another file.");
      }
      return source.external(name, external.get("location"), number(source, what, "offset", 0), length);
    }
    if (raw != null) {
      if (raw.byteSize() != length) {
        throw source.damaged("C4: " + what + " of " + shape + " and type " + type + " takes " + length
            + " bytes; received " + raw.byteSize() + ".");
      }
      return raw;
    }
    boolean real = switch (type) {
      case FLOAT, DOUBLE, COMPLEX64, COMPLEX128 -> true;
      default -> false;
    };
    return real ? joined(source, what, shape, type, length) : packed(source, what, shape, type, length);
  }

  private long number(Source source, String what, String key, long otherwise) {
    String text = external.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw source.damaged("C6: the " + key + " of the data of " + what + " is a number; received '"
          + OnnxException.brief(text) + "'.");
    }
  }

  /// Floating point numbers, whose fields hold them as raw data does.
  private MemorySegment joined(Source source, String what, Shape shape, ElementType type, long length) {
    long found = reals.stream().mapToLong(MemorySegment::byteSize).sum();
    if (found != length) {
      throw count(source, what, shape, found * 8 / type.bits());
    }
    if (reals.size() == 1) {
      return reals.getFirst();
    }
    MemorySegment all = MemorySegment.ofArray(new byte[(int) found]);
    long at = 0;
    for (MemorySegment part : reals) {
      MemorySegment.copy(part, 0, all, at, part.byteSize());
      at += part.byteSize();
    }
    return all;
  }

  /// Whole numbers and bit patterns, one varint each; of the types below a byte, a varint holds a byte.
  private MemorySegment packed(Source source, String what, Shape shape, ElementType type, long length) {
    int width = Math.max(1, type.bits() / 8);
    if ((long) wholes.size() * width != length) {
      throw count(source, what, shape, type.bits() < 8 ? (long) wholes.size() * 8 / type.bits() : wholes.size());
    }
    byte[] all = new byte[(int) length];
    for (int i = 0; i < wholes.size(); i++) {
      long value = wholes.at(i);
      for (int b = 0; b < width; b++) {
        all[i * width + b] = (byte) (value >>> 8 * b);
      }
    }
    return MemorySegment.ofArray(all);
  }
}
