package juanji.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream that ends after a number of bytes, however long the one behind it goes on: an archive's entry may inflate a
/// thousandfold.
final class BoundedStream extends FilterInputStream {
  private long left;

  BoundedStream(InputStream in, long most) {
    super(in);
    this.left = most;
  }

  @Override public int read() throws IOException {
    int value = left > 0 ? in.read() : -1;
    left -= value >= 0 ? 1 : 0;
    return value;
  }

  @Override public int read(byte[] into, int offset, int length) throws IOException {
    if (left <= 0) {
      return length == 0 ? 0 : -1;
    }
    int n = in.read(into, offset, (int) Math.min(length, left));
    left -= Math.max(0, n);
    return n;
  }

  @Override public long skip(long count) throws IOException {
    long n = in.skip(Math.min(count, left));
    left -= n;
    return n;
  }

  @Override public int available() throws IOException {
    return (int) Math.min(in.available(), left);
  }

  @Override public boolean markSupported() {
    return false;
  }
}
