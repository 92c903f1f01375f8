package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.json.Json;
import juanji.model.ModelFile;
import juanji.model.SafeTensors;
import juanji.nn.Architecture;
import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.zoo.ResNet;
import juanji.zoo.Zoo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Networks by name, and trainings that go on from weights learned elsewhere.
class ZooTest {
  @TempDir private static Path folder;
  private static Path pictures;

  @BeforeAll static void makePictures() {
    pictures = Cli.pictures(folder.resolve("pets"), 12, "cat", "dog", "owl");
  }

  @Test void listNamesEveryNetwork() {
    Cli.Outcome outcome = Cli.run("zoo", "list");
    assertEquals(0, outcome.code());
    List<String> names = outcome.out().lines().skip(1).map(l -> l.split(" ")[0]).toList();
    assertEquals(Zoo.all().stream().map(n -> n.name()).toList(), names);
    String line = outcome.out().lines().filter(l -> l.startsWith("resnet18 ")).findFirst().orElseThrow();
    assertTrue(line.matches("resnet18 +2015 +3x224x224 +11,689,512 +1.81 G +69.758 % ImageNet +He, Zhang, .*"), line);
    assertEquals(2, ((Json.Items) Json.parse(Cli.run("zoo", "list", "squeeze", "--json").out())).items().size());
    assertEquals("no network is called 'zebra'.\n  The text is looked for in names, titles and papers; received "
        + "'zebra'.\n  See juanji zoo list for all of them.\n", Cli.run("zoo", "list", "zebra").err());
  }

