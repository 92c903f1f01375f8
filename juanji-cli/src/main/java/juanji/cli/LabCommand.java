package juanji.cli;

import java.util.concurrent.Callable;
import juanji.lab.Laboratories;
import juanji.lab.Laboratory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `juanji lab`.
@Command(name = "lab", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Tests one idea of convolutional networks by numbers, with settings of your own.", "",
        "Alone it lists the laboratories; each has a help of its own.", ""}, synopsisSubcommandLabel = "[NAME]",
    footer = {"", "Examples:",
        "  juanji lab                                        the laboratories and what they test",
        "  juanji lab dilated --dilations 1,2,5 --out lab    a page in English and in Chinese",
        "  juanji lab faces --data faces --side 46           local against shared weights on your own faces",
        "  juanji lab vlad --picture photo.jpg --out lab     the soft assignment drawn over a picture"})
final class LabCommand implements Callable<Integer> {
  @Option(names = "--language", paramLabel = "CODE", defaultValue = "en", description = "What is printed: en or zh. "
      + "Default: en.")
  private String language;

  @Spec private CommandSpec spec;

  private LabCommand() {
  }

  /// The command with a subcommand for each laboratory.
  static CommandLine line() {
    CommandLine line = new CommandLine(new LabCommand());
    for (Laboratory lab : Laboratories.all()) {
      line.addSubcommand(lab.name(), LabRun.of(lab));
    }
    return line;
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    new Statements(screen, language);
    for (Laboratory lab : Laboratories.all()) {
      screen.result(String.format("%-14s %s: %s", lab.name(), lab.title().in(language), lab.claim().in(language)));
    }
    return 0;
  }
}
