package juanji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `juanji bench`: hands over to the benchmarks, which are a module of the checkout and no part of a release.
@Command(name = "bench", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Measures whole networks, by turns with PyTorch and ONNX Runtime.", "",
        "T1 to T5 are training steps: LeNet-5, VGG-small, ResNet-18, MobileNet-v1, TextCNN. I1 to I5 are inference: "
            + "VGG-16, ResNet-50, MobileNet-v1, GoogLeNet, LeNet-5. The first use downloads the peers and builds.", ""},
    footer = {"", "Examples:",
        "  juanji bench T1 I5                              LeNet-5, training and inference",
        "  juanji bench --output peers.md                  everything; about half an hour",
        "  juanji bench T3 --steps                         where the time goes"})
final class BenchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "WORKLOAD", arity = "0..*", description = "T1 to T5, I1 to I5, or I1/8 for a batch of 8. "
      + "Default: all.")
  private List<String> workloads = List.of();

  @Option(names = "--against", paramLabel = "PEERS", description = "pytorch, onnxruntime, both with a comma between, "
      + "or none. Default: PyTorch in training, ONNX Runtime in inference.")
  private Optional<String> against = Optional.empty();

  @Option(names = "--threads", paramLabel = "N", description = "Threads of each system. Default: one per processor.")
  private Optional<String> threads = Optional.empty();

  @Option(names = "--rounds", paramLabel = "N", description = "Turns of each system, of a second each. Default: 7.")
  private Optional<String> rounds = Optional.empty();

  @Option(names = "--steps", description = "Tell the time of each step of Juanji's plan instead.")
  private boolean steps;

  @Mixin private KernelOptions kernels;

  @Option(names = "--output", paramLabel = "FILE", description = "Write the table here, too, as Markdown.")
  private Optional<Path> output = Optional.empty();

  /// Filled by picocli.
  BenchCommand() {
  }

  @Override public Integer call() {
    String folder = System.getProperty("juanji.bench");
    if (folder == null || !Files.isDirectory(Path.of(folder, "lib"))) {
      throw CommandException.failure("there are no benchmarks here.",
          "They are built by the launcher of a checkout; this program was started without it.",
          "Run ./juanji bench in a checkout of the sources.");
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "--add-modules", "jdk.incubator.vector", "-cp",
        Path.of(folder, "classes") + System.getProperty("path.separator") + Path.of(folder, "lib", "*"),
        "juanji.bench.peers.Contest"));
    command.addAll(workloads);
    against.ifPresent(v -> command.addAll(List.of("--against", v)));
    threads.ifPresent(v -> command.addAll(List.of("--threads", v)));
    rounds.ifPresent(v -> command.addAll(List.of("--rounds", v)));
    output.ifPresent(v -> command.addAll(List.of("--output", v.toString())));
    if (steps) {
      command.add("--steps");
    }
    if (kernels.exact()) {
      command.add("--exact");
    }
    if (kernels.tune()) {
      command.add("--tune");
    }
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return process.waitFor();
    } catch (IOException e) {
      throw CommandException.failure("the benchmarks cannot be started.",
          "The system says: " + e.getMessage() + ".", "Check that " + java + " can be run.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandException.FAILURE;
    }
  }
}
