package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Golden tests of what people read first.
class HelpTest {
  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "predict", "summary", "plan", "filter", "explain", "explain why",
      "explain features", "explain numbers", "explain number", "advise", "completion"})
  void helpOfACommandIsAsRecorded(String command) throws IOException {
    Cli.Outcome outcome = Cli.run((Object[]) (command + " --help").split(" "));
    assertEquals(0, outcome.code());
    assertEquals(golden(command.replace(' ', '-')), outcome.out());
    assertEquals("", outcome.err());
  }

  @Test void aloneItPrintsTheSameAsItsHelp() throws IOException {
    Cli.Outcome alone = Cli.run();
    assertEquals(0, alone.code());
    assertEquals(golden("juanji"), alone.out());
    assertEquals(alone, Cli.run("--help"));
  }

  private static String golden(String name) throws IOException {
    try (var in = HelpTest.class.getResourceAsStream("help-" + name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
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
