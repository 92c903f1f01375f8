package juanji.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"train-images-idx3-ubyte,train-labels-idx1-ubyte",
      "train-images.idx3-ubyte.gz,train-labels.idx1-ubyte", "train-images-idx3-ubyte.gz,train-labels-idx1-ubyte.gz"})
  void readsPairsUnderTheirUsualNames(String names) throws IOException {
    String[] pair = names.split(",");
    write(pair[0], idx(new int[] {3, 2, 5}, 30));
    write(pair[1], labels(1, 0, 4));
    assertTrue(Idx.isIdxFolder(dir));
    assertFalse(Idx.hasTest(dir));
    Dataset data = Idx.train(dir);
    assertEquals(3, data.size());
    assertEquals(Shape.of(1, 2, 5), data.shape());
    assertEquals(List.of("0", "1", "2", "3", "4"), data.classes());
    assertEquals(4, data.label(2));
    float[] values = new float[11];
    data.read(1, values, 1);
    assertEquals(0f, values[0]);
    assertEquals(10 * 7 % 256 / 255f, values[1]);
    assertEquals(19 * 7 % 256 / 255f, values[10]);
    assertTrue(data.source(2).endsWith(pair[0] + "#2"));
  }

  @Test void rankFourHasChannels() throws IOException {
    write("a", idx(new int[] {2, 3, 2, 1}, 12));
    write("b", labels(0, 1));
    assertEquals(Shape.of(3, 2, 1), Idx.read(dir.resolve("a"), dir.resolve("b")).shape());
  }

  @Test void testClassesAreThoseOfTraining() throws IOException {
    write("train-images-idx3-ubyte", idx(new int[] {2, 1, 1}, 2));
    write("train-labels-idx1-ubyte", labels(0, 7));
    write("t10k-images-idx3-ubyte", idx(new int[] {1, 1, 1}, 1));
    write("t10k-labels-idx1-ubyte", labels(2));
    assertEquals(8, Idx.test(dir).classes().size());
  }

  @Test void i1Magic() throws IOException {
    write("b", labels(0));
    for (byte[] start : List.of(new byte[0], new byte[] {1, 2}, new byte[] {0, 0, 9, 3, 0, 0, 0, 1},
        "not idx at all".getBytes(), labels(1))) {
      write("a", start);
      refused("I1", "a", dir.resolve("a"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483647,2147483647,4", "-1,28,28", "0,28,28", "60000,28,0", "100000,65536,65536"})
  void i2Sizes(String sizes) throws IOException {
    byte[] bytes = idx(Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray(), 50);
    write("b", labels(0));
    write("a", bytes);
    refused("I2", "a", dir.resolve("a"));
    write("a.gz", bytes);
    refused("I2", "a.gz", dir.resolve("a.gz"));
  }

  @Test void i3LengthIsTheHeadersPlainAndZipped() throws IOException {
    write("b", labels(0, 1, 2));
    for (int length : new int[] {0, 29, 31}) {
      byte[] bytes = idx(new int[] {3, 2, 5}, length);
      write("a", bytes);
      refused("I3", "a", dir.resolve("a"));
      write("a.gz", bytes);
      refused("I3", "a.gz", dir.resolve("a.gz"));
    }
    byte[] claim = idx(new int[] {1_000_000, 60, 60}, 100);
    write("a.gz", claim);
    refused("I3", "a.gz", dir.resolve("a.gz"));
  }

  @Test void aGzipBombIsReadOnlyAsFarAsItsHeaderClaims() throws IOException {
    write("b", labels(0, 1, 2));
    write("a.gz", idx(new int[] {3, 2, 5}, 200_000_000));
    assertTrue(Files.size(dir.resolve("a.gz")) < 1_000_000);
    long start = System.nanoTime();
    refused("I3", "a.gz", dir.resolve("a.gz"));
    assertTrue(System.nanoTime() - start < 1_000_000_000L);
  }

  @Test void damagedAndCutGzip() throws IOException {
    write("b", labels(0, 1, 2));
    write("a.gz", idx(new int[] {3, 20, 50}, 3000));
    byte[] bytes = Files.readAllBytes(dir.resolve("a.gz"));
    Files.write(dir.resolve("cut.gz"), Arrays.copyOf(bytes, bytes.length / 2));
    refused("I3", "cut.gz", dir.resolve("cut.gz"));
    bytes[bytes.length / 2] ^= 0x55;
    Files.write(dir.resolve("bad.gz"), bytes);
    refused("I3", "bad.gz", dir.resolve("bad.gz"));
  }

  @Test void i4OneLabelPerPicture() throws IOException {
    write("a", idx(new int[] {3, 2, 5}, 30));
    write("b", labels(0, 1));
    DataException e = assertThrows(DataException.class, () -> Idx.read(dir.resolve("a"), dir.resolve("b")));
    assertTrue(e.getMessage().contains("I4"));
    assertEquals(3, e.getMessage().lines().count());
  }

  @Test void missingFilesAreNamed() throws IOException {
    assertFalse(Idx.isIdxFolder(dir));
    DataException e = assertThrows(DataException.class, () -> Idx.train(dir));
    assertEquals(dir.toString(), e.path());
    assertTrue(e.getMessage().contains("train-images-idx3-ubyte"), e.getMessage());
    write("train-images-idx3-ubyte", idx(new int[] {1, 1, 1}, 1));
    e = assertThrows(DataException.class, () -> Idx.train(dir));
    assertTrue(e.getMessage().contains("'train-labels-idx1-ubyte'"), e.getMessage());
    assertThrows(DataException.class, () -> Idx.read(dir.resolve("none"), dir.resolve("nothing")));
    assertThrows(DataException.class, () -> Idx.read(dir, dir));
  }

  @Test void mnist() {
    Path mnist = Path.of("../../shared/data/mnist");
    assumeTrue(Files.isDirectory(mnist), "no ../shared/data/mnist");
    Dataset train = Idx.train(mnist);
    Dataset test = Idx.test(mnist);
    assertEquals(60_000, train.size());
    assertEquals(10_000, test.size());
    assertEquals(7, test.label(0));
    assertEquals(5, train.label(0));
    Preprocessing pre = Preprocessing.measure(train);
    assertEquals(0.1307, pre.mean().getFirst(), 0.001);
    assertEquals(0.3081, pre.std().getFirst(), 0.001);
    assertArrayEquals(new int[] {1, 28, 28}, train.shape().toArray());
  }

  private void refused(String label, String file, Path images) {
    DataException e = assertThrows(DataException.class, () -> Idx.read(images, dir.resolve("b")));
    assertTrue(e.getMessage().contains(label + ":"), e.getMessage());
    assertEquals(3, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.path().endsWith(file), e.path());
  }

  private void write(String name, byte[] bytes) throws IOException {
    if (name.endsWith(".gz")) {
      try (var out = new GZIPOutputStream(Files.newOutputStream(dir.resolve(name)))) {
        out.write(bytes);
      }
    } else {
      Files.write(dir.resolve(name), bytes);
    }
  }

  private static byte[] idx(int[] sizes, int length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0x0800 + sizes.length);
    for (int size : sizes) {
      out.writeInt(size);
    }
    byte[] body = new byte[length];
    for (int i = 0; i < Math.min(length, 10_000); i++) {
      body[i] = (byte) (i * 7);
    }
    out.write(body);
    return bytes.toByteArray();
  }

  private static byte[] labels(int... values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0x0801);
    out.writeInt(values.length);
    for (int value : values) {
      out.write(value);
    }
    return bytes.toByteArray();
  }
}
