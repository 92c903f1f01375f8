package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Networks that must reach a stated accuracy with the default settings and seed. They take minutes, so they run only
/// with `mvn -Plearning verify`.
@Tag("learning")
class LearningTest {
  private static final Path DATA = Path.of("../../shared/data");
  private static final Pattern RESULT = Pattern.compile("test accuracy ([0-9.]+) %");

  @TempDir private Path folder;

  private double train(Object... args) {
    Cli.Outcome outcome = Cli.run(args);
    assertEquals(0, outcome.code(), outcome.err());
    Matcher result = RESULT.matcher(outcome.out());
    assertTrue(result.find(), outcome.out());
    return Double.parseDouble(result.group(1));
  }

  @Test void digits() {
    double accuracy = train("train", "digits", "--out", folder.resolve("digits"));
    assertTrue(accuracy > 98, "LeNet-5 on the built-in digits: " + accuracy + " %");
  }

  @Test void mnist() {
    Path mnist = DATA.resolve("mnist");
    assumeTrue(Files.isDirectory(mnist), "MNIST is not beside the project");
    double accuracy = train("train", mnist, "--epochs", 5, "--out", folder.resolve("mnist"));
    assertTrue(accuracy >= 99, "LeNet-5 on MNIST: " + accuracy + " %");
  }

  @Test void withAndWithoutWinogradLearnAlikeOnMnist() throws IOException {
    compareCurves("mnist", "conv(32, 3).same(), relu(), conv(32, 3).same(), relu(), maxPool(2), flatten(), dense(10)");
  }

  @Test void withAndWithoutWinogradLearnAlikeOnCifar10() throws IOException {
    compareCurves("cifar10", "conv(32, 3).same().noBias(), batchNorm(), relu(), conv(32, 3).same().noBias(), "
        + "batchNorm(), relu(), maxPool(2), conv(64, 3).same().noBias(), batchNorm(), relu(), maxPool(2), flatten(), "
        + "dense(10)");
  }

  /// Two epochs by Winograd's algorithms and by the definition of convolution: the bits differ, the losses hardly do.
  private void compareCurves(String name, String layers) throws IOException {
    Path data = DATA.resolve(name);
    assumeTrue(Files.isDirectory(data), name + " is not beside the project");
    String plan = Cli.run("plan", layers, "--input", name.equals("mnist") ? "1x28x28" : "3x32x32", "--batch", 64,
        "--training").out();
    assertTrue(plan.contains("winograd"), plan);
    Path fast = folder.resolve("fast");
    Path exact = folder.resolve("exact");
    double accuracy = train("train", data, "--model", layers, "--epochs", 2, "--out", fast);
    double exactly = train("train", data, "--model", layers, "--epochs", 2, "--exact", "--out", exact);
    assertEquals(exactly, accuracy, 1.5, name);
    List<String> curve = Files.readAllLines(fast.resolve("metrics.csv"));
    List<String> exactCurve = Files.readAllLines(exact.resolve("metrics.csv"));
    assertEquals(3, curve.size(), name);
    assertNotEquals(curve.get(1).split(",")[2], exactCurve.get(1).split(",")[2], "the same bits: nothing is compared");
    for (int epoch = 1; epoch < curve.size(); epoch++) {
      double loss = Double.parseDouble(curve.get(epoch).split(",")[2]);
      double expected = Double.parseDouble(exactCurve.get(epoch).split(",")[2]);
      assertEquals(expected, loss, 0.05 * expected, name + ", epoch " + epoch);
    }
  }
}
