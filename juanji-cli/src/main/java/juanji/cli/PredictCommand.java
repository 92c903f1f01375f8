package juanji.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.classify.Classifier;
import juanji.classify.Prediction;
import juanji.data.DataException;
import juanji.json.Json;
import juanji.model.ModelFile;
import juanji.plan.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji predict`.
@Command(name = "predict", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Tells the classes of pictures, texts, sounds or videos, with probabilities.", "",
        "A file that cannot be read is named on standard error; the others are still told, and the exit code is 1.",
        ""},
    footer = {"", "Examples:",
        "  juanji predict model.juanji rose.jpg tulip.png",
        "  juanji predict reviews.juanji \"a film to see again and again\"",
        "  juanji predict model.juanji *.jpg --top 1 --json",
        "  juanji predict model.juanji --watch inbox"})
final class PredictCommand implements Callable<Integer> {
  private static final String TEXT = "text";

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE", description = "Pictures (PNG, JPEG, BMP, GIF, PGM, "
      + "PPM), sounds (WAV, AIFF, AU) or videos (AVI, MP4, GIF, a folder of frames), as the model's data was; of a "
      + "model for texts, files of texts, or texts.")
  private List<String> samples = List.of();

  @Option(names = "--watch", paramLabel = "DIR", description = "Tell also every file that comes into a folder, until "
      + "interrupted.")
  private Optional<Path> watch = Optional.empty();

  @Option(names = "--top", paramLabel = "K", defaultValue = "3", description = "How many classes to tell per file. "
      + "Default: 3.")
  private int top;

  @Option(names = "--json", description = "Print one JSON document; with --watch, one per line.")
  private boolean json;

  @Mixin private KernelOptions kernels;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  private final List<Json> documents = new ArrayList<>();
  private boolean failed;

  /// Filled by picocli.
  PredictCommand() {
  }

  @Override public Integer call() {
    if (top < 1) {
      throw CommandException.usage("a prediction cannot tell " + top + " classes.",
          "--top is at least 1; received " + top + ".", "Use 1 for the most probable class alone.");
    }
    if (samples.isEmpty() && watch.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'FILE'");
    }
    Screen screen = Screen.of(spec.commandLine(), false);
    ModelFile file = ModelArgument.file(model);
    int width = samples.stream().mapToInt(String::length).max().orElse(0);
    try (Workers workers = threads.open();
        Classifier classifier = Classifier.of(model, file, kernels.target(), workers)) {
      boolean texts = Classifier.kind(file).equals(TEXT);
      for (String sample : samples) {
        Optional<Path> path = path(sample);
        tell(sample, width, screen, () -> texts && (path.isEmpty() || !Files.exists(path.get()))
            ? classifier.classify(sample) : classifier.classify(path.orElseThrow(() -> missing(sample))));
      }
      if (json && watch.isEmpty()) {
        screen.result(Json.of(documents).toString());
      }
      if (watch.isPresent()) {
        return new Watching(watch.get(), screen).run(found ->
            tell(found.toString(), width, screen, () -> classifier.classify(found)));
      }
    }
    return failed ? CommandException.FAILURE : 0;
  }

  private static Optional<Path> path(String word) {
    try {
      return Optional.of(Path.of(word));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static DataException missing(String sample) {
    return new DataException(sample, "the file '" + sample + "' cannot be read.",
        "A file has a name that this system knows; received one that it does not.", "Check the path.");
  }

  private void tell(String name, int width, Screen screen, Callable<List<Prediction>> telling) {
    try {
      List<Prediction> all = telling.call();
      List<Prediction> best = all.subList(0, Math.min(top, all.size()));
      if (!json) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s", name));
        best.forEach(p -> line.append("  ").append(p.label()).append(' ').append(Numbers.percent(p.probability())));
        screen.result(line.toString());
      } else if (watch.isPresent()) {
        screen.result(document(name, best).toString());
      } else {
        documents.add(document(name, best));
      }
    } catch (DataException e) {
      failed = true;
      screen.warn(e.getMessage());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Json document(String sample, List<Prediction> best) {
    List<Json> classes = new ArrayList<>();
    for (Prediction p : best) {
      Map<String, Json> one = new LinkedHashMap<>();
      one.put("class", Json.of(p.label()));
      one.put("probability", Numbers.json(p.probability()));
      classes.add(Json.of(one));
    }
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("file", Json.of(sample));
    all.put("predictions", Json.of(classes));
    return Json.of(all);
  }
}
