package juanji.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji completion`.
@Command(name = "completion", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = {"Prints a script that lets a shell complete commands and options.", ""},
    footer = {"", "Examples:",
        "  bash:  source <(juanji completion bash)",
        "  zsh:   juanji completion zsh > ~/.juanji-completion; source ~/.juanji-completion"})
final class CompletionCommand implements Callable<Integer> {
  /// A shell.
  enum Shell {
    bash, zsh
  }

  @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private Shell shell;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  CompletionCommand() {
  }

  @Override public Integer call() {
    CommandLine root = spec.root().commandLine();
    // One script serves both: it turns on bash's completion where it runs in zsh.
    spec.commandLine().getOut().print(AutoComplete.bash(root.getCommandName(), root));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
