package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.Pngs;
import juanji.image.UndecodableException;
import juanji.video.Video;
import juanji.video.VideoFile;
import org.jcodec.api.SequenceEncoder;
import org.jcodec.common.model.ColorSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Videos from the command line: recognised, looked at, divided, trained on, evaluated and told.
class VideosTest {
  private static final int SIDE = 20;
  private static final int FRAMES = 10;
  @TempDir Path folder;

  /// A square at a random height that moves to the right, or to the left: no single frame tells which.
  private static Picture[] moving(boolean right, SplittableRandom random) {
    int top = random.nextInt(SIDE - 6);
    int start = random.nextInt(SIDE - 6 - FRAMES);
    Picture[] frames = new Picture[FRAMES];
    for (int t = 0; t < FRAMES; t++) {
      byte[] pixels = new byte[3 * SIDE * SIDE];
      for (int i = 0; i < pixels.length; i++) {
        int y = i / SIDE % SIDE;
        int x = i % SIDE - start - (right ? t : FRAMES - 1 - t);
        boolean inside = y >= top && y < top + 6 && x >= 0 && x < 6;
        pixels[i] = (byte) (inside ? 220 : 20 + random.nextInt(20));
      }
      frames[t] = new Picture(3, SIDE, SIDE, pixels);
    }
    return frames;
  }

  private Path clips(int perClass) throws IOException {
    SplittableRandom random = new SplittableRandom(6);
    Path data = folder.resolve("moves");
    for (int i = 0; i < 2 * perClass; i++) {
      Path clip = Files.createDirectories(data.resolve(i % 2 == 0 ? "left" : "right").resolve("clip" + i));
      Picture[] frames = moving(i % 2 == 1, random);
      for (int t = 0; t < FRAMES; t++) {
        Files.write(clip.resolve(t + ".png"), Pngs.encode(frames[t]));
      }
    }
    return data;
  }

  private static void mp4(Path file, Picture[] frames) throws IOException {
    SequenceEncoder encoder = SequenceEncoder.create25Fps(file.toFile());
    for (Picture frame : frames) {
      var picture = org.jcodec.common.model.Picture.create(frame.width(), frame.height(), ColorSpace.RGB);
      int plane = frame.height() * frame.width();
      for (int i = 0; i < 3 * plane; i++) {
        // Luma is from 16 to 235 in videos; the encoder's conversion from RGB forgets the 16.
        picture.getPlaneData(0)[i] = (byte) (Math.min(255, (frame.pixels()[i % 3 * plane + i / 3] & 255) + 19) - 128);
      }
      encoder.encodeNativeFrame(picture);
    }
    encoder.finish();
  }

