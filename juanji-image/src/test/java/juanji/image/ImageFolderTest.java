package juanji.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import juanji.data.DataException;
import juanji.data.Dataset;
import juanji.data.Part;
import juanji.data.Problem;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  private static final ImageSize SIZE = ImageSize.size(4, 4).grey();

  @TempDir Path dir;

  @Test void classesAndPicturesInNaturalOrder() throws IOException {
    for (String name : List.of("s10/b.png", "s2/p10.png", "s2/p9.png", "s2/P1.png", "s1/deep/er/x.png")) {
      put(name, grey(name.length()));
    }
    ImageFolder folder = ImageFolder.open(dir, SIZE);
    assertEquals(List.of("s1", "s2", "s10"), folder.classes());
    assertEquals(Shape.of(1, 4, 4), folder.shape());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < folder.size(); i++) {
      names.add(folder.label(i) + " " + dir.relativize(Path.of(folder.source(i))).toString().replace('\\', '/'));
    }
    assertEquals(List.of("0 s1/deep/er/x.png", "1 s2/P1.png", "1 s2/p9.png", "1 s2/p10.png", "2 s10/b.png"), names);
    float[] values = new float[16];
    folder.read(0, values, 0);
    assertEquals("s1/deep/er/x.png".length() / 255f, values[5]);
  }

  @Test void whatIsNoPictureIsSkippedAndWhatIsBrokenIsNamed() throws IOException {
    put("cat/1.png", grey(1));
    put("cat/2.jpg", Arrays.copyOf(Samples.encode(Samples.noise(60, 60, 1), "jpg"), 3000));
    put("cat/3.png", "no picture".getBytes(StandardCharsets.UTF_8));
    put("cat/4.gif", new byte[0]);
    put("cat/notes.txt", new byte[5]);
    put("cat/.hidden.png", grey(1));
    put("cat/.git/x.png", grey(1));
    put("dog/1.png", grey(2));
    put("dog/Thumbs.db", new byte[5]);
    put("empty/readme.md", new byte[5]);
    put("broken/1.png", new byte[50]);
    put("stray.png", grey(9));
    ImageFolder folder = ImageFolder.open(dir, SIZE);
    assertEquals(List.of("cat", "dog"), folder.classes());
    assertEquals(2, folder.size());
    assertEquals(4, folder.skipped());
    List<String> paths = folder.problems().stream().map(Problem::path).toList();
    assertEquals(List.of(".", "empty", "broken/1.png", "cat/2.jpg", "cat/3.png", "cat/4.gif"), paths);
    assertTrue(folder.problems().get(3).reason().contains("cut short"), folder.problems().toString());
    assertTrue(folder.problems().get(5).toString().startsWith("cat/4.gif: "), folder.problems().toString());

    FolderScan scan = ImageFolder.scan(dir);
    assertEquals(Map.of("broken", 0, "cat", 2, "dog", 1), scan.counts(Part.TRAIN));
    assertEquals(3, scan.pictures());
    assertEquals(4, scan.skipped());
  }

  @Test void linksThatLoopOrLeadNowhere() throws IOException {
    put("a/1.png", grey(1));
    put("b/1.png", grey(2));
    try {
      Files.createSymbolicLink(dir.resolve("a/loop"), dir);
      Files.createSymbolicLink(dir.resolve("b/gone.png"), dir.resolve("nothing.png"));
    } catch (IOException | UnsupportedOperationException e) {
      assumeTrue(false, "no symbolic links here");
    }
    ImageFolder folder = ImageFolder.open(dir, SIZE);
    assertEquals(2, folder.size());
    assertTrue(folder.problems().stream().anyMatch(p -> p.path().equals("a/loop")), folder.problems().toString());
  }

  @Test void unusableFolders() throws IOException {
    refused(dir, "neither folders nor pictures");
    refused(dir.resolve("missing"), "where nothing is");
    put("one.png", grey(1));
    refused(dir, "all lie in one place");
    refused(dir.resolve("one.png"), "another kind of file");
    put("cat/1.png", grey(1));
    refused(dir, "only 'cat'");
    put("dog/1.png", new byte[9]);
    refused(dir, "only 'cat'");
    Files.delete(dir.resolve("cat/1.png"));
    refused(dir, "received none");
  }

  @Test void dividedFolders() throws IOException {
    put("data/train/cat/1.png", grey(1));
    put("data/train/dog/1.png", grey(2));
    put("data/test/dog/1.png", grey(3));
    put("data/test/bird/1.png", grey(4));
    put("data/val/cat/1.png", grey(5));
    put("data/extra/1.png", grey(6));
    ImageFolder folder = ImageFolder.open(dir, SIZE);
    assertEquals(2, folder.size());
    Dataset test = folder.part(Part.TEST).orElseThrow();
    assertEquals(1, test.size());
    assertEquals(1, test.label(0));
    assertEquals(List.of("cat", "dog"), test.classes());
    assertEquals(1, folder.part(Part.VALIDATION).orElseThrow().size());
    assertEquals(List.of("data/extra", "data/test/bird/1.png"), folder.problems().stream().map(Problem::path).toList());
    assertEquals(3, ImageFolder.scan(dir).parts().size());
    assertTrue(ImageFolder.open(dir.resolve("data/train"), SIZE).part(Part.TEST).isEmpty());
  }

  @Test void classesGivenByAModel() throws IOException {
    put("dog/1.png", grey(2));
    put("fish/1.png", grey(3));
    ImageFolder folder = ImageFolder.open(dir, SIZE, List.of("ant", "cat", "dog"), done -> { });
    assertEquals(3, folder.classes().size());
    assertEquals(1, folder.size());
    assertEquals(2, folder.label(0));
    assertTrue(folder.problems().getFirst().reason().contains("none of the classes"));
  }

  @Test void scanTellsSizesAndColours() throws IOException {
    put("a/1.png", Samples.encode(Samples.filled(30, 20, 0xff), "png"));
    put("a/2.jpg", Samples.exif(Samples.encode(Samples.filled(50, 10, 0xff), "jpg"), 6, true));
    put("b/3.gif", Samples.encode(Samples.filled(31, 21, 0xff), "gif"));
    put("b/4.bmp", Samples.encode(Samples.filled(32, 22, 0xff), "bmp"));
    put("b/5.pgm", "P5 33 23 255\n".getBytes(StandardCharsets.US_ASCII));
    FolderScan scan = ImageFolder.scan(dir);
    assertEquals(List.of(10, 31, 33), List.of(scan.minWidth(), scan.medianWidth(), scan.maxWidth()));
    assertEquals(List.of(20, 22, 50), List.of(scan.minHeight(), scan.medianHeight(), scan.maxHeight()));
    assertFalse(scan.grey());
    assertFalse(scan.uniform());
    assertTrue(scan.toString().contains("5 pictures"), scan.toString());
  }

  @Test void zipWithChineseNamesAndTricks() throws IOException {
    Path zip = dir.resolve("flowers.zip");
    zip(zip, StandardCharsets.UTF_8, "图片/", null, "图片/猫/一.png", grey(1), "图片/狗\\二.png", grey(2),
        "../../evil.png", grey(3), "__MACOSX/图片/猫/._一.png", grey(4), "图片/猫/坏.png", new byte[7],
        "图片/空/", null, "/图片/狗/三.png", grey(5));
    ImageFolder folder = ImageFolder.open(zip, SIZE);
    assertEquals(List.of("狗", "猫"), folder.classes());
    assertEquals(3, folder.size());
    assertEquals(zip + "!/图片/猫/一.png", folder.source(2));
    assertEquals(List.of("../../evil.png", "图片/空", "图片/猫/坏.png"),
        folder.problems().stream().map(Problem::path).toList());
    assertEquals(3, ImageFolder.scan(zip).pictures());
  }

  @Test void partsInArchivesOfTheirOwnReadAsIfUnpacked() throws IOException {
    zip(dir.resolve("train.zip"), StandardCharsets.UTF_8, "train/cat/1.png", grey(1), "train/dog/2.png", grey(2));
    zip(dir.resolve("test.zip"), StandardCharsets.UTF_8, "dog/3.png", grey(3));
    Files.writeString(dir.resolve("README.txt"), "two archives");
    ImageFolder folder = ImageFolder.open(dir, SIZE);
    assertEquals(List.of("cat", "dog"), folder.classes());
    assertEquals(2, folder.size());
    assertEquals(1, folder.skipped());
    assertEquals(1, folder.part(Part.TEST).orElseThrow().size());
    assertEquals(1, folder.part(Part.TEST).orElseThrow().label(0));
    assertEquals(dir.resolve("train").resolve("cat").resolve("1.png").toString(), folder.source(0));
    Files.delete(dir.resolve("test.zip"));
    refused(dir, "received neither folders nor pictures");
  }

  @Test void chineseNamesOnDisk() throws IOException {
    try {
      put("图片/猫/一.png", grey(1));
      put("图片/狗/二.png", grey(2));
    } catch (InvalidPathException e) {
      assumeTrue(false, "this platform's locale has no Chinese file names");
    }
    ImageFolder folder = ImageFolder.open(dir, SIZE);
    assertEquals(List.of("狗", "猫"), folder.classes());
    assertTrue(Files.exists(Path.of(folder.source(1))), folder.source(1));
  }

  @Test void zipNamesInTheOldChineseEncoding() throws IOException {
    assumeTrue(Charset.isSupported("GB18030"), "this runtime has no GB 18030");
    Path zip = dir.resolve("a.zip");
    zip(zip, Charset.forName("GB18030"), "猫/一.png", grey(1), "狗/二.png", grey(2));
    assertEquals(List.of("狗", "猫"), ImageFolder.open(zip, SIZE).classes());
  }

  @Test void zipBombAndDamagedZip() throws IOException {
    Path zip = dir.resolve("a.zip");
    byte[] bomb = new byte[PictureSource.LARGEST_IN_MEMORY + 10];
    System.arraycopy("P5 9000 9000 255\n".getBytes(StandardCharsets.US_ASCII), 0, bomb, 0, 17);
    zip(zip, StandardCharsets.UTF_8, "a/1.png", grey(1), "b/1.png", grey(1), "b/bomb.tif", new byte[bomb.length],
        "b/bomb.gif", bomb);
    assertTrue(Files.size(zip) < 1_000_000);
    ImageFolder folder = ImageFolder.open(zip, SIZE);
    assertEquals(2, folder.size());
    assertEquals(2, folder.problems().size());
    assertTrue(folder.problems().get(1).reason().contains("128 MiB"), folder.problems().toString());
    byte[] bytes = Files.readAllBytes(zip);
    Files.write(zip, Arrays.copyOf(bytes, bytes.length / 2));
    refused(zip, "The system says");
  }

  /// A GIF whose extension blocks never end: its size stands behind gigabytes that the archive holds in little space.
  @Test void endlessHeaderInAZip() throws IOException {
    Path zip = dir.resolve("a.zip");
    byte[] blocks = new byte[1 << 20];
    for (int i = 0; i + 5 <= blocks.length; i += 5) {
      System.arraycopy(new byte[] {0x21, 1, 1, 7, 0}, 0, blocks, i, 5);
    }
    try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.setLevel(1);
      for (String name : List.of("a/1.png", "b/1.png")) {
        out.putNextEntry(new ZipEntry(name));
        out.write(grey(1));
      }
      out.putNextEntry(new ZipEntry("b/endless.gif"));
      out.write(new byte[] {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0});
      for (int i = 0; i < 400; i++) {
        out.write(blocks, 0, blocks.length / 5 * 5);
      }
    }
    ImageFolder folder = ImageFolder.open(zip, SIZE);
    assertEquals(2, folder.size());
    assertTrue(folder.problems().getFirst().reason().contains("ends within its header"),
        folder.problems().toString());
  }

  @Test void progressAndInterruption() throws IOException {
    byte[] slow = Samples.encode(Samples.noise(600, 600, 1), "png");
    for (int i = 0; i < 40; i++) {
      put("a/" + i + ".png", slow);
      put("b/" + i + ".png", slow);
    }
    List<Integer> seen = new ArrayList<>();
    ImageFolder.open(dir, SIZE, seen::add);
    assertEquals(80, seen.getLast());
    assertEquals(seen.stream().sorted().toList(), seen);

    assertThrows(CancellationException.class, () ->
        ImageFolder.open(dir, SIZE, done -> Thread.currentThread().interrupt()));
    assertTrue(Thread.interrupted());
  }

  @Test void tooMuchForMemoryIsSaidBeforeDecoding() throws IOException {
    put("a/1.png", grey(1));
    put("b/1.png", grey(1));
    DataException e = assertThrows(DataException.class, () -> ImageFolder.open(dir, ImageSize.size(8192, 8192),
        List.of(), done -> { }, 1 << 20, 300L << 20));
    assertTrue(e.getMessage().contains("F3: 2 pictures of 3 × 8192 × 8192 take 384 MiB; at most 1 MiB of memory may be "
        + "used, and 300 MiB of the disk."), e.getMessage());
  }

  @Test void faces() {
    Path faces = Path.of("../../shared/data/faces-orl");
    assumeTrue(Files.isDirectory(faces), "no ../shared/data/faces-orl");
    FolderScan scan = ImageFolder.scan(faces);
    assertTrue(scan.grey() && scan.uniform());
    assertEquals(112, scan.medianHeight());
    ImageFolder folder = ImageFolder.open(faces, ImageSize.size(56, 46).grey());
    assertEquals(300, folder.size());
    assertEquals(List.of("s1", "s2", "s3"), folder.classes().subList(0, 3));
    assertEquals(List.of(), folder.problems());
    assertEquals(240, folder.split(0.8, 1).train().size());
  }

  @Test void cifar() {
    Path zip = Path.of("../../shared/data/cifar10/test.zip");
    assumeTrue(Files.isRegularFile(zip), "no ../shared/data/cifar10");
    ImageFolder folder = ImageFolder.open(zip, ImageSize.size(32, 32));
    assertEquals(5000, folder.size());
    assertEquals("airplane", folder.classes().getFirst());
    assertEquals(List.of(), folder.problems());
    float[] first = new float[3072];
    float[] again = new float[3072];
    folder.read(4321, first, 0);
    ImageFolder.open(zip, ImageSize.size(32, 32)).read(4321, again, 0);
    assertArrayEquals(first, again);
  }

  private static byte[] grey(int value) {
    return Pngs.encode(new Picture(1, 1, 1, new byte[] {(byte) value}));
  }

  private void put(String name, byte[] bytes) throws IOException {
    Samples.write(dir.resolve(name), bytes);
  }

  private void refused(Path path, String expected) {
    DataException e = assertThrows(DataException.class, () -> ImageFolder.open(path, SIZE));
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    assertEquals(3, e.getMessage().lines().count(), e.getMessage());
    assertEquals(path.toString(), e.path());
  }

  private static void zip(Path file, Charset charset, Object... namesAndBytes) throws IOException {
    try (var out = new ZipOutputStream(Files.newOutputStream(file), charset)) {
      for (int i = 0; i < namesAndBytes.length; i += 2) {
        out.putNextEntry(new ZipEntry((String) namesAndBytes[i]));
        if (namesAndBytes[i + 1] != null) {
          out.write((byte[]) namesAndBytes[i + 1]);
        }
        out.closeEntry();
      }
    }
  }

  @Test void aTableNamesPicturesClassesAndParts(@TempDir Path dir) throws IOException {
    Path pictures = Files.createDirectories(dir.resolve("data/pictures"));
    for (int i = 0; i < 4; i++) {
      byte[] pixels = {1, 2, 3, 4, 5, (byte) i};
      Files.write(pictures.resolve(i + ".png"), Pngs.encode(new Picture(1, 2, 3, pixels)));
    }
    Files.write(dir.resolve("secret.png"), Pngs.encode(new Picture(1, 1, 1, new byte[1])));
    Path csv = Files.writeString(dir.resolve("data/list.csv"), "\uFEFFid,Path,label,split\n1,pictures/0.png,b,train\n"
        + "2,\"pictures/1.png\",a,train\n3,pictures/2.png,a,test\n4,../secret.png,a,train\n"
        + "5,pictures/9.png,b,train\n6,,b,\n");
    ImageFolder folder = ImageFolder.open(csv, ImageSize.size(2, 3).grey());
    assertEquals(List.of("a", "b"), folder.classes());
    assertEquals(2, folder.size());
    assertEquals(1, folder.part(Part.TEST).orElseThrow().size());
    assertEquals(pictures.resolve("1.png").toString(), folder.source(0));
    assertEquals("[../secret.png: it lies outside the table's folder (M2), pictures/9.png: there is no such file, "
        + "list.csv: a row has no path, or no class]", folder.problems().toString());
    Path jsonl = Files.writeString(dir.resolve("data/list.jsonl"), "{\"image\": \"pictures/0.png\", \"class\": 1}\n"
        + "{\"image\": \"pictures/1.png\", \"class\": 0}\n{broken\n");
    assertEquals(List.of("0", "1"), ImageFolder.open(jsonl, ImageSize.size(2, 3)).classes());
    assertEquals(3, ImageFolder.scan(csv).pictures());
  }

  @Test void whatIsTooMuchForMemoryIsReadFromAFile(@TempDir Path dir) throws IOException {
    for (int i = 0; i < 12; i++) {
      Path own = Files.createDirectories(dir.resolve(i % 2 == 0 ? "a" : "b"));
      byte[] pixels = {(byte) i, 2, 3, 4, 5, (byte) (i * i)};
      Files.write(own.resolve(i + ".png"), Pngs.encode(new Picture(1, 2, 3, pixels)));
    }
    Files.writeString(dir.resolve("a/broken.png"), "nothing");
    ImageSize size = ImageSize.size(2, 3).grey();
    ImageFolder inMemory = ImageFolder.open(dir, size);
    ImageFolder onDisk = ImageFolder.open(dir, size, List.of(), done -> { }, 20, 1 << 20);
    assertEquals(inMemory.problems(), onDisk.problems());
    assertEquals(inMemory.size(), onDisk.size());
    assertTrue(onDisk.toString().contains("CachedPictures"), onDisk.toString());
    float[] a = new float[6];
    float[] b = new float[6];
    for (int i = 0; i < inMemory.size(); i++) {
      inMemory.read(i, a, 0);
      onDisk.read(i, b, 0);
      assertArrayEquals(a, b);
      assertEquals(inMemory.label(i), onDisk.label(i));
      assertEquals(inMemory.source(i), onDisk.source(i));
    }
  }
}
