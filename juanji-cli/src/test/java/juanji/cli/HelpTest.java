package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Golden tests of what people read first.
class HelpTest {
  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "adapt", "predict", "lr-find", "runs", "study", "study faces",
      "study retrieval", "study sizes", "index", "data", "summary",
      "plan", "export", "import", "run", "onnx-test", "zoo", "bench", "filter", "explain", "explain why",
      "explain features", "explain numbers", "explain number", "advise", "chapter", "lab", "lab checkerboard",
      "lab faces", "lab shifts", "completion"})
  void helpOfACommandIsAsRecorded(String command) throws IOException {
    Cli.Outcome outcome = Cli.run((Object[]) (command + " --help").split(" "));
    assertEquals(0, outcome.code());
    assertEquals(golden(command.replace(' ', '-'), outcome.out()), outcome.out());
    assertEquals("", outcome.err());
  }

  @Test void aloneItPrintsTheSameAsItsHelp() throws IOException {
    Cli.Outcome alone = Cli.run();
    assertEquals(0, alone.code());
    assertEquals(golden("juanji", alone.out()), alone.out());
    assertEquals(alone, Cli.run("--help"));
  }

  /// The recorded text; `-Djuanji.golden=rewrite` records it anew.
  private static String golden(String name, String now) throws IOException {
    Path file = Path.of("src/test/resources/juanji/cli/help-" + name + ".txt");
    if ("rewrite".equals(System.getProperty("juanji.golden"))) {
      Files.writeString(file, now);
    }
    return Files.readString(file);
  }

  @Test void versionNamesProgramJavaKernelsAndThreads() {
    Cli.Outcome outcome = Cli.run("--version");
    assertEquals(0, outcome.code());
    assertTrue(outcome.out().matches("(?s)juanji \\S+\nJava     \\d\\d\\S* .*\nkernels  \\w+, \\d+ lanes?\n"
        + "threads  \\d+\n"), outcome.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void completionKnowsEveryCommandAndItsWords(String shell) {
    Cli.Outcome outcome = Cli.run("completion", shell);
    assertEquals(0, outcome.code());
    for (String word : new String[] {"train", "evaluate", "predict", "summary", "plan", "--optimizer", "adamw",
        "small-cnn"}) {
      assertTrue(outcome.out().contains(word), word);
    }
  }
}
