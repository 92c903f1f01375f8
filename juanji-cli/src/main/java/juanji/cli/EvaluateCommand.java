package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.classify.Classifier;
import juanji.data.Dataset;
import juanji.data.Normalized;
import juanji.image.ImageSize;
import juanji.json.Json;
import juanji.model.ModelFile;
import juanji.plan.Workers;
import juanji.train.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji evaluate`.
@Command(name = "evaluate", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Measures how well a trained model tells the classes of pictures, texts, sounds or videos apart.",
        "",
        "Samples are prepared as those that the model was trained on. Where the data is divided, its test part",
        "is used, otherwise all of it.", ""},
    footer = {"", "Examples:",
        "  juanji evaluate runs/digits-lenet5-1/model.juanji digits",
        "  juanji evaluate model.juanji flowers --json"})
final class EvaluateCommand implements Callable<Integer> {
  private static final int MOST_COLUMNS = 20;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Parameters(index = "1", paramLabel = "DATA",
      description = "'digits', a folder of IDX files, or a folder (or a zip of one) with a sub-folder of pictures per "
      + "class; texts, sounds or videos as for train.")
  private String data;

  @Option(names = "--label", paramLabel = "PATTERN",
      description = "A regular expression that finds the class in a file's name, as in train.")
  private Optional<String> label = Optional.empty();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Mixin private KernelOptions kernels;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  EvaluateCommand() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    ModelFile file = ModelArgument.file(model);
    KindSettings kind = new KindSettings(new TrainSettings(kinds()));
    String own = Classifier.kind(file);
    DataArgument argument = DataArgument.of(data, own.isEmpty() ? Optional.empty() : Optional.of(own));
    DataParts.Measured measured = DataParts.toMeasure(argument, file.preprocessing().map(ImageSize::of),
        file.reading(), kind.label(), file.classes(), screen);
    Problems.show(measured.problems(), screen);
    Dataset samples = measured.data();
    if (!file.classes().isEmpty() && !file.classes().equals(samples.classes())) {
      throw CommandException.failure("the model '" + model + "' cannot be measured on '" + data + "'.",
          "Its classes are those of the data, in the same order; it has " + file.classes().size() + " ("
          + file.classes().getFirst() + ", …), the data " + samples.classes().size() + " ("
          + samples.classes().getFirst() + ", …).", "Use data of the classes that it was trained on.");
    }
    // Samples of another shape are refused below, in the model's own terms.
    Dataset ready = file.preprocessing().isPresent() && file.model().input().shape().equals(samples.shape())
        ? Normalized.of(samples, file.preprocessing().get()) : samples;
    Evaluation evaluation;
    try (Workers workers = threads.open()) {
      evaluation = Evaluation.of(file.model(), ready, kernels.target(), workers,
          (done, total) -> screen.status("evaluating: " + Numbers.count(done) + " of " + Numbers.count(total)));
    }
    screen.clear();
    screen.result(json ? json(evaluation).toString() : text(evaluation, measured.description()));
    return 0;
  }

  private Map<String, Json> kinds() {
    return label.<Map<String, Json>>map(l -> Map.of("label", Json.of(l))).orElse(Map.of());
  }

  private static String text(Evaluation e, String description) {
    StringBuilder text = new StringBuilder(description + ": " + Numbers.count(e.total()) + "\n\n");
    int width = Math.max(5, e.classes().stream().mapToInt(String::length).max().orElse(0));
    text.append(String.format(Locale.ROOT, "%-" + width + "s  %9s  %9s  %9s  %7s%n", "class", "precision", "recall",
        "F1", "count"));
    for (int k = 0; k < e.classes().size(); k++) {
      text.append(String.format(Locale.ROOT, "%-" + width + "s  %9s  %9s  %9s  %7s%n", e.classes().get(k),
          Numbers.percent(e.precision(k)), Numbers.percent(e.recall(k)), Numbers.percent(e.f1(k)),
          Numbers.count(e.support(k))));
    }
    text.append('\n').append(confusion(e, width)).append('\n');
    text.append("macro-F1 ").append(Numbers.percent(e.macroF1())).append(", balanced accuracy ")
        .append(Numbers.percent(e.balancedAccuracy())).append('\n');
    return text.append("accuracy ").append(Numbers.percent(e.accuracy())).append(" (")
        .append(Numbers.count(e.correct())).append(" of ").append(Numbers.count(e.total())).append("), loss ")
        .append(Numbers.loss(e.loss())).toString();
  }

  /// The confusion matrix where it fits on a screen, otherwise its largest entries.
  private static String confusion(Evaluation e, int width) {
    int classes = e.classes().size();
    StringBuilder text = new StringBuilder();
    if (classes <= MOST_COLUMNS) {
      int cell = 2;
      for (int[] row : e.confusion()) {
        for (int n : row) {
          cell = Math.max(cell, Integer.toString(n).length());
        }
      }
      text.append("Confusion: a row per true class, a column per class told, in the same order.\n");
      for (int i = 0; i < classes; i++) {
        text.append(String.format(Locale.ROOT, "%-" + width + "s ", e.classes().get(i)));
        for (int j = 0; j < classes; j++) {
          text.append(String.format(Locale.ROOT, " %" + cell + "s", e.confusion()[i][j] == 0 ? "·"
              : Integer.toString(e.confusion()[i][j])));
        }
        text.append('\n');
      }
      return text.toString();
    }
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        if (i != j && e.confusion()[i][j] > 0) {
          pairs.add(new int[] {i, j, e.confusion()[i][j]});
        }
      }
    }
    pairs.sort((a, b) -> Integer.compare(b[2], a[2]));
    text.append("Most often confused:\n");
    pairs.stream().limit(MOST_COLUMNS).forEach(p -> text.append(String.format(Locale.ROOT, "%5d  %s taken for %s%n",
        p[2], e.classes().get(p[0]), e.classes().get(p[1]))));
    return text.toString();
  }

  private static Json json(Evaluation e) {
    List<Json> classes = new ArrayList<>();
    for (int k = 0; k < e.classes().size(); k++) {
      Map<String, Json> one = new LinkedHashMap<>();
      one.put("class", Json.of(e.classes().get(k)));
      one.put("precision", Numbers.json(e.precision(k)));
      one.put("recall", Numbers.json(e.recall(k)));
      one.put("f1", Numbers.json(e.f1(k)));
      one.put("count", Json.of(e.support(k)));
      classes.add(Json.of(one));
    }
    List<Json> rows = new ArrayList<>();
    for (int[] row : e.confusion()) {
      List<Json> cells = new ArrayList<>();
      for (int n : row) {
        cells.add(Json.of(n));
      }
      rows.add(Json.of(cells));
    }
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("accuracy", Numbers.json(e.accuracy()));
    all.put("loss", Numbers.json(e.loss()));
    all.put("macroF1", Numbers.json(e.macroF1()));
    all.put("balancedAccuracy", Numbers.json(e.balancedAccuracy()));
    all.put("correct", Json.of(e.correct()));
    all.put("total", Json.of(e.total()));
    all.put("classes", Json.of(classes));
    all.put("confusion", Json.of(rows));
    return Json.of(all);
  }
}
