package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `predict --watch`: files that come into a folder are told once each, once they are complete.
class WatchTest {
  @TempDir Path folder;

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 1200 && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
  }

  @Test void filesThatComeAreTold() throws Exception {
    Path data = Cli.pictures(folder.resolve("data"), 12, "zero", "one");
    Path run = folder.resolve("run");
    assertEquals(0, Cli.run("train", data, "--epochs", 2, "--out", run, "--threads", 1).code());
    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    Files.copy(data.resolve("one/1.png"), inbox.resolve("was-there.png"));
    StringBuffer out = new StringBuffer();
    StringBuffer err = new StringBuffer();
    AtomicReference<Integer> code = new AtomicReference<>();
    Thread watching = Thread.ofPlatform().start(() -> code.set(Main.run(writer(out), writer(err), "predict",
        run.resolve("model.juanji").toString(), "--watch", inbox.toString(), "--json", "--top", "1", "--threads",
        "1")));
    await(() -> out.indexOf("was-there.png") >= 0);
    byte[] picture = Files.readAllBytes(data.resolve("zero/2.png"));
    // A file that grows is not told before it is whole; a hidden one never.
    Path growing = inbox.resolve("growing.png");
    Files.write(growing, Arrays.copyOf(picture, picture.length / 2));
    Files.write(inbox.resolve(".hidden.png"), picture);
    Files.write(growing, picture);
    Files.writeString(inbox.resolve("broken.png"), "no picture");
    await(() -> out.indexOf("growing.png") >= 0 && err.indexOf("broken.png") >= 0);
    Thread.sleep(600);
    watching.interrupt();
    watching.join(60_000);
    assertEquals(130, code.get(), err.toString());
    assertEquals(2, out.toString().lines().count(), out + "\n" + err);
    assertTrue(out.toString().lines().allMatch(l -> l.startsWith("{\"file\":") && l.contains("\"probability\":")),
        out.toString());
    assertTrue(err.toString().contains("the picture '" + inbox.resolve("broken.png") + "' cannot be read."), err + "");
    assertFalse(out.toString().contains("hidden"), out.toString());
  }

  private static java.io.PrintWriter writer(StringBuffer to) {
    return new java.io.PrintWriter(new java.io.Writer() {
      @Override public void write(char[] text, int from, int count) {
        to.append(text, from, count);
      }

      @Override public void flush() {
        // Everything is there already.
      }

      @Override public void close() {
        // There is nothing to close.
      }
    });
  }

  @Test void whatIsNoFolderIsRefused() throws IOException {
    Path data = Cli.pictures(folder.resolve("data"), 12, "zero", "one");
    Path run = folder.resolve("run");
    assertEquals(0, Cli.run("train", data, "--epochs", 1, "--out", run, "--threads", 1).code());
    Cli.Outcome missing = Cli.run("predict", run.resolve("model.juanji"), "--watch", folder.resolve("missing"));
    assertEquals(1, missing.code());
    assertTrue(missing.err().contains("--watch is a folder that exists; received a path where nothing is."),
        missing.err());
  }
}
