package juanji.cli;

import java.util.concurrent.Callable;
import juanji.graph.Graph;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.TrainingGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `juanji plan`.
@Command(name = "plan", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Shows how this machine runs a network: steps, kernels and why, places in memory, work.", ""},
    footer = {"", "Examples:",
        "  juanji plan lenet5",
        "  juanji plan lenet5 --batch 64 --training",
        "  juanji plan resnet20 --batch 64 --training --memory 60m",
        "  juanji plan model.juanji --batch 1"})
final class PlanCommand implements Callable<Integer> {
  @Mixin private NetworkOptions network;

  @Option(names = "--batch", paramLabel = "N", defaultValue = "1", description = "Samples per run. Default: 1.")
  private int batch;

  @Option(names = "--training", description = "The plan of a training step (cross-entropy, sgd with momentum).")
  private boolean training;

  @Mixin private MemoryOption memory;

  @Mixin private KernelOptions kernels;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  PlanCommand() {
  }

  @Override public Integer call() {
    Model model = network.model();
    if (batch < 1) {
      throw CommandException.usage("a batch of " + batch + " samples cannot be planned.",
          "--batch is at least 1; received " + batch + ".", "Use 1 or more.");
    }
    Graph graph = training ? TrainingGraph.of(model, Loss.crossEntropy(), Optimizer.sgd(0.05).momentum(0.9), 1)
        : model.graph();
    Plan plan = Compiler.compile(graph, batch, kernels.target(), memory.bytes());
    spec.commandLine().getOut().println(plan.toString().stripTrailing());
    spec.commandLine().getOut().println(MemoryOption.peak(plan));
    return 0;
  }
}
