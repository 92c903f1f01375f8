package juanji.cli;

import java.util.concurrent.Callable;
import juanji.nn.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `juanji summary`.
@Command(name = "summary", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Shows the layers of a network: shapes, weights, work, receptive fields and memory.", ""},
    footer = {"", "Examples:",
        "  juanji summary lenet5",
        "  juanji summary small-cnn --input 3x64x64 --classes 100",
        "  juanji summary \"conv(8, 3).same(), relu(), flatten(), dense(10)\" --input 1x28x28"})
final class SummaryCommand implements Callable<Integer> {
  @Mixin private NetworkOptions network;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  SummaryCommand() {
  }

  @Override public Integer call() {
    Model model = network.model();
    spec.commandLine().getOut().println(json ? model.summary().toJson() : model.summary().toString().stripTrailing());
    return 0;
  }
}
