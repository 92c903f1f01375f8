package juanji.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import juanji.data.DataException;
import juanji.data.Part;
import juanji.image.ImageSize;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoDataTest {
  private static final VideoPreparation HOW = new VideoPreparation(5, ImageSize.size(13, 17));
  @TempDir Path folder;

  private Path clips() throws IOException {
    for (int i = 0; i < 3; i++) {
      for (String kind : List.of("left", "right")) {
        Path place = Files.createDirectories(folder.resolve("clips").resolve(kind));
        Files.write(place.resolve(i + ".avi"), Samples.avi(Samples.moving(kind.equals("right"), 9 + 7 * i, 1)));
      }
    }
    return folder.resolve("clips");
  }

  private static VideoData.Opened open(Path path, long memory) {
    return VideoData.open(path, Optional.empty(), HOW, List.of(), done -> { }, memory);
  }

  @Test void samplesAreTheSameInMemoryAndOnDisk() throws IOException {
    Path data = clips();
    VideoData inMemory = open(data, 1 << 28).parts().get(Part.TRAIN);
    VideoData onDisk = open(data, 0).parts().get(Part.TRAIN);
    assertEquals(Shape.of(3, 5, 13, 17), inMemory.shape());
    assertEquals(List.of("left", "right"), inMemory.classes());
    assertEquals(6, inMemory.size());
    float[] a = new float[inMemory.shape().length()];
    float[] b = new float[a.length];
    for (int i = 0; i < 6; i++) {
      inMemory.read(i, a, 0);
      onDisk.read(i, b, 0);
      assertArrayEquals(a, b);
      assertArrayEquals(a, HOW.read(Path.of(inMemory.source(i))), "a prediction sees what the training saw");
      assertEquals(i < 3 ? 0 : 1, inMemory.label(i));
    }
  }

  @Test void damagedVideosAreLeftOutByName() throws IOException {
    Path data = clips();
    Path broken = data.resolve("left").resolve("1.avi");
    Files.write(broken, Arrays.copyOf(Files.readAllBytes(broken), 3000));
    Files.write(data.resolve("right").resolve("9.gif"), new byte[0]);
    VideoData.Opened opened = open(data, 1 << 28);
    assertEquals(5, opened.parts().get(Part.TRAIN).size());
    assertEquals(2, opened.problems().size());
    assertTrue(opened.problems().getFirst().toString().startsWith("left/1.avi: it is cut short: its frame "),
        opened.problems().toString());
    assertEquals("right/9.gif: the file is empty", opened.problems().getLast().toString());
  }

  @Test void whatCannotBeTrainedOnIsRefused() throws IOException {
    Path one = Files.createDirectories(folder.resolve("one/only"));
    Files.write(one.resolve("a.avi"), Samples.avi(Samples.moving(true, 6, 1)));
    DataException alone = assertThrows(DataException.class, () -> open(folder.resolve("one"), 1 << 28));
    assertTrue(alone.getMessage().contains("F3: files lie in one sub-folder per class"), alone.getMessage());
    Files.write(Files.createDirectories(folder.resolve("one/other")).resolve("b.avi"), new byte[0]);
    DataException e = assertThrows(DataException.class, () -> open(folder.resolve("one"), 1 << 28));
    assertTrue(e.getMessage().contains("F4: two classes or more have videos that can be decoded; received 1; the first "
        + "of 1 problem(s): other/b.avi: the file is empty."), e.getMessage());
    DataException none = assertThrows(DataException.class, () -> open(Files.createDirectories(folder.resolve("no")),
        1 << 28));
    assertTrue(none.getMessage().contains("F2: there are files that can be read"), none.getMessage());
    Path loose = Files.createDirectories(folder.resolve("loose/a"));
    Samples.folder(loose, Samples.moving(true, 5, 1));
    Samples.folder(folder.resolve("loose/b"), Samples.moving(true, 5, 1));
    DataException frames = assertThrows(DataException.class, () -> open(folder.resolve("loose"), 1 << 28));
    assertTrue(frames.getMessage().contains("received 10 pictures without folders of their own"), frames.getMessage());
  }

  @Test void oneSampleOfAClassIsEnoughToBeRead() throws IOException {
    Path data = folder.resolve("single");
    Files.write(Files.createDirectories(data.resolve("a")).resolve("1.gif"), Samples.gif(Samples.moving(true, 2, 1)));
    Files.write(Files.createDirectories(data.resolve("b")).resolve("1.gif"), Samples.gif(Samples.moving(false, 2, 1)));
    VideoData read = open(data, 1 << 28).parts().get(Part.TRAIN);
    assertEquals(2, read.size());
    float[] values = new float[read.shape().length()];
    read.read(0, values, 0);
    // Two frames for five: the first is seen in the first half.
    int plane = 13 * 17;
    assertArrayEquals(Arrays.copyOfRange(values, 0, plane), Arrays.copyOfRange(values, plane, 2 * plane));
    assertFalse(Arrays.equals(Arrays.copyOfRange(values, 0, plane), Arrays.copyOfRange(values, 4 * plane, 5 * plane)));
  }

  @Test void foldersOfFramesAreFoundWithTheirParts() throws IOException {
    Path data = folder.resolve("frames");
    for (String part : List.of("train", "test")) {
      for (String kind : List.of("left", "right")) {
        for (int i = 1; i <= 2; i++) {
          Samples.folder(data.resolve(part).resolve(kind).resolve("clip" + i), Samples.moving(kind.equals("right"), 6,
              i));
        }
      }
    }
    assertTrue(VideoFiles.recognises(data));
    Samples.folder(data.resolve("train").resolve("left"), Samples.moving(true, 1, 1));
    VideoData.Opened opened = open(data, 1 << 28);
    assertEquals(4, opened.parts().get(Part.TRAIN).size());
    assertEquals(4, opened.parts().get(Part.TEST).size());
    assertEquals(1, opened.problems().size());
    assertTrue(opened.problems().getFirst().reason().contains("outside of a video's folder"));
  }

  @Test void picturesAreNotTakenForVideos() throws IOException {
    Path pictures = folder.resolve("pictures");
    for (String part : List.of("train", "test")) {
      for (String kind : List.of("cat", "dog")) {
        Samples.folder(pictures.resolve(part).resolve(kind), Samples.moving(true, 6, 1));
      }
    }
    assertFalse(VideoFiles.recognises(pictures), "numbered pictures in class folders");
    Path still = Files.createDirectories(folder.resolve("still/a"));
    Files.write(still.resolve("1.gif"), Samples.gif(Samples.moving(true, 1, 1)));
    assertFalse(VideoFiles.recognises(folder.resolve("still")), "a GIF of one frame is a picture");
    Files.write(Files.createDirectories(folder.resolve("live/a")).resolve("1.gif"), Samples.gif(Samples.moving(true, 2,
        1)));
    assertTrue(VideoFiles.recognises(folder.resolve("live")));
    assertTrue(VideoFiles.recognises(clips()));
    Path gap = Samples.folder(folder.resolve("gap/a/clip"), Samples.moving(true, 6, 1));
    Files.delete(gap.resolve("frame3.png"));
    assertFalse(VideoFiles.recognises(folder.resolve("gap")), "numbers with a gap");
  }

  private static Path zip(Path from, Path zip, String... more) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip)); Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry("data/" + from.relativize(file).toString().replace('\\', '/')));
        out.write(Files.readAllBytes(file));
      }
      for (String name : more) {
        out.putNextEntry(new ZipEntry(name));
      }
    }
    return zip;
  }

  private static float[] sample(VideoData data, int index) {
    float[] values = new float[data.shape().length()];
    data.read(index, values, 0);
    return values;
  }

  @Test void archivesAreReadLikeTheirFolders() throws IOException {
    Path clips = clips();
    Files.write(clips.resolve("left/moving.gif"), Samples.gif(Samples.moving(false, 7, 2)));
    Path frames = folder.resolve("frames");
    for (String kind : List.of("left", "right")) {
      Samples.folder(frames.resolve(kind).resolve("clip1"), Samples.moving(kind.equals("right"), 6, 1));
      Samples.folder(frames.resolve(kind).resolve("clip2"), Samples.moving(kind.equals("right"), 6, 2));
    }
    for (Path data : List.of(clips, frames)) {
      Path zip = zip(data, folder.resolve(data.getFileName() + ".zip"), "data/left/.hidden.avi");
      assertTrue(VideoFiles.recognises(zip));
      assertArrayEquals(VideoData.extents(data, Optional.empty()), VideoData.extents(zip, Optional.empty()));
      VideoData unpacked = open(data, 1 << 28).parts().get(Part.TRAIN);
      VideoData zipped = open(zip, 1 << 28).parts().get(Part.TRAIN);
      assertEquals(unpacked.size(), zipped.size());
      assertEquals(unpacked.classes(), zipped.classes());
      for (int i = 0; i < unpacked.size(); i++) {
        assertArrayEquals(sample(unpacked, i), sample(zipped, i));
      }
      assertTrue(zipped.source(0).startsWith(zip + "!/data/left/"), zipped.source(0));
    }
  }

  @Test void archivesThatCannotBeUsedAreRefused() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    DataException none = assertThrows(DataException.class, () -> open(zip(empty, folder.resolve("none.zip"), "a/x.txt"),
        1 << 28));
    assertTrue(none.getMessage().startsWith("'" + folder.resolve("none.zip") + "' has no files of this kind.\n"),
        none.getMessage());
    DataException out = assertThrows(DataException.class, () -> open(zip(empty, folder.resolve("out.zip"),
        "../x.avi"), 1 << 28));
    assertTrue(out.getMessage().contains("F1: it is a zip that is whole, none of whose names leads out of it"),
        out.getMessage());
    Path cut = zip(clips(), folder.resolve("cut.zip"));
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 2000));
    assertFalse(VideoFiles.recognises(cut));
    assertTrue(assertThrows(DataException.class, () -> open(cut, 1 << 28)).getMessage().contains("cannot be read"));
  }

  @Test void tablesNameVideosWithTheirClassesAndParts() throws IOException {
    Path clips = clips();
    Path table = Files.writeString(folder.resolve("videos.csv"), "path,label,split\nclips/right/0.avi,r,train\n"
        + "clips/left/0.avi,l,train\nclips/left/1.avi,l,test\nclips/left/9.avi,l,test\n../x.avi,l,test\nvideos.csv,l,"
        + "test\n");
    assertTrue(VideoFiles.recognises(table));
    VideoData.Opened opened = open(table, 1 << 28);
    assertEquals(List.of("l", "r"), opened.parts().get(Part.TRAIN).classes());
    assertEquals(1, opened.parts().get(Part.TEST).size());
    assertEquals("[clips/left/9.avi: there is no such file, ../x.avi: it lies outside the table's folder (M2), "
        + "videos.csv: its name is not that of a video]", opened.problems().toString());
    assertArrayEquals(HOW.read(clips.resolve("right/0.avi")), sample(opened.parts().get(Part.TRAIN), 1));
    Path lines = Files.writeString(folder.resolve("videos.jsonl"),
        "{\"file\": \"clips/left/0.avi\", \"class\": \"a\"}\n"
        + "{\"file\": \"clips/right/1.avi\", \"class\": \"b\"}\n");
    assertEquals(List.of("a", "b"), open(lines, 1 << 28).parts().get(Part.TRAIN).classes());
    Path wrong = Files.writeString(folder.resolve("none.csv"), "path,label\nmissing.avi,a\n");
    assertTrue(assertThrows(DataException.class, () -> open(wrong, 1 << 28)).getMessage()
        .contains("received none; the first of 1 problem(s): missing.avi: there is no such file."));
  }

  @Test void anEpochSeesTheSameFramesWheneverItIsRead() throws IOException {
    VideoData data = open(clips(), 1 << 28).parts().get(Part.TRAIN).sampled(FrameSampling.named(
        "time-crop:0.5/0.9 + frame-jitter + frame-drop:0.2"), 7);
    float[] first = new float[data.shape().length()];
    float[] again = new float[first.length];
    int differing = 0;
    for (int epoch = 1; epoch <= 6; epoch++) {
      data.readVaried(2, epoch, first, 0);
      data.readVaried(2, epoch, again, 0);
      assertArrayEquals(first, again);
      data.read(2, again, 0);
      differing += Arrays.equals(first, again) ? 0 : 1;
    }
    assertTrue(differing >= 5, "epochs see other frames: " + differing);
    assertNotEquals("", data.variation());
  }

  @Test void framesAreDrawnWithinTheirSegments() {
    SplittableRandom random = new SplittableRandom(1);
    boolean[] seen = new boolean[40];
    for (int n = 0; n < 200; n++) {
      int[] places = FrameSampling.named("frame-jitter:1").places(40, 5, random);
      for (int i = 0; i < 5; i++) {
        assertTrue(places[i] >= 8 * i && places[i] < 8 * (i + 1), Arrays.toString(places));
        seen[places[i]] = true;
      }
    }
    assertEquals(40, IntStream.range(0, 40).filter(i -> seen[i]).count(), "every frame is seen once in a while");
    int[] plain = FrameSampling.named("frame-jitter:0").places(40, 5, random);
    assertArrayEquals(new int[] {4, 12, 20, 28, 36}, plain);
    assertArrayEquals(plain, new VideoPreparation(5, ImageSize.size(1, 1)).middles(40));
    assertArrayEquals(new int[] {36, 28, 20, 12, 4}, FrameSampling.named("reverse:1").places(40, 5, random));
    assertArrayEquals(new int[] {4, 4, 4, 4, 4}, FrameSampling.named("frame-drop:1").places(40, 5, random));
    for (int n = 0; n < 100; n++) {
      int[] part = FrameSampling.named("time-crop:0.5/0.5").places(40, 5, random);
      assertTrue(part[4] - part[0] == 16 && part[0] >= 2 && part[4] <= 37, Arrays.toString(part));
    }
    for (Map.Entry<String, String> e : Map.of("time-crop:0/1", "C1", "frame-drop:2", "C1", "frame-jitter:-1", "C1")
        .entrySet()) {
      assertTrue(assertThrows(IllegalArgumentException.class, () -> FrameSampling.named(e.getKey())).getMessage()
          .contains(e.getValue()));
    }
    String words = "frame-jitter:1.0 + time-crop:0.5/1.0 + frame-drop:0.1 + reverse:0.5";
    assertEquals(words, FrameSampling.named("frame-jitter + time-crop + frame-drop + reverse").toString());
    assertEquals(words, FrameSampling.named(words).toString());
  }

  @Test void aPreparationIsWhatItsModelFileSays() {
    VideoPreparation how = new VideoPreparation(7, ImageSize.size(13, 17).grey());
    assertEquals(how, VideoPreparation.of(how.reading()));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> VideoPreparation.of(Map.of("frames", "3")))
        .getMessage().contains("it lacks 'channels'"));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> new VideoPreparation(0, how.size())).getMessage()
        .contains("C1: there are 1 to 1,024; received 0."));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> new VideoPreparation(1024, ImageSize.size(4000, 400)))
        .getMessage().contains("C2: it has at most"));
  }
}
