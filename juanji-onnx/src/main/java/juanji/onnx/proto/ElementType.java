package juanji.onnx.proto;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What the elements of an ONNX tensor are.
public enum ElementType {
  /// 32-bit floating point.
  FLOAT(1, 32),
  /// 8-bit whole numbers from 0.
  UINT8(2, 8),
  /// 8-bit whole numbers.
  INT8(3, 8),
  /// 16-bit whole numbers from 0.
  UINT16(4, 16),
  /// 16-bit whole numbers.
  INT16(5, 16),
  /// 32-bit whole numbers.
  INT32(6, 32),
  /// 64-bit whole numbers.
  INT64(7, 64),
  /// Texts.
  STRING(8, 0),
  /// True or false, a byte each.
  BOOL(9, 8),
  /// 16-bit floating point (IEEE).
  FLOAT16(10, 16),
  /// 64-bit floating point.
  DOUBLE(11, 64),
  /// 32-bit whole numbers from 0.
  UINT32(12, 32),
  /// 64-bit whole numbers from 0.
  UINT64(13, 64),
  /// Pairs of 32-bit floating point.
  COMPLEX64(14, 64),
  /// Pairs of 64-bit floating point.
  COMPLEX128(15, 128),
  /// The upper half of a 32-bit floating point number.
  BFLOAT16(16, 16),
  /// 8-bit floating point, 4 bits of exponent, no infinities.
  FLOAT8E4M3FN(17, 8),
  /// 8-bit floating point, 4 bits of exponent, no infinities and no −0.
  FLOAT8E4M3FNUZ(18, 8),
  /// 8-bit floating point, 5 bits of exponent.
  FLOAT8E5M2(19, 8),
  /// 8-bit floating point, 5 bits of exponent, no infinities and no −0.
  FLOAT8E5M2FNUZ(20, 8),
  /// 4-bit whole numbers from 0, two in a byte.
  UINT4(21, 4),
  /// 4-bit whole numbers, two in a byte.
  INT4(22, 4),
  /// 4-bit floating point, two in a byte.
  FLOAT4E2M1(23, 4),
  /// 8-bit exponents.
  FLOAT8E8M0(24, 8),
  /// 2-bit whole numbers from 0, four in a byte.
  UINT2(25, 2),
  /// 2-bit whole numbers, four in a byte.
  INT2(26, 2);

  private final int code;
  private final int bits;

  ElementType(int code, int bits) {
    this.code = code;
    this.bits = bits;
  }

  /// The type's number in the format.
  public int code() {
    return code;
  }

  /// Bits of an element; 0 for texts.
  public int bits() {
    return bits;
  }

  /// The type of a number in the format, if it is known.
  public static Optional<ElementType> of(long code) {
    return Arrays.stream(values()).filter(t -> t.code == code).findFirst();
  }

  /// Bytes of so many elements, packed.
  ///
  /// @throws ArithmeticException if they exceed a `long`
  public long bytes(long elements) {
    return Math.ceilDiv(Math.multiplyExact(elements, bits), 8L);
  }

  /// The name in the format's text form, such as `float` or `int64`.
  @Override public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
