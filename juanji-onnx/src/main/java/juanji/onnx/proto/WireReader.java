package juanji.onnx.proto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Reads the fields of one protobuf message from memory.
///
/// A message is a row of fields, each a tag (the field's number and its wire type) and a value. Every length is checked
/// against the message's own end.
final class WireReader {
  /// A whole number in groups of 7 bits.
  static final int VARINT = 0;
  /// 8 bytes.
  static final int FIXED64 = 1;
  /// A length and as many bytes.
  static final int BYTES = 2;
  /// 4 bytes.
  static final int FIXED32 = 5;
  private static final int GROUP = 3;
  private static final int GROUP_END = 4;
  private static final int DEEPEST = 64;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Source source;
  private final MemorySegment bytes;
  private final long offset;
  private final int depth;
  private long at;
  private int field;
  private int wire;

  /// @param offset where the bytes lie in the file, for messages
  WireReader(Source source, MemorySegment bytes, long offset, int depth) {
    this.source = source;
    this.bytes = bytes;
    this.offset = offset;
    this.depth = depth;
    if (depth > DEEPEST) {
      throw source.damaged("C1: messages are nested up to " + DEEPEST + " deep; received more at byte " + offset + ".");
    }
  }

  Source source() {
    return source;
  }

  /// Goes on to the next field.
  ///
  /// @return whether there is one
  boolean next() {
    if (at == bytes.byteSize()) {
      return false;
    }
    long tag = varint();
    if (tag < 8 || tag > 0xffffffffL) {
      throw wrong("a field's tag is from 8 to 2³² − 1; received " + Long.toUnsignedString(tag));
    }
    field = (int) (tag >>> 3);
    wire = (int) (tag & 7);
    return true;
  }

  /// The number of the field.
  int field() {
    return field;
  }

  /// Whether the field holds bytes: a text, a message, or packed numbers.
  boolean packed() {
    return wire == BYTES;
  }

  OnnxException wrong(String what) {
    return source.damaged("C1: " + what + " at byte " + (offset + at) + ".");
  }

  private void expect(int type) {
    if (wire != type) {
      throw wrong("field " + field + " is stored as wire type " + type + "; received " + wire);
    }
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= bytes.byteSize()) {
        throw wrong("a number ends within its message; received its end");
      }
      byte b = bytes.get(ValueLayout.JAVA_BYTE, at++);
      value |= shift == 63 ? (b & 1L) << 63 : (b & 127L) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw wrong("a number has up to 10 bytes; received more");
  }

  private long take(long count) {
    if (count < 0 || count > bytes.byteSize() - at) {
      throw wrong("field " + field + " takes " + Long.toUnsignedString(count) + " of the " + (bytes.byteSize() - at)
          + " bytes left");
    }
    long from = at;
    at += count;
    return from;
  }

  long whole() {
    expect(VARINT);
    return varint();
  }

  float real() {
    expect(FIXED32);
    return Float.intBitsToFloat(bytes.get(INT, take(4)));
  }

  int fixed32() {
    expect(FIXED32);
    return bytes.get(INT, take(4));
  }

  long fixed64() {
    expect(FIXED64);
    return bytes.get(LONG, take(8));
  }

  MemorySegment bytes() {
    expect(BYTES);
    long length = varint();
    return bytes.asSlice(take(length), length);
  }

  String text() {
    MemorySegment slice = bytes();
    if (slice.byteSize() > 1 << 24) {
      throw wrong("a text has up to 2²⁴ bytes; received " + slice.byteSize());
    }
    return new String(slice.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /// The field as a message of its own.
  WireReader message() {
    expect(BYTES);
    long length = varint();
    long from = take(length);
    return new WireReader(source, bytes.asSlice(from, length), offset + from, depth + 1);
  }

  /// Packed numbers, or the one of an unpacked field, into a list.
  void wholes(Longs into) {
    if (!packed()) {
      into.add(whole());
      return;
    }
    WireReader numbers = message();
    while (numbers.at < numbers.bytes.byteSize()) {
      into.add(numbers.varint());
    }
  }

  /// Packed 32-bit numbers.
  void floats(List<Float> into) {
    MemorySegment packed = bytes();
    if (packed.byteSize() % 4 != 0) {
      throw wrong("numbers of 4 bytes take a multiple of 4; received " + packed.byteSize());
    }
    for (long i = 0; i < packed.byteSize(); i += 4) {
      into.add(Float.intBitsToFloat(packed.get(INT, i)));
    }
  }

  /// Passes over the field's value.
  void skip() {
    skip(0);
  }

  private void skip(int nested) {
    switch (wire) {
      case VARINT -> varint();
      case FIXED64 -> take(8);
      case BYTES -> take(varint());
      case FIXED32 -> take(4);
      case GROUP -> {
        int group = field;
        if (nested > DEEPEST) {
          throw wrong("groups are nested up to " + DEEPEST + " deep; received more");
        }
        while (true) {
          if (!next()) {
            throw wrong("group " + group + " has an end; received the message's");
          }
          if (wire == GROUP_END) {
            break;
          }
          skip(nested + 1);
        }
      }
      default -> throw wrong("a wire type is 0 to 3 or 5; received " + wire);
    }
  }
}
