package juanji.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchFileTest {
  private static final Path MODELS = Path.of("../../shared/data/models");
  @TempDir private Path folder;

  private static void text(ByteArrayOutputStream out, String text) {
    out.write('X');
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(text.length()).array());
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void global(ByteArrayOutputStream out, String module, String name) {
    out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// {"state_dict": {"w": a tensor of 3 × 2 whose rows are the storage's columns}, "epoch": 7, "hook": a call}
  private static byte[] pickle(String storage, int rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2, '}', '('});
    text(out, "state_dict");
    out.writeBytes(new byte[] {'}', '('});
    text(out, "w");
    global(out, "torch._utils", "_rebuild_tensor_v2");
    out.writeBytes(new byte[] {'(', '('});
    text(out, "storage");
    global(out, "torch", storage);
    text(out, "0");
    text(out, "cpu");
    out.writeBytes(new byte[] {'K', 6, 't', 'Q', 'K', 0, 'K', (byte) rows, 'K', 2, (byte) 0x86, 'K', 1, 'K', 3,
        (byte) 0x86, (byte) 0x89, '}', 't', 'R', 'u'});
    text(out, "epoch");
    out.writeBytes(new byte[] {'K', 7});
    text(out, "hook");
    global(out, "os", "system");
    text(out, "touch never");
    out.writeBytes(new byte[] {(byte) 0x85, 'R', 'u', '.'});
    return out.toByteArray();
  }

  private Path archive(byte[] pickle, byte[] data) throws IOException {
    Path file = folder.resolve("a.pt");
    try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : Map.of("a/data.pkl", pickle, "a/data/0", data).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  @Test void tensorsOfEveryTypeAndOrderAreReadAndNothingIsRun() throws IOException {
    byte[] data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).putFloat(3)
        .putFloat(4).putFloat(5).putFloat(6).array();
    Map<String, Tensor> tensors = TorchFile.read(archive(pickle("FloatStorage", 3), data)).tensors();
    assertEquals(List.of("w"), List.copyOf(tensors.keySet()));
    assertEquals(Shape.of(3, 2), tensors.get("w").shape());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, tensors.get("w").data());
    byte[] bytes = {1, 2, 3, 4, 5, (byte) 200};
    assertEquals(200, TorchFile.read(archive(pickle("ByteStorage", 3), bytes)).tensors().get("w").at(2, 1));
    assertEquals(-56, TorchFile.read(archive(pickle("CharStorage", 3), bytes)).tensors().get("w").at(2, 1));
  }

  @Test void c3ATensorLiesInItsStorage() throws IOException {
    Path file = archive(pickle("FloatStorage", 4), new byte[24]);
    ModelException error = assertThrows(ModelException.class, () -> TorchFile.read(file));
    assertEquals("the file '" + file + "' cannot be read.\n"
        + "  C2: its pickle makes tensors by known steps; received: 'state_dict.w' of extents [4, 2] in a storage of 6 "
        + "elements\n"
        + "  Save the state dictionary with torch.save(model.state_dict(), …), or use an intact copy.",
        error.getMessage());
  }

  @Test void bothFormatsHoldThePublishedWeights() {
    assumeTrue(Files.isDirectory(MODELS), "no ../shared/data/models");
    Map<String, Tensor> torch = TorchFile.read(MODELS.resolve("mnist-cnn-burn-weights/mnist.pt")).tensors();
    Map<String, Tensor> safe = SafeTensors.read(MODELS.resolve("mnist-cnn-burn-weights/mnist.safetensors")).tensors();
    assertEquals(safe.keySet().stream().sorted().toList(), torch.keySet().stream().sorted().toList());
    safe.forEach((name, tensor) -> assertEquals(tensor.shape(), torch.get(name).shape()));
    Map<String, Tensor> old = TorchFile.read(MODELS.resolve("mtcnn/pnet.pt")).tensors();
    assertEquals(Shape.of(10, 3, 3, 3), old.get("conv1.weight").shape());
    assertEquals(13, old.size());
  }

  @Test void damagedFilesAreRefused() throws IOException {
    assumeTrue(Files.isDirectory(MODELS), "no ../shared/data/models");
    byte[] whole = Files.readAllBytes(MODELS.resolve("mtcnn/pnet.pt"));
    Path file = folder.resolve("damaged.pt");
    for (int i = 0; i < 200; i++) {
      Files.write(file, Arrays.copyOf(whole, whole.length * i / 200));
      assertThrows(ModelException.class, () -> TorchFile.read(file));
    }
    SplittableRandom random = new SplittableRandom(3);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] changed = whole.clone();
      changed[random.nextInt(2500)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, changed);
      try {
        TorchFile.read(file);
      } catch (ModelException e) {
        refused++;
      }
    }
    assertTrue(refused > 500, "only " + refused);
  }
}
