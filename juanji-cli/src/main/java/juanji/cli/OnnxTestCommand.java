package juanji.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import juanji.onnx.Conformance;
import juanji.plan.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji onnx-test`.
@Command(name = "onnx-test", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Runs ONNX files on given inputs and compares with given outputs.", "",
        "A case is a folder with model.onnx and folders test_data_set_0, test_data_set_1, … of input_0.pb,",
        "output_0.pb and so on (or .npy), as in ONNX's own tests. Every case that does not pass is named",
        "with the reason. The exit code is 1 if a case failed, or if there is none.", ""},
    footer = {"", "Examples:",
        "  juanji onnx-test node-tests",
        "  juanji onnx-test models node-tests --list --tolerance 1e-4,1e-6"})
final class OnnxTestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders, with cases anywhere inside.")
  private List<Path> folders;

  @Option(names = "--list", description = "Name the cases that pass, too.")
  private boolean list;

  @Option(names = "--tolerance", paramLabel = "R[,A]",
      description = "Real numbers may differ by A + R · |expected|. Default: 1e-3,1e-7, as in ONNX's own runner; and a "
      + "rounding of the largest number for each convolution or matrix product after the first.")
  private Optional<String> tolerance = Optional.empty();

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  OnnxTestCommand() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    Conformance.Tolerance allowed = tolerance();
    List<Path> models = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw CommandException.failure("there is no folder '" + folder + "'.",
            "Cases are looked for in folders; received " + (Files.exists(folder) ? "a file." : "nothing of that name."),
            "Check the path.");
      }
      models.addAll(Conformance.models(folder));
    }
    if (models.isEmpty()) {
      throw CommandException.failure("there are no cases to run.", "A case is a folder with model.onnx; received "
          + folders.stream().map(f -> "'" + f + "'").collect(Collectors.joining(", ")) + " without any.",
          "Name a folder that has some inside.");
    }
    Map<Conformance.Outcome, Integer> counts = new EnumMap<>(Conformance.Outcome.class);
    try (Workers workers = threads.open()) {
      for (int i = 0; i < models.size(); i++) {
        screen.status(i + " of " + models.size() + "  " + models.get(i));
        Conformance.Result result = Conformance.run(models.get(i), allowed, workers);
        counts.merge(result.outcome(), 1, Integer::sum);
        if (list || result.outcome() != Conformance.Outcome.PASSED) {
          screen.result(line(result));
        }
      }
    }
    screen.clear();
    int failed = counts.getOrDefault(Conformance.Outcome.FAILED, 0);
    screen.result(counts.getOrDefault(Conformance.Outcome.PASSED, 0) + " passed, " + failed + " failed, "
        + counts.getOrDefault(Conformance.Outcome.UNSUPPORTED, 0) + " unsupported");
    return failed > 0 ? CommandException.FAILURE : 0;
  }

  private static String line(Conformance.Result result) {
    String word = switch (result.outcome()) {
      case PASSED -> "passed";
      case FAILED -> "failed";
      case UNSUPPORTED -> "unsupported";
    };
    return String.format("%-11s  %s", word, result.name()) + (result.reason().isEmpty() ? ""
        : ": " + result.reason().replaceAll("\\s*\n\\s*", " "));
  }

  private Conformance.Tolerance tolerance() {
    if (tolerance.isEmpty()) {
      return Conformance.Tolerance.ONNX;
    }
    String[] parts = tolerance.get().split(",", -1);
    try {
      double relative = Double.parseDouble(parts[0]);
      double absolute = parts.length > 1 ? Double.parseDouble(parts[1]) : Conformance.Tolerance.ONNX.absolute();
      if (parts.length <= 2 && relative >= 0 && absolute >= 0 && relative < 1e30 && absolute < 1e30) {
        return new Conformance.Tolerance(relative, absolute);
      }
    } catch (NumberFormatException e) {
      // Refused below.
    }
    throw CommandException.usage("numbers cannot be compared with a tolerance of '" + tolerance.get() + "'.",
        "--tolerance is one or two numbers of 0 or more, relative and absolute; received '" + tolerance.get() + "'.",
        "Use 1e-3 or 1e-3,1e-7.");
  }
}
