package juanji.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.explain.Advice;
import juanji.image.ImageSize;
import juanji.json.Json;
import juanji.nn.Model;
import juanji.nn.Summary;
import juanji.plan.Workers;
import juanji.train.Evaluation;
import juanji.train.Trainer;
import juanji.train.TrainingListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `juanji advise`.
@Command(name = "advise", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Makes a network smaller in four ways and compares them.", "",
        "Large kernels become stacks of 3 x 3, convolutions become separable or get a 1 x 1 in front,",
        "and pooling comes before convolutions. Each network is new: its weights are to be trained.", ""},
    footer = {"", "Examples:",
        "  juanji advise lenet5",
        "  juanji advise lenet5 --data digits --epochs 2     also trains each and measures it",
        "  juanji advise \"conv(16, 7).same(), relu(), maxPool(2), flatten(), dense(10)\" --code"})
final class AdviseCommand implements Callable<Integer> {
  @Mixin private NetworkOptions network;

  @Option(names = "--data", paramLabel = "DATA", description = "Train each on this data for a while and measure it: "
      + "digits, a folder of IDX files, or of pictures.")
  private Optional<String> data = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", defaultValue = "1", description = "How long. Default: 1.")
  private int epochs;

  @Option(names = "--code", description = "Also print the code of each network.")
  private boolean code;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  private record Candidate(String name, Model model) {
  }

  /// Filled by picocli.
  AdviseCommand() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    Model model = network.model();
    if (model.input().shape().rank() != 3) {
      throw CommandException.usage("this network cannot be advised on.",
          "Networks that take channels x height x width can; received " + model.input().shape() + ".",
          "Give a network for pictures.");
    }
    List<Candidate> all = new ArrayList<>();
    all.add(new Candidate("as it is", model));
    Advice.of(model).forEach(a -> all.add(new Candidate(name(a.way()) + " (" + a.changed() + ")", a.model())));
    TrainSettings undivided = new TrainSettings(Map.of("validation", Json.of(0)));
    Optional<DataParts> parts = data.map(d -> DataParts.open(DataArgument.of(d), size(model), Map.of(), undivided,
        screen));
    screen.result(String.format(Locale.ROOT, "%-20s %12s %14s %10s%s", "network", "weights", "mult-adds", "sees",
        parts.isPresent() ? "   accuracy" : ""));
    try (Workers workers = threads.open()) {
      for (Candidate c : all) {
        Summary summary = c.model.summary();
        String sees = summary.rows().stream().filter(r -> r.output().rank() == 3).reduce((_, b) -> b)
            .map(Summary.Row::field).orElse("");
        String accuracy = parts.map(p -> "   " + trained(c.model, p, workers, screen)).orElse("");
        screen.result(String.format(Locale.ROOT, "%-20s %12s %14s %10s%s", c.name, Numbers.count(summary.weights()),
            Numbers.count(summary.multiplyAdds()), sees, accuracy));
        if (code) {
          c.model.toString().lines().forEach(l -> screen.result("    " + l));
        }
      }
    }
    if (all.size() == 1) {
      screen.result("none of the four ways applies: there is no convolution that one could replace");
    }
    return 0;
  }

  private static String name(Advice.Way way) {
    return switch (way) {
      case STACKED -> "stacked 3 x 3";
      case SEPARABLE -> "separable";
      case REDUCED -> "1 x 1 in front";
      case POOLED_FIRST -> "pooling first";
    };
  }

  private static Optional<ImageSize> size(Model model) {
    int[] s = model.input().shape().toArray();
    ImageSize colour = ImageSize.size(s[1], s[2]);
    return Optional.of(s[0] == 1 ? colour.grey() : colour);
  }

  private String trained(Model model, DataParts parts, Workers workers, Screen screen) {
    Preprocessing pre = Preprocessing.measure(parts.train());
    screen.status("training");
    Model better = Trainer.of(model).epochs(epochs).workers(workers).listener(TrainingListener.SILENT)
        .fit(Normalized.of(parts.train(), pre)).model();
    screen.clear();
    return Numbers.percent(Evaluation.of(better, Normalized.of(parts.test(), pre), workers).accuracy());
  }
}
