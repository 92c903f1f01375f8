package juanji.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `juanji zoo`.
@Command(name = "zoo", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    subcommands = {ZooListCommand.class, ZooShowCommand.class}, synopsisSubcommandLabel = "COMMAND",
    description = {"The networks of papers, by name.", ""},
    footer = {"", "Examples:",
        "  juanji zoo list                                 every network with its paper, size and accuracy",
        "  juanji zoo show resnet18                        its layers, and the Java that builds it",
        "  juanji zoo show unet --svg unet.svg             its drawing"})
final class ZooCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ZooCommand() {
  }

  @Override public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
