package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `juanji data`, `juanji runs` and `juanji lr-find`.
class DataCommandTest {
  @TempDir Path folder;

  @Test void previewDrawsASheet() throws IOException {
    Path sheet = folder.resolve("sheet.png");
    Cli.Outcome outcome = Cli.run("data", "preview", Cli.pictures(folder.resolve("p"), 6, "a", "b"), "--augment",
        "rotate:20 + noise:0.1", "--samples", 3, "--epochs", 4, "--out", sheet);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("3 pictures, each as it is and in 4 epochs"), outcome.out());
    var image = ImageIO.read(sheet.toFile());
    assertEquals(5 * (3 * 28 + 2) + 2, image.getWidth());
    assertEquals(3 * (3 * 28 + 2) + 2, image.getHeight());
  }

  @Test void previewShowsTokens() throws IOException {
    Path table = Files.writeString(folder.resolve("t.tsv"), "good film\tpos\nbad film\tneg\nfine film\tpos\n"
        + "poor film\tneg\nnice film\tpos\nsad film\tneg\n");
    Cli.Outcome outcome = Cli.run("data", "preview", table, "--augment", "forget-words:1", "--samples", 1, "--epochs",
        1);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("  epoch 1  [?] [?]"), outcome.out());
  }

  @Test void splitKeepsClassesAndGroups() throws IOException {
    Path data = Cli.pictures(folder.resolve("p"), 20, "a", "b");
    Path out = folder.resolve("divided");
    Cli.Outcome outcome = Cli.run("data", "split", data, "--out", out, "--train", 0.7, "--val", 0.1, "--test", 0.2);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("all         28        4        8"), outcome.out());
    assertEquals(4, count(out.resolve("test/a")));
    assertEquals(40, count(data), "the originals stay");
    assertEquals(2, Cli.run("data", "split", data, "--out", out).code(), "a folder with content");
    Cli.Outcome grouped = Cli.run("data", "split", data, "--out", folder.resolve("grouped"), "--group-by",
        "(\\d)\\.png", "--link");
    assertTrue(grouped.out().contains("10 groups, each in one part"), grouped.out() + grouped.err());
    Cli.Outcome none = Cli.run("data", "split", data, "--out", folder.resolve("none"), "--group-by", "(zebra)");
    assertEquals(2, none.code());
    assertTrue(none.err().contains("--group-by finds a group in every file's path"), none.err());
  }

  private static long count(Path dir) throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  @Test void inspectFindsWhatIsWrong() throws IOException {
    Path data = folder.resolve("p");
    for (String part : List.of("train", "test")) {
      Cli.pictures(data.resolve(part), 12, "Cat", "cat", "dog");
    }
    // Both parts have the same pictures: that is a leak. One is under two classes, one is broken.
    Files.copy(data.resolve("train/Cat/0.png"), data.resolve("train/dog/again.png"));
    Files.write(data.resolve("train/dog/broken.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2});
    Path page = folder.resolve("page.html");
    Path fixed = folder.resolve("fixed");
    Cli.Outcome outcome = Cli.run("data", "inspect", data, "--out", page, "--fix", fixed);
    assertEquals(0, outcome.code(), outcome.err());
    for (String line : List.of("37 pictures to train on, 0 to validate, 36 to test, in 3 classes",
        "Classes are named alike: Cat, cat.", "1 cannot be used, such as", "36 groups of the same sample",
        "1 of them under two classes", "36 of them in two parts",
        "'Cat' has 12 samples to train on, which is little")) {
      assertTrue(outcome.out().contains(line), line + " in\n" + outcome.out());
    }
    String html = Files.readString(page);
    assertTrue(html.contains("again.png") && html.contains("data:image/png;base64,"), "thumbnails");
    assertEquals(35, count(fixed), "each picture once, the contradictory one never");
    Cli.Outcome clean = Cli.run("data", "inspect", fixed, "--out", page, "--threads", 2);
    assertFalse(clean.out().contains("groups of the same sample"), clean.out());
  }

  @Test void nearPicturesAreFound() throws IOException {
    Path data = Cli.pictures(folder.resolve("p"), 12, "a", "b");
    var image = ImageIO.read(data.resolve("a/3.png").toFile());
    for (int i = 0; i < 60; i++) {
      image.setRGB(i % 28, i / 28, 0x080808);
    }
    ImageIO.write(image, "png", data.resolve("b/near.png").toFile());
    Cli.Outcome outcome = Cli.run("data", "inspect", data, "--out", folder.resolve("page.html"));
    assertTrue(outcome.out().contains("nearly the same picture") && outcome.out().contains("near.png"), outcome.out());
  }

  @Test void doubtfulClassesAreFound() throws IOException {
    Path data = Cli.pictures(folder.resolve("p"), 60, "zero", "one");
    Files.move(data.resolve("one/7.png"), data.resolve("zero/moved.png"));
    Cli.Outcome outcome = Cli.run("data", "inspect", data, "--labels", "--out", folder.resolve("page.html"),
        "--threads", 2);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("moved.png is zero, told to be one"), outcome.out());
  }

  @Test void runsAreListedShownAndCompared() throws IOException {
    Path data = Cli.idx(folder.resolve("idx"), 200, 50);
    Path runs = Files.createDirectories(folder.resolve("runs"));
    for (int run = 1; run <= 2; run++) {
      assertEquals(0, Cli.run("train", data, "--epochs", run, "--out", runs.resolve("r" + run), "--model",
          "flatten(), dense(10)", "--threads", 1).code());
    }
    Cli.Outcome list = Cli.run("runs", "list", runs);
    assertEquals(0, list.code(), list.err());
    assertTrue(list.out().matches("(?s)run +data +model +epochs .*r1 +idx .* 1/1 .*r2 +idx .* 2/2 .*"), list.out());
    Cli.Outcome show = Cli.run("runs", "show", runs.resolve("r2"));
    assertTrue(show.out().matches("(?s).*\nepochs +2\n.*") && show.out().contains("test accuracy "), show.out());
    Path page = folder.resolve("compared.html");
    Cli.Outcome compare = Cli.run("runs", "compare", runs.resolve("r1"), runs.resolve("r2"), "--out", page);
    assertTrue(compare.out().contains("epochs done"), compare.out() + compare.err());
    assertFalse(compare.out().contains("momentum"), "what is the same is not compared");
    assertTrue(Files.readString(page).contains("Validation accuracy"));
    assertEquals(1, Cli.run("runs", "list", folder.resolve("idx")).code());
    assertEquals("there is no run in '" + folder + "'.\n  A run has a file config.json; received a folder without it.\n"
        + "  Check the path: 'juanji runs list' names the runs of a folder.\n", Cli.run("runs", "show", folder).err());
    Path none = folder.resolve("none");
    assertTrue(Cli.run("runs", "compare", runs.resolve("r1"), none).err().contains("received a path where there is "
        + "nothing."));
    assertTrue(Cli.run("runs", "list", none).err().contains("received a path where there is nothing."));
    assertEquals(1, Cli.run("runs", "show", page).code());
    assertEquals(2, Cli.run("runs", "compare", runs.resolve("r1")).code());
    // Runs of another version may have settings that the first one lacks.
    Path config = runs.resolve("r2/config.json");
    Files.writeString(config, Files.readString(config).replace("\"epochs\": 2", "\"epochs\": 2, \"new\": \"x\""));
    assertTrue(Cli.run("runs", "compare", runs.resolve("r1"), runs.resolve("r2"), "--out", page).out()
        .matches("(?s).*\nnew +x\n.*"));
  }

  @Test void aRateIsFound() throws IOException {
    Path page = folder.resolve("lr.html");
    Cli.Outcome outcome = Cli.run("lr-find", Cli.idx(folder.resolve("idx"), 600, 50), "--model",
        "flatten(), dense(32), relu(), dense(10)", "--steps", 60, "--out", page, "--threads", 2);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().matches("(?s)learning rate 0\\.\\d+: use --lr 0\\.\\d+; .*"), outcome.out());
    assertTrue(Files.readString(page).contains("<svg"));
    assertEquals(2, Cli.run("lr-find", "digits", "--steps", 3).code());
  }

  @Test void theNetworkAndTheBatchAreChosen() throws IOException {
    Path data = Cli.idx(folder.resolve("few"), 60, 20);
    Cli.Outcome quick = Cli.run("train", data, "--auto", "--epochs", 1, "--out", folder.resolve("q"), "--threads", 2);
    assertEquals(0, quick.code(), quick.err());
    assertTrue(quick.err().contains("  network lenet5: small-cnn wants 50 epochs or more, and these are 1\n")
        && quick.err().contains("  batch 16: more steps from 50 pictures\n"), quick.err());
    Cli.Outcome hurried = Cli.run("train", data, "--auto", "--time", "5s", "--out", folder.resolve("h"), "--threads",
        2);
    assertEquals(0, hurried.code(), hurried.err());
    assertTrue(hurried.err().contains("  network lenet5: the quickest, for so short a time\n"), hurried.err());
    Path small = folder.resolve("s");
    Cli.Outcome narrow = Cli.run("train", data, "--auto", "--epochs", 1, "--out", small, "--memory", "3m", "--model",
        "small-cnn", "--threads", 2);
    assertTrue(narrow.err().contains(": a step takes no more than 3 MiB\n"), narrow.err());
    assertFalse(narrow.err().contains("  network "), "it was given");
    Path tiny = Cli.pictures(folder.resolve("tiny"), 6, "a", "b");
    Path chosen = folder.resolve("c");
    Cli.Outcome larger = Cli.run("train", tiny, "--auto", "--size", "12x12", "--out", chosen, "--epochs", 100_000,
        "--time", "1s", "--threads", 2);
    assertTrue(larger.err().contains("  network small-cnn: learns more than the quicker lenet5\n"), larger.err());
    assertTrue(Files.readString(chosen.resolve("config.json")).contains("\"model\": \"small-cnn\""));
  }

  @Test void theSizeOfPicturesIsChosen() throws IOException {
    Path mixed = Files.createDirectories(folder.resolve("mixed"));
    for (String name : List.of("a", "b")) {
      Path sub = Files.createDirectories(mixed.resolve(name));
      for (int i = 0; i < 6; i++) {
        BufferedImage image = new BufferedImage(300 + i, 150, BufferedImage.TYPE_INT_RGB);
        image.setRGB(i, 2 * i, name.equals("a") ? 0xff0000 : 0x00ff00);
        ImageIO.write(image, "png", sub.resolve(i + ".png").toFile());
      }
    }
    Cli.Outcome outcome = Cli.run("train", mixed, "--auto", "--epochs", 1, "--out", folder.resolve("m"), "--model",
        "globalAvgPool(), flatten(), dense(2)", "--threads", 2);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("  size 64x128: in the proportions of most, which are about 150x30"),
        outcome.err());
    assertTrue(outcome.err().contains(" of 3 × 64 × 128 to train on"), outcome.err());
  }

  @Test void recipesChooseWhatIsNotGiven() throws IOException {
    Path data = Cli.idx(folder.resolve("idx"), 300, 50);
    Path out = folder.resolve("auto");
    Cli.Outcome auto = Cli.run("train", data, "--auto", "--epochs", 40, "--out", out, "--model", "flatten(), dense(10)",
        "--threads", 2);
    assertEquals(0, auto.code(), auto.err());
    String config = Files.readString(out.resolve("config.json"));
    assertTrue(config.contains("\"augment\": \"affine:shift=0.08") && config.contains("\"epochs\": 40"), config);
    assertTrue(auto.err().contains("  augment affine:shift=0.08") && auto.err().contains("  lr "), auto.err());
    assertFalse(auto.err().contains("patience"), "an early end cuts off the epochs of small rates");
    double rate = Double.parseDouble(auto.err().replaceAll("(?s).*\n  lr ([0-9.e-]+): .*", "$1"));
    assertTrue(rate >= 0.05 / 3 - 1e-3 && rate <= 0.05, "rate " + rate);
    Path few = folder.resolve("few");
    Cli.Outcome brief = Cli.run("train", data, "--auto", "--epochs", 2, "--out", few, "--model",
        "flatten(), dense(10)", "--threads", 2);
    assertTrue(brief.err().contains("they want 33 epochs or more, and these are 2\n"), brief.err());
    assertTrue(Files.readString(few.resolve("config.json")).contains("\"augment\": \"none\""), "too few epochs");
    Path words = Files.writeString(folder.resolve("words.csv"), "text,label\n"
        + "good fine film,yes\nbad dull film,no\n".repeat(30));
    Cli.Outcome texts = Cli.run("train", words, "--auto", "--epochs", 1, "--out", folder.resolve("t"), "--threads", 2);
    assertEquals(0, texts.code(), texts.err());
    assertTrue(texts.err().contains("  optimizer adam: ") && texts.err().contains("  augment forget-words:0.2: "),
        texts.err());
    Cli.Outcome own = Cli.run("train", words, "--auto", "--epochs", 1, "--momentum", 0.5, "--out", folder.resolve("m"),
        "--threads", 2);
    assertEquals(0, own.code(), own.err());
    assertFalse(own.err().contains("optimizer adam"), own.err());
    Path timed = folder.resolve("timed");
    Cli.Outcome time = Cli.run("train", data, "--time", "2s", "--out", timed, "--model", "flatten(), dense(10)",
        "--threads", 1);
    assertEquals(0, time.code(), time.err());
    assertTrue(time.err().contains("as many as 2s allow"), time.err());
    assertTrue(time.out().contains("test accuracy "), time.out());
  }

  @Test void anIndexFindsLikePictures() throws IOException {
    Path data = Cli.pictures(folder.resolve("p"), 20, "zero", "one");
    Path run = folder.resolve("run");
    assertEquals(0, Cli.run("train", data, "--epochs", 10, "--out", run, "--threads", 2).code());
    Path index = folder.resolve("p.index");
    Cli.Outcome built = Cli.run("index", "build", run.resolve("model.juanji"), data, "--out", index, "--whiten", 8);
    assertEquals(0, built.code(), built.err());
    assertTrue(built.out().contains("40 files described by 8 numbers each of layer '"), built.out());
    Path page = folder.resolve("hits.html");
    Cli.Outcome asked = Cli.run("index", "query", index, data.resolve("one/3.png"), "--top", 3, "--out", page);
    assertTrue(asked.out().startsWith("1.0000  one/3.png"), asked.out() + asked.err());
    assertTrue(Files.readString(page).contains("data:image/png;base64,"));
    Cli.Outcome measured = Cli.run("index", "evaluate", index);
    assertTrue(measured.out().matches("40 queries; recall@1 \\d+\\.\\d\\d %, .*; mAP \\d+.*\n"), measured.out()
        + measured.err());
    assertEquals(2, Cli.run("index", "evaluate", index, "--label", "(.*)").code(), "each is alone");
    assertEquals(1, Cli.run("index", "query", page, data.resolve("one/3.png")).code(), "no index");
    Path model = run.resolve("model.juanji");
    assertEquals(new Cli.Outcome(1, "", "'" + folder.resolve("none") + "' cannot be indexed.\n  DATA is a folder of "
        + "files; received a path where there is nothing.\n  Check the path.\n"),
        Cli.run("index", "build", model, folder.resolve("none"), "--out", index));
    assertTrue(Cli.run("index", "build", model, data.resolve("one/3.png"), "--out", index).err()
        .contains("received a file.\n  Give the folder that it is in."));
    Files.move(model, folder.resolve("elsewhere.juanji"));
    assertTrue(Cli.run("index", "query", index, data.resolve("one/3.png")).err().startsWith("'" + index
        + "' cannot be asked.\n"));
  }

  @Test void aStudyIsMadeKeptAndGoneOnWith() throws IOException {
    Path data = Cli.idx(folder.resolve("idx"), 500, 100);
    Path out = folder.resolve("study");
    Object[] words = {"study", "generalisation", data, "--samples", 60, "--seeds", 1, "--epochs", 1, "--out", out,
        "--threads", 2};
    Cli.Outcome study = Cli.run(words);
    assertEquals(0, study.code(), study.err());
    for (String remedy : List.of("as it is", "four times the data", "batches of 256", "uneven, drawn evenly",
        "loss |y − y′|", "three convolutions", "augmentation", "penalty λ·Σ|W|", "half of the units dropped")) {
      assertTrue(study.out().contains(remedy), remedy + " in " + study.out());
    }
    String page = Files.readString(out.resolve("generalisation.html"));
    assertTrue(page.contains("Error bars") && page.contains("not learned them by heart yet"), "one epoch is too short");
    long written = Files.getLastModifiedTime(out.resolve("results.json")).toMillis();
    assertEquals(study.out(), Cli.run(words).out(), "nothing is trained again");
    assertEquals(written, Files.getLastModifiedTime(out.resolve("results.json")).toMillis());
    words[4] = 50;
    assertEquals(2, Cli.run(words).code(), "another study");
  }
}