  @Test void showTellsLayersSourcesAndJava() throws IOException {
    Path svg = folder.resolve("net.svg");
    Cli.Outcome outcome = Cli.run("zoo", "show", "resnet20", "--svg", svg);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().startsWith("ResNet-20 for CIFAR-10, 2015\nHe, Zhang, Ren and Sun, Deep residual"));
    assertTrue(outcome.out().contains("\nin Java:   ResNet.small(20, Shape.of(3, 32, 32), 10)\n"
        + "published: 0.27 M weights (the paper)\naccuracy:  91.25 % CIFAR-10, as published\n"), outcome.out());
    assertTrue(Files.readString(svg).contains("<title>ResNet-20 for CIFAR-10</title>"));
    String java = Cli.run("zoo", "show", "resnet20", "--java", "--classes", 5, "--input", "3x40x40").out();
    assertEquals(ResNet.small(20, Shape.of(3, 40, 40), 5).toString(), Architecture.model(java.strip()).toString());
    assertTrue(Cli.run("zoo", "show", "resnet19").err().startsWith("there is no network 'resnet19'.\n"));
  }

  @Test void trainingGoesOnFromTorchvisionsNamesWithANewHead() {
    Model donor = ResNet.small(8, Shape.of(1, 28, 28), 10).initialize(77);
    Map<String, Tensor> state = new LinkedHashMap<>(donor.weights().tensors());
    state.put("bn1.num_batches_tracked", Tensor.scalar(7));
    Path weights = folder.resolve("donor.safetensors");
    SafeTensors.write(weights, state, Map.of());
    Path out = folder.resolve("tuned");
    String net = ResNet.small(8, Shape.of(1, 28, 28), 3).toString();
    Cli.Outcome outcome = Cli.run("train", pictures, "--model", net, "--weights", weights, "--freeze", "conv1,layer1",
        "--freeze-norms", "--layer-rates", "layer2=0,fc=2", "--epochs", 1, "--lr", "0.1", "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("; the head 'fc' is new, since it is for another number of classes"),
        outcome.err());
    Map<String, Tensor> tuned = ModelFile.read(out.resolve("model.juanji")).model().weights().tensors();
    for (String same : List.of("conv1.weight", "layer1.0.conv1.weight", "bn1.running_mean", "layer3.0.bn1.weight",
        "layer2.0.conv1.weight")) {
      assertEquals(List.of(0), List.of(Arrays.compare(donor.weights().tensor(same).data(),
          tuned.get(same).data())), same);
    }
    assertNotEquals(0, Arrays.compare(donor.weights().tensor("layer3.0.conv1.weight").data(),
        tuned.get("layer3.0.conv1.weight").data()));
    assertEquals(Shape.of(3, 64), tuned.get("fc.weight").shape());
  }

  @Test void networksForSentencesHaveTheVocabularyOfTheTexts() throws IOException {
    Path texts = folder.resolve("reviews");
    for (String word : List.of("good", "bad")) {
      Path own = Files.createDirectories(texts.resolve(word));
      for (int i = 0; i < 12; i++) {
        Files.writeString(own.resolve(i + ".txt"), "this film is " + word + " number " + i % 3 + " to see");
      }
    }
    Path out = folder.resolve("read");
    Cli.Outcome outcome = Cli.run("train", texts, "--model", "textcnn-multichannel", "--epochs", 1, "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    Model model = ModelFile.read(out.resolve("model.juanji")).model();
    int known = model.weights().tensor("embedding.static.weight").shape().dim(0);
    assertTrue(known > 5 && known < 30, known + " words");
    assertEquals(List.of("embedding.static.weight"), model.parameters().stream().filter(d -> !d.trainable())
        .map(d -> d.name()).toList());
    outcome = Cli.run("train", texts, "--model", "lenet5");
    assertTrue(outcome.err().contains("the network 'lenet5' cannot be trained on texts.\n  The networks by name for "
        + "texts are text-cnn, textcnn-rand, textcnn-static, textcnn-non-static, textcnn-multichannel and "
        + "charcnn; received "
        + "--model lenet5.\n"), outcome.err());
    assertEquals(2, outcome.code());
  }

  @Test void weightsOfAnotherNetworkAreListed() {
    Model donor = ResNet.small(8, Shape.of(1, 28, 28), 3);
    Map<String, Tensor> state = new LinkedHashMap<>(donor.weights().tensors());
    state.remove("layer1.0.bn1.weight");
    state.put("layer1.0.bn9.weight", Tensor.zeros(Shape.of(16)));
    state.put("conv1.weight", Tensor.zeros(Shape.of(16, 3, 3, 3)));
    Path weights = folder.resolve("wrong.safetensors");
    SafeTensors.write(weights, state, Map.of());
    Cli.Outcome outcome = Cli.run("train", pictures, "--model", donor.toString(), "--weights", weights);
    assertEquals("the weights in '" + weights + "' are not this network's.\n"
        + "  1 missing: layer1.0.bn1.weight\n  1 unexpected: layer1.0.bn9.weight\n"
        + "  1 of another shape: conv1.weight: 16 × 3 × 3 × 3 instead of 16 × 1 × 3 × 3\n"
        + "  Use the weights of this architecture, or the architecture of these weights (--model).\n",
        outcome.err().lines().skip(outcome.err().lines().count() - 5).reduce("", (a, b) -> a + b + "\n"));
    assertEquals(1, outcome.code());
  }

  @Test void wrongOptionsAreExplained() {
    assertTrue(Cli.run("train", pictures, "--weights", "nowhere.safetensors").err().startsWith(
        "there are no weights 'nowhere.safetensors'.\n  Weights are a .safetensors file or a model file; received "));
    assertEquals("layers cannot learn at rates of 'fc'.\n  --layer-rates has names and factors, as in "
        + "layer1=0.1,fc=10; received 'fc'.\n  Write a factor behind each name.\n",
        Cli.run("train", pictures, "--layer-rates", "fc").err());
    Cli.Outcome frozen = Cli.run("train", pictures, "--freeze", "conv9");
    assertTrue(frozen.err().contains("the layer 'conv9' cannot be frozen.\n  --freeze names layers with weights; these "
        + "are conv1, conv2, dense1, dense2, dense3.\n"), frozen.err());
    assertEquals(2, frozen.code());
    assertSame(Zoo.network("lenet5"), Zoo.find("lenet5").orElseThrow());
  }
}
