package juanji.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are cut, changed or made to deceive.
class DamageTest {
  private static byte[] bytes(ModelProto model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.write(out);
    return out.toByteArray();
  }

  /// Reads and runs what can be read and run; only the errors of ONNX files may come out.
  private static boolean used(byte[] content, Workers workers) {
    try {
      ModelProto model = ModelProto.read("damaged", content);
      OnnxProgram.of(model, "damaged").run(Map.of("x", TensorProto.of("x", Examples.numbers(1, 3, 4, 5))), workers);
      return true;
    } catch (OnnxException e) {
      assertTrue(e.getMessage().lines().count() >= 3, e.getMessage());
      return false;
    }
  }

  @Test void cutFilesAreRefused() throws IOException {
    byte[] whole = bytes(Examples.network());
    try (Workers workers = Workers.of(1)) {
      assertTrue(used(whole, workers));
      for (int i = 0; i < 200; i++) {
        byte[] cut = Arrays.copyOf(whole, whole.length * i / 200);
        OnnxException error = assertThrows(OnnxException.class, () -> ModelProto.read("cut", cut));
        assertTrue(error.getMessage().startsWith("'cut' cannot be read.\n  C"), error.getMessage());
      }
    }
  }

  @Test void changedBytesGiveAnErrorOrAnotherNetwork() throws IOException {
    byte[] whole = bytes(Examples.network());
    SplittableRandom random = new SplittableRandom(5);
    int refused = 0;
    try (Workers workers = Workers.of(1)) {
      for (int i = 0; i < 10_000; i++) {
        byte[] changed = whole.clone();
        int at = random.nextInt(changed.length);
        changed[at] ^= (byte) (1 << random.nextInt(8));
        // Most bytes are weights: running each of these would only show that numbers are numbers.
        boolean inside = i % 8 == 0;
        if (inside) {
          refused += used(changed, workers) ? 0 : 1;
        } else {
          try {
            ModelProto.read("damaged", changed);
          } catch (OnnxException e) {
            refused++;
          }
        }
      }
    }
    assertTrue(refused > 500, "only " + refused + " were refused");
  }

  private static String refusal(ModelProto model) {
    try (Workers workers = Workers.of(1)) {
      return assertThrows(OnnxException.class, () -> OnnxProgram.of(model, "a.onnx").run(Map.of("x",
          TensorProto.of("x", Examples.numbers(2, 3))), workers)).getMessage();
    }
  }

  private static ModelProto chain(NodeProto... nodes) {
    return Examples.model(List.of(nodes), List.of(), List.of(Examples.value("x", 2, 3)),
        List.of(Examples.value("y", 2, 3)));
  }

  @Test void c2ANameMadeTwiceIsRefused() {
    assertEquals("""
        'a.onnx' is no usable network.
          C2: a name stands for one value; 'y' is made twice, the second time by node 1 (Abs).
          Export the network again.""", refusal(chain(NodeProto.of("", "Relu", List.of("x"), List.of("y")),
        NodeProto.of("", "Abs", List.of("x"), List.of("y")))));
  }

  @Test void c3AnInputThatNothingMakesIsRefused() {
    assertEquals("""
        'a.onnx' is no usable network.
          C3: every input of a node is made by something; 'z', which Relu 'r' takes, is not.
          Export the network again.""", refusal(chain(NodeProto.of("r", "Relu", List.of("z"), List.of("y")))));
  }

  @Test void c4ACircleIsRefused() {
    assertEquals("""
        'a.onnx' is no usable network.
          C4: no value needs itself; Add 'sum', which makes 'a', lies on a circle.
          Export the network again.""", refusal(chain(NodeProto.of("sum", "Add", List.of("x", "y"), List.of("a")),
        NodeProto.of("", "Relu", List.of("a"), List.of("y")))));
  }

  /// A tensor's message of the given fields.
  private static byte[] tensor(long dim, int type, int data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(8);
    long rest = dim;
    while ((rest & ~127L) != 0) {
      out.write((int) (rest & 127 | 128));
      rest >>>= 7;
    }
    out.write((int) rest);
    out.writeBytes(new byte[] {16, (byte) type, 74, (byte) data});
    out.writeBytes(new byte[data]);
    return out.toByteArray();
  }

  @Test void absurdExtentsAndTypesAreRefusedBeforeMemoryIsTaken() {
    for (long dim : new long[] {-1, 1L << 40, Integer.MAX_VALUE, 5}) {
      OnnxException error = assertThrows(OnnxException.class, () ->
          TensorProto.read("t", new ByteArrayInputStream(tensor(dim, 1, 16))));
      assertTrue(error.getMessage().contains("\n  C2: ") || error.getMessage().contains("\n  C4: "),
          error.getMessage());
    }
    assertEquals(Shape.of(4), TensorProto.read("t", new ByteArrayInputStream(tensor(4, 1, 16))).shape());
    assertTrue(assertThrows(OnnxException.class, () ->
        TensorProto.read("t", new ByteArrayInputStream(tensor(4, 77, 16)))).getMessage().contains("C3"));
  }

  /// A model whose weight lies elsewhere.
  private static byte[] external(String location) {
    byte[] place = location.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    entry.writeBytes(new byte[] {10, 8, 'l', 'o', 'c', 'a', 't', 'i', 'o', 'n', 18, (byte) place.length});
    entry.writeBytes(place);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {8, 2, 16, 1, 66, 1, 'w', 106, (byte) entry.size()});
    out.writeBytes(entry.toByteArray());
    out.writeBytes(new byte[] {112, 1});
    return out.toByteArray();
  }

  @Test void c6ExternalDataStaysInItsFolder(@TempDir Path folder) throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    Files.write(folder.resolve("secret"), new byte[8]);
    Files.write(home.resolve("w.bin"), new byte[] {0, 0, -128, 63, 0, 0, 0, 64});
    Files.createSymbolicLink(home.resolve("link"), folder.resolve("secret"));
    Path file = home.resolve("t.pb");
    Files.write(file, external("w.bin"));
    assertEquals(2, TensorProto.read(file).tensor().at(1));
    for (String path : List.of("../secret", folder.resolve("secret").toString(), "link", "a/../../secret", "",
        "none.bin", "..\\secret")) {
      Files.write(file, external(path));
      OnnxException error = assertThrows(OnnxException.class, () -> TensorProto.read(file), path);
      assertTrue(error.getMessage().contains("\n  C6: "), error.getMessage());
    }
    Files.write(home.resolve("short.bin"), new byte[7]);
    Files.write(file, external("short.bin"));
    assertTrue(assertThrows(OnnxException.class, () -> TensorProto.read(file)).getMessage().contains("of 7 bytes"));
  }

  @Test void aLargeModelKeepsItsWeightsBeside(@TempDir Path folder) {
    ModelProto model = Examples.network();
    Path file = folder.resolve("a.onnx");
    model.write(file);
    assertEquals(model, ModelProto.read(file));
  }
}
