package juanji.model;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import juanji.data.Framing;
import juanji.data.Preprocessing;
import juanji.nn.Architecture;
import juanji.nn.Model;
import juanji.nn.SampleNetworks;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir private Path folder;

  private static ModelFile sample() {
    Model model = Model.of(input(1, 6, 5), conv(2, 3), batchNorm(), relu(), flatten(), dense(3)).initialize(9);
    return ModelFile.of(model.withWeights(model.weights().with("conv1.bias", Tensor.of(Shape.of(2), -0f, Float.NaN))))
        .preprocessing(new Preprocessing(1, 6, 5, List.of(0.1307f), List.of(1e-5f), Framing.CROP))
        .classes(List.of("猫", "dog \"x\"", "")).settings(new LinkedHashMap<>(Map.of("optimizer", "sgd(0.01)")))
        .history(List.of(Map.of("epoch", "1"), Map.of()));
  }

  private Path written(ModelFile content) {
    Path file = folder.resolve("model.safetensors");
    content.write(file);
    return file;
  }

  private Map<String, String> texts() {
    return new LinkedHashMap<>(SafeTensors.read(written(sample())).metadata());
  }

  private ModelException refused(Map<String, Tensor> tensors, Map<String, String> texts) {
    Path file = folder.resolve("other.safetensors");
    SafeTensors.write(file, tensors, texts);
    var e = assertThrows(ModelException.class, () -> ModelFile.read(file));
    assertEquals(3, e.getMessage().lines().count(), e.getMessage());
    assertEquals(file, e.path());
    return e;
  }

  @Test void everythingComesBack() {
    ModelFile content = sample();
    assertEquals(content, ModelFile.read(written(content)));
    ModelFile plain = ModelFile.of(SampleNetworks.lenet5(Shape.of(1, 28, 28), 10));
    assertEquals(plain, ModelFile.read(written(plain)));
    assertEquals(Optional.empty(), ModelFile.read(written(plain)).preprocessing());
  }

  @Test void sameModelSameBytes() throws IOException {
    byte[] first = Files.readAllBytes(written(sample()));
    assertArrayEquals(first, Files.readAllBytes(written(sample())));
    Files.createDirectory(folder.resolve("more"));
    Path again = folder.resolve("more/again");
    ModelFile.read(folder.resolve("model.safetensors")).write(again);
    assertArrayEquals(first, Files.readAllBytes(again));
  }

  @Test void everyCutIsNoticed() throws IOException {
    byte[] bytes = Files.readAllBytes(written(sample()));
    Path file = folder.resolve("cut");
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
      for (int length = 0; length < bytes.length; length++) {
        Files.write(file, Arrays.copyOf(bytes, length));
        assertThrows(ModelException.class, () -> ModelFile.read(file));
      }
    });
    Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
    assertThrows(ModelException.class, () -> ModelFile.read(file));
  }

  @Test void everyFlippedByteIsNoticedOrDoesNotMatter() throws IOException {
    ModelFile content = sample();
    byte[] bytes = Files.readAllBytes(written(content));
    Path file = folder.resolve("flipped");
    SplittableRandom random = new SplittableRandom(3);
    int harmless = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= (byte) (i % 2 == 0 ? 1 << random.nextInt(8) : random.nextInt(1, 256));
      Files.write(file, changed);
      try {
        assertEquals(content, ModelFile.read(file), "byte " + i);
        harmless++;
      } catch (ModelException e) {
        assertEquals(3, e.getMessage().lines().count(), e.getMessage());
      }
    }
    assertTrue(harmless < 20, harmless + " of " + bytes.length + " bytes do not matter");
  }

  @Test void c6OtherFilesAreNoModels() {
    Map<String, Tensor> tensors = Map.of("a", Tensor.scalar(1));
    ModelException e = refused(tensors, Map.of());
    assertEquals("the file '" + e.path() + "' is no model that can be used.\n"
        + "  C6: it says its juanji.format, juanji.architecture and juanji.checksum; received only "
        + "[juanji.checksum].\n"
        + "  Use a file that this library wrote; other safetensors files hold weights, but not what they belong to.",
        e.getMessage());
  }

  @Test void c6LaterVersionsAreNamed() {
    Map<String, String> texts = texts();
    texts.put("juanji.format", "2");
    assertTrue(refused(sample().model().weights().tensors(), texts).getMessage()
        .contains("\n  C6: its format is of version 1; received version 2.\n"));
  }

  @Test void c7WrongArchitecturesAreRefused() {
    for (String text : List.of("", "conv(", "relu()", "Model.of(input(1, 6, 5), conv(2, 99))",
        "Model.of(input(1, 6, 5), exec(\"ls\"))", "Model.of(" + "chain(".repeat(100_000))) {
      Map<String, String> texts = texts();
      texts.put("juanji.architecture", text);
      assertTrue(refused(sample().model().weights().tensors(), texts).getMessage()
          .contains("\n  C7: its architecture describes a network; received: "));
    }
  }

  @Test void c7WeightsMustBeTheNetworks() {
    Map<String, Tensor> weights = new LinkedHashMap<>(sample().model().weights().tensors());
    weights.remove("conv1.weight");
    weights.put("extra", Tensor.scalar(1));
    weights.put("dense1.bias", Tensor.zeros(Shape.of(4)));
    String message = refused(weights, texts()).getMessage();
    assertTrue(message.contains("1 missing (conv1.weight); 1 unexpected (extra); 1 of another shape (dense1.bias: 4 "
        + "instead of 3)"), message);
  }

  @Test void c7HugeNetworksAreNotAllocated() {
    Map<String, String> texts = texts();
    texts.put("juanji.architecture", "Model.of(input(1, 1000, 1000), flatten(), dense(2000000000))");
    assertTimeoutPreemptively(Duration.ofSeconds(1), () -> refused(sample().model().weights().tensors(), texts));
  }

  @Test void c8OtherTextsAreChecked() {
    Map<String, String> wrong = Map.of("juanji.classes", "[1]", "juanji.training", "[]", "juanji.history", "{}",
        "juanji.preprocessing", "{\"channels\":1,"
            + "\"height\":6,\"width\":5,\"mean\":[0],\"std\":[0],\"framing\":\"CROP\"}");
    wrong.forEach((name, text) -> {
      Map<String, String> texts = texts();
      texts.put(name, text);
      assertTrue(refused(sample().model().weights().tensors(), texts).getMessage().contains("\n  C8: "), name);
    });
    for (String text : List.of("[\"one\"]", "[", "{}")) {
      Map<String, String> texts = texts();
      texts.put("juanji.classes", text);
      assertTrue(refused(sample().model().weights().tensors(), texts).getMessage().contains("\n  C8: "), text);
    }
  }

  @Test void c1AndC2PartsFitTogether() {
    Model model = sample().model();
    assertTrue(assertThrows(IllegalArgumentException.class, () -> ModelFile.of(model).classes(List.of("a")))
        .getMessage().contains("C1: there is one name per output, here 3; received 1."));
    assertTrue(assertThrows(IllegalArgumentException.class,
        () -> ModelFile.of(model).preprocessing(Preprocessing.none(3, 6, 5))).getMessage()
        .contains("C2: it gives what the network takes, here 1 × 6 × 5; received 3 × 6 × 5."));
  }

  @Test void ownLayersNeedTheirWord() {
    Map<String, String> texts = texts();
    texts.put("juanji.architecture", texts.get("juanji.architecture").replace("relu()", "mine()"));
    Path file = folder.resolve("mine");
    SafeTensors.write(file, sample().model().weights().tensors(), texts);
    assertThrows(ModelException.class, () -> ModelFile.read(file));
    Architecture mine = Architecture.STANDARD.with("mine", arguments -> relu());
    assertEquals(sample(), ModelFile.read(file, mine));
  }
}
