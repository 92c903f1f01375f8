package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
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
}
