package juanji.onnx.proto;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/// Whole numbers as they are read: a list over a plain array, 8 bytes each.
final class Longs extends AbstractList<Long> implements RandomAccess {
  private long[] values = new long[4];
  private int size;

  @Override public Long get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return values[index];
  }

  @Override public int size() {
    return size;
  }

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + Math.max(4, size / 2));
    }
    values[size++] = value;
  }

  long at(int index) {
    return values[index];
  }
}
