package juanji.onnx.proto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Writes the fields of a protobuf message as a row of pieces, so that the bytes of large tensors are never copied.
///
/// Numbers of 0 and empty texts are left out, as the format does.
final class WireWriter {
  private static final long LARGE = 4096;

  private final List<MemorySegment> pieces = new ArrayList<>();
  private byte[] buffer = new byte[128];
  private int used;
  private long length;

  /// The pieces, one behind the other.
  List<MemorySegment> pieces() {
    flush();
    return pieces;
  }

  /// Bytes written so far.
  long length() {
    return length;
  }

  private void flush() {
    if (used > 0) {
      pieces.add(MemorySegment.ofArray(Arrays.copyOf(buffer, used)));
      used = 0;
    }
  }

  private void put(int b) {
    if (used == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * used);
    }
    buffer[used++] = (byte) b;
    length++;
  }

  private void number(long value) {
    long rest = value;
    while ((rest & ~127L) != 0) {
      put((int) (rest & 127 | 128));
      rest >>>= 7;
    }
    put((int) rest);
  }

  private void tag(int field, int wire) {
    number((long) field << 3 | wire);
  }

  void whole(int field, long value) {
    if (value != 0) {
      always(field, value);
    }
  }

  /// A number that is written even if it is 0.
  void always(int field, long value) {
    tag(field, WireReader.VARINT);
    number(value);
  }

  void real(int field, float value) {
    tag(field, WireReader.FIXED32);
    int bits = Float.floatToIntBits(value);
    for (int i = 0; i < 4; i++) {
      put(bits >>> 8 * i & 255);
    }
  }

  void text(int field, String value) {
    if (!value.isEmpty()) {
      always(field, value);
    }
  }

  /// A text that is written even if it is empty.
  void always(int field, String value) {
    bytes(field, MemorySegment.ofArray(value.getBytes(StandardCharsets.UTF_8)));
  }

  void bytes(int field, MemorySegment value) {
    tag(field, WireReader.BYTES);
    number(value.byteSize());
    append(value);
  }

  private void append(MemorySegment value) {
    if (value.byteSize() >= LARGE) {
      flush();
      pieces.add(value);
      length += value.byteSize();
    } else {
      for (byte b : value.toArray(ValueLayout.JAVA_BYTE)) {
        put(b);
      }
    }
  }

  /// Whole numbers in one packed field; nothing if there are none.
  void wholes(int field, List<Long> values) {
    if (!values.isEmpty()) {
      message(field, w -> values.forEach(w::number));
    }
  }

  /// 32-bit numbers in one packed field; nothing if there are none.
  void reals(int field, List<Float> values) {
    if (!values.isEmpty()) {
      ByteBuffer packed = ByteBuffer.allocate(4 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
      values.forEach(packed::putFloat);
      bytes(field, MemorySegment.ofArray(packed.array()));
    }
  }

  void message(int field, Consumer<WireWriter> content) {
    WireWriter inner = new WireWriter();
    content.accept(inner);
    tag(field, WireReader.BYTES);
    number(inner.length);
    inner.pieces().forEach(this::append);
  }
}
