package juanji.onnx;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A tensor of any type that is known while a network is translated: shapes, indices, masks, constants.
///
/// Real numbers are held in double precision and rounded to the type where a node of the file ends; whole numbers and
/// truth values are held in 64 bits.
final class HostTensor {
  private static final long MOST = 1 << 26;

  private final ElementType type;
  private final Shape shape;
  private final TensorProto source;
  private final Double uniform;
  private double[] reals;
  private long[] wholes;

  private HostTensor(ElementType type, Shape shape, TensorProto source, Double uniform, double[] reals,
      long[] wholes) {
    this.type = type;
    this.shape = shape;
    this.source = source;
    this.uniform = uniform;
    this.reals = reals;
    this.wholes = wholes;
  }

  /// One value everywhere. A file asks for it in a few bytes, so that it is only written out where its elements are
  /// looked at.
  static HostTensor uniform(ElementType type, Shape shape, double value) {
    return new HostTensor(type, shape, null, value, null, null);
  }

  /// The value of all elements, if that is how the tensor is kept.
  Optional<Double> uniform() {
    return Optional.ofNullable(uniform);
  }

  /// What a file holds; read when it is asked for.
  static HostTensor of(TensorProto proto) {
    return new HostTensor(proto.type(), proto.shape(), proto, null, null, null);
  }

  static HostTensor of(Tensor tensor) {
    float[] data = tensor.data();
    return reals(ElementType.FLOAT, tensor.shape(), IntStream.range(0, data.length).mapToDouble(i -> data[i])
        .toArray());
  }

  static HostTensor reals(ElementType type, Shape shape, double... values) {
    return new HostTensor(type, shape, null, null, values, null);
  }

  static HostTensor wholes(ElementType type, Shape shape, long... values) {
    return new HostTensor(type, shape, null, null, null, values);
  }

  /// A row of 64-bit whole numbers.
  static HostTensor row(long... values) {
    return wholes(ElementType.INT64, Shape.of(values.length), values);
  }

  /// A tensor without elements.
  static HostTensor empty(ElementType type, Shape shape) {
    return real(type) ? reals(type, shape) : wholes(type, shape);
  }

