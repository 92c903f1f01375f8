package juanji.onnx.proto;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A tensor in a file: its name, what its elements are, its shape, and their bytes, little-endian and row-major,
/// wherever and however the file stores them.
///
/// Constraints: C2 the extents are from 0 to 2³¹ − 1, up to 64 of them; C3 the element type is one of [ElementType];
/// C4 there are as many elements as the shape has; C6 external data lies in the model's own folder.
///
/// ```java
/// TensorProto weights = TensorProto.of("conv1.weight", tensor);
/// Tensor again = weights.tensor();
/// ```
///
/// @param name its name; may be empty
/// @param type what the elements are
/// @param shape the extents
/// @param bytes the elements; empty for texts
/// @param texts the elements of a tensor of texts; otherwise none
public record TensorProto(String name, ElementType type, Shape shape, MemorySegment bytes, List<String> texts) {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Checks C4.
  public TensorProto {
    texts = List.copyOf(texts);
    long expected = type == ElementType.STRING ? 0 : type.bytes(shape.size());
    if (bytes.byteSize() != expected || texts.size() != (type == ElementType.STRING ? shape.size() : 0)) {
      throw new IllegalArgumentException("a tensor of " + shape + " cannot be made of " + bytes.byteSize()
          + " bytes and " + texts.size() + " texts.\n"
          + "  C4: there are as many elements as the shape has; of type " + type + " they take " + expected
          + " bytes.\n"
          + "  Give as many as the shape has.");
    }
  }

  /// A tensor of 32-bit floating point numbers; it shares the array.
  public static TensorProto of(String name, Tensor value) {
    return new TensorProto(name, ElementType.FLOAT, value.shape(), littleEndian(value.data()), List.of());
  }

  /// A tensor of 64-bit whole numbers.
  public static TensorProto of(String name, Shape shape, long... values) {
    ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(8, values.length)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(values);
    return new TensorProto(name, ElementType.INT64, shape, MemorySegment.ofArray(buffer.array()), List.of());
  }

  private static MemorySegment littleEndian(float[] data) {
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      return MemorySegment.ofArray(data);
    }
    ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(4, data.length)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(data);
    return MemorySegment.ofArray(buffer.array());
  }

  /// This tensor under another name.
  public TensorProto named(String other) {
    return new TensorProto(other, type, shape, bytes, texts);
  }

  /// The elements as 32-bit floating point numbers; true is 1.
  ///
  /// @throws IllegalArgumentException if they are no real numbers
  public Tensor tensor() {
    float[] values = new float[shape.length()];
    if (type == ElementType.FLOAT) {
      MemorySegment.copy(bytes, ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0, values, 0,
          values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) real(i);
      }
    }
    return Tensor.of(shape, values);
  }

  /// An element as a real number.
  ///
  /// @throws IllegalArgumentException if it is none
  public double real(long index) {
    return switch (type) {
      case FLOAT -> Float.intBitsToFloat(bytes.get(INT, 4 * index));
      case DOUBLE -> Double.longBitsToDouble(bytes.get(LONG, 8 * index));
      case FLOAT16 -> Float.float16ToFloat(bytes.get(SHORT, 2 * index));
      case BFLOAT16 -> Float.intBitsToFloat(bytes.get(SHORT, 2 * index) << 16);
      default -> whole(index);
    };
  }

  /// An element as a whole number; 64-bit ones from 0 by their bits.
  ///
  /// @throws IllegalArgumentException if it is none
  public long whole(long index) {
    return switch (type) {
      case UINT8 -> bytes.get(ValueLayout.JAVA_BYTE, index) & 255;
      case INT8 -> bytes.get(ValueLayout.JAVA_BYTE, index);
      case BOOL -> bytes.get(ValueLayout.JAVA_BYTE, index) == 0 ? 0 : 1;
      case UINT16 -> bytes.get(SHORT, 2 * index) & 0xffff;
      case INT16 -> bytes.get(SHORT, 2 * index);
      case UINT32 -> bytes.get(INT, 4 * index) & 0xffffffffL;
      case INT32 -> bytes.get(INT, 4 * index);
      case INT64, UINT64 -> bytes.get(LONG, 8 * index);
      case UINT4 -> bytes.get(ValueLayout.JAVA_BYTE, index / 2) >> index % 2 * 4 & 15;
      case INT4 -> (bytes.get(ValueLayout.JAVA_BYTE, index / 2) >> index % 2 * 4 & 15) << 28 >> 28;
      default -> throw new IllegalArgumentException("elements of type " + type + " are no whole numbers.\n"
          + "  C3: whole numbers are of type int… or uint…, or bool; received " + type + ".\n"
          + "  Convert the tensor.");
    };
  }

  /// A tensor in a file of its own, as in the folders of ONNX's conformance tests.
  ///
  /// @throws OnnxException if there is none
  public static TensorProto read(Path file) {
    return read(Source.of(file));
  }

  /// A tensor from a stream, which is read to its end.
  ///
  /// @param name what messages call the stream
  /// @throws OnnxException if there is none
  public static TensorProto read(String name, InputStream stream) {
    return read(Source.of(name, stream));
  }

  private static TensorProto read(Source source) {
    return source.decode(TensorReader::read);
  }

  /// Writes the tensor to a file of its own, replacing it whole.
  ///
  /// @throws OnnxException if it cannot be written
  public void write(Path file) {
    WireWriter out = new WireWriter();
    write(out);
    Output.write(file, out.pieces());
  }

  /// Everything but the elements.
  void header(WireWriter out) {
    List<Long> dims = new ArrayList<>();
    for (int d : shape.toArray()) {
      dims.add((long) d);
    }
    out.wholes(1, dims);
    out.whole(2, type.code());
    out.text(8, name);
  }

  void write(WireWriter out) {
    header(out);
    texts.forEach(text -> out.always(6, text));
    if (type != ElementType.STRING) {
      out.bytes(9, bytes);
    }
  }

  @Override public boolean equals(Object other) {
    return this == other || other instanceof TensorProto t && name.equals(t.name) && type == t.type
        && shape.equals(t.shape) && texts.equals(t.texts) && bytes.mismatch(t.bytes) < 0;
  }

  @Override public int hashCode() {
    return 31 * name.hashCode() + shape.hashCode();
  }

  /// Name, type and shape.
  @Override public String toString() {
    return name + " : " + type + " " + shape;
  }
}
