package juanji.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import juanji.data.Digits;
import juanji.tensor.Shape;

/// Goes through a small training and a prediction in one process, so that a JVM that watches learns which classes a
/// short run loads. The launcher does this once after a build and keeps what the JVM learnt beside the jars (an archive
/// for class-data sharing): programs that start from it load their classes in a fraction of the time.
final class Rehearsal {
  private static final int PICTURES = 24;

  private Rehearsal() {
  }

  /// Rehearses in a temporary folder and removes it.
  ///
  /// @param args none
  /// @throws IOException if there is no room for temporary files
  public static void main(String... args) throws IOException {
    Path folder = Files.createTempDirectory("juanji-rehearsal");
    try {
      play(folder);
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void play(Path folder) throws IOException {
    var digits = Digits.generate(PICTURES, 1);
    Shape shape = digits.shape();
    float[] pixels = new float[shape.length()];
    Path some = folder;
    for (int i = 0; i < PICTURES; i++) {
      digits.read(i, pixels, 0);
      some = Files.createDirectories(folder.resolve("data").resolve(i % 2 == 0 ? "even" : "odd"))
          .resolve(i + ".pgm");
      Files.write(some, pgm(shape, pixels));
    }
    Path run = folder.resolve("run");
    List<String[]> parts = List.of(
        new String[] {"train", folder.resolve("data").toString(), "--size", shape.dim(1) + "x" + shape.dim(2),
            "--model", "lenet5", "--epochs", "1", "--batch", "4", "--out", run.toString()},
        new String[] {"predict", run.resolve(RunFolder.MODEL).toString(), some.toString()},
        new String[] {"evaluate", run.resolve(RunFolder.MODEL).toString(), folder.resolve("data").toString()},
        new String[] {"plan", "lenet5"}, new String[] {"summary", "lenet5"}, new String[] {"--help"});
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    for (String[] words : parts) {
      Main.run(nowhere, nowhere, words);
    }
  }

  /// A grey picture as a PGM file.
  private static byte[] pgm(Shape shape, float[] pixels) {
    byte[] head = ("P5 " + shape.dim(2) + " " + shape.dim(1) + " 255\n").getBytes(StandardCharsets.US_ASCII);
    byte[] file = new byte[head.length + pixels.length];
    System.arraycopy(head, 0, file, 0, head.length);
    for (int i = 0; i < pixels.length; i++) {
      file[head.length + i] = (byte) Math.round(pixels[i] * 255);
    }
    return file;
  }
}