  /// Whether a type is one of real numbers.
  static boolean real(ElementType type) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
      default -> false;
    };
  }

  /// Whether a type is one of whole numbers or truth values.
  static boolean whole(ElementType type) {
    return switch (type) {
      case UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32, UINT64, UINT4, INT4 -> true;
      default -> false;
    };
  }

  ElementType type() {
    return type;
  }

  Shape shape() {
    return shape;
  }

  int size() {
    return shape.length();
  }

  boolean real() {
    return real(type);
  }

  /// The elements as real numbers. Not to be written to.
  double[] reals() {
    if (reals == null) {
      if (uniform != null) {
        reals = new double[writable()];
        Arrays.fill(reals, uniform);
      } else if (wholes == null && real()) {
        reals = IntStream.range(0, size()).mapToDouble(source::real).toArray();
      } else {
        long[] from = wholes();
        double[] to = new double[from.length];
        Arrays.setAll(to, i -> type == ElementType.UINT64 && from[i] < 0
            ? (double) (from[i] >>> 1) * 2 : (double) from[i]);
        reals = to;
      }
    }
    return reals;
  }

  /// The elements as whole numbers; real ones truncated towards zero. Not to be written to.
  long[] wholes() {
    if (wholes == null) {
      if (uniform != null && !real()) {
        wholes = new long[writable()];
        Arrays.fill(wholes, uniform.longValue());
      } else if (source != null && !real()) {
        wholes = IntStream.range(0, size()).mapToLong(source::whole).toArray();
      } else {
        double[] from = reals();
        long[] to = new long[from.length];
        Arrays.setAll(to, i -> (long) from[i]);
        return to;
      }
    }
    return wholes;
  }

  private int writable() {
    if (shape.size() > MOST) {
      throw new IllegalStateException("a constant of " + shape + " is made of nothing; up to " + MOST
          + " elements are written out");
    }
    return shape.length();
  }

  /// The elements of a row as `int`s.
  ///
  /// @throws ArithmeticException if one exceeds an `int`
  int[] ints() {
    return Arrays.stream(wholes()).mapToInt(Math::toIntExact).toArray();
  }

  /// The elements as 32-bit floating point.
  Tensor tensor() {
    if (source != null) {
      return source.tensor();
    }
    double[] from = reals();
    float[] to = new float[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) from[i];
    }
    return Tensor.of(shape, to);
  }

  /// The same elements under another shape of the same size.
  HostTensor reshaped(Shape other) {
    return new HostTensor(type, other, source == null ? null
        : new TensorProto(source.name(), source.type(), other, source.bytes(), source.texts()), uniform, reals,
        wholes);
  }

  /// The same elements, rounded or wrapped to another type.
  HostTensor as(ElementType other) {
    if (other == type) {
      return this;
    }
    if (uniform != null) {
      return new HostTensor(other, shape, null, real(other) ? rounded(other, uniform)
          : other == ElementType.BOOL ? uniform == 0 ? 0.0 : 1.0 : (double) wrapped(other, uniform.longValue()), null,
          null);
    }
    if (real(other)) {
      double[] from = reals();
      double[] to = new double[from.length];
      Arrays.setAll(to, i -> rounded(other, from[i]));
      return reals(other, shape, to);
    }
    if (other == ElementType.BOOL) {
      double[] from = reals();
      long[] to = new long[from.length];
      Arrays.setAll(to, i -> from[i] == 0 ? 0 : 1);
      return wholes(other, shape, to);
    }
    if (real()) {
      double[] from = reals();
      long[] to = new long[from.length];
      Arrays.setAll(to, i -> wrapped(other, other == ElementType.UINT64 && from[i] >= 0x1p63
          ? (long) (from[i] - 0x1p63) ^ Long.MIN_VALUE : (long) from[i]));
      return wholes(other, shape, to);
    }
    long[] from = wholes();
    long[] to = new long[from.length];
    Arrays.setAll(to, i -> wrapped(other, from[i]));
    return wholes(other, shape, to);
  }

  /// The elements rounded to the tensor's own type, where they were computed in double precision.
  HostTensor rounded() {
    if (!real() || type == ElementType.DOUBLE || source != null || uniform != null) {
      return this;
    }
    double[] from = reals;
    double[] to = new double[from.length];
    Arrays.setAll(to, i -> rounded(type, from[i]));
    return reals(type, shape, to);
  }

  /// A real number in a type's precision, the nearest one, halves to even.
  static double rounded(ElementType type, double value) {
    return switch (type) {
      case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case BFLOAT16 -> bfloat((float) value);
      case DOUBLE -> value;
      default -> (float) value;
    };
  }

  private static float bfloat(float value) {
    if (Float.isNaN(value)) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
  }

  /// A whole number in a type's range, its higher bits cut off.
  static long wrapped(ElementType type, long value) {
    if (value == OpenBatch.OPEN) {
      return value;
    }
    return switch (type) {
      case BOOL -> value == 0 ? 0 : 1;
      case INT8 -> (byte) value;
      case UINT8 -> value & 0xff;
      case INT16 -> (short) value;
      case UINT16 -> value & 0xffff;
      case INT32 -> (int) value;
      case UINT32 -> value & 0xffffffffL;
      case INT4 -> value << 60 >> 60;
      case UINT4 -> value & 15;
      default -> value;
    };
  }

  /// The elements at the given places; a place of −1 is `fill`.
  HostTensor take(Shape to, int[] places, double fill) {
    if (real()) {
      double[] from = reals();
      double[] values = new double[places.length];
      Arrays.setAll(values, i -> places[i] < 0 ? fill : from[places[i]]);
      return reals(type, to, values);
    }
    if (type == ElementType.STRING) {
      throw new IllegalStateException("texts are not moved");
    }
    long[] from = wholes();
    long[] values = new long[places.length];
    Arrays.setAll(values, i -> places[i] < 0 ? (long) fill : from[places[i]]);
    return wholes(type, to, values);
  }

  /// The tensor as a message.
  TensorProto proto(String name) {
    if (source != null) {
      return source.named(name);
    }
    int n = size();
    double[] reals = real() ? reals() : null;
    long[] wholes = real() ? null : wholes();
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(type.bytes(n))).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      switch (type) {
        case FLOAT -> out.putFloat((float) reals[i]);
        case DOUBLE -> out.putDouble(reals[i]);
        case FLOAT16 -> out.putShort(Float.floatToFloat16((float) reals[i]));
        case BFLOAT16 -> out.putShort((short) (Float.floatToRawIntBits((float) reals[i]) >>> 16));
        case INT8, UINT8, BOOL -> out.put((byte) wholes[i]);
        case INT16, UINT16 -> out.putShort((short) wholes[i]);
        case INT32, UINT32 -> out.putInt((int) wholes[i]);
        case INT64, UINT64 -> out.putLong(wholes[i]);
        case INT4, UINT4 -> out.put(i / 2, (byte) (out.get(i / 2) | (wholes[i] & 15) << i % 2 * 4));
        default -> throw new IllegalStateException("no values of type " + type);
      }
    }
    return new TensorProto(name, type, shape, MemorySegment.ofArray(out.array()), List.of());
  }

  @Override public String toString() {
    String values = real() ? Arrays.toString(Arrays.copyOf(reals(), Math.min(6, size())))
        : type == ElementType.STRING ? "texts" : Arrays.toString(Arrays.copyOf(wholes(), Math.min(6, size())));
    return type + " " + shape + " " + values;
  }
}
