package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The studies of faces, of retrieval and of sizes, on little: the table that they print, its repetition, and refusals.
class StudiesTest {
  @TempDir Path folder;

  private static List<String> table(Cli.Outcome outcome) {
    assertEquals(0, outcome.code(), outcome.err());
    return outcome.out().lines().toList();
  }

  @Test void facesTellKnownPeopleAndUnknownOnesApart() {
    Path data = Cli.pictures(folder.resolve("faces"), 10, "ann", "bea", "cid", "dan", "eve");
    Object[] command = {"study", "faces", data, "--unseen", 2, "--size", "28x28", "--epochs", 3, "--seeds", 1};
    List<String> lines = table(Cli.run(command));
    assertEquals(5, lines.size(), lines.toString());
    assertTrue(lines.get(0).startsWith("3 people to train on, 2 unknown ones, 3 epochs"), lines.get(0));
    assertTrue(lines.get(2).matches("local layers +[0-9,]+ +[0-9.]+ ± 0\\.00 % +[01]\\.[0-9]{4} ± 0\\.0000"),
        lines.get(2));
    assertTrue(lines.get(3).startsWith("shared weights"), lines.get(3));
    // What no training has a part in: the unknown people differ in their pixels.
    double pixels = Double.parseDouble(lines.get(4).replaceAll("pixels +([0-9.]+) .*", "$1"));
    assertTrue(pixels > 0.6 && pixels <= 1, lines.get(4));
    assertEquals(lines, table(Cli.run(command)), "the same seeds give the same table");
    Cli.Outcome refused = Cli.run("study", "faces", data, "--unseen", 4);
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("--unseen is at least 2, and at least 2 others are trained on; received 4 of 5."),
        refused.err());
  }

  @Test void sizesAreTriedOnOneNetworkAndOnItsTwin() {
    Object[] command = {"study", "sizes", "digits", "--samples", 96, "--test-samples", 40, "--epochs", 2,
        "--train-sizes", "75,100", "--test-sizes", "75,100,150"};
    List<String> lines = table(Cli.run(command));
    assertEquals(5, lines.size(), lines.toString());
    assertTrue(lines.get(1).matches("network +trained at +21×21 +28×28 +42×42"), lines.get(1));
    assertTrue(lines.get(2).matches("SPPNet +21×21, 28×28( +[0-9]+\\.[0-9]){3}"), lines.get(2));
    assertTrue(lines.get(3).matches("SPPNet +28×28( +[0-9]+\\.[0-9]){3}"), lines.get(3));
    assertTrue(lines.get(4).matches("fixed size +28×28( +[0-9]+\\.[0-9]){3}"), lines.get(4));
    assertEquals(lines, table(Cli.run(command)), "the same seed gives the same table");
    Cli.Outcome refused = Cli.run("study", "sizes", "digits", "--test-sizes", "5");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("sizes from 25 to 400 percent"), refused.err());
  }

  @Test void poolingsAreComparedOnObjectsThatWereNotTrainedOn() {
    // An object is a number; its views are in two folders.
    Path data = Cli.pictures(folder.resolve("views"), 24, "one", "two");
    Path run = folder.resolve("run");
    Cli.Outcome trained = Cli.run("train", data, "--grey", "--size", "16x16", "--model",
        "conv(6, 3).same(), relu(), maxPool(2), conv(8, 3).same(), relu(), globalAvgPool(), flatten(), dense(2)",
        "--epochs", 1, "--out", run);
    assertEquals(0, trained.code(), trained.err());
    Object[] command = {"study", "retrieval", data, run.resolve("model.juanji"), "--label", "/([0-9]+)\\.png",
        "--size", "16x16", "--clusters", 4, "--epochs", 2, "--whiten", 6};
    List<String> lines = table(Cli.run(command));
    assertEquals(11, lines.size(), lines.toString());
    assertTrue(lines.get(0).startsWith("trained on 24 pictures of 12 objects, measured on 24 of 12 others; maps of "
        + "8 × 8 × 8, 2 epochs, seed 1"), lines.get(0));
    assertTrue(lines.get(4).matches("NetVLAD +none +32 +[0-9.]+ % +[0-9.]+ % +[0-9.]+ %"), lines.get(4));
    assertTrue(lines.get(10).matches("NetVLAD +triplets, whitened +6 .*"), lines.get(10));
    assertEquals(lines, table(Cli.run(command)), "the same seed gives the same table");
    Cli.Outcome refused = Cli.run("study", "retrieval", data, run.resolve("model.juanji"), "--size", "16x16",
        "--label", "^(.+)$");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("There are at least 24 groups with several pictures"), refused.err());
  }

  @Test void lettersAreReadFromTexts() throws IOException {
    Path data = Files.createDirectories(folder.resolve("words"));
    Files.writeString(data.resolve("words.vowels"), "aeiou uoiea eaiou!\n".repeat(40));
    Files.writeString(data.resolve("words.others"), "bcdfg xyzwv qrstp?\n".repeat(40));
    Path out = folder.resolve("letters");
    Cli.Outcome outcome = Cli.run("train", data, "--model", "charcnn", "--text-length", 123, "--epochs", 1, "--batch",
        32, "--optimizer", "adam", "--out", out);
    assertEquals(0, outcome.code(), outcome.err());
    var model = ModelArgument.file(out.resolve("model.juanji")).model();
    assertEquals("123", model.input().shape().toString());
    assertEquals(List.of("alphabet.weight"), model.parameters().stream().filter(d -> !d.trainable())
        .map(d -> d.name()).toList());
    float[] ones = model.weights().tensor("alphabet.weight").data();
    double sum = 0;
    for (float one : ones) {
      sum += one;
    }
    assertEquals(68, sum, "a single 1 for each character");
    assertEquals(1, ones[70], "'a' is the first");
    Cli.Outcome refused = Cli.run("train", data, "--model", "charcnn", "--text-length", 60);
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("It reads the characters of its own alphabet, 123 or more; received characters, "
        + "a length of 60."), refused.err());
  }

  @Test void samplesToTestOnAreFoundByTheirPath() {
    Path data = Cli.pictures(folder.resolve("pets"), 20, "cat", "dog");
    Cli.Outcome outcome = Cli.run("train", data, "--model", "conv(4, 5), relu(), flatten(), dense(2)", "--epochs", 1,
        "--test-on", "/1[0-9]\\.png$", "--out", folder.resolve("run"));
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(" 20 to test, in 2 classes"), outcome.err());
    Cli.Outcome none = Cli.run("train", data, "--test-on", "horse");
    assertEquals(2, none.code());
    assertTrue(none.err().contains("a pattern that finds 0 of 40"), none.err());
    Cli.Outcome wrong = Cli.run("train", data, "--test-on", "(");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("--test-on is a regular expression; received '('"), wrong.err());
  }
}
