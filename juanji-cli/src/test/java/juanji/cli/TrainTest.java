package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import juanji.json.Json;
import juanji.model.ModelFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole trainings on little data, and what is done with their results.
class TrainTest {
  @TempDir private static Path folder;
  private static Path data;
  private static Path run;
  private static Cli.Outcome trained;

  @BeforeAll static void train() {
    data = Cli.idx(folder.resolve("digits-idx"), 300, 60);
    run = folder.resolve("run");
    trained = train(run, "--threads", "2");
  }

  private static Cli.Outcome train(Path out, Object... more) {
    Object[] args = new Object[10 + more.length];
    System.arraycopy(new Object[] {"train", data, "--epochs", 3, "--batch", 10, "--lr", 0.04, "--out", out}, 0, args, 0,
        10);
    System.arraycopy(more, 0, args, 10, more.length);
    return Cli.run(args);
  }

  @Test void endsWithAccuracyAndPlace() {
    assertEquals(0, trained.code(), trained.err());
    List<String> lines = trained.out().lines().toList();
    assertTrue(lines.getFirst().matches("epoch 1/3  loss \\S+  accuracy \\S+ %  validation loss \\S+  accuracy "
        + "\\S+ %  .*best"), trained.out());
    assertTrue(lines.get(lines.size() - 2).matches("test accuracy \\d+\\.\\d\\d % \\(\\d+ of 60\\), loss \\d\\.\\d{4}"),
        trained.out());
    assertEquals("results in " + run + ": model.juanji, report.html, metrics.csv", lines.getLast());
    assertTrue(trained.err().contains("270 pictures of 1 × 28 × 28 to train on, 30 to validate, 60 to test"),
        trained.err());
    assertFalse(trained.out().contains("\u001b") || trained.err().contains("\r"), "control codes without a terminal");
  }

  @Test void learns() {
    assertTrue(accuracy() > 0.3, "chance is 0.1; received " + accuracy());
  }

  private static double accuracy() {
    Cli.Outcome outcome = Cli.run("evaluate", run.resolve("model.juanji"), data, "--json");
    return Json.parse(outcome.out()).member("accuracy").asDouble();
  }

  @Test void penaltiesAreAppliedAndKept() throws IOException {
    Path out = folder.resolve("penalties");
    assertEquals(0, train(out, "--penalty", "l1:0.001,on=conv1", "--penalty", "max-norm:2").code());
    assertFalse(Arrays.equals(model(run), model(out)));
    Json config = Json.parse(Files.readString(out.resolve("config.json")));
    assertEquals(Json.parse("[\"l1:0.001,on=conv1\", \"max-norm:2\"]"), config.member("settings").member("penalty"));
    assertEquals("l1(0.001).on(\"conv1\"), maxNorm(2)",
        ModelFile.read(out.resolve("model.juanji")).settings().get("penalties"));
  }

  @Test void aLimitOfMemoryThatNothingFitsLeavesNoFolder() throws IOException {
    Path out = folder.resolve("tight");
    Cli.Outcome refused = train(out, "--memory", "1m");
    assertEquals(1, refused.code(), refused.err());
    assertTrue(refused.err().contains("this plan does not fit in the memory that it may take"), refused.err());
    assertFalse(Files.exists(out));
    Path roomy = folder.resolve("roomy");
    assertEquals(0, train(roomy, "--memory", "200m").code());
    assertArrayEquals(model(run), model(roomy), "a limit that is kept anyway changes nothing");
  }

  @Test void penaltiesThatDoNotExistAreRefused() {
    Cli.Outcome outcome = train(folder.resolve("l3"), "--penalty", "l3:1");
    assertEquals(2, outcome.code());
    assertEquals("""
        there is no penalty 'l3:1'.
          C1: a penalty is one of l1, l2, elastic-net and max-norm; received 'l3:1'.
          Name one of these, with settings as in word:key=value.
        """, outcome.err());
    Cli.Outcome nowhere = train(folder.resolve("nowhere"), "--penalty", "l1,on=conv9");
    assertEquals(1, nowhere.code());
    assertTrue(nowhere.err().contains("the penalty l1(1.0E-4).on(\"conv9\") applies to nothing."), nowhere.err());
  }

