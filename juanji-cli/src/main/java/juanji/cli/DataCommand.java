package juanji.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `juanji data`: what can be done with data before a training.
@Command(name = "data", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = {"Looks at data, shows how it is varied, and divides it.", ""},
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DataInspectCommand.class, DataPreviewCommand.class, DataSplitCommand.class})
final class DataCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /// Filled by picocli.
  DataCommand() {
  }

  @Override public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