  @Test void directionsOfMotionAreLearned() throws IOException {
    Path data = clips(30);
    Path out = folder.resolve("run");
    Cli.Outcome trained = Cli.run("train", data, "--out", out, "--epochs", 8, "--batch", 8, "--frames", 6,
        "--optimizer", "adam", "--lr", 0.003, "--augment", "frame-jitter:0.5 + crop:2", "--threads", 2);
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.err().contains("moves: 48 videos of 3 × 6 × 20 × 20 to train on, 6 to validate, 6 to test, in 2 "
        + "classes\nvideo-cnn: "), trained.err());
    assertTrue(trained.out().contains("test accuracy 100.00 % (6 of 6)"), trained.out());
    Path model = out.resolve("model.juanji");
    Cli.Outcome measured = Cli.run("evaluate", model, data);
    assertEquals(0, measured.code(), measured.err());
    SplittableRandom random = new SplittableRandom(99);
    Path film = folder.resolve("film.mp4");
    mp4(film, moving(true, random));
    Cli.Outcome told = Cli.run("predict", model, data.resolve("left/clip0"), film, "--top", 1);
    assertEquals(0, told.code(), told.err());
    assertTrue(told.out().matches("(?s).*clip0 +left [^\n]*\n.*film.mp4 +right [^\n]*\n"), told.out());
    assertTrue(Files.readString(out.resolve("report.html")).contains("Path.of(&quot;video.avi&quot;)"));
    Cli.Outcome wrong = Cli.run("predict", model, Files.writeString(folder.resolve("x.mp4"), "nothing of the kind"));
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("it is not an MP4 or QuickTime file, whatever its name says"), wrong.err());
  }

  @Test void framesOfAnMp4AreThoseThatWereWritten() throws Exception {
    Path file = folder.resolve("a.mp4");
    Picture[] frames = moving(true, new SplittableRandom(3));
    mp4(file, frames);
    assertArrayEquals(new int[] {SIDE, SIDE}, VideoFile.extent(file));
    try (Video video = VideoFile.open(file, ImageSize.size(SIDE, SIDE))) {
      assertEquals(FRAMES, video.count());
      for (int t = 0; t < FRAMES; t++) {
        byte[] read = video.frame(t).pixels();
        double[] light = new double[2];
        int[] count = new int[2];
        for (int i = 0; i < read.length; i++) {
          int part = (frames[t].pixels()[i] & 255) > 128 ? 1 : 0;
          light[part] += read[i] & 255;
          count[part]++;
        }
        // The encoder loses detail, most of all at edges, and lightness may be stretched from the range of television;
        // a frame too late would mix the two by a third.
        assertEquals(29.5, light[0] / count[0], 12, "around the square of frame " + t);
        assertEquals(220, light[1] / count[1], 40, "the square of frame " + t);
      }
    }
    byte[] whole = Files.readAllBytes(file);
    byte[][] damaged = {new byte[0], Arrays.copyOf(whole, 40), Arrays.copyOf(whole, whole.length / 2),
        Arrays.copyOf(whole, whole.length - 60)};
    for (byte[] bytes : damaged) {
      Path broken = Files.write(folder.resolve("broken.mp4"), bytes);
      UndecodableException e = assertThrows(UndecodableException.class, () -> {
        try (Video video = VideoFile.open(broken, ImageSize.size(SIDE, SIDE))) {
          video.frame(video.count() - 1);
        }
      }, bytes.length + " of " + whole.length);
      assertTrue(e.getMessage().contains("it is ") || e.getMessage().equals("the file is empty"), e.getMessage());
    }
  }

  @Test void videosAreLookedAtAndDivided() throws IOException {
    Path data = clips(6);
    Path twin = Files.createDirectories(data.resolve("right/clip99"));
    try (Stream<Path> frames = Files.list(data.resolve("left/clip0"))) {
      for (Path frame : frames.toList()) {
        Files.copy(frame, twin.resolve(frame.getFileName()));
      }
    }
    Path broken = Files.createDirectories(data.resolve("left/clip98"));
    Files.write(broken.resolve("0.png"), new byte[3]);
    Path page = folder.resolve("page.html");
    Cli.Outcome seen = Cli.run("data", "inspect", data, "--frames", 4, "--out", page, "--fix", folder.resolve("fixed"),
        "--kind", "video");
    assertEquals(0, seen.code(), seen.err());
    assertTrue(seen.out().contains("moves: 13 videos to train on"), seen.out());
    assertTrue(seen.out().contains("4 frames of each video are read, at equal distances, brought to 20 × 20."),
        seen.out());
    assertTrue(seen.out().contains("left/clip98: of its frame '0.png': it is not a picture"), seen.out());
    assertTrue(seen.out().contains("1 of them under two classes"), seen.out());
    assertTrue(seen.out().contains("copied 11 videos to "), seen.out());
    assertTrue(Files.exists(folder.resolve("fixed/left/clip2/9.png")));
    assertTrue(Files.readString(page).contains("<img alt=\"\" src=\"data:image/png"));
    Path sheet = folder.resolve("sheet.png");
    Cli.Outcome drawn = Cli.run("data", "preview", data, "--frames", 5, "--samples", 2, "--epochs", 3, "--augment",
        "frame-jitter + reverse:0.5", "--out", sheet, "--kind", "video");
    assertEquals(0, drawn.code(), drawn.err());
    assertTrue(Files.size(sheet) > 1000);
    Cli.Outcome divided = Cli.run("data", "split", folder.resolve("fixed"), "--out", folder.resolve("parts"), "--val",
        0.2, "--test", 0.2, "--train", 0.6);
    assertEquals(0, divided.code(), divided.err());
    assertTrue(divided.out().contains("all          7        2        2"), divided.out());
    try (Stream<Path> all = Files.walk(folder.resolve("parts"))) {
      assertEquals(110, all.filter(Files::isRegularFile).count());
    }
    // Divided, with validation and test parts of its own.
    Cli.Outcome trained = Cli.run("train", folder.resolve("parts"), "--out", folder.resolve("run"), "--epochs", 1,
        "--frames", 4, "--size", "9x11", "--grey");
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.err().contains("7 videos of 1 × 4 × 9 × 11 to train on, 2 to validate, 2 to test"),
        trained.err());
  }

  @Test void whatVideosCannotIsRefused() throws IOException {
    Path data = clips(6);
    String[][] cases = {{"--frames", "0", "--frames is from 1 to 1,024; received 0"},
        {"--augment", "frame-jitter:3", "C1: a share or a probability is from 0 to 1"},
        {"--augment", "time-shift:0.1", "are for sounds; received other data"},
        {"--model", "text-cnn", "It takes texts"}};
    for (String[] c : cases) {
      Cli.Outcome outcome = Cli.run("train", data, c[0], c[1], "--kind", "video", "--out", folder.resolve("never"));
      assertEquals(2, outcome.code(), c[0] + " " + c[1] + outcome.err());
      assertTrue(outcome.err().contains(c[2]), c[0] + " " + c[1] + ": " + outcome.err());
    }
    Cli.Outcome digits = Cli.run("train", "digits", "--augment", "frame-jitter", "--out", folder.resolve("never"));
    assertEquals(2, digits.code(), digits.err());
    assertTrue(digits.err().contains("are for videos; received other data"), digits.err());
  }

  @Test void nearlyTheSameVideosAreFoundInFoldersArchivesAndTables() throws IOException {
    Path data = clips(6);
    SplittableRandom random = new SplittableRandom(9);
    Picture[] clip = moving(true, random);
    Path again = Files.createDirectories(data.resolve("right/lighter"));
    Path first = Files.createDirectories(data.resolve("left/first"));
    // The same beginning alone does not make two videos the same.
    Path beginning = Files.createDirectories(data.resolve("left/beginning"));
    Picture[] other = moving(false, random);
    for (int t = 0; t < FRAMES; t++) {
      Files.write(first.resolve(t + ".png"), Pngs.encode(clip[t]));
      Files.write(beginning.resolve(t + ".png"), Pngs.encode(t < 4 ? clip[t] : other[t]));
      byte[] pixels = clip[t].pixels().clone();
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] += 3;
      }
      Files.write(again.resolve(t + ".png"), Pngs.encode(new Picture(3, SIDE, SIDE, pixels)));
    }
    Path zip = folder.resolve("moves.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip)); Stream<Path> all = Files.walk(data)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(data.relativize(file).toString().replace('\\', '/')));
        out.write(Files.readAllBytes(file));
      }
    }
    for (Path place : List.of(data, zip)) {
      Cli.Outcome seen = Cli.run("data", "inspect", place, "--kind", "video", "--frames", 8, "--out",
          folder.resolve("near.html"));
      assertEquals(0, seen.code(), seen.err());
      assertTrue(seen.out().contains("1 pairs of nearly the same video"), seen.out());
      assertTrue(seen.out().contains("lighter (right)") && seen.out().contains("first (left)"), seen.out());
    }
    Path film = folder.resolve("films");
    for (int i = 0; i < 4; i++) {
      mp4(Files.createDirectories(film).resolve(i + ".mp4"), moving(i % 2 == 1, random));
    }
    Path table = Files.writeString(folder.resolve("films.csv"), "path,label\nfilms/0.mp4,left\nfilms/1.mp4,right\n"
        + "films/2.mp4,left\nfilms/3.mp4,right\n");
    Cli.Outcome named = Cli.run("data", "inspect", table, "--frames", 4, "--out", folder.resolve("table.html"));
    assertEquals(0, named.code(), named.err());
    assertTrue(named.out().contains("films-csv: 4 videos to train on"), named.out());
    assertEquals(2, Cli.run("data", "inspect", zip, "--fix", folder.resolve("fixed"), "--kind", "video", "--out",
        folder.resolve("near.html")).code(), "files in an archive are not copied");
  }
}
