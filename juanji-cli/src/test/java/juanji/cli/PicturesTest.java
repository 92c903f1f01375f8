package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import juanji.json.Json;
import juanji.model.ModelFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training on a folder of pictures, and predicting single ones.
class PicturesTest {
  @TempDir private static Path folder;
  private static Path data;
  private static Path model;
  private static Cli.Outcome trained;

  @BeforeAll static void train() throws IOException {
    data = Cli.pictures(folder.resolve("My Pets"), 20, "cat", "dog", "eel");
    Files.writeString(data.resolve("dog").resolve("broken.png"), "this is no picture");
    Path out = folder.resolve("run");
    trained = Cli.run("train", data, "--model", "conv(4, 5), relu(), maxPool(2), flatten(), dense(3)", "--epochs", 15,
        "--batch", 8, "--optimizer", "adam", "--lr", "0.005", "--out", out);
    model = out.resolve("model.juanji");
  }

  @Test void picturesAreDividedAndProblemsNamed() {
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.err().startsWith("1 thing was left out of the data:\n  "), trained.err());
    assertTrue(trained.err().contains("broken.png: "), trained.err());
    assertTrue(trained.err().contains("my-pets: 48 pictures of 1 × 28 × 28 to train on, 6 to validate, 6 to test, in "
        + "3 classes"), trained.err());
  }

  @Test void predictionsAreProbabilitiesOfTheMostProbableClasses() {
    Path picture = data.resolve("cat").resolve("0.png");
    Path other = data.resolve("eel").resolve("1.png");
    Cli.Outcome outcome = Cli.run("predict", model, picture, other, "--top", 3, "--json");
    assertEquals(0, outcome.code(), outcome.err());
    List<Json> documents = Json.parse(outcome.out()).items();
    assertEquals(2, documents.size());
    assertEquals(picture.toString(), documents.getFirst().member("file").asText());
    List<Json> predictions = documents.getFirst().member("predictions").items();
    assertEquals("cat", predictions.getFirst().member("class").asText());
    assertEquals(1, predictions.stream().mapToDouble(p -> p.member("probability").asDouble()).sum(), 1e-6);
    double last = 1;
    for (Json p : predictions) {
      assertTrue(p.member("probability").asDouble() <= last, "the most probable first");
      last = p.member("probability").asDouble();
    }
  }

  @Test void anUnreadablePictureIsNamedAndTheOthersAreTold() {
    Path broken = data.resolve("dog").resolve("broken.png");
    Cli.Outcome outcome = Cli.run("predict", model, broken, data.resolve("dog").resolve("0.png"), "--top", 1);
    assertEquals(1, outcome.code());
    assertTrue(outcome.err().startsWith("the picture '" + broken + "' cannot be read.\n"), outcome.err());
    assertEquals(1, outcome.out().lines().count(), outcome.out());
    assertTrue(outcome.out().matches("(?s).*0\\.png +  dog \\d+\\.\\d\\d %\n"), outcome.out());
  }

  @Test void ownFoldersAreEvaluatedInTheModelsClassOrder() {
    Path others = Cli.pictures(folder.resolve("others"), 4, "cat", "dog");
    Cli.Outcome outcome = Cli.run("evaluate", model, others, "--json");
    assertEquals(0, outcome.code(), outcome.err());
    Json json = Json.parse(outcome.out());
    assertEquals(8, json.member("total").asLong());
    assertEquals(0, json.member("classes").items().get(2).member("count").asLong());
  }

  @Test void chosenSizeAndColourArePartOfTheModel() {
    Path out = folder.resolve("sized");
    Cli.Outcome outcome = Cli.run("train", data, "--size", "12x16", "--colour", "--model", "flatten(), dense(3)",
        "--epochs", 1, "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("3 × 12 × 16", ModelFile.read(out.resolve("model.juanji")).model().input().shape().toString());
    assertEquals(0, Cli.run("train", "--resume", "--out", out).code());
  }

  @Test void summaryAndPlanReadModelFiles() {
    Cli.Outcome summary = Cli.run("summary", model, "--json");
    assertEquals(0, summary.code(), summary.err());
    assertEquals(ModelFile.read(model).model().weightCount(), Json.parse(summary.out()).member("weights").asLong());
    Cli.Outcome plan = Cli.run("plan", model, "--batch", 4, "--training");
    assertEquals(0, plan.code(), plan.err());
    assertTrue(plan.out().contains("dense1"), plan.out());
    assertTrue(plan.out().lines().toList().getLast().matches("peak [0-9,]+ bytes \\(.* MiB\\): .*"), plan.out());
  }
}
