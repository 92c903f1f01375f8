package juanji.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import juanji.onnx.proto.AttributeProto;
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
  /// What reading and running may take besides twice the file's size.
  private static final long ALLOWANCE = 48L << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Runs something on a file of a size, and checks that it takes less than a second and bounded memory.
  private static <T> T bounded(String what, long size, Supplier<T> use) {
    long start = System.nanoTime();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    T result = use.get();
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    double seconds = (System.nanoTime() - start) / 1e9;
    assertTrue(taken <= 2 * size + ALLOWANCE, () -> what + " took " + taken + " bytes of memory");
    // Others may hold the processor: what was computed counts.
    assertTrue(seconds < 1 || cpu(use) < 1, () -> what + " took " + seconds + " s");
    return result;
  }

  private static double cpu(Supplier<?> use) {
    long before = THREADS.getCurrentThreadCpuTime();
    use.get();
    return (THREADS.getCurrentThreadCpuTime() - before) / 1e9;
  }

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

  private static boolean read(byte[] content) {
    try {
      ModelProto.read("damaged", content);
      return true;
    } catch (OnnxException e) {
      return false;
    }
  }

  @Test void cutFilesAreRefused() throws IOException {
    byte[] whole = bytes(Examples.network());
    try (Workers workers = Workers.of(1)) {
      assertTrue(used(whole, workers));
      for (int i = 0; i < 200; i++) {
        byte[] cut = Arrays.copyOf(whole, whole.length * i / 200);
        OnnxException error = bounded("cut " + i, cut.length, () -> assertThrows(OnnxException.class, () ->
            ModelProto.read("cut", cut)));
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
        refused += bounded("flip " + i, changed.length, () -> inside ? used(changed, workers) : read(changed)) ? 0 : 1;
      }
    }
    assertTrue(refused > 500, "only " + refused + " were refused");
  }

  private static String refusal(ModelProto model) {
    try (Workers workers = Workers.of(1)) {
      return bounded("a refusal", 1000, () -> assertThrows(OnnxException.class, () -> OnnxProgram.of(model, "a.onnx")
          .run(Map.of("x", TensorProto.of("x", Examples.numbers(2, 3))), workers)).getMessage());
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

  /// Shapes that a few bytes ask for, and that no memory holds.
  @Test void absurdShapesAreRefusedBeforeMemoryIsTaken() {
    long[] large = {1 << 20, 1 << 20};
    List<NodeProto> nodes = List.of(
        NodeProto.of("n", "Expand", List.of("x", "large"), List.of("y")),
        NodeProto.of("n", "ConstantOfShape", List.of("large"), List.of("y")),
        NodeProto.of("n", "Tile", List.of("x", "large"), List.of("y")),
        NodeProto.of("n", "Reshape", List.of("x", "large"), List.of("y")),
        NodeProto.of("n", "Resize", List.of("x", "", "", "large"), List.of("y")),
        NodeProto.of("n", "Pad", List.of("x", "pads"), List.of("y")),
        NodeProto.of("n", "Pad", List.of("x", "pads"), List.of("y"), AttributeProto.of("mode", "edge")),
        NodeProto.of("n", "OneHot", List.of("two", "billion", "two"), List.of("y")),
        NodeProto.of("n", "Range", List.of("zero", "billion", "one"), List.of("y")),
        NodeProto.of("n", "CenterCropPad", List.of("x", "large"), List.of("y")),
        NodeProto.of("n", "AffineGrid", List.of("theta", "cube"), List.of("y")));
    for (NodeProto node : nodes) {
      ModelProto model = Examples.model(List.of(node), List.of(TensorProto.of("large", Shape.of(2), large),
          TensorProto.of("pads", Shape.of(4), 1 << 30, 0, 0, 1 << 30), TensorProto.of("two", Shape.of(2), 0, 1),
          TensorProto.of("billion", Shape.of(), 1L << 40), TensorProto.of("zero", Shape.of(), 0),
          TensorProto.of("one", Shape.of(), 1), TensorProto.of("cube", Shape.of(4), 1, 1, 1 << 20, 1 << 20),
          TensorProto.of("theta", Examples.numbers(1, 2, 3))), List.of(Examples.value("x", 2, 3)),
          List.of(Examples.value("y", "a", "b")));
      assertTrue(refusal(model).startsWith("'a.onnx' ") && refusal(model).contains("\n  C1: "),
          node + " gives " + refusal(model));
    }
  }

  @Test void aKernelLargerThanAllMemoryIsRefused() {
    ModelProto model = Examples.model(List.of(NodeProto.of("n", "AveragePool", List.of("x"), List.of("y"),
        AttributeProto.of("kernel_shape", List.of(1L << 30)), AttributeProto.of("pads", List.of(1L << 30, 1L << 30)))),
        List.of(), List.of(Examples.value("x", 1, 2, 3)), List.of(Examples.value("y", 1, 2, "n")));
    try (Workers workers = Workers.of(1)) {
      String message = bounded("a kernel", 200, () -> assertThrows(OnnxException.class, () -> OnnxProgram.of(model, "a")
          .run(Map.of("x", TensorProto.of("x", Examples.numbers(1, 2, 3))), workers)).getMessage());
      assertTrue(message.lines().count() >= 3, message);
    }
  }

  @Test void c2TwoInitializersOrInputsOfANameAreRefused() {
    TensorProto w = TensorProto.of("w", Examples.numbers(2, 3));
    NodeProto add = NodeProto.of("", "Add", List.of("x", "w"), List.of("y"));
    assertTrue(refusal(Examples.model(List.of(add), List.of(w, w), List.of(Examples.value("x", 2, 3)),
        List.of(Examples.value("y", 2, 3)))).contains("C2: a name stands for one value; 'w' is the name of two"));
    assertTrue(refusal(Examples.model(List.of(add), List.of(w), List.of(Examples.value("x", 2, 3),
        Examples.value("x", 2, 3)), List.of(Examples.value("y", 2, 3)))).contains("C2: "));
  }

  @Test void c6AnInputThatIsNotGivenIsNamed() {
    ModelProto model = Examples.model(List.of(NodeProto.of("", "Add", List.of("x", "z"), List.of("y"))), List.of(),
        List.of(Examples.value("x", 2, 3), Examples.value("z", 2, 3)), List.of(Examples.value("y", 2, 3)));
    assertEquals("""
        'a.onnx' cannot be run.
          C6: every input is given; received x, but not 'z'.
          Give a tensor of float 2 × 3 under this name.""", refusal(model));
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
      OnnxException error = bounded("an extent of " + dim, 32, () -> assertThrows(OnnxException.class, () ->
          TensorProto.read("t", new ByteArrayInputStream(tensor(dim, 1, 16)))));
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

  /// A tensor of 2 floats with entries of external data, as written.
  private static byte[] external(Map<String, String> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {8, 2, 16, 1, 66, 1, 'w'});
    entries.forEach((key, value) -> {
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      for (String text : List.of(key, value)) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        entry.write(text.equals(key) ? 10 : 18);
        entry.write(bytes.length);
        entry.writeBytes(bytes);
      }
      out.write(106);
      out.write(entry.size());
      out.writeBytes(entry.toByteArray());
    });
    out.writeBytes(new byte[] {112, 1});
    return out.toByteArray();
  }

  @Test void c6TricksWithExternalDataAreRefusedBeforeMemoryIsTaken(@TempDir Path folder) throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path secret = Files.write(folder.resolve("secret"), new byte[64]);
    Files.write(home.resolve("w.bin"), new byte[16]);
    Files.createSymbolicLink(home.resolve("link"), secret);
    Files.createSymbolicLink(home.resolve("folder"), folder);
    Files.createSymbolicLink(home.resolve("round"), home.resolve("round"));
    Path file = home.resolve("t.pb");
    Files.write(file, external(Map.of("location", "w.bin", "offset", "8", "length", "8")));
    assertEquals(Shape.of(2), TensorProto.read(file).shape());
    for (String path : List.of("../secret", "folder/secret", "link", "round", secret.toString(), "./../secret",
        "/dev/zero", "/proc/self/mem", "w.bin/../../secret", ".", "home")) {
      refused(file, Map.of("location", path));
    }
    String most = Long.toString(Long.MAX_VALUE);
    for (Map<String, String> place : List.of(Map.of("offset", most), Map.of("length", most),
        Map.of("offset", most, "length", most), Map.of("offset", "-1"), Map.of("length", "-8"), Map.of("offset", "9"),
        Map.of("offset", "99999999999999999999"), Map.of("length", "1e9"), Map.of("offset", "4294967296"),
        Map.of("length", "7"))) {
      Map<String, String> entries = new LinkedHashMap<>(place);
      entries.put("location", "w.bin");
      refused(file, entries);
    }
  }

  private static void refused(Path file, Map<String, String> entries) throws IOException {
    Files.write(file, external(entries));
    OnnxException error = bounded(entries.toString(), 128, () -> assertThrows(OnnxException.class, () ->
        TensorProto.read(file), entries.toString()));
    assertTrue(error.getMessage().contains("\n  C"), error.getMessage());
    assertEquals(3, error.getMessage().lines().count(), error.getMessage());
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
