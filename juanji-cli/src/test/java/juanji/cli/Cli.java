package juanji.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.image.Picture;
import juanji.image.Pngs;

/// Runs commands in this process, and makes small data for them.
final class Cli {
  private Cli() {
  }

  /// What a command gave.
  record Outcome(int code, String out, String err) {
  }

  static Outcome run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[args.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = args[i].toString();
    }
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), words);
    return new Outcome(code, unify(out), unify(err));
  }

  private static String unify(StringWriter text) {
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  /// A folder of IDX files as MNIST has them.
  static Path idx(Path folder, int train, int test) {
    try {
      Files.createDirectories(folder);
      write(folder, "train", Digits.generate(train, 3));
      write(folder, "t10k", Digits.generate(test, 4));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path folder, String name, Dataset digits) throws IOException {
    int n = digits.size();
    ByteBuffer images = ByteBuffer.allocate(16 + n * 784).putInt(0x803).putInt(n).putInt(28).putInt(28);
    ByteBuffer labels = ByteBuffer.allocate(8 + n).putInt(0x801).putInt(n);
    for (int i = 0; i < n; i++) {
      images.put(bytes(digits, i));
      labels.put((byte) digits.label(i));
    }
    Files.write(folder.resolve(name + "-images-idx3-ubyte"), images.array());
    Files.write(folder.resolve(name + "-labels-idx1-ubyte"), labels.array());
  }

  /// A folder with one sub-folder of PNG pictures per class.
  static Path pictures(Path folder, int perClass, String... classes) {
    try {
      Dataset digits = Digits.generate(10 * perClass, 5);
      for (int c = 0; c < classes.length; c++) {
        Path sub = Files.createDirectories(folder.resolve(classes[c]));
        for (int i = 0; i < perClass; i++) {
          Files.write(sub.resolve(i + ".png"), Pngs.encode(new Picture(1, 28, 28, bytes(digits, 10 * i + c))));
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Dataset digits, int index) {
    float[] values = new float[784];
    digits.read(index, values, 0);
    byte[] bytes = new byte[784];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * values[i]);
    }
    return bytes;
  }
}