  @Test void quietPrintsTheResultOnly() {
    Cli.Outcome outcome = train(folder.resolve("quiet"), "--quiet");
    assertEquals(2, outcome.out().lines().count(), outcome.out());
    assertEquals("", outcome.err());
  }

  @Test void threadsDoNotChangeTheModelFile() throws IOException {
    Path other = folder.resolve("one-thread");
    assertEquals(0, train(other, "--threads", "1").code());
    assertArrayEquals(model(run), model(other));
  }

  @Test void anotherSeedGivesAnotherModel() throws IOException {
    Path other = folder.resolve("seed");
    assertEquals(0, train(other, "--seed", "2").code());
    assertFalse(Arrays.equals(model(run), model(other)));
  }

  private static byte[] model(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("model.juanji"));
  }

  @Test void folderHasTheFilesAndNothingHalfWritten() throws IOException {
    try (var files = Files.list(run)) {
      assertEquals(List.of("checkpoint.safetensors", "config.json", "events.out.tfevents", "metrics.csv",
          "model.juanji", "report.html", "result.json"), files.map(f -> f.getFileName().toString()
              .replaceFirst("(?<=tfevents)\\.[0-9]+\\.juanji\\.0$", "")).sorted().toList());
    }
  }

  @Test void metricsHaveALinePerEpoch() throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("metrics.csv"));
    assertEquals("epoch,learning_rate,loss,accuracy,validation_loss,validation_accuracy,seconds,images_per_second,best",
        lines.getFirst());
    assertEquals(4, lines.size());
    for (int e = 1; e <= 3; e++) {
      assertTrue(lines.get(e).matches(e + "(,[0-9.]+){7},[01]"), lines.get(e));
    }
  }

  @Test void configRepeatsTheRun() throws IOException {
    Json config = Json.parse(Files.readString(run.resolve("config.json")));
    Json settings = config.member("settings");
    assertEquals(data.toAbsolutePath().toString(), settings.member("data").asText());
    assertEquals("lenet5", settings.member("model").asText());
    assertEquals(0.04, settings.member("lr").asDouble());
    assertEquals(0.9, settings.member("momentum").asDouble());
    assertEquals(270, config.member("samples").member("training").asLong());
    assertTrue(config.member("command").asText().startsWith("juanji train "));
  }

  @Test void modelFileSaysNothingOfThisMachine() throws IOException {
    String text = new String(model(run), StandardCharsets.ISO_8859_1);
    assertFalse(text.contains(folder.toString()), "a path");
    assertFalse(text.contains("seconds") || text.contains("threads"), "times or threads");
    ModelFile file = ModelFile.read(run.resolve("model.juanji"));
    assertEquals(3, file.history().size());
    assertEquals("sgd(0.04).momentum(0.9).weightDecay(5.0E-4)", file.settings().get("optimizer"));
    assertEquals(10, file.classes().size());
  }

  @Test void reportNeedsNothingElse() throws IOException {
    String html = Files.readString(run.resolve("report.html"));
    assertFalse(html.matches("(?s).*(https?:|@import|url\\(|<script|<link).*"), "a request");
    assertFalse(html.matches("(?s).* (src|href)=\"(?!data:image/png;base64,).*"), "a reference");
    for (String part : List.of("Confusion", "Precision", "Mistakes", "prefers-color-scheme: dark", "data:image/png",
        "juanji predict", "Classifier.load", "conv(6, 5).same()", "#0072b2", "#d55e00", "told to be")) {
      assertTrue(html.contains(part), part);
    }
  }

  /// Fails while it tells of the second epoch, as a full disk or a kill would: only the first one's state is kept.
  private static final class Crashing extends StringWriter {
    @Override public void write(String text, int from, int count) {
      if (text.contains("epoch 2/3")) {
        throw new IllegalStateException("crash");
      }
      super.write(text, from, count);
    }
  }

  @Test void resumedAfterACrashIsTheSameToTheLastBit() throws IOException {
    Path other = folder.resolve("crashed");
    PrintWriter err = new PrintWriter(new StringWriter());
    int code = Main.run(new PrintWriter(new Crashing()), err, "train", data.toString(), "--epochs", "3", "--batch",
        "10", "--lr", "0.04", "--out", other.toString());
    assertEquals(1, code);
    Cli.Outcome outcome = Cli.run("train", "--resume", "--out", other, "--threads", 1);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().startsWith("epoch 2/3"), outcome.out());
    assertArrayEquals(model(run), model(other));
    assertEquals(4, Files.readAllLines(other.resolve("metrics.csv")).size());
    assertEquals(without(run), without(other));
  }

  private static List<String> without(Path run) throws IOException {
    // Times differ, all else is the same.
    return Files.readAllLines(run.resolve("metrics.csv")).stream()
        .map(l -> l.replaceAll("^((?:[^,]*,){6})[^,]*,[^,]*,", "$1")).toList();
  }

  @Test void resumingWithAnotherSettingIsRefusedByName() {
    Cli.Outcome outcome = Cli.run("train", "--resume", "--out", run, "--momentum", 0.8);
    assertEquals("the run in '" + run + "' cannot go on with another --momentum.\n"
        + "  A run is resumed with the settings it began with; it has 0.9, received 0.8.\n"
        + "  Leave the option out, or begin a new run in another folder.\n", outcome.err());
    assertEquals(2, outcome.code());
  }

  @Test void resumingAFinishedRunChangesNothing() throws IOException {
    Path other = folder.resolve("finished");
    train(other);
    Cli.Outcome outcome = Cli.run("train", data, "--resume", "--out", other, "--lr", "0.040");
    assertEquals(0, outcome.code(), outcome.err());
    assertArrayEquals(model(run), model(other));
  }

  @Test void trainedModelGoesOnWithNewData() throws IOException {
    Path other = folder.resolve("tuned");
    Path more = Cli.idx(folder.resolve("more"), 120, 40);
    Path start = folder.resolve("start.juanji");
    Files.copy(run.resolve("model.juanji"), start);
    Cli.Outcome outcome = Cli.run("train", more, "--model", start, "--epochs", 1, "--lr", "0.001", "--out", other);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(ModelFile.read(start).preprocessing(), ModelFile.read(other.resolve("model.juanji")).preprocessing());
    Files.delete(start);
    byte[] before = model(other);
    assertEquals(0, Cli.run("train", "--resume", "--out", other).code(), "the run keeps a copy of its start");
    assertArrayEquals(before, model(other));
  }

  @Test void trainedModelRefusesOtherClasses() {
    Path pictures = Cli.pictures(folder.resolve("pets"), 6, "cat", "dog");
    Cli.Outcome outcome = Cli.run("train", pictures, "--model", run.resolve("model.juanji"), "--epochs", 1);
    assertEquals("the model '" + run.resolve("model.juanji").toAbsolutePath() + "' cannot go on with 'pets'.\n"
        + "  Its classes are those of the data, in the same order; it has 10 and the data 2, missing in the data: 0, "
        + "1, 2, 3, 4, …, unknown to the model: cat, dog.\n"
        + "  Use data of the same classes, or begin with a new model.\n", outcome.err());
    assertEquals(1, outcome.code());
  }

  @Test void evaluationIsOneJsonDocument() {
    Cli.Outcome outcome = Cli.run("evaluate", run.resolve("model.juanji"), data, "--json", "--threads", 1);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(1, outcome.out().lines().count());
    Json json = Json.parse(outcome.out());
    assertEquals(60, json.member("total").asLong());
    assertEquals(10, json.member("classes").items().size());
    long sum = json.member("confusion").items().stream().flatMap(r -> r.items().stream()).mapToLong(Json::asLong).sum();
    assertEquals(60, sum);
    assertEquals(json.member("correct").asLong() / 60.0, json.member("accuracy").asDouble(), 1e-8);
    assertFalse(outcome.out().matches(".*[0-9][eE][-+0-9].*"), "exponents");
  }

  @Test void evaluationAgreesWithTheTraining() {
    List<String> lines = trained.out().lines().toList();
    String text = Cli.run("evaluate", run.resolve("model.juanji"), data).out();
    assertEquals(lines.get(lines.size() - 2).replace("test accuracy", "accuracy"), text.lines().toList().getLast());
    assertTrue(text.startsWith("test pictures of "), text);
  }

  @Test void otherClassesAreNotEvaluated() {
    Path pictures = Cli.pictures(folder.resolve("two"), 3, "left", "right");
    Cli.Outcome outcome = Cli.run("evaluate", run.resolve("model.juanji"), pictures);
    assertEquals(1, outcome.code());
    assertTrue(outcome.err().contains("cannot be used"), outcome.err());
  }
}
