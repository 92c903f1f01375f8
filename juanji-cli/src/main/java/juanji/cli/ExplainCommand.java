package juanji.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `juanji explain`.
@Command(name = "explain", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Shows what a network sees, as numbers and as pages.", ""}, synopsisSubcommandLabel = "WHAT",
    subcommands = {ExplainWhy.class, ExplainFeatures.class, ExplainNumbers.class, ExplainNumber.class},
    footer = {"", "Examples:",
        "  juanji explain why model.juanji rose.jpg --out why",
        "  juanji explain features model.juanji --data digits --out features",
        "  juanji explain numbers small-cnn --effective",
        "  juanji explain number model.juanji digits#7 --layer conv1 --at 0,12,12"})
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ExplainCommand() {
  }

  @Override public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
